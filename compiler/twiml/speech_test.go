package twiml

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSpeakingTime(t *testing.T) {
	tests := []struct {
		language, text string
		want           time.Duration
	}{
		{"en-US", "", 0},
		{"en-US", " ", 500 * time.Millisecond},
		{"en-US", "Hi", 500 * time.Millisecond},
		{"en-US", "Press 1.", 1200 * time.Millisecond},
		{"EN", "Press 1.", 1200 * time.Millisecond},
		{"en-US", "1 2 3 4 5", 2 * time.Second},
		{"en-US", "12345", 2 * time.Second},
		{"en-US", "Sales & support", 1400 * time.Millisecond},
		{"en-US", "Yes, please.", 1300 * time.Millisecond},
		{"ja-JP", "営業部は一番です", 1800 * time.Millisecond},
		{"zh-CN", "销售请按一", 1600 * time.Millisecond},
		{"pt-BR", "Para falar com vendas, tecle um.", 2800 * time.Millisecond},
		{"xx", "Para falar com vendas, tecle um.", 2800 * time.Millisecond},
		{"en-US", strings.Repeat("x", 987), 80 * time.Second},
	}
	for _, tt := range tests {
		if got := SpeakingTime(tt.language, tt.text); got != tt.want {
			t.Errorf("SpeakingTime(%q, %q) = %v, want %v", tt.language, tt.text, got, tt.want)
		}
	}
}

// A text takes no less time for anything that is put into it, and every time is
// in tenths of a second.
func TestSpeakingTimeGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		language := rapid.SampledFrom([]string{"en-US", "pt-BR", "ja-JP", "sw"}).Draw(t, "language")
		a, b, c := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b"), rapid.String().Draw(t, "c")
		short, long := SpeakingTime(language, a+c), SpeakingTime(language, a+b+c)
		if short > long {
			t.Errorf("%q takes %v, but %q takes %v", a+c, short, a+b+c, long)
		}
		if long%(100*time.Millisecond) != 0 || a+b+c != "" && long < 500*time.Millisecond {
			t.Errorf("%q takes %v", a+b+c, long)
		}
	})
}

func TestSpeakable(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{"", -1},
		{"For sales, press 1.\n\tThank you.", -1},
		{"Não há ninguém; שלום; 営業部 ☎ 👋", -1},
		{"the replacement character \ufffd itself", -1},
		{"right-to-left mark \u200f", -1},
		{"bell\a", 4},
		{"return\r\n", 6},
		{"\x00", 0},
		{"\x1b[31m", 0},
		{"é\x7f", 2},
		{"next line \u0085", 10},
		{"\u202eoverride", 0},
		{"embedding \u202a", 10},
		{"isolate \u2066", 8},
		{"\u2069", 0},
		{"letter mark \u061c", 12},
		{"press\u200b 1", 5},
		{"join\u2060er", 4},
		{"\ufff9base\ufffaabove\ufffb", 0},
		{"tags \U000e0041", 5},
		{"\U000e0001", 0},
		{"\u200b", 0},
		{"สวัสดี\u200bครับ", -1},
		{"សួស្តី\u200bបង", -1},
		{"\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", -1}, // the flag of Scotland
		{"\U0001F3F4\U000E0067\U000E007F\U000E0067", 12},
		{"می\u200cخواهم", -1},
		{"\ufdd0", 0},
		{"\uffff", 0},
		{"\U0010fffe", 0},
		{"cut \xe2\x82", 4},
		{"Latin-1 \xe9", 8},
	}
	for _, tt := range tests {
		if got := Speakable(tt.text); got != tt.want {
			t.Errorf("Speakable(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
}
