// Package twilio reads and writes a Twilio account: the voice settings of its
// phone numbers, its queues, and calls that it places.
//
//	reader, err := twilio.OpenReader(credentials, twilio.Options{})
//	inventory, err := reader.Read(ctx)
//
//	client, err := twilio.OpenClient(credentials, twilio.Options{})
//	err = client.UpdateNumber(ctx, "main", before, after)
//
// A [Reader] cannot write. A [Client] can write what the allowlist names
// (allowlist.go) and nothing else: it cannot buy, release or move a number.
//
// Requests are tried again where that is safe (transport.go), at most as many at
// once as Twilio takes (limiter.go). An operation ends with success, or with an
// error that says what was asked, what is wrong, and what to do; no error and no
// log shows a password, or a phone number that is not the account's.
package twilio
