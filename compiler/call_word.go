package compiler

// The words of call tests: functions whose values are steps, such as
// presses("1"), and what people do who are rung, such as busy(). A word only
// keeps what it was given, because where it stands is known only to whoever
// evaluates the list that it is part of:
//
//	steps = [hears("Thank you"), presses("1")]
//
//	evaluated:  word{hears, "Thank you"}, word{presses, "1"}
//	checked:    the arguments, at their places in the source; see call_step.go

import (
	"reflect"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/script"
)

// A CallWord is a function of the language of call tests.
type CallWord struct {
	Name       string
	Parameters []CallParameter
	Means      string // what it says of a call, for the reference

	role     wordRole
	action   script.ActionKind
	expects  calltest.Expectation
	response script.Response
}

// A CallParameter is what a word takes.
type CallParameter struct {
	Name     string
	Optional bool

	kind parameterKind
}

// Role says where a word can stand: "act", "expect", "bound" or "response".
func (w CallWord) Role() string { return string(w.role) }

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
	heardParameter
	blockParameter
	queueParameter
	voicemailParameter
	phoneParameter
	expectationParameter
)

var (
	takesLength      = CallParameter{"length", false, durationParameter}
	takesExpectation = CallParameter{"expectation", false, expectationParameter}
	takesAfter       = CallParameter{"after", true, durationParameter}
	takesTalk        = CallParameter{"talk", true, durationParameter}
)

// callWords is the whole vocabulary, in the order of the reference.
var callWords = []CallWord{
	{"presses", []CallParameter{{"keys", false, keysParameter}, takesAfter},
		"hears the next question to its end, and presses the keys; with `after`, presses them so long after the question began",
		wordAct, script.Press, "", ""},
	{"stays_silent", nil, "lets the next question pass", wordAct, script.Silent, "", ""},
	{"waits", []CallParameter{takesLength}, "lets time pass, whatever happens", wordAct, script.Wait, "", ""},
	{"speaks", []CallParameter{takesLength}, "talks into the recording that goes on, or the next one", wordAct, script.Speak, "", ""},
	{"hangs_up", nil, "hangs up", wordAct, script.HangUp, "", ""},

	{"hears", []CallParameter{{"words", false, heardParameter}},
		"hears these words, in upper or lower case, as a part of what is said; or the whole of a message", wordExpect, "", calltest.Hears, ""},
	{"reaches", []CallParameter{{"block", false, blockParameter}}, "is led to a block, or is there already", wordExpect, "", calltest.Reaches, ""},
	{"enters", []CallParameter{{"queue", false, queueParameter}}, "is put into a queue, to wait", wordExpect, "", calltest.Enters, ""},
	{"rings", []CallParameter{{"user", false, phoneParameter}}, "the telephone of a user rings for the caller", wordExpect, "", calltest.Rings, ""},
	{"talks_to", []CallParameter{{"user", false, phoneParameter}},
		"is connected to a user, or, in a queue that is served by an agents' line, to a telephone number", wordExpect, "", calltest.TalksTo, ""},
	{"records", []CallParameter{{"voicemail", false, voicemailParameter}}, "has heard the tone of a voicemail, and is recorded", wordExpect, "", calltest.Records, ""},
	{"ends", nil, "the call ends, not because the caller hangs up, and after something was said or people have talked", wordExpect, "", calltest.Ends, ""},

	{"within", []CallParameter{takesLength, takesExpectation}, "expects something no later than so long after the step before", wordBound, "", "", ""},
	{"after", []CallParameter{takesLength, takesExpectation}, "expects something no sooner than so long after the step before", wordBound, "", "", ""},

	{"answers", []CallParameter{takesAfter, takesTalk}, "answers after 5 s and talks for 30 s, or as it says; presses no key when asked to accept the call", wordResponse, "", "", script.Answer},
	{"accepts", []CallParameter{takesAfter, takesTalk}, "the same, and presses 1 when asked to accept", wordResponse, "", "", script.Accept},
	{"declines", []CallParameter{takesAfter}, "answers, and hangs up when asked to accept", wordResponse, "", "", script.Decline},
	{"voicemail", []CallParameter{takesAfter}, "a machine answers after 20 s, or as it says, and never presses a key", wordResponse, "", "", script.Voicemail},
	{"busy", nil, "is talking to somebody else", wordResponse, "", "", script.Busy},
	{"no_answer", nil, "lets it ring, as everybody does who is not mentioned", wordResponse, "", "", script.NoAnswer},
	{"fails", nil, "cannot be reached by the network", wordResponse, "", "", script.Fail},
}

// CallWords is the vocabulary of call tests, in the order of the reference.
func CallWords() []CallWord { return slices.Clone(callWords) }

// A spokenWord is the value of a word: what was called with what.
type spokenWord struct {
	*CallWord
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
		rest := open(function.Parameter{Name: "arguments"})
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
