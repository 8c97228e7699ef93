package model

import "github.com/hashicorp/hcl/v2"

// A PhoneUser is somebody who can be rung.
type PhoneUser struct {
	Name      string
	Label     string // how people call them: the attribute name, or ""
	Extension string // digits that callers dial while a menu talks, or ""
	Kind      string // "phone", "sip" or "client"
	Address   string // E.164, a SIP address, or an identity
	Confirm   bool
	Speaks    *Project // the project in the language in which the user is spoken to; nil for its own
	CallerID  string   // of the calls that the user places, E.164
	Record    bool     // those calls
	Outbound  bool     // has an outbound block: the user calls, even if nobody rings them
	At        hcl.Range
}

// Dialled is a user's address as TwiML dials it.
func (u *PhoneUser) Dialled() string {
	if u.Kind == "client" {
		return "client:" + u.Address
	}
	return u.Address
}
