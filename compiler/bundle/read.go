package bundle

// Reading what a bundle says of its blocks. Every part of the program that asks
// what a block is, how it is set and where it leads asks here.

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The kinds of blocks, which are the first parts of their addresses. The last
// three are declared by nobody: their addresses are the kinds alone.
const (
	KindNumber = "number"
	KindMenu   = "menu"
	KindEntry  = "entry"

	KindApplication = "application"

	KindRingGroup = "ring_group"
	KindUser      = "user"
	KindQueue     = "queue"
	KindVoicemail = "voicemail"
	KindMessage   = "message"
	KindCallers   = "callers"
	KindSplit     = "split"
	KindHours     = "hours"
	KindSchedule  = "schedule" // no call is led to one; hours ask for it
	KindFallback  = "fallback" // what callers of a number hear when something fails
	KindConfirm   = "confirm"  // the question to users before they are connected
	KindWhisper   = "whisper"  // what users hear before they are connected who are not asked
)

// The destinations of exits that end the call: by hanging up, and by not answering
// it at all. [RejectBusy] gives the caller the busy tone.
const (
	Hangup     = "hangup"
	Reject     = "reject"
	RejectBusy = "reject.busy"
)

// Ends reports whether a destination is the end of the call, and no block.
func Ends(to string) bool { return to == Hangup || to == Reject || to == RejectBusy }

// KindOf returns the kind of the block with an address: "menu" of "menu.main.2".
func KindOf(address string) string {
	kind, _, _ := strings.Cut(address, ".")
	return kind
}

// NameOf returns the rest of a block's address: "main.2" of "menu.main.2", and
// "" of a block that nobody has declared.
func NameOf(address string) string {
	_, name, _ := strings.Cut(address, ".")
	return name
}

// IsKey reports whether an exit is taken by pressing a key, or several digits, not by
// an outcome.
func IsKey(on string) bool { return isDigits(on) || on == "*" || on == "#" }

// Kind returns the first part of the block's address: "menu".
func (b Block) Kind() string { return KindOf(b.Address) }

// Declared reports whether the block stands in a configuration. A fallback and
// the question to users who are rung do not.
func (b Block) Declared() bool { return strings.Contains(b.Address, ".") }

// Setting returns the value of a setting, "" if the block has none of that name.
func (b Block) Setting(name string) string {
	for i := range b.Settings {
		if b.Settings[i].Name == name {
			return b.Settings[i].Value
		}
	}
	return ""
}

// Duration returns the value of a setting such as "20s", 0 if there is none.
func (b Block) Duration(setting string) time.Duration {
	d, err := time.ParseDuration(b.Setting(setting))
	if err != nil {
		return 0
	}
	return d
}

// Count returns the value of a setting such as "3", 0 if there is none.
func (b Block) Count(setting string) int {
	n, err := strconv.Atoi(b.Setting(setting))
	if err != nil {
		return 0
	}
	return n
}

// Users returns the names of the users whom the block rings, in their order.
func (b Block) Users() []string {
	users := b.Setting("users")
	if users == "" {
		return nil
	}
	return strings.Split(users, ", ")
}

// Message returns what callers hear in a role, and whether there is anything. A
// prompt can have several messages, one for each language in it; it returns the first.
func (b Block) Message(role string) (Message, bool) {
	for _, m := range b.Messages {
		if m.Role == role {
			return m, true
		}
	}
	return Message{}, false
}

// Exit returns the way on at a key or an outcome, and whether there is one.
func (b Block) Exit(on string) (Exit, bool) {
	for _, e := range b.Exits {
		if e.On == on {
			return e, true
		}
	}
	return Exit{}, false
}

// RepeatExit returns the way back to the start of a menu that has a key for it,
// and whether it has one. A bundle describes that key as a setting.
func (b Block) RepeatExit() (Exit, bool) {
	key := b.Setting("repeat")
	return Exit{On: key, Label: "repeat", To: b.Address, Language: b.Language}, key != "" && b.Kind() == KindMenu
}

// Block returns the component's block with an address, nil if it has none.
func (c *Component) Block(address string) *Block {
	for i := range c.Blocks {
		if c.Blocks[i].Address == address {
			return &c.Blocks[i]
		}
	}
	return nil
}

// Component returns the component with a directory, nil if there is none.
func (b *Bundle) Component(directory string) *Component {
	i, ok := slices.BinarySearchFunc(b.Components, directory, func(c Component, d string) int {
		return strings.Compare(c.Directory, d)
	})
	if !ok {
		return nil
	}
	return &b.Components[i]
}

// Blocks returns the declared blocks of all components, sorted by address and
// language. A block that some numbers record and others do not is part of two
// components; callers meet one block, so it is listed once, with the settings that the
// two have in common.
func (b *Bundle) Blocks() []Block {
	known := map[[2]string]int{}
	var all []Block
	for i := range b.Components {
		for _, block := range b.Components[i].Blocks {
			if !block.Declared() {
				continue
			}
			id := [2]string{block.Address, block.Language}
			at, ok := known[id]
			if !ok {
				known[id] = len(all)
				all = append(all, block)
				continue
			}
			all[at].Settings = slices.DeleteFunc(slices.Clone(all[at].Settings), func(s Setting) bool {
				return !slices.Contains(block.Settings, s)
			})
		}
	}
	slices.SortFunc(all, func(a, b Block) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Language, b.Language))
	})
	return all
}

// Reachable returns the components that calls can come to from some directories,
// by directory. The function describes the component of a directory, and says
// whether it knows one; what it does not know is left out.
func Reachable(from []string, describe func(directory string) (Component, bool)) map[string]Component {
	reached := map[string]Component{}
	pending := slices.Clone(from)
	for len(pending) > 0 {
		directory := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if _, done := reached[directory]; done || directory == "" {
			continue
		}
		c, ok := describe(directory)
		if !ok {
			continue
		}
		reached[directory] = c
		for _, b := range c.Blocks {
			for _, e := range b.Exits {
				pending = append(pending, e.Component)
			}
		}
	}
	return reached
}
