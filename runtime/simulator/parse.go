package simulator

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ParseScript reads what a caller does, separated by commas:
//
//	1                 hears the next question and presses 1; also 12#, *
//	1@2s              presses 1 two seconds after the question began
//	now 1             presses 1 at once, question or not
//	silent            lets the next question pass
//	wait 10s          lets ten seconds pass
//	at 1m30s          waits until the call is a minute and a half old
//	hear "sales"      waits until something with these words begins
//	speak 20s         talks into the next recording for twenty seconds
//	talk 30s          talks for half a minute to whoever is connected next
//	hangup            hangs up
func ParseScript(text string) (Script, error) {
	var script Script
	parts, err := splitSteps(text)
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		step, err := parseStep(part)
		if err != nil {
			return nil, fmt.Errorf("step %d, %q: %w", i+1, part, err)
		}
		script = append(script, step)
	}
	return script, nil
}

// splitSteps cuts at the commas that are not quoted.
func splitSteps(text string) ([]string, error) {
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

func parseStep(part string) (Step, error) {
	word, rest, _ := strings.Cut(part, " ")
	rest = strings.TrimSpace(rest)
	var err error
	step := Step{Do: Deed(word)}
	switch step.Do {
	case LetPass, HangUp:
		if rest != "" {
			err = fmt.Errorf("nothing may follow %s; separate steps with commas", word)
		}
	case Wait, Until, Speak, Talk:
		step.For, err = parseTime(rest)
	case Hear:
		if step.Text = strings.Trim(rest, `"`); step.Text == "" {
			err = errors.New(`say which words: hear "sales"`)
		}
	case Press, PressNow:
		step.Keys, err = parseKeys(rest)
	default:
		return parsePress(part)
	}
	return step, err
}

// parsePress reads keys, perhaps with a time: 12#, 1@2s.
func parsePress(part string) (Step, error) {
	keys, at, early := strings.Cut(part, "@")
	step := Step{Do: Press, Keys: keys}
	if _, err := parseKeys(keys); err != nil {
		return step, errors.New("not a step; use keys (0-9, *, #), now, silent, wait, at, hear, speak, talk or hangup")
	}
	if !early {
		return step, nil
	}
	step.Do = Interrupt
	var err error
	step.For, err = parseTime(at)
	return step, err
}

func parseKeys(keys string) (string, error) {
	for i := range len(keys) {
		if !isKey(keys[i]) {
			return "", fmt.Errorf("%q is not a key; keys are 0-9, * and #", keys[i:i+1])
		}
	}
	if keys == "" {
		return "", errors.New("say which keys: 0-9, * and #")
	}
	return keys, nil
}

func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("%q is not a length of time; write it like 10s or 1m30s", text)
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
//	busy then answer          is busy when first rung, and answers from then on
func ParseCallee(text string) (Person, error) {
	var turns []Callee
	for turn := range strings.SplitSeq(text, " then ") {
		c, err := parseTurn(strings.TrimSpace(turn))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", turn, err)
		}
		turns = append(turns, c)
	}
	return turns[0].Person(turns[1:]...), nil
}

// turns are the words that ParseCallee reads, with what they mean unless more
// is said.
var turns = map[string]Callee{
	"answer":    {Do: PicksUp, After: 5 * time.Second, Talk: 30 * time.Second},
	"accept":    {Do: PicksUp, After: 5 * time.Second, Talk: 30 * time.Second, Keys: "1"},
	"decline":   {Do: Refuses, After: 5 * time.Second},
	"voicemail": {Do: PicksUp, After: 20 * time.Second, Talk: time.Minute},
	"busy":      {Do: Engaged, After: time.Second},
	"no-answer": {Do: Absent},
	"fail":      {Do: NotThere, After: time.Second},
}

func parseTurn(text string) (Callee, error) {
	first, options, _ := strings.Cut(text, ",")
	word, after, timed := strings.Cut(first, ":")
	c, known := turns[strings.TrimSpace(word)]
	if !known {
		return c, errors.New("use answer, accept, decline, voicemail, busy, no-answer or fail")
	}
	var err error
	if timed {
		if c.Do == Absent {
			return c, errors.New("no-answer takes no time: it rings until the Dial's timeout")
		}
		if c.After, err = parseTime(after); err != nil {
			return c, err
		}
	}
	if options == "" {
		return c, nil
	}
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(option), ":")
		switch {
		case c.Do == PicksUp && name == "talk":
			c.Talk, err = parseTime(value)
		case c.Do == PicksUp && name == "press":
			c.Keys, err = parseKeys(value)
		default:
			err = fmt.Errorf("%s has no option %q; whoever answers has talk:30s and press:1", word, name)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}
