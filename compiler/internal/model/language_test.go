package model

import (
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// eachText calls f with every field of every language.
func eachText(t *testing.T, f func(t *testing.T, field, text string)) {
	for i := range languages() {
		t.Run(languages()[i].Language, func(t *testing.T) {
			v := reflect.ValueOf(languages()[i])
			for j := range v.NumField() {
				f(t, v.Type().Field(j).Name, v.Field(j).String())
			}
		})
	}
}

func TestEveryTextIsWritten(t *testing.T) {
	eachText(t, func(t *testing.T, field, text string) {
		switch {
		case text == "":
			t.Errorf("%s is empty", field)
		case twiml.Speakable(text) >= 0:
			t.Errorf("%s cannot be spoken from byte %d on: %q", field, twiml.Speakable(text), text)
		case text != strings.TrimSpace(text) || strings.Contains(text, "  "):
			t.Errorf("%s has stray blanks: %q", field, text)
		case strings.ContainsAny(text, "!¡！<>&"):
			t.Errorf("%s has a character that a calm voice does not need: %q", field, text)
		case len(text) > 400:
			t.Errorf("%s has %d bytes; an announcement is short", field, len(text))
		// https://www.twilio.com/docs/api/errors/13521
		case len(url.QueryEscape(text)) > 4500:
			t.Errorf("%s is longer than Twilio accepts when URL-encoded", field)
		}
	})
}

// Texts are spoken one after the other, so each must end its own sentence.
func TestEveryTextIsASentence(t *testing.T) {
	words := []string{"Language", "Name", "Voice", "Star", "Pound"}
	eachText(t, func(t *testing.T, field, text string) {
		sentence := strings.HasSuffix(text, ".") || strings.HasSuffix(text, "。")
		if sentence == slices.Contains(words, field) {
			t.Errorf("%s should be a sentence or a word, not %q", field, text)
		}
	})
}

func TestPlaceholders(t *testing.T) {
	placeholder := regexp.MustCompile(`\$\{?\w*\}?`)
	want := map[string][]string{
		"Prompt": {"${key}", "${menu}"},
		"Repeat": {"${key}"},
		"Back":   {"${key}"},
	}
	eachText(t, func(t *testing.T, field, text string) {
		got := placeholder.FindAllString(text, -1)
		slices.Sort(got)
		if diff := cmp.Diff(want[field], got); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", field, text, diff)
		}
	})
}

func TestGermanKeyIsNoOrdinal(t *testing.T) {
	german, _ := LanguageOf("de-DE")
	ordinal := regexp.MustCompile(`(\$\{key\}|\d)\.`)
	for _, text := range []string{german.Prompt, german.Repeat, german.Back, german.Confirm, german.ConfirmAgain} {
		if ordinal.MatchString(text) {
			t.Errorf("a voice may read the key in %q as an ordinal number", text)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	tests := []struct {
		tag, want string // want is "" for an unknown language
	}{
		{"en-US", "en-US"},
		{"pt-br", "pt-BR"},
		{"JA-JP", "ja-JP"},
		{"en", ""},
		{"en_US", ""},
		{"xx-XX", ""},
		{"", ""},
	}
	for _, test := range tests {
		got, ok := LanguageOf(test.tag)
		switch {
		case ok != (test.want != ""):
			t.Errorf("languageOf(%q) is known: %v", test.tag, ok)
		case ok && got.Language != test.want:
			t.Errorf("languageOf(%q) = %s, want %s", test.tag, got.Language, test.want)
		}
	}
}

func TestLanguageTags(t *testing.T) {
	want := []string{"de-DE", "en-GB", "en-US", "es-ES", "es-MX", "fr-CA", "fr-FR", "it-IT", "ja-JP", "nl-NL", "pt-BR", "pt-PT"}
	got := LanguageTags()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if !slices.IsSorted(got) {
		t.Error("the tags are not sorted")
	}
	for _, tag := range got {
		if _, ok := LanguageOf(tag); !ok {
			t.Errorf("languageOf does not know %s", tag)
		}
	}
}

// PleaseHold interrupts the hold music again and again.
func TestPleaseHoldIsShort(t *testing.T) {
	for _, l := range languages() {
		if got := twiml.SpeakingTime(l.Language, l.PleaseHold); got >= 4*time.Second {
			t.Errorf("%s: PleaseHold takes %s, which is too long for an interruption", l.Language, got)
		}
	}
}

// A block that was copied and not translated would differ in its tag alone.
func TestLanguagesDiffer(t *testing.T) {
	for i, a := range languages() {
		for _, b := range languages()[i+1:] {
			if a.Voice == b.Voice || a.Name == b.Name {
				t.Errorf("%s and %s share a voice or a name", a.Language, b.Language)
			}
			same := a
			same.Language, same.Name, same.Voice = b.Language, b.Name, b.Voice
			if same == b {
				t.Errorf("%s and %s have the same texts", a.Language, b.Language)
			}
		}
	}
}

func TestVoices(t *testing.T) {
	voice := regexp.MustCompile(`^Polly\.[A-Z][a-z]+$`)
	for _, l := range languages() {
		if !voice.MatchString(l.Voice) {
			t.Errorf("%s has the voice %q, not a standard voice of Polly", l.Language, l.Voice)
		}
	}
}

func TestStock(t *testing.T) {
	want := []string{"busy", "goodbye", "greeting", "invalid", "message_recorded", "no_input", "no_message", "nothing_recorded", "offline", "please_hold",
		"queue_full", "queue_timeout", "recorded", "recording", "unavailable"}
	for i := range languages() {
		l := &languages()[i]
		v := reflect.ValueOf(*l)
		var got []string
		for name, text := range l.Stock() {
			got = append(got, name)
			field := v.FieldByNameFunc(func(f string) bool {
				return strings.EqualFold(f, strings.ReplaceAll(name, "_", ""))
			})
			if !field.IsValid() || field.String() != text {
				t.Errorf("%s: stock.%s is not the text of that name", l.Language, name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: names (-want +got):\n%s", l.Language, diff)
		}
	}
}
