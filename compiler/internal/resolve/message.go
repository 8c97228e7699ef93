package resolve

// Resolving messages: texts, audio files beside the configuration, and URLs.

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// messages are resolved into nodes.
var messages = nodesOf(
	func(c *config.Config) []config.MessageBlock { return c.Messages },
	func(b config.MessageBlock) *model.MessageNode { return &model.MessageNode{Name: b.Name, At: b.Range} },
	(*resolver).message,
)

// wholeMessages are the messages, once it is known that none is a part of itself.
var wholeMessages = kind{messages.declare, func(r *resolver) {
	messages.resolve(r)
	r.breakCircles()
}}

// message resolves a message block.
func (r *resolver) message(m *model.MessageNode, b config.MessageBlock) {
	p := r.model.Project
	m.Voice, m.Language = p.Voice, p.Language
	if !r.exactlyOne("IVR408", b.Range, "A message has exactly one of text, audio (a file), url and parts.",
		named{"text", b.Text}, named{"audio", b.Audio}, named{"url", b.URL}, named{"parts", b.Parts}) {
		return
	}
	if b.Parts != nil && !r.eval.IsNull(b.Parts) {
		r.parts(m, b)
		m.Then = r.destination(b.Then)
		return
	}
	known := b.Language == nil || r.eval.IsNull(b.Language)
	if tag, at, ok := r.text(b.Language); ok && CheckLanguage(r.diags, tag, at) {
		m.Language, m.Voice, known = tag, r.voiceOf(tag), true
	}
	versions := r.content(b)
	if len(versions) > 0 && versions[0].language != "" {
		m.In = map[string]*model.MessageNode{}
		r.idle(b.Language, "What is said names its languages itself, so this has no effect. Remove it.")
	}
	for _, v := range versions {
		said := m
		if v.language != "" {
			said = &model.MessageNode{Name: m.Name, At: m.At, Language: v.language, Voice: r.voiceOf(v.language), Of: m}
			m.In[v.language] = said
		}
		r.fill(said, b, v, known || v.language != "")
	}
	m.Speak(p.Language)
	if text, at, ok := r.text(b.Duration); ok {
		if d, ok := ParseDuration(r.diags, text, at); ok && b.URL != nil {
			m.Duration = d
			for _, said := range m.In {
				said.Duration = d
			}
		}
	}
	m.Then = r.destination(b.Then)
	r.idleInMessage(m, b)
}

// parts resolves the parts of a message.
func (r *resolver) parts(m *model.MessageNode, b config.MessageBlock) {
	const each = "Each part has its own, so this has no effect. Remove it."
	r.idle(b.Voice, each)
	r.idle(b.Language, each)
	r.idle(b.Duration, each)
	value, ok := r.given(b.Parts)
	if !ok {
		return
	}
	at := b.Parts.Expr.Range()
	if !isList(value) {
		r.diags.Report("IVR203", at, "A list of messages is expected here, such as [message.welcome, \"And now the news.\"], not %s.", config.Describe(value))
		return
	}
	for _, e := range r.elements(value, b.Parts.Expr) {
		if part := r.messageOf(e.value, e.expr, nil); part != nil {
			m.Parts = append(m.Parts, part)
		}
	}
	if len(m.Parts) == 0 {
		r.diags.Report("IVR422", at, "This message has no part, so the caller would hear nothing. Write what is to be said.")
	}
}

// breakCircles reports messages that are a part of themselves.
func (r *resolver) breakCircles() {
	const visiting, done = 1, 2
	state := map[*model.MessageNode]int{}
	var visit func(m *model.MessageNode)
	visit = func(m *model.MessageNode) {
		state[m] = visiting
		m.Parts = slices.DeleteFunc(m.Parts, func(part *model.MessageNode) bool {
			if state[part] == visiting {
				r.diags.Within = m.Address()
				r.diags.Report("IVR444", m.At, "The parts of %s lead to %s again, so it would never end. Take one of them out.", m.Address(), part.Address())
				return true
			}
			if state[part] == 0 {
				visit(part)
			}
			return false
		})
		state[m] = done
	}
	for _, b := range r.config.Messages {
		if m, ok := r.nodes[bundle.KindMessage+"."+b.Name].(*model.MessageNode); ok && state[m] == 0 {
			visit(m)
		}
	}
	r.diags.Within = ""
}

// content lists what a message says, by language.
func (r *resolver) content(b config.MessageBlock) []version {
	for _, a := range []*hcl.Attribute{b.Text, b.Audio, b.URL} {
		if versions := r.versions(a); len(versions) > 0 {
			return versions
		}
	}
	return nil
}

