package script

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// String writes the script as [Parse] reads it.
func (s Script) String() string {
	words := make([]string, len(s))
	for i, a := range s {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// MarshalText writes the script as [Parse] reads it.
func (s Script) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String writes the action as [Parse] reads it.
func (a Action) String() string {
	slow := ""
	if a.Slow > 0 {
		slow = "/" + Duration(a.Slow)
	}
	switch a.Do {
	case Press:
		return a.Keys + slow
	case Interrupt:
		return a.Keys + "@" + Duration(a.For) + slow
	case PressNow:
		return "now " + a.Keys + slow
	case Hear:
		return `hear "` + a.Text + `"`
	case Silent, Mute, HangUp:
		return string(a.Do)
	}
	return string(a.Do) + " " + Duration(a.For)
}

// String writes the callee as [ParseCallee] reads it, which repeats the last
// turn, whatever Again says.
func (c Callee) String() string {
	var words []string
	for _, t := range c.Turns {
		for range max(t.Times, 1) {
			words = append(words, t.String())
		}
	}
	return strings.Join(words, " then ")
}

// MarshalText writes the callee as [ParseCallee] reads it.
func (c Callee) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// String writes one ring of the turn as [ParseCallee] reads it, and of its times
// and keys those that are not the usual ones.
func (t Turn) String() string {
	text, other := string(t.Do), usual[t.Do]
	if t.After != other.After {
		text += ":" + Duration(t.After)
	}
	if t.Talk != other.Talk {
		text += ",talk:" + Duration(t.Talk)
	}
	if t.Keys != other.Keys {
		text += ",press:" + t.Keys
	}
	return text
}

// String writes who waits as [ParseWaiting] reads it.
func (w Waiting) String() string {
	text := w.Queue + "=" + strconv.Itoa(w.Callers)
	if w.From > 0 || w.Until > 0 {
		text += "@" + Duration(w.From)
	}
	if w.Until > 0 {
		text += "-" + Duration(w.Until)
	}
	return text
}

// Duration writes a duration as configurations and scripts do: "20s", "1m30s",
// "10m", "4h", "1.5s".
func Duration(d time.Duration) string {
	if d <= 0 {
		return d.String()
	}
	text := ""
	if h := d / time.Hour; h > 0 {
		text += strconv.Itoa(int(h)) + "h"
	}
	if m := d / time.Minute % 60; m > 0 {
		text += strconv.Itoa(int(m)) + "m"
	}
	if s := d % time.Minute; s > 0 {
		text += s.String()
	}
	return text
}

// Clock writes a time in a call as a display would, to a tenth of a second:
// 0:03.2, 12:00.0, 1:02:03.4.
func Clock(d time.Duration) string {
	tenths := d.Round(100*time.Millisecond).Milliseconds() / 100
	seconds := tenths / 10
	s := fmt.Sprintf("%02d.%d", seconds%60, tenths%10)
	if seconds < 3600 {
		return fmt.Sprintf("%d:%s", seconds/60, s)
	}
	return fmt.Sprintf("%d:%02d:%s", seconds/3600, seconds/60%60, s)
}
