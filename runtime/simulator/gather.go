package simulator

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Gathering keys (https://www.twilio.com/docs/voice/twiml/gather).
//
// The prompt is spoken until it ends or a key is pressed. From then on, and
// again from every further key, the caller has the timeout to press the next
// one. The keys are complete at the finish key, which is not one of them, at
// numDigits, or when the time is up. Without any, the next verb runs.
//
//	<Gather numDigits="2" timeout="5"> prompt of 4 s
//
//	0 s prompt   3 s "1": the prompt stops   until 8 s   7 s "2": complete
//	0 s prompt   4 s silence                 until 9 s   nothing: next verb

// A question is a Gather with its defaults filled in.
type question struct {
	prompt  []Segment
	most    int    // keys; 0 is any number
	finish  string // the finish key, or nothing
	timeout time.Duration
	keypad  bool // keys are an answer
	speech  bool // so are words, which are not simulated
}

// gather runs a Gather.
func (l *leg) gather(g *twiml.Gather, d *fetch.Document) (*fetch.Request, error) {
	q := question{most: g.NumDigits, finish: "#", timeout: 5 * time.Second}
	if g.FinishOnKey != nil {
		q.finish = *g.FinishOnKey
	}
	if n, err := strconv.Atoi(g.Timeout); err == nil {
		q.timeout = seconds(n)
	} else if g.Timeout == "auto" && l.otherwise(AutoTimeout) {
		q.timeout = time.Second
	}
	var err error
	if q.prompt, err = l.prompt(g.Prompt, d); err != nil {
		return nil, err
	}
	q.keypad = g.Input == "" || strings.Contains(g.Input, "dtmf")
	q.speech = strings.Contains(g.Input, "speech")
	if next, err := d.Follow(g.Action, g.Method, nil); err == nil {
		l.secret = isSecret(next.URL)
	}
	digits, err := l.ask(q)
	l.secret = false
	if err != nil {
		return nil, err
	}
	extra := url.Values{}
	switch {
	case digits != "":
		extra.Set("Digits", digits)
		if strings.Contains(digits, "*") && g.Method == "GET" {
			l.otherwise(StarDigit)
		}
	case g.ActionOnEmptyResult == "true":
		if l.otherwise(EmptyDigits) {
			extra.Set("Digits", "")
		}
	default:
		return nil, nil
	}
	return d.Follow(g.Action, g.Method, extra)
}

// prompt prepares what a Gather says. All its audio is fetched before the caller
// hears any.
func (l *leg) prompt(verbs []twiml.Verb, d *fetch.Document) ([]Segment, error) {
	var prompt []Segment
	for _, v := range verbs {
		switch v := v.(type) {
		case *twiml.Say:
			prompt = append(prompt, Spoken(v))
		case *twiml.Pause:
			prompt = append(prompt, Paused(v))
		case *twiml.Play:
			s, err := l.played(v, d, 13325)
			if err != nil {
				return nil, err
			}
			prompt = append(prompt, s)
		}
	}
	return prompt, nil
}

// ask puts a question and returns the keys that answer it.
func (l *leg) ask(q question) (string, error) {
	m := Moment{Kind: Asks, Keys: q.most, Finish: q.finish}
	var words []string
	for _, s := range q.prompt {
		m.Length += s.Once
		if s.Event.Kind == Says {
			words = append(words, s.Event.Text)
		}
	}
	m.Text = strings.Join(words, " ")
	asked := Event{Kind: Asks, Text: KeysWanted(q.most, q.finish), Length: m.Length}
	if q.speech {
		asked.Note = "speech is not simulated"
	}
	l.note(asked)
	if q.keypad {
		defer l.listen()()
	}
	l.phone.meet(m)
	defer l.phone.past()
	if err := l.say(q.prompt); err != nil {
		return "", err
	}
	digits, finished, err := l.collect(q)
	if err == nil && digits == "" {
		e := Event{Kind: Silent, Text: script.Clock(q.timeout)}
		if finished {
			e.Text, e.Note = "", "the finish key alone is no answer"
		}
		l.note(e)
	}
	return digits, err
}

// KeysWanted describes how many keys a question wants at most, 0 being any number,
// and which key ends the answer: "one key", "any number of keys, ended by #".
func KeysWanted(most int, finish string) string {
	text := "any number of keys"
	if most == 1 {
		text = "one key"
	} else if most > 1 {
		text = fmt.Sprintf("%d keys", most)
	}
	if finish != "" && most != 1 {
		text += ", ended by " + finish
	}
	return text
}

// say speaks a prompt until its end or the first key.
func (l *leg) say(prompt []Segment) error {
	for _, s := range prompt {
		if s.Times == 0 || l.pressed() {
			continue
		}
		l.begin(s)
		if err := l.await(l.x.now+s.Length(), l.pressed); err != nil {
			return err
		}
	}
	return nil
}

// collect takes keys until they are complete. Finished says whether the finish
// key completed them.
func (l *leg) collect(q question) (digits string, finished bool, err error) {
	for {
		if err := l.await(l.x.now+q.timeout, l.pressed); err != nil || !l.pressed() {
			return digits, false, err
		}
		k := l.keys[0]
		l.keys = l.keys[1:]
		if strings.IndexByte(q.finish, k) >= 0 {
			return digits, true, nil
		}
		if digits += string(k); len(digits) == q.most {
			return digits, false, nil
		}
	}
}
