package resolve

import (
	"net/url"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/script"
)

// What a duration is written as can be read again.
func TestDurationRoundTrip(t *testing.T) {
	for seconds := range 5000 {
		d := time.Duration(seconds) * time.Second
		r := &diagnostic.Collector{}
		got, ok := ParseDuration(r, script.Duration(d), hcl.Range{})
		if !ok || got != d {
			t.Fatalf("%v is written %q and read as %v", d, script.Duration(d), got)
		}
	}
}

func TestPhoneNumbers(t *testing.T) {
	for _, test := range []struct {
		InboundNumber string
		code          string // "" is fine
	}{
		{"+14155550100", ""},
		{"+14155550199", ""},
		{"+442079460958", ""},
		{"+5511955501234", ""},
		{"14155550100", "IVR405"},
		{"+1 415 555 0100", "IVR405"},
		{"+0123456789", "IVR405"},
		{"+1415555010", "IVR405"},
		{"+141555501000", "IVR405"},
		{"+999123456789", "IVR405"},
		{"+", "IVR405"},
		{"+1555", "IVR405"},
		{"+15555555555", "IVR605"},
	} {
		r := &diagnostic.Collector{}
		ok := CheckPhone(r, test.InboundNumber, hcl.Range{})
		code := ""
		if len(r.Found) > 0 {
			code = diagnostic.CodeOf(r.Found[0])
		}
		if code != test.code || ok != !r.Found.HasErrors() {
			t.Errorf("%s: got %q (%v), want %q", test.InboundNumber, code, ok, test.code)
		}
	}
}

// Twilio's limit is on the URL-encoded text. Go's encoding writes a space as
// one character, and so is it counted.
func TestEncodedLength(t *testing.T) {
	for _, text := range []string{"", "abc", "Press 1.", "São Paulo", "日本語", "a & b", "~-_.", "100 %"} {
		if got, want := encodedLength(text), len(url.QueryEscape(text)); got != want {
			t.Errorf("encodedLength(%q) = %d, want %d", text, got, want)
		}
	}
}