// fill puts what a message says in one language into it. Known says whether that is the
// language that is meant.
func (r *resolver) fill(m *model.MessageNode, b config.MessageBlock, v version, known bool) {
	if voice, ok := in(r.versions(b.Voice), m.Language); ok {
		spoken := m.Language
		if !known {
			spoken = ""
		}
		if name, ok := r.textOf(voice); ok && checkVoice(r.diags, name, spoken, voice.at) {
			m.Voice = name
		}
	}
	text, ok := r.textOf(v)
	switch {
	case !ok:
	case b.Text != nil && !r.eval.IsNull(b.Text):
		m.Text = SpokenText(text)
		if place := v.at; m.Voice == "" && b.Voice == nil && (v.language != "" || b.Language != nil) {
			if v.language == "" {
				place = b.Language.Expr.Range()
			}
			r.askForVoice(m.Language, place)
		}
		r.checkSpoken(m.Text, m.Voice, v.at)
	case b.Audio != nil && !r.eval.IsNull(b.Audio):
		if m.Audio = r.clip(text, v.at); m.Audio != nil {
			m.Duration = m.Audio.Duration
		}
	case checkURL(r.diags, text, v.at):
		m.URL = text
	}
}

// clip reads an audio file of the configuration's directory, once.
func (r *resolver) clip(name string, at hcl.Range) *model.AudioFile {
	if c, ok := r.clips[name]; ok {
		return c
	}
	r.clips[name] = nil
	data, err := r.eval.Files.Read(name, maxAudioBytes)
	if err != nil {
		r.diags.Report("IVR410", at, "The audio file cannot be read: %s. Name a file in the directory of the configuration, such as \"audio/closed.wav\".", err)
		return nil
	}
	if r.audio += len(data); r.audio > maxAllAudioBytes {
		r.diags.Report("IVR410", at, "With this file, all audio files together are larger than %d MiB. Store them as MP3 or with 8,000 samples a second, which is all that a telephone carries, or name long ones by their url.", maxAllAudioBytes>>20)
		return nil
	}
	c, err := model.NewAudioFile(data)
	if err != nil {
		r.diags.Report("IVR411", at, "Twilio could not play this file, and callers would hear nothing: %s.", strings.TrimSuffix(err.Error(), "."))
		return nil
	}
	r.clips[name] = c
	return c
}

// maxAudioBytes is the size of the largest audio file that is read, and
// maxAllAudioBytes that of all together.
const (
	maxAudioBytes    = 64 << 20
	maxAllAudioBytes = 192 << 20
)

// checkURL reports an address that Twilio could not request.
func checkURL(r *diagnostic.Collector, text string, at hcl.Range) bool {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || strings.ContainsAny(text, " \t\r\n"):
		r.Report("IVR409", at, "This is not a URL that Twilio could request. It begins with https:// and a host name, and holds no space.")
	case u.Scheme != "https" && !isLoopback(u.Hostname()):
		r.Report("IVR409", at, "The URL must begin with https://, because Twilio may refuse anything else and the call would fail.")
	case strings.Contains(u.Host, "_"):
		r.Report("IVR409", at, "Twilio accepts no underscore in a host name.")
	case strings.Contains("."+u.Hostname(), ".."):
		r.Report("IVR409", at, "A part of the host name between two dots is empty.")
	case u.User != nil:
		r.Report("IVR409", at, "Credentials must not stand in a URL; anybody can read a document that names it.")
	default:
		return true
	}
	return false
}

// checkPlainURL reports an address to which nothing could be added: that of the
// documents, or of the router.
func checkPlainURL(r *diagnostic.Collector, text string, at hcl.Range) bool {
	if !checkURL(r, text, at) {
		return false
	}
	u, _ := url.Parse(text)
	if u.RawQuery != "" || u.Fragment != "" || strings.Contains(u.EscapedPath(), "%") || strings.Contains(u.Path+"/", "/./") || strings.Contains(u.Path+"/", "/../") {
		r.Report("IVR409", at, "It is a host and, where needed, a plain path; no query, fragment, escaped character, \".\" or \"..\".")
		return false
	}
	return true
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// languageForm is what the languages of Twilio's voices look like.
var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2,3})?(-[A-Z]{3})?$`)

// CheckLanguage reports a language tag that Twilio cannot know.
func CheckLanguage(r *diagnostic.Collector, tag string, at hcl.Range) bool {
	if languageForm.MatchString(tag) {
		return true
	}
	r.Report("IVR413", at, "A language is a tag like \"en-US\" or \"pt-BR\".%s With another, Twilio would say nothing.", nearLanguage(r, tag))
	return false
}

// nearLanguage suggests languages with built-in texts: those nearest to a tag, or
// all that begin alike.
func nearLanguage(r *diagnostic.Collector, tag string) string {
	if near := r.DidYouMean(tag, model.LanguageTags()); near != "" {
		return near
	}
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	var alike []string
	for _, known := range model.LanguageTags() {
		if strings.HasPrefix(known, base+"-") {
			alike = append(alike, fmt.Sprintf("%q", known))
		}
	}
	if len(alike) == 0 {
		return ""
	}
	return " Did you mean " + strings.Join(alike, " or ") + "?"
}
