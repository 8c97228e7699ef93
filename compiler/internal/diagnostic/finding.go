package diagnostic

import (
	"slices"
	"strings"
	"time"
)

// A LintRule is one row of the table of findings.
type LintRule struct {
	Rule
	When      string // what is found; %s stands for the threshold
	Threshold int    // 0 for none
	Duration  bool   // the threshold is seconds
}

// LintRules returns the table of what callers would find hard, by code.
func LintRules() []LintRule { return slices.Clone(lintRules) }

var lintRules = []LintRule{
	FindAlike, FindRecording, FindLate, FindOptions, FindKeyFirst, FindNobody, FindPromise, FindLong, FindFallback, FindMobile,
	FindDeadKey, FindUnsaid, FindSibling, FindBegins, FindPending, FindHoliday, FindWithheld, FindAskedAgain,
}

// The rows of the table, each used by the one check that its name says.
var (
	FindAlike = LintRule{Rule{"IVR602", "Label used twice in a menu", true, "Callers hear the same option twice and cannot know which key they need."},
		"two options of a menu have the same label", 0, false}
	FindRecording = LintRule{Rule{"IVR603", "Recording that is not announced", true, "In many countries a call may be recorded only if the caller is told before. Say so in a message on the way, such as stock.recording."},
		"a caller can be connected and recorded without having heard of it", 0, false}
	FindLate = LintRule{Rule{"IVR604", "Menu that comes late", true, "Callers who wait longer than 20 seconds for the first option hang up or press keys at random."},
		"the welcome of a menu takes more than %s", 20, true}
	FindOptions = LintRule{Rule{"IVR612", "More options than callers remember", true, "Callers who do not know which option is theirs must hear all of them and remember the likely ones; most people remember no more than this."},
		"a spoken menu has more than %s options; the keys to repeat and to go back, and those of every menu, are not counted", 5, false}
	FindKeyFirst = LintRule{Rule{"IVR613", "Key that is said long before its option", true, "Callers learn that a key is theirs when they have heard its option, and by then many have forgotten the key."},
		"a prompt says the key before the option, and more than %s pass until the option has been said", 5, true}
	FindNobody = LintRule{Rule{"IVR614", "Number without a way to a person", true, "A caller whose concern is not among the options can neither talk to anybody nor leave a message."},
		"a number leads to a menu, and from it neither to people nor to a voicemail", 0, false}
	FindPromise = LintRule{Rule{"IVR615", "Wait longer than announced", true, "Callers rely on what they are told, and hang up, or complain, when it is not kept."},
		"an announcement names a time, or a message on the way to the queue does, and `max_wait` is longer", 0, false}
	FindLong = LintRule{Rule{"IVR616", "Text that takes long to hear", true, "Nobody remembers such a long message, and callers can neither stop it nor go back. Split it into options, or shorten it."},
		"a text takes more than %s to be spoken", 30, true}
	FindFallback = LintRule{Rule{"IVR617", "Fallback that can fail itself", true, "Callers hear the fallback when something cannot be fetched. Audio has to be fetched, too; text does not."},
		"the fallback of a number is audio rather than text. (A number without a fallback has the built-in text of its language)", 0, false}
	FindMobile = LintRule{Rule{"IVR618", "Mobile whose voicemail can take the call", true, "A mobile that is off or out of reach is answered by its own voicemail, which ends the ringing for everybody: the caller talks to a machine, and no one else is rung."},
		"a user's phone is a mobile by its numbering plan or its name, `confirm` is not set, and there is somebody or somewhere else to turn to", 0, false}
	FindDeadKey = LintRule{Rule{"IVR627", "Key that does nothing", true, "Callers do as they are told, and hear that the key is wrong, or nothing at all."},
		"a text tells callers to press a key that does nothing where they hear it: a welcome, an `audio_prompt`, a label, an announcement, a message", 0, false}
	FindSibling = LintRule{Rule{"IVR629", "Choice with different keys in menus beside each other", true, "Callers press in one menu what they have learned in the other, and come to the wrong place."},
		"two menus to which the keys of one menu lead have a choice of the same label and destination, or the key to go back, under different keys", 0, false}
	FindUnsaid = LintRule{Rule{"IVR628", "Key that nobody is told of", true, "Callers who need the option do not know its key."},
		"the `audio_prompt` of a menu is a text and does not name the key of an option, nor the one to repeat or to go back", 0, false}
	FindBegins = LintRule{Rule{"IVR683", "Extension that begins with the key of an option", true, "Callers who dial slowly reach the option: its key counts when the time between two digits has passed."},
		"an extension of a menu begins with the key of one of its options, or with another extension", 0, false}
	FindHoliday = LintRule{Rule{"IVR653", "Holiday that a year lacks", true, "Callers of the holiday are led as on any other day: they hear that somebody is there, and nobody answers."},
		"a schedule lists a named day two years running, and not in the year after, in which it lists others that came in both", 0, false}
	FindPending = LintRule{Rule{"IVR684", "Long wait after a key", true, "Callers who press the key of an option hear nothing until no digit of an extension can follow. After a few seconds they press it again, and that is another number."},
		"`extension_timeout` is more than %s, and the menu has options", 3, true}
	FindAskedAgain = LintRule{Rule{"IVR685", "Entry that asks again when its application fails", true, "While the application is down, callers enter their digits again and again: each time counts as the first."},
		"the `on_failure` of an application leads back to an entry whose digits it gets, at once or after messages", 0, false}
	FindWithheld = LintRule{Rule{"IVR689", "Withheld number that is shown to telephones", true, "Some carriers refuse a call that shows a withheld number: then the telephone does not ring, and the caller is not connected although somebody is there."},
		"`anonymous`, or `withheld` of callers, leads to a ring group that rings a telephone and has no `caller_id`", 0, false}
)

// Over reports whether a duration is over the threshold.
func (f *LintRule) Over(d time.Duration) bool { return d > time.Duration(f.Threshold)*time.Second }

// withFindings adds the rules of the findings to others, by code.
func withFindings(list []Rule) []Rule {
	for _, f := range lintRules {
		list = append(list, f.Rule)
	}
	slices.SortFunc(list, func(a, b Rule) int { return strings.Compare(a.Code, b.Code) })
	return list
}
