// Package deploy makes Twilio's numbers and queues and the object store match a
// bundle: what is live, what should be, and the way between.
//
//	ReadLive(account, store) ─▶ Live ─┐
//	                                  ├─▶ Plan (shown, saved, derived again) ─▶ Apply
//	bundle ───────────────────────────┘
//
// There is no state file. The bundle is what should be; what is live is read from
// Twilio and from the store. Whose a number, a queue or a release is, the records
// in the store say: see [Owner].
//
// Nothing here can buy, release or move a number: only the voice settings of
// numbers that the account has, and queues, are ever written.
package deploy
