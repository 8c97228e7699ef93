package calltest

// The words of call tests: functions whose values are steps, such as
// presses("1"), and what people do who are rung, such as busy(). A word only
// keeps what it was given, because where it stands is known only to whoever
// evaluates the list that it is part of:
//
//	steps = [hears("Thank you"), presses("1")]
//
//	evaluated:  word{hears, "Thank you"}, word{presses, "1"}
//	checked:    the arguments, at their places in the source; see step.go

import (
	"reflect"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/script"
)

// A Word is a function of the language of call tests.
type Word struct {
	Name       string
	Parameters []WordParameter
	Means      string // what it says of a call, for the reference

	role     wordRole
	action   script.ActionKind
	expects  calltest.Expectation
	response script.Reaction
}

// A WordParameter is what a word takes.
type WordParameter struct {
	Name     string
	Optional bool

	kind parameterKind
}

// Role says where a word can stand: "act", "expect", "bound" or "response".
func (w Word) Role() string { return string(w.role) }

// A wordRole is where a word can stand.
type wordRole string

const (
	wordAct      wordRole = "act"      // in steps: something that the caller does
	wordExpect   wordRole = "expect"   // in steps and never: something that happens
	wordBound    wordRole = "bound"    // in steps: an expectation with a bound in time
	wordResponse wordRole = "response" // in callees
)

// A parameterKind is what a parameter expects.
type parameterKind int

const (
	keysParameter parameterKind = iota
	durationParameter
	betweenParameter
	heardParameter
	languageParameter
	blockParameter
	queueParameter
	voicemailParameter
	phoneParameter
	expectationParameter
)

var (
	takesLength      = WordParameter{"length", false, durationParameter}
	takesExpectation = WordParameter{"expectation", false, expectationParameter}
	takesAfter       = WordParameter{"after", true, durationParameter}
	takesTalk        = WordParameter{"talk", true, durationParameter}
)

// callWords is the whole vocabulary, in the order of the reference.
var callWords = []Word{
	{"presses", []WordParameter{{"keys", false, keysParameter}, takesAfter, {"between", true, betweenParameter}},
		"hears the next question to its end, and presses the keys; with `after`, presses them so long after the question began; with `between`, lets so much time pass between two keys",
		wordAct, script.Press, "", ""},
	{"stays_silent", nil, "lets the next question pass", wordAct, script.Silent, "", ""},
	{"waits", []WordParameter{takesLength}, "lets time pass, whatever happens", wordAct, script.Wait, "", ""},
	{"speaks", []WordParameter{takesLength}, "talks into the recording that goes on, or the next one", wordAct, script.Speak, "", ""},
	{"hangs_up", nil, "hangs up", wordAct, script.HangUp, "", ""},

	{"hears", []WordParameter{{"words", false, heardParameter}, {"language", true, languageParameter}},
		"hears these words, in upper or lower case, as a part of what is said; or the whole of a message, in its language and voice (of one with `parts`, name each part); with `language`, such as `\"es-MX\"`, only if they are spoken in it", wordExpect, "", calltest.Hears, ""},
	{"reaches", []WordParameter{{"block", false, blockParameter}}, "is led to a block, or is there already", wordExpect, "", calltest.Reaches, ""},
	{"enters", []WordParameter{{"queue", false, queueParameter}}, "is put into a queue, to wait", wordExpect, "", calltest.Enters, ""},
	{"rings", []WordParameter{{"user", false, phoneParameter}}, "the telephone of a user rings for the caller", wordExpect, "", calltest.Rings, ""},
	{"talks_to", []WordParameter{{"user", false, phoneParameter}},
		"is connected to a user, or, in a queue that is served by an agents' line, to a telephone number", wordExpect, "", calltest.TalksTo, ""},
	{"records", []WordParameter{{"voicemail", false, voicemailParameter}}, "has heard the tone of a voicemail, and is recorded", wordExpect, "", calltest.Records, ""},
	{"ends", nil, "the call ends, not because the caller hangs up, and after something was said or people have talked", wordExpect, "", calltest.Ends, ""},
	{"rejected", nil, "the call is not answered: the caller is led to `reject`", wordExpect, "", calltest.Rejected, ""},

	{"within", []WordParameter{takesLength, takesExpectation}, "expects something no later than so long after the step before", wordBound, "", "", ""},
	{"after", []WordParameter{takesLength, takesExpectation}, "expects something no sooner than so long after the step before", wordBound, "", "", ""},

	{"answers", []WordParameter{takesAfter, takesTalk}, "answers after 5 s and talks for 30 s, or as it says; presses no key when asked to accept the call", wordResponse, "", "", script.Answer},
	{"accepts", []WordParameter{takesAfter, takesTalk}, "the same, and presses 1 when asked to accept", wordResponse, "", "", script.Accept},
	{"declines", []WordParameter{takesAfter}, "answers, and hangs up when asked to accept", wordResponse, "", "", script.Decline},
	{"voicemail", []WordParameter{takesAfter}, "a machine answers after 20 s, or as it says, and never presses a key", wordResponse, "", "", script.Voicemail},
	{"busy", []WordParameter{takesAfter}, "is talking to somebody else; with `after`, lets the phone ring so long and then declines the call, which Twilio reports as busy too", wordResponse, "", "", script.Busy},
	{"no_answer", nil, "lets it ring, as everybody does who is not mentioned", wordResponse, "", "", script.NoAnswer},
	{"fails", []WordParameter{takesAfter}, "cannot be reached by the network, after a second or as it says", wordResponse, "", "", script.Fail},
}

// Words is the vocabulary of call tests, in the order of the reference.
func Words() []Word { return slices.Clone(callWords) }

// A spokenWord is the value of a word: what was called with what.
type spokenWord struct {
	*Word
	args []cty.Value
}

// wordType is the type of words among values.
var wordType = cty.Capsule("step", reflect.TypeFor[spokenWord]())

// asWord returns the word that a value holds.
func asWord(value cty.Value) (*spokenWord, bool) {
	if value.Type() != wordType || value.IsNull() || !value.IsKnown() {
		return nil, false
	}
	value, _ = value.Unmark()
	return value.EncapsulatedValue().(*spokenWord), true
}

// wordFunctions are the words as functions.
func wordFunctions() map[string]function.Function {
	functions := make(map[string]function.Function, len(callWords))
	for i := range callWords {
		w := &callWords[i]
		rest := config.AnyParameter(function.Parameter{Name: "arguments"})
		functions[w.Name] = function.New(&function.Spec{
			VarParam: &rest,
			Type:     function.StaticReturnType(wordType),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return cty.CapsuleVal(wordType, &spokenWord{w, slices.Clone(args)}), nil
			},
		})
	}
	return functions
}

// wordNames lists the words with some role, for those who look for one.
func wordNames(roles ...wordRole) []string {
	var names []string
	for _, w := range callWords {
		if slices.Contains(roles, w.role) {
			names = append(names, w.Name)
		}
	}
	return names
}
