package script_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/script"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text string
		want script.Script
	}{
		{"", nil},
		{"1", script.Script{{Do: script.Press, Keys: "1"}}},
		{" 1 ,12#,*", script.Script{{Do: script.Press, Keys: "1"}, {Do: script.Press, Keys: "12#"}, {Do: script.Press, Keys: "*"}}},
		{"press 3", script.Script{{Do: script.Press, Keys: "3"}}},
		{"1@2s", script.Script{{Do: script.Interrupt, Keys: "1", For: 2 * time.Second}}},
		{"now 7", script.Script{{Do: script.PressNow, Keys: "7"}}},
		{"silent, wait 1m30s", script.Script{{Do: script.Silent}, {Do: script.Wait, For: 90 * time.Second}}},
		{"mute, speak 5s", script.Script{{Do: script.Mute}, {Do: script.Speak, For: 5 * time.Second}}},
		{"at 10m, speak 20s, talk 5s", script.Script{
			{Do: script.Until, For: 10 * time.Minute}, {Do: script.Speak, For: 20 * time.Second}, {Do: script.Talk, For: 5 * time.Second},
		}},
		{`hear "one, or two", hangup`, script.Script{{Do: script.Hear, Text: "one, or two"}, {Do: script.HangUp}}},
		{"hear sales department", script.Script{{Do: script.Hear, Text: "sales department"}}},
	} {
		got, err := script.Parse(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q: -want +got:\n%s", test.text, diff)
		}
		if again, err := script.Parse(got.String()); err != nil || !slices.Equal(again, got) {
			t.Errorf("%q is written %q, and read as %v, %v", test.text, got, again, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"1,,2", `step 2, ""`},
		{"press", "say which keys"},
		{"now 1a", `"a" is not a key`},
		{"wait", "write it like 10s"},
		{"wait 10", `"10" is not a duration`},
		{"wait -1s", "not a duration"},
		{"1@soon", `"soon" is not a duration`},
		{"hangup now", "nothing may follow hangup"},
		{"1, dance", `step 2, "dance": not a step; use keys`},
		{`hear ""`, "say which words"},
		{`hear "sales, 1`, "quotation mark is not closed"},
	} {
		_, err := script.Parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: error %v, want one with %q", test.text, err, test.says)
		}
	}
}

func TestParseCalleeErrors(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"", "use answer, accept"},
		{"asleep", "use answer, accept"},
		{"busy then asleep", `"asleep": use answer`},
		{"answer:soon", `"soon" is not a duration`},
		{"no-answer:3s", "takes no time"},
		{"busy,talk:3s", `busy has no option "talk"`},
		{"answer,press:x", `"x" is not a key`},
		{"answer,talk", "not a duration"},
	} {
		_, err := script.ParseCallee(test.text)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: error %v, want one with %q", test.text, err, test.says)
		}
	}
}

// What is written is read as the same, with the usual times left out.
func TestCalleeString(t *testing.T) {
	for _, text := range []string{
		"answer", "answer:3s,talk:2m", "accept:3s", "answer:3s,press:2", "decline:10s", "voicemail:8s",
		"busy", "no-answer", "fail:2s", "busy then no-answer then accept:1.5s",
	} {
		c, err := script.ParseCallee(text)
		if err != nil || c.String() != text {
			t.Errorf("%q is written %q: %v", text, c, err)
		}
	}
	c, _ := script.ParseCallee("answer:5s,talk:30s")
	if got := c.String(); got != "answer" {
		t.Errorf("the usual times are written: %q", got)
	}
}

// The turns of a callee, ring after ring.
func TestCalleeRing(t *testing.T) {
	for _, test := range []struct {
		callee script.Callee
		want   string
	}{
		{script.Callee{Turns: []script.Turn{{Do: script.Busy, Times: 2}, {Do: script.NoAnswer, Times: 1}, {Do: script.Busy, Times: 1}}, Again: 2},
			"busy busy no-answer busy no-answer busy no-answer"},
		{script.InTurn(script.Busy.Turn(), script.Answer.Turn()), "busy answer answer answer answer answer answer"},
		{script.Callee{}, "no-answer no-answer no-answer no-answer no-answer no-answer no-answer"},
	} {
		var got []string
		for n := 1; n <= 7; n++ {
			got = append(got, string(test.callee.Ring(n).Do))
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%v: %s, want %s", test.callee, got, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"}, {20 * time.Second, "20s"}, {90 * time.Second, "1m30s"}, {10 * time.Minute, "10m"}, {4 * time.Hour, "4h"},
		{time.Hour + 5*time.Second, "1h5s"}, {1500 * time.Millisecond, "1.5s"}, {-time.Second, "-1s"},
	} {
		if got := script.Duration(test.d); got != test.want {
			t.Errorf("%v is written %q, want %q", test.d, got, test.want)
		}
	}
}

func TestParseWaiting(t *testing.T) {
	for text, want := range map[string]script.Waiting{
		"sales=10":           {Queue: "sales", Callers: 10},
		"sales=10@1m30s":     {Queue: "sales", Callers: 10, From: 90 * time.Second},
		"sales=1@0s-30s":     {Queue: "sales", Callers: 1, Until: 30 * time.Second},
		"sales=0@1.5s-2m30s": {Queue: "sales", From: 1500 * time.Millisecond, Until: 150 * time.Second},
	} {
		got, err := script.ParseWaiting(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%q is read as %v and written %q: %v", text, got, got, err)
		}
	}
	for text, says := range map[string]string{
		"sales":           "write sales=COUNT",
		"sales=many":      "a count of 0 to 5000",
		"sales=5001":      "a count of 0 to 5000",
		"sales=3@":        "is not a duration",
		"sales=3@1m-":     "is not a duration",
		"sales=3@1m-30s":  "hang up before they come",
		"sales=3@-30s":    "is not a duration",
		"sales=3@30s-30s": "hang up before they come",
	} {
		if _, err := script.ParseWaiting(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}
