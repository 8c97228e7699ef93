package deploy

// Callers who give no valid key, live and as it will be. A menu has one outcome for
// them, or tells silence and wrong keys apart; and it says the same after each attempt
// in vain, or something of its own after each. To be compared, a menu that does not
// tell apart what the other one does is read as if it did:
//
//	failure → desk                    silence → desk, invalid → desk
//	invalid "That is no option."      invalid 1 and invalid 2, the same text

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// outcomesAs is a block as if it told silence and wrong keys apart, if the other does.
func outcomesAs(block, other bundle.Block) bundle.Block {
	failure, both := block.Exit("failure")
	if _, silence := other.Exit("silence"); !both || !silence {
		return block
	}
	exits := slices.DeleteFunc(slices.Clone(block.Exits), func(e bundle.Exit) bool { return e.On == failure.On })
	for _, on := range []string{"silence", "invalid"} {
		if _, leads := other.Exit(on); leads {
			failure.On = on
			exits = append(exits, failure)
		}
	}
	block.Exits = exits
	return block
}

// wordsAs is a block as if it said something of its own after each attempt in vain, as
// far as the other does.
func wordsAs(block, other bundle.Block) bundle.Block {
	var messages []bundle.Message
	for _, m := range block.Messages {
		apart := false
		for _, o := range other.Messages {
			if of, attempt, ok := strings.Cut(o.Role, " "); ok && of == m.Role && attempt != "" {
				own := m
				own.Role, apart = o.Role, true
				messages = append(messages, own)
			}
		}
		if !apart {
			messages = append(messages, m)
		}
	}
	block.Messages = messages
	return block
}

// attempted is how a change calls a role: "invalid after attempt 2" for what is said
// then.
func attempted(role string) string {
	of, attempt, ok := strings.Cut(role, " ")
	if !ok {
		return role
	}
	return of + " after attempt " + attempt
}
