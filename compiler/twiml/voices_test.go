package twiml

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var sdk = flag.String("sdk", "", "the file VoiceResponse.d.ts of Twilio's library, to write voices.txt anew")

// TestVoiceList holds voices.txt to its form, and to Twilio's library if that is at
// hand.
func TestVoiceList(t *testing.T) {
	if *sdk != "" {
		source, err := os.ReadFile(*sdk)
		if err != nil {
			t.Fatal(err)
		}
		union := regexp.MustCompile(`(?s)type SayVoice = (.*?);`).FindSubmatch(source)
		if union == nil {
			t.Fatal("the file has no type SayVoice")
		}
		var names []string
		for _, m := range regexp.MustCompile(`"([^"]+)"`).FindAllSubmatch(union[1], -1) {
			names = append(names, string(m[1]))
		}
		slices.Sort(names)
		if err := os.WriteFile("voices.txt", []byte(strings.Join(slices.Compact(names), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	names := Voices()
	if len(names) < 1000 || !slices.IsSorted(names) {
		t.Fatalf("%d voices, sorted: %v", len(names), slices.IsSorted(names))
	}
	form := regexp.MustCompile(`^(man|woman|alice|(Polly|Google|ElevenLabs)\.[^\s<>&"']+)$`)
	for _, name := range names {
		if !form.MatchString(name) || !IsVoice(name) {
			t.Errorf("%q is no name of a voice", name)
		}
	}
}

// TestPollyLanguages holds the table of languages to the list: every voice of Amazon
// has a language, and no row names a voice that Twilio does not have.
func TestPollyLanguages(t *testing.T) {
	has := map[string]bool{}
	for _, name := range Voices() {
		if rest, ok := strings.CutPrefix(plainVoice.Replace(name), "Polly."); ok {
			person, _, _ := strings.Cut(rest, "-")
			has[person] = true
			if len(VoiceLanguages(name)) == 0 {
				t.Errorf("%s has no language", name)
			}
		}
	}
	for person := range voices().polly {
		if !has[person] {
			t.Errorf("Twilio has no voice Polly.%s", person)
		}
	}
}

// TestPollyOfTwilio holds the table of languages, which is made from Amazon's page, to a
// list that Twilio published: a voice speaks what Twilio says, and a voice that Twilio
// lists under one language is refused in the others.
func TestPollyOfTwilio(t *testing.T) {
	data, err := os.ReadFile("testdata/polly.txt")
	if err != nil {
		t.Fatal(err)
	}
	spoken := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); !strings.HasPrefix(line, "#") {
			for _, name := range fields[1:] {
				spoken["Polly."+name] = append(spoken["Polly."+name], fields[0])
			}
		}
	}
	if len(spoken) < 100 {
		t.Fatalf("%d voices", len(spoken))
	}
	bilingualSince := map[string]string{"Polly.Hala-Neural": "arb"} // Amazon's page, 2026
	for name, languages := range spoken {
		if other := bilingualSince[name]; other != "" {
			languages = append(languages, other)
		}
		got := slices.Sorted(slices.Values(VoiceLanguages(name)))
		slices.Sort(languages)
		if !IsVoice(name) || !slices.Equal(got, languages) {
			t.Errorf("%s speaks %v, and %v by Twilio's list", name, got, languages)
		}
	}
}

// TestSpeaks states what voices can speak, from the lists that voices.go names.
func TestSpeaks(t *testing.T) {
	for _, tt := range []struct {
		voice, language string
		want            bool
	}{
		{"Polly.Camila", "pt-BR", true},
		{"Polly.Camila", "pt-br", true},
		{"Polly.Camila", "en-US", false},
		{"Polly.Camila-Neural", "pt-PT", false},
		{"Polly.Vitória-Neural", "pt-BR", true},
		{"Polly.Amy", "en-UK", true},
		{"Polly.Amy", "en-US", false},
		{"Polly.Kajal-Generative", "hi-IN", true},
		{"Polly.Zhiyu", "zh-CN", true},
		{"Polly.Hiujin-Neural", "yue-HK", true},
		{"Polly.Zeina", "ar-XA", true},
		{"Google.fil-ph-Neural2-A", "fil-PH", true},
		{"Google.cmn-CN-Wavenet-A", "zh-CN", true},
		{"Google.en-US-Chirp3-HD-Aoede", "de-DE", false},
		{"Google.en-US-Chirp3-HD-Aoede", "", true},
		{"ElevenLabs.XA2bIQ92TabjGbpO2xRr", "ja-JP", true}, // speaks several
		{"woman", "fr", true},
		{"Polly.Nobody", "fr-FR", true}, // unknown; another fault
	} {
		if got := Speaks(tt.voice, tt.language); got != tt.want {
			t.Errorf("Speaks(%q, %q) = %v", tt.voice, tt.language, got)
		}
	}
	if of := VoicesOf("ko-KR"); len(of) < 2 || of[0] != "Polly.Seoyeon" {
		t.Errorf("voices of Korean: %v", of)
	}
	// Each voice speaks its own languages, and is listed under each.
	for _, name := range Voices() {
		for _, language := range VoiceLanguages(name) {
			if !Speaks(name, language) || !slices.Contains(VoicesOf(language), name) {
				t.Errorf("%s does not speak %s", name, language)
			}
		}
	}
}

// TestVoiceFaults: a voice that Twilio does not have is 13511, and in a Gather 13321,
// which since the changelog's entry of 2024-07-22 leads to the fallback; a voice that
// does not speak the language says nothing.
func TestVoiceFaults(t *testing.T) {
	for _, tt := range []struct {
		say   string
		code  int
		said  bool
		fatal bool
	}{
		{`<Say voice="Polly.Joanna" language="en-US">a</Say>`, 0, true, false},
		{`<Say voice="Polly.Joana">a</Say>`, 13511, true, false},
		{`<Say voice="Samantha">a</Say>`, 13511, true, false},
		{`<Say voice="Google.en-US-Standard-Z">a</Say>`, 13511, true, false},
		{`<Gather><Say voice="Polly.Joana">a</Say></Gather>`, 13321, false, true},
		{`<Gather><Say voice="Samantha">a</Say></Gather>`, 13321, false, true},
		{`<Gather><Say voice="polly.joanna">a</Say></Gather>`, 13321, false, true},
		{`<Say voice="Polly.Camila" language="en-US">a</Say>`, 13512, false, false},
		{`<Gather><Say voice="Polly.Camila" language="en-US">a</Say></Gather>`, 13512, false, false},
		{`<Say voice="Polly.Camila">a</Say>`, 0, true, false},
	} {
		r, faults := Decode([]byte("<Response>" + tt.say + "</Response>"))
		if tt.code == 0 {
			if len(faults) > 0 {
				t.Errorf("%s: %v", tt.say, faults)
			}
			continue
		}
		if len(faults) != 1 || faults[0].Code != tt.code || faults[0].Fatal != tt.fatal {
			t.Errorf("%s: %+v, want %d", tt.say, faults, tt.code)
			continue
		}
		if !tt.fatal {
			said := false
			for _, v := range r.Verbs {
				if g, ok := v.(*Gather); ok {
					v = g.Prompt[0]
				}
				said = v.(*Say).Text != ""
			}
			if said != tt.said {
				t.Errorf("%s: said: %v", tt.say, said)
			}
		}
	}
}
