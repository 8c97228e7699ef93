package twiml

// These rules are about an element as a whole, so no tag of an attribute can hold
// them. Their codes and limits are in codes.go.

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// check reports the faults of the struct v, which was read from e, a child of the
// element within.
func (d *decoder) check(v reflect.Value, e *element, within string) {
	switch n := v.Addr().Interface().(type) {
	case *Say:
		if d.checkVoice(n, e, within) {
			d.checkSay(n, e)
		}
	case *Play:
		if within == "Gather" && n.Digits != "" {
			n.Digits = ""
			d.report(codeSchema, e, "<Play> inside <Gather> has no attribute digits")
		}
	case *Dial:
		d.checkDial(n, e)
	case *Enqueue:
		if n.WorkflowSID == "" {
			d.checkQueueName(n.Name, e, codeEnqueueNoName, codeEnqueueTooLong)
		}
	case *Queue:
		if n.ReservationSID == "" {
			d.checkQueueName(n.Name, e, codeQueueNoName, codeQueueTooLong)
		}
	}
}

// checkVoice reports a voice that Twilio does not have, and one that does not speak the
// language of the Say. The latter fails: nothing is said, and checkVoice returns false.
func (d *decoder) checkVoice(say *Say, e *element, within string) bool {
	switch {
	case say.Voice == "" || IsVoice(say.Voice) && Speaks(say.Voice, say.Language):
	case IsVoice(say.Voice):
		d.report(codeSayLanguage, e, "<Say> has the voice %q, which speaks %s, and the language %q; the <Say> fails, and nothing is said", say.Voice, strings.Join(VoiceLanguages(say.Voice), " and "), say.Language)
		say.Text = ""
		return false
	case within == "Gather":
		d.report(codeGatherVoice, e, "voice of <Say> is %q, which is none of Twilio's voices; inside a <Gather> that fails the call", say.Voice)
		say.Voice = ""
	default:
		d.report(codeSayVoice, e, "voice of <Say> is %q, which is none of Twilio's voices; Twilio treats it as absent", say.Voice)
		say.Voice = ""
	}
	return true
}

func (d *decoder) checkSay(say *Say, e *element) {
	if say.Text == "" {
		d.report(codeSayEmpty, e, "<Say> has no text; nothing is said")
		return
	}
	for _, limit := range sayLimits {
		if strings.HasPrefix(say.Voice, limit.voice) {
			if n := len(say.Text); n > limit.most {
				d.report(codeSayTooLong, e, "<Say> has a text of %d bytes; this voice accepts at most %d", n, limit.most)
				return
			}
			break
		}
	}
	if n := encodedLength(say.Text); n > maxEncoded {
		d.report(codeSayTooLong, e, "<Say> has a text of %d characters when it is encoded as in a URL, where an accented letter takes six; Twilio accepts at most %d", n, maxEncoded)
	}
}

func (d *decoder) checkDial(dial *Dial, e *element) {
	if n := len(dial.Nouns); n > maxNouns {
		d.report(codeTooManyNouns, e, "<Dial> has %d nouns; Twilio accepts at most %d", n, maxNouns)
	}
	if dial.Number != "" && len(dial.Nouns) > 0 {
		d.report(codeSchema, e, "<Dial> holds both a number and nouns; write the number as a <Number>")
	}
	conferences, numbers := 0, 0
	for _, n := range dial.Nouns {
		switch n.(type) {
		case *Conference:
			conferences++
		case *Number:
			numbers++
		}
	}
	if conferences > 1 || conferences > 0 && numbers > 0 {
		d.report(codeConference, e, "<Dial> mixes a <Conference> with other nouns; a <Conference> stands alone")
	}
}

func (d *decoder) checkQueueName(name string, e *element, short, long int) {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		d.report(short, e, "<%s> names no queue", e.name)
	case n > maxQueueName:
		d.report(long, e, "<%s> names a queue with %d characters; Twilio accepts at most %d", e.name, n, maxQueueName)
	}
}

// encodedLength returns how many characters a text has when it is encoded as in the
// query of a URL, where "a b" is "a+b" and "é" is "%C3%A9".
func encodedLength(text string) int {
	n := 0
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(" -_.~", c) >= 0:
			n++
		default:
			n += 3
		}
	}
	return n
}
