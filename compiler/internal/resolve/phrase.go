package resolve

// Texts in several languages, and the languages that a project speaks:
//
//	text = "Thank you for calling."
//	text = { "en-US" = "Thank you for calling.", "es-MX" = "Gracias por llamar." }

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A version is the value of an attribute in one language.
type version struct {
	language string // "" if it is the same in all
	value    cty.Value
	at       hcl.Range
}

// versions lists the values of an attribute by language, one if it is the same in
// all. It is empty where the attribute is absent or failed.
func (r *resolver) versions(a *hcl.Attribute) []version {
	value, ok := r.given(a)
	if !ok {
		return nil
	}
	return r.versionsOf(value, a.Expr)
}

// versionsOf is versions of a value that has been evaluated.
func (r *resolver) versionsOf(value cty.Value, expr hcl.Expression) []version {
	at := expr.Range()
	if t := value.Type(); !t.IsObjectType() && !t.IsMapType() {
		return []version{{"", value, at}}
	}
	written := map[string]hcl.Range{}
	pairs, _ := hcl.ExprMap(expr)
	for _, pair := range pairs {
		if key, diags := pair.Key.Value(nil); !diags.HasErrors() {
			if name, ok := config.AsText(key); ok {
				written[name] = pair.Value.Range()
			}
		}
	}
	var list []version
	values := value.AsValueMap()
	for _, language := range slices.Sorted(maps.Keys(values)) {
		v := version{language, values[language], at}
		if place, ok := written[language]; ok {
			v.at = place
		}
		v.value, _ = v.value.Unmark()
		if CheckLanguage(r.diags, language, v.at) && !v.value.IsNull() {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		r.diags.Report("IVR203", at, "No language is named here, so nothing would be said. Write a string, or one for each language: { \"en-US\" = \"…\", \"es-MX\" = \"…\" }.")
	}
	r.switches = r.switches || len(list) > 0
	return list
}

// textOf is the text of a version.
func (r *resolver) textOf(v version) (string, bool) {
	text, ok := config.AsText(v.value)
	if !ok {
		r.diags.Report("IVR203", v.at, "A string in quotes is expected here, not %s.", config.Describe(v.value))
		return "", false
	}
	return text, CheckCharacters(r.diags, text, v.at)
}

// in is the version of a language: its own, or the one that is the same in all.
func in(list []version, language string) (version, bool) {
	for _, v := range list {
		if v.language == language || v.language == "" {
			return v, true
		}
	}
	return version{}, false
}

// languagesOf lists the languages of some versions.
func languagesOf(list []version) string {
	var names []string
	for _, v := range list {
		names = append(names, v.language)
	}
	return strings.Join(names, " and ")
}

// callLanguage is the language that calls have from an attribute on, "" where it
// is absent.
func (r *resolver) callLanguage(a *hcl.Attribute) string {
	tag, at, ok := r.text(a)
	if !ok {
		return ""
	}
	t := r.spokenIn(tag, at)
	if t == nil {
		return ""
	}
	r.switches = true
	return t.Language
}

// spokenIn returns the built-in texts of a language, and reports one that has none.
func (r *resolver) spokenIn(tag string, at hcl.Range) *model.Texts {
	t := r.textsIn(tag)
	if t == nil {
		r.diags.Report("IVR413", at, "There are no built-in texts for the language %q.%s The languages are %s; for another, give them in texts of the project block.", tag, nearLanguage(r.diags, tag), strings.Join(model.LanguageTags(), ", "))
	}
	return t
}

// textsIn returns the built-in texts of a language: the project's own, or those of
// the compiler; nil if there are none.
func (r *resolver) textsIn(tag string) *model.Texts {
	for language, t := range r.languages {
		if strings.EqualFold(language, tag) {
			return t
		}
	}
	t, _ := model.LanguageOf(tag)
	return t
}

// voices resolves the voice of the project: one, or one for each language. Spoken is
// the language of the project, "" if that is not known.
func (r *resolver) voices(a *hcl.Attribute, spoken string) {
	p := r.model.Project
	for _, v := range r.versions(a) {
		language := v.language
		if language == "" {
			language = spoken
		}
		voice, ok := r.textOf(v)
		if !ok || !checkVoice(r.diags, voice, language, v.at) {
			continue
		}
		r.speakers[language] = voice
		if language == p.Language {
			p.Voice = voice
		}
	}
}

// voiceOf is the voice that speaks a language, "" if none is known.
func (r *resolver) voiceOf(language string) string {
	if voice := r.speakers[language]; voice != "" {
		return voice
	}
	if language == r.model.Project.Language {
		return r.model.Project.Voice
	}
	if t := r.textsIn(language); t != nil {
		return t.Voice
	}
	return ""
}

// ownTexts resolves the built-in texts that the project gives itself.
func (r *resolver) ownTexts(a *hcl.Attribute) {
	if a == nil {
		return
	}
	// ${key} and ${menu} stand for themselves.
	context := r.eval.Context.NewChild()
	context.Variables = map[string]cty.Value{"key": cty.StringVal("${key}"), "menu": cty.StringVal("${menu}")}
	value, ok := r.eval.ValueIn(a.Expr, context)
	if !ok || value.IsNull() {
		return
	}
	value, _ = value.UnmarkDeep()
	const form = "Built-in texts are given by language and name: texts = { \"pl-PL\" = { greeting = \"…\", … } }."
	if t := value.Type(); !t.IsObjectType() && !t.IsMapType() {
		r.diags.Report("IVR203", a.Expr.Range(), form)
		return
	}
	switches := r.switches
	for _, v := range r.versionsOf(value, a.Expr) {
		if t := v.value.Type(); !t.IsObjectType() && !t.IsMapType() {
			r.diags.Report("IVR203", v.at, form)
			continue
		}
		r.ownLanguage(v)
	}
	r.switches = switches
}

// ownLanguage resolves the project's own texts of one language, which complete those
// of the compiler, or replace them.
func (r *resolver) ownLanguage(v version) {
	given := map[string]string{}
	if t, known := model.LanguageOf(v.language); known {
		given = namedTexts(t)
	} else {
		given["language"], given["name"] = v.language, v.language
	}
	names := textNames()
	values := v.value.AsValueMap()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text, ok := r.textOf(version{v.language, values[name], v.at})
		switch {
		case !slices.Contains(names, name):
			r.diags.Report("IVR442", v.at, "There is no built-in text %q.%s The names are %s.", name, r.diags.DidYouMean(name, names), strings.Join(names, ", "))
		case ok && name == "voice":
			if checkVoice(r.diags, text, v.language, v.at) {
				given[name] = text
			}
		case ok:
			given[name] = SpokenText(text)
			r.checkOwn(name, given[name], v.at)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return given[name] != "" })
	if len(missing) > 0 {
		r.diags.Report("IVR442", v.at, "There are no built-in texts for %s, so a call in that language needs all of them, and these are missing: %s.", v.language, strings.Join(missing, ", "))
		return
	}
	t := &model.Texts{}
	data, _ := json.Marshal(given) // a map of strings
	if err := json.Unmarshal(data, t); err != nil {
		panic("resolve: " + err.Error())
	}
	r.languages[v.language] = t
}

// checkOwn checks one of the project's own texts.
func (r *resolver) checkOwn(name, text string, at hcl.Range) {
	needs := map[string][]string{"prompt": {"${key}", "${menu}"}, "repeat": {"${key}"}, "back": {"${key}"}}
	plain := text
	for _, placeholder := range needs[name] {
		if !strings.Contains(text, placeholder) {
			r.diags.Report("IVR442", at, "The text %q does not say %s, so callers would not know the key. Write it as the built-in text has it: \"Press ${key} for ${menu}.\"", name, placeholder)
		}
		plain = strings.ReplaceAll(plain, placeholder, "1")
	}
	r.checkSpoken(plain, "", at)
}

// textNames lists the names of the built-in texts that a language needs.
func textNames() []string {
	var names []string
	t := reflect.TypeFor[model.Texts]()
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("json"); name != "language" && name != "name" {
			names = append(names, name)
		}
	}
	return names
}

// namedTexts are the texts of a language by name.
func namedTexts(t *model.Texts) map[string]string {
	texts := map[string]string{}
	data, _ := json.Marshal(t) // a struct of strings
	if err := json.Unmarshal(data, &texts); err != nil {
		panic("resolve: " + err.Error())
	}
	return texts
}
