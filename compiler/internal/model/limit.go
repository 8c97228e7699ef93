package model

// The limits: one table, which the checks, the documentation and the error
// messages read.

import (
	"slices"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
)

// A Profile is a set of limits that a project chooses.
type Profile int

// The profiles: the limits that phonebridge has, which are the default, and the
// wider ones of Twilio.
const (
	Phonebridge Profile = iota
	Twilio
	profiles
)

// ProfileNames are the values of the project's attribute limits.
var ProfileNames = [profiles]string{"phonebridge", "twilio"}

// A Limit is one row of the table of limits. Durations are in seconds.
type Limit struct {
	Code     string
	Name     string        // what is limited
	Min      int           // the smallest value allowed
	Max      [profiles]int // the largest, under "phonebridge" and "twilio"
	Duration bool          // the values are seconds
	Reason   string        // why
}

// Limits returns the table of limits on what a configuration says.
func Limits() []Limit { return slices.Clone(limits) }

var limits = []Limit{
	LimitOptions, LimitDepth, LimitCycles, LimitUsers, LimitCallers, LimitWait, LimitEvery, LimitInterval,
	LimitRing, LimitAttempts, LimitTimeout, LimitVoicemail, LimitRetry, LimitText, LimitPolly, LimitEncoded,
	LimitExtension, LimitList, LimitParts, LimitDigits, LimitSilence, LimitSpoken, LimitTalk,
}

// The limits, each used by the one check that its name says.
var (
	LimitOptions   = Limit{"IVR302", "options in one menu", 1, [profiles]int{9, 12}, false, "A telephone keypad has nine number keys beside 0, and twelve keys in all."}
	LimitDepth     = Limit{"IVR303", "menu depth under a number", 1, [profiles]int{5, 20}, false, "Callers lose their way in deeper menus."}
	LimitCycles    = Limit{"IVR305", "cycles of a ring group", 1, [profiles]int{2, 10}, false, "Ringing the same people again and again keeps the caller waiting; a queue or a voicemail is better."}
	LimitUsers     = Limit{"IVR306", "users rung at once", 1, [profiles]int{10, 10}, false, "Twilio rings at most ten at once; more can be rung one after the other (strategy = \"sequential\")."}
	LimitCallers   = Limit{"IVR307", "callers in a queue", 1, [profiles]int{25, 5000}, false, "The last of more callers would wait for very long; Twilio holds at most 5,000 in a queue."}
	LimitWait      = Limit{"IVR308", "longest wait in a queue", 5, [profiles]int{25 * 60, 4 * 3600}, true, "Callers who wait longer hang up; a call at Twilio ends after four hours."}
	LimitEvery     = Limit{"IVR309", "announcement interval", 5, [profiles]int{30, 600}, true, "A waiting caller who hears no voice for long thinks that nobody is coming."}
	LimitInterval  = Limit{"IVR310", "ring interval", 5, [profiles]int{120, 600}, true, "In less nobody gets to a telephone, and no caller listens to more; Twilio takes timeouts from 5 to 600 seconds."}
	LimitRing      = Limit{"IVR322", "time until all users of a ring group have been rung", 5, [profiles]int{30 * 60, 4 * 3600}, true, "Callers who hear nothing but ringing hang up long before the last user is tried. Ring fewer users in a row, or lead callers to a queue."}
	LimitAttempts  = Limit{"IVR318", "attempts at a menu", 1, [profiles]int{5, 10}, false, "Each attempt is a set of documents, and no caller tries a menu more often."}
	LimitTimeout   = Limit{"IVR319", "menu timeout", 1, [profiles]int{30, 120}, true, "In less nobody finds the key, and a caller who hears nothing for longer hangs up."}
	LimitVoicemail = Limit{"IVR320", "length of a voicemail", 2, [profiles]int{10 * 60, 4 * 3600}, true, "What is urgent in a longer message is found too late; Twilio records at most four hours."}
	LimitRetry     = Limit{"IVR321", "time between two attempts to ring a queue's agents", 10, [profiles]int{600, 3600}, true, "Each attempt is a set of documents; ringing more often than every ten seconds keeps agents from their work."}
	LimitText      = Limit{"IVR311", "length of a spoken text", 1, [profiles]int{4096, 4096}, false, "Twilio refuses longer texts (error 13521), and the caller would hear nothing. Shorten it."}
	LimitPolly     = Limit{"IVR311", "length of a text spoken by a voice of Amazon Polly", 1, [profiles]int{3000, 3000}, false, "Twilio refuses longer texts (error 13521), and the caller would hear nothing. Shorten it, or choose a voice of Google's."}
	LimitEncoded   = Limit{"IVR311", "URL-encoded length of a spoken text", 1, [profiles]int{4500, 4500}, false, "Twilio refuses longer texts (error 13521), and the caller would hear nothing; a letter with an accent counts six. Shorten it."}
	LimitSpoken    = Limit{"IVR318", "attempts at a voicemail", 1, [profiles]int{5, 10}, false, "Who says nothing so often has nothing to say, or cannot be heard."}
	LimitSilence   = Limit{"IVR494", "silence that ends a message", 2, [profiles]int{30, 600}, true, "In less, callers who pause to think are cut off; in more, those who have said everything wait, and so does everybody who says nothing."}

	LimitParts     = Limit{"IVR475", "parts of a share", 1, [profiles]int{15, 15}, false, "Calls are shared out in sixteenths; a share of all of them is no split."}
	LimitExtension = Limit{"IVR481", "time between two digits", 2, [profiles]int{10, 30}, true, "In less, callers who dial slowly are taken for others; in more, everybody who presses a single key waits as long."}
	LimitDigits    = Limit{"IVR484", "number of digits that an application gets", 1, [profiles]int{32, 32}, false, "Nobody enters more digits without a mistake."}
	LimitTalk      = Limit{"IVR449", "length of a conversation", 10, [profiles]int{14400, 14400}, true, "In less nobody can say what they want, and Twilio ends every call after four hours."}
	LimitList      = Limit{"IVR482", "length of all digits and keys that callers may press in one place, with a character between each", 0, [profiles]int{1000, 1000}, false, "They stand in an address, and hosts and Twilio refuse very long ones. Divide them among several menus or entries."}
)

// Text writes a value of the limit with its unit.
func (l *Limit) Text(value int) string {
	if l.Duration {
		return script.Duration(time.Duration(value) * time.Second)
	}
	return strconv.Itoa(value)
}
