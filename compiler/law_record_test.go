package compiler

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// Law: who says something into a voicemail is told that it was recorded, and who
// says nothing that nothing was, whatever ends the recording, in every language,
// and whether Twilio requests the action then or runs the next verb
// (https://www.twilio.com/docs/voice/twiml/record).
func TestLawSilenceIsNotRecorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		language := rapid.SampledFrom(model.LanguageTags()).Draw(t, "language")
		said := rapid.SampledFrom([]time.Duration{0, time.Second, 12 * time.Second, 5 * time.Minute}).Draw(t, "said")
		end := rapid.SampledFrom([]string{"", "1", "#", "*"}).Draw(t, "key")
		readings := rapid.SampledFrom([][]simulator.Ambiguity{nil, {simulator.SilentRecording}}).Draw(t, "readings")
		result, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: fmt.Appendf(nil, `
project "office" { language = %q }
voicemail "desk" { max_length = "%ds" }
number "main" {
  phone_number = "+14155550100"
  to           = voicemail.desk
}
`, language, rapid.IntRange(2, 60).Draw(t, "max_length"))}}})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		caller := func(p *simulator.Phone) {
			for {
				if m := p.Next(); m.Kind == simulator.Records {
					break
				}
			}
			if said > 0 {
				p.Speak(said)
			}
			if end != "" {
				p.Press(end)
			}
			p.Next()
		}
		transcript := dial(t, simulator.Scenario{
			BaseURL: "https://calls.quillmark.example/", Handler: router.New(result.Bundle), Numbers: simulator.NumbersOf(&result.Bundle.Manifest),
			Calls:       []simulator.Call{{From: "+14155550199", To: "+14155550100", Person: caller}},
			Ambiguities: readings,
		})[0]
		texts, _ := model.LanguageOf(language)
		want := texts.NothingRecorded
		if said > 0 {
			want = texts.Recorded
		}
		i := slices.IndexFunc(transcript.Events, func(e simulator.Event) bool { return e.Kind == simulator.Recorded })
		rest := transcript.Events[i+1:]
		j := slices.IndexFunc(rest, func(e simulator.Event) bool { return e.Kind == simulator.Says })
		if i < 0 || j < 0 || rest[j].Text != want {
			t.Fatalf("want %q\n%s", want, transcript.Text(simulator.TextOptions{Width: 120, All: true}))
		}
	})
}
