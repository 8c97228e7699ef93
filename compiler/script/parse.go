package script

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Parse reads what a caller does, separated by commas:
//
//	1                 hears the next question and presses 1; also 12#, *
//	1@2s              presses 1 two seconds after the question began
//	101/2s            hears the next question and presses 1, 0, 1, each two seconds after the one before
//	now 1             presses 1 at once, question or not
//	silent            lets the next question pass
//	wait 10s          lets ten seconds pass
//	at 1m30s          waits until the call is a minute and a half old
//	hear "sales"      waits until something with these words begins
//	speak 20s         talks into the next recording for twenty seconds
//	mute              lets the next recording pass
//	talk 30s          talks for half a minute to whoever is connected next
//	hangup            hangs up
func Parse(text string) (Script, error) {
	var script Script
	parts, err := split(text)
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		action, err := parseAction(part)
		if err != nil {
			return nil, fmt.Errorf("step %d, %q: %w", i+1, part, err)
		}
		script = append(script, action)
	}
	return script, nil
}

// split cuts at the commas that are not quoted.
func split(text string) ([]string, error) {
	var parts []string
	start, quoted := 0, false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	if quoted {
		return nil, errors.New(`a quotation mark is not closed; write hear "the words"`)
	}
	last := strings.TrimSpace(text[start:])
	if last == "" && len(parts) == 0 {
		return nil, nil
	}
	return append(parts, last), nil
}

func parseAction(part string) (Action, error) {
	word, rest, _ := strings.Cut(part, " ")
	rest = strings.TrimSpace(rest)
	var err error
	action := Action{Do: ActionKind(word)}
	switch action.Do {
	case Silent, Mute, HangUp:
		if rest != "" {
			err = fmt.Errorf("nothing may follow %s; separate steps with commas", word)
		}
	case Wait, Until, Speak, Talk:
		action.For, err = parseDuration(rest)
	case Hear:
		if action.Text = strings.Trim(rest, `"`); action.Text == "" {
			err = errors.New(`say which words: hear "sales"`)
		}
	case Press, PressNow:
		if rest, action.Slow, err = cutSlow(rest); err == nil {
			action.Keys, err = parseKeys(rest)
		}
	default:
		return parsePress(part)
	}
	return action, err
}

// cutSlow takes the time between two keys from the end of a text: 101/2s.
func cutSlow(text string) (rest string, between time.Duration, err error) {
	rest, slow, ok := strings.Cut(text, "/")
	if ok {
		between, err = parseDuration(slow)
	}
	return rest, between, err
}

// parsePress reads keys, perhaps with times: 12#, 1@2s, 101/2s.
func parsePress(part string) (Action, error) {
	part, between, err := cutSlow(part)
	if err != nil {
		return Action{}, err
	}
	keys, at, early := strings.Cut(part, "@")
	action := Action{Do: Press, Keys: keys, Slow: between}
	if _, err := parseKeys(keys); err != nil {
		return action, errors.New("not a step; use keys (0-9, *, #), now, silent, wait, at, hear, speak, mute, talk or hangup")
	}
	if !early {
		return action, nil
	}
	action.Do = Interrupt
	action.For, err = parseDuration(at)
	return action, err
}

// IsKey reports whether a byte is a key of a telephone: 0-9, * or #.
func IsKey(k byte) bool { return k >= '0' && k <= '9' || k == '*' || k == '#' }

func parseKeys(keys string) (string, error) {
	for i := range len(keys) {
		if !IsKey(keys[i]) {
			return "", fmt.Errorf("%q is not a key; keys are 0-9, * and #", keys[i:i+1])
		}
	}
	if keys == "" {
		return "", errors.New("say which keys: 0-9, * and #")
	}
	return keys, nil
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("%q is not a duration; write it like 10s or 1m30s", text)
	}
	return d, nil
}

// ParseCallee reads what somebody does whose telephone rings:
//
//	answer                    answers after 5 s and talks for 30 s
//	answer:3s,talk:2m         answers after 3 s and talks for two minutes
//	accept:3s                 the same, and presses 1 when asked to accept
//	answer:3s,press:2         presses 2 when asked
//	decline:5s                answers, and hangs up when asked to accept
//	voicemail:8s              a machine that answers after 8 s and never presses a key
//	busy, no-answer, fail     as Twilio reports it
//	busy then answer          is busy at the first ring, and answers from then on
func ParseCallee(text string) (Callee, error) {
	var turns []Turn
	for part := range strings.SplitSeq(text, " then ") {
		turn, err := parseTurn(strings.TrimSpace(part))
		if err != nil {
			return Callee{}, fmt.Errorf("%q: %w", part, err)
		}
		turns = append(turns, turn)
	}
	return InTurn(turns...), nil
}

func parseTurn(text string) (Turn, error) {
	first, options, _ := strings.Cut(text, ",")
	word, after, timed := strings.Cut(first, ":")
	turn, known := usual[Reaction(strings.TrimSpace(word))]
	if !known {
		return turn, errors.New("use answer, accept, decline, voicemail, busy, no-answer or fail")
	}
	var err error
	if timed {
		if turn.Do == NoAnswer {
			return turn, errors.New("no-answer takes no time: it rings until the Dial's timeout")
		}
		if turn.After, err = parseDuration(after); err != nil {
			return turn, err
		}
	}
	if options == "" {
		return turn, nil
	}
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), ":")
		switch {
		case turn.Do.answers() && name == "talk":
			turn.Talk, err = parseDuration(value)
		case turn.Do.answers() && name == "press":
			turn.Keys, err = parseKeys(value)
		default:
			err = fmt.Errorf("%s has no option %q; whoever answers has talk:30s and press:1", word, name)
		}
		if err != nil {
			return turn, err
		}
	}
	return turn, nil
}

// mostWaiting is how many callers a queue of Twilio holds.
const mostWaiting = 5000

// ParseWaiting reads who waits in a queue:
//
//	sales=10             ten callers, since before the call
//	sales=10@1m30s       ten callers, who come when the call is a minute and a half old
//	sales=10@0s-30s      ten callers, who hang up when it is half a minute old
func ParseWaiting(text string) (Waiting, error) {
	queue, rest, _ := strings.Cut(text, "=")
	w := Waiting{Queue: queue}
	count, times, timed := strings.Cut(rest, "@")
	var err error
	if w.Callers, err = strconv.Atoi(count); err != nil || w.Callers < 0 || w.Callers > mostWaiting {
		return w, fmt.Errorf("write %s=COUNT, with a count of 0 to %d", queue, mostWaiting)
	}
	if !timed {
		return w, nil
	}
	from, until, leave := strings.Cut(times, "-")
	if w.From, err = parseDuration(from); err == nil && leave {
		w.Until, err = parseDuration(until)
	}
	if err == nil && leave && w.Until <= w.From {
		err = errors.New("they would hang up before they come")
	}
	return w, err
}
