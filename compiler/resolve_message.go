package compiler

// Resolving messages: texts, audio files beside the configuration, and URLs.

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/audio"
)

// message resolves a message block.
func (r *resolver) message(b messageConfig) {
	m, p := r.messages[b.Name], r.model.project
	m.voice, m.language = p.voice, p.language
	if !r.exactlyOne("IVR408", b.Range, "A message has exactly one of text, audio (a file) and url.",
		named{"text", b.Text}, named{"audio", b.Audio}, named{"url", b.URL}) {
		return
	}
	if name, at, ok := r.text(b.Audio); ok {
		m.audio = r.clip(name, at)
		if m.audio != nil {
			m.duration = m.audio.Duration
		}
	}
	if text, at, ok := r.text(b.URL); ok && checkURL(r.diags, text, at) {
		m.url = text
	}
	if tag, at, ok := r.text(b.Language); ok && checkLanguage(r.diags, tag, at) {
		m.language = tag
		if t, known := languageOf(tag); known && tag != p.language {
			m.voice = t.Voice
		} else if tag != p.language {
			m.voice = ""
		}
	}
	if voice, at, ok := r.text(b.Voice); ok && checkVoice(r.diags, voice, at) {
		m.voice = voice
	}
	if text, at, ok := r.text(b.Text); ok {
		m.text = spokenText(text)
		r.checkSpoken(m.text, m.voice, at)
	}
	if text, at, ok := r.text(b.Duration); ok {
		if d, ok := parseDuration(r.diags, text, at); ok && m.url != "" {
			m.duration = d
		}
	}
}

// clip reads an audio file of the configuration's directory, once.
func (r *resolver) clip(name string, at hcl.Range) *clip {
	if c, ok := r.clips[name]; ok {
		return c
	}
	r.clips[name] = nil
	data, err := r.eval.files.read(name, maxAudioBytes)
	if err != nil {
		r.diags.report("IVR410", at, "The audio file cannot be read: %s. Name a file in the directory of the configuration, such as \"audio/closed.wav\".", err)
		return nil
	}
	c, err := newClip(data)
	if err != nil {
		r.diags.report("IVR411", at, "Twilio could not play this file, and callers would hear nothing: %s.", strings.TrimSuffix(err.Error(), "."))
		return nil
	}
	r.clips[name] = c
	return c
}

// maxAudioBytes is the size of the largest audio file that is read.
const maxAudioBytes = 64 << 20

// newClip recognises an audio file and names it by its content.
func newClip(data []byte) (*clip, error) {
	c, err := audio.Read(data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	return &clip{Clip: c, data: data, path: "audio/" + shortHash(sum[:]) + "." + c.Extension}, nil
}

// shortHash writes the first 128 bits of a hash in lower-case base 32, which is
// 26 characters.
func shortHash(sum []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// checkURL reports an address that Twilio could not request.
func checkURL(r *reporter, text string, at hcl.Range) bool {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || strings.ContainsAny(text, " \t\r\n"):
		r.report("IVR409", at, "This is not a URL that Twilio could request. It begins with https:// and a host name, and holds no space.")
	case u.Scheme != "https" && !isLoopback(u.Hostname()):
		r.report("IVR409", at, "The URL must begin with https://, because Twilio may refuse anything else and the call would fail.")
	case strings.Contains(u.Host, "_"):
		r.report("IVR409", at, "Twilio accepts no underscore in a host name.")
	case u.User != nil:
		r.report("IVR409", at, "Credentials must not stand in a URL; anybody can read a document that names it.")
	default:
		return true
	}
	return false
}

// checkPlainURL reports an address to which nothing could be added: that of the
// documents, or of the router.
func checkPlainURL(r *reporter, text string, at hcl.Range) bool {
	if !checkURL(r, text, at) {
		return false
	}
	if u, _ := url.Parse(text); u.RawQuery != "" || u.Fragment != "" || strings.Contains(u.EscapedPath(), "%") {
		r.report("IVR409", at, "It is a host and, where needed, a plain path; no query, fragment or escaped character.")
		return false
	}
	return true
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// voiceForm is what the names of Twilio's voices look like. New voices come and
// go without notice, so the names themselves are not checked.
var voiceForm = regexp.MustCompile(`^(man|woman|alice|(Polly|Google)\.[^\s<>&"']+)$`)

// checkVoice reports a voice that no engine of Twilio's has.
func checkVoice(r *reporter, voice string, at hcl.Range) bool {
	if voiceForm.MatchString(voice) {
		return true
	}
	near := ""
	for _, l := range languages {
		if engine, name, _ := strings.Cut(l.Voice, "."); strings.EqualFold(name, voice) || strings.EqualFold(engine+"."+name, voice) {
			near = fmt.Sprintf(" Did you mean %q?", l.Voice)
		}
	}
	r.report("IVR413", at, "A voice is \"man\", \"woman\" or the name of an Amazon Polly or Google voice, such as \"Polly.Joanna\" or \"Google.en-US-Standard-C\".%s With another, Twilio would say nothing.", near)
	return false
}

// languageForm is what the languages of Twilio's voices look like.
var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2,3})?(-[A-Z]{3})?$`)

// checkLanguage reports a language tag that Twilio cannot know.
func checkLanguage(r *reporter, tag string, at hcl.Range) bool {
	if languageForm.MatchString(tag) {
		return true
	}
	r.report("IVR413", at, "A language is a tag like \"en-US\" or \"pt-BR\".%s With another, Twilio would say nothing.", nearLanguage(r, tag))
	return false
}

// nearLanguage suggests languages with built-in texts: those nearest to a tag, or
// all that begin alike.
func nearLanguage(r *reporter, tag string) string {
	if near := r.didYouMean(tag, languageTags()); near != "" {
		return near
	}
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	var alike []string
	for _, known := range languageTags() {
		if strings.HasPrefix(known, base+"-") {
			alike = append(alike, fmt.Sprintf("%q", known))
		}
	}
	if len(alike) == 0 {
		return ""
	}
	return " Did you mean " + strings.Join(alike, " or ") + "?"
}
