// Package deploy makes Twilio's numbers and queues and the object store match a
// bundle: what is, what should be, and the way between.
//
//	Read(world) ─▶ State ┐
//	                     ├─ Diff ─▶ []Change ─▶ Plan (saved, shown, re-checked) ─▶ Apply
//	Desired(have, bundle) ──┘
//
// There is no state file. The bundle is what should be; what is, is read from
// Twilio and from the store. A number is ours exactly if its voice URL lies
// under the base URL, a queue if its name begins with the project's and a
// slash. So there is nothing to lose or to import, and drift shows by itself.
//
// Nothing here can buy, release or move a number: only the voice settings of
// numbers that the account has, and queues, are ever written.
package deploy
