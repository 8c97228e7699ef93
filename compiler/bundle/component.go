package bundle

// A Component describes what the documents of one directory do, in the terms of the
// language: private/components/<directory>.json. It holds no positions in the
// source. Blocks that can reach each other share a component.
type Component struct {
	Directory string  `json:"directory"` // "menu.main-6f1…"
	Blocks    []Block `json:"blocks"`    // sorted by address, and by language
}

// A Block is one declared block as callers experience it.
type Block struct {
	Address  string    `json:"address"`            // "menu.main", "queue.sales"
	Language string    `json:"language,omitempty"` // of the calls that come there, "" for the project's
	Settings []Setting `json:"settings,omitempty"` // in the order of the language reference
	Messages []Message `json:"messages,omitempty"` // in the order in which they can be heard
	Exits    []Exit    `json:"exits,omitempty"`    // in the order of keys or outcomes
	Hours    []Hours   `json:"hours,omitempty"`    // of hours: each day, in the order of the calendar

	// Addresses is a digest of the addresses that the block rings, so that a plan
	// can say that they change without showing them.
	Addresses string `json:"addresses,omitempty"`
	// Hidden is a digest of the sensitive values for which the description says
	// "(sensitive value)".
	Hidden string `json:"hidden,omitempty"`
}

// A Setting is one attribute that changes what callers experience, as the
// language writes it: {"strategy", "sequential"}, {"interval", "20s"}.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Hours say when a branch of hours is open on a day.
type Hours struct {
	On   string `json:"on"`             // the branch: "open"
	Day  string `json:"day"`            // "monday", "2026-12-24", or "12-25" for every year
	Open string `json:"open,omitempty"` // "08:00-12:00, 13:00-17:30"; "" if it is not open on that day
	Name string `json:"name,omitempty"` // of the day: "christmas"
}

// A Message is something that callers hear: exactly one of Text, Audio (a path below
// public/) and URL is set.
type Message struct {
	Role  string `json:"role"` // the attribute: "welcome", "prompt", "busy"
	Text  string `json:"text,omitempty"`
	Audio string `json:"audio,omitempty"`
	URL   string `json:"url,omitempty"`
}

// An Exit is one way on from a block.
type Exit struct {
	On        string `json:"on"`                  // a key ("1", "*") or an outcome ("busy", "timeout", "answer")
	Label     string `json:"label,omitempty"`     // of a menu's option
	To        string `json:"to"`                  // address of a block, or "hangup"
	Component string `json:"component,omitempty"` // directory of the destination, "" within this component
	Language  string `json:"language,omitempty"`  // of the call there, "" for the project's
	Silent    bool   `json:"silent,omitempty"`    // of an exit to "hangup": the call ends without a goodbye
}
