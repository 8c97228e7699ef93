package lint

import (
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A text names a time, or it does not.
func TestNamedTimes(t *testing.T) {
	for _, c := range []struct {
		language, text string
		want           time.Duration
	}{
		{"en-US", "We will be with you in 2 minutes.", 2 * time.Minute},
		{"en-US", "In two to five minutes.", 5 * time.Minute},
		{"en-US", "In 2-5 minutes.", 5 * time.Minute},
		{"en-US", "In twenty-five minutes or thirty seconds.", 25 * time.Minute},
		{"en-US", "Within an hour, or in a minute.", 0},
		{"en-US", "Within two hours.", 2 * time.Hour},
		{"en-US", "Ask for room 5, minutes away.", 0},
		{"de-DE", "In höchstens fünf Minuten.", 5 * time.Minute},
		{"de-DE", "In fünfundzwanzig Minuten.", 0}, // not known as a word, so nothing is promised
		{"fr-FR", "Dans trois minutes.", 3 * time.Minute},
		{"ja-JP", "5分ほどお待ちください。", 5 * time.Minute},
		{"nl-NL", "Binnen tien minuten.", 10 * time.Minute},
		{"pt-BR", "Em até 10 minutos.", 10 * time.Minute},
		{"sv-SE", "Om 5 minuter.", 0},
	} {
		if got := (timeNames{}).longest(c.language, c.text); got != c.want {
			t.Errorf("%s: %q names %v, want %v", c.language, c.text, got, c.want)
		}
	}
}

// What is said from a key to the end of its option.
func TestKeyToOption(t *testing.T) {
	for _, c := range []struct{ prompt, key, label, want string }{
		{"Press 1 for Sales.", "1", "Sales", "1 for Sales"},
		{"For Sales, press 1.", "1", "Sales", ""},
		{"Press 1 for Sales: 1!", "1", "Sales", ""},
		{"Press 1 for 1 hour of 24.", "1", "1 hour of 24", "1 for 1 hour of 24"},
		{"Press 12 for Sales.", "1", "Sales", ""},
		{"Press star for Sales.", "star", "Sales", "star for Sales"},
		{"SALES 1", "1", "Sales", ""},
	} {
		if got := keyToOption(c.prompt, c.key, c.label); got != c.want {
			t.Errorf("%q: from the key to %q is %q, want %q", c.prompt, c.label, got, c.want)
		}
	}
}

// A mobile is known by its numbering plan or its name. The first number is one of
// those that Australia keeps free for fiction.
func TestMobile(t *testing.T) {
	for _, c := range []struct {
		u    model.PhoneUser
		want bool
	}{
		{model.PhoneUser{Name: "ann", Address: "+61491570156"}, true},
		{model.PhoneUser{Name: "ann", Address: "+14155550101"}, false},
		{model.PhoneUser{Name: "ann_mobile", Address: "+14155550101"}, true},
		{model.PhoneUser{Name: "ann", Label: "Ann's cell", Address: "+14155550101"}, true},
		{model.PhoneUser{Name: "cellar", Address: "+14155550101"}, false},
	} {
		if got := mobile(&c.u) != ""; got != c.want {
			t.Errorf("%s %s %s is a mobile: %t", c.u.Name, c.u.Label, c.u.Address, got)
		}
	}
}

// The keys that a text tells callers to press.
func TestKeysThatAreSaid(t *testing.T) {
	r := newKeyReader()
	for _, c := range []struct{ language, text, want string }{
		{"en-US", "For Ndebele, press 3.", "3"},
		{"en-US", "For sales, press 1 or two. Push the pound key to go back.", "12#"},
		{"en-US", "Press the number seven; press star.", "7*"},
		{"en-US", "Press any key. Press one of the keys. Press 12. Press on.", ""},
		{"en-US", "If you are in danger, hang up and dial 911.", ""},
		{"en-US", "If you are in danger, hang up and dial 9 1 1.", ""},
		{"en-US", "Please call 4 1 5, 5 5 5, 0 1 2 0, and press 3.", ""},
		{"en-US", "Our press office has 3 rooms. Hit songs: 3.", ""},
		{"en-US", "Impress 3 friends.", ""},
		{"en-US", "Para español, marque 2. Pour le français, tapez le 3.", "23"},
		{"de-DE", "Drücken Sie bitte die Rautetaste oder die 2.", "2#"},
		{"de-DE", "Für den Verkauf die 3 drücken, mit der Taste 4 zurück.", "34"},
		{"de-DE", "Drücken Sie eine Taste.", ""},
		{"es-MX", "Oprima el número tres u 8.", "38"},
		{"fr-FR", "Appuyez sur la touche étoile. Faites le 4.", "4*"},
		{"fr-FR", "Appuyez sur un bouton.", ""},
		{"it-IT", "Prema il tasto 5. La prima 2 volte.", "5"},
		{"it-IT", "Prema uno dei tasti.", ""},
		{"ja-JP", "スペイン語は３番を押してください。戻るには米印を押してください。", "3*"},
		{"ja-JP", "窓口3をご希望の方は、1を押してください。", "1"},
		{"nl-NL", "Druk op de 6, of kies twee.", "26"},
		{"nl-NL", "Druk op een toets.", ""},
		{"pt-BR", "Digite a tecla 9. Para ajuda, tecle sete.", "79"},
		{"pt-PT", "Para vendas, prima 1.", "1"},
		{"sv-SE", "For sales, press 1.", "1"},
	} {
		got := ""
		for _, k := range r.keysIn(c.language, c.text) {
			got += string(k)
		}
		if got != c.want {
			t.Errorf("%s: %q says %q, want %q", c.language, c.text, got, c.want)
		}
	}
}

// The built-in prompts say the key that they are for, and the built-in messages none,
// but for those to users.
func TestBuiltInTextsSayTheirKeys(t *testing.T) {
	r := newKeyReader()
	for _, tag := range model.LanguageTags() {
		texts, _ := model.LanguageOf(tag)
		for _, k := range allKeys {
			key := model.Key(string(k))
			for _, prompt := range []string{texts.Prompt, texts.Repeat, texts.Back} {
				text := strings.NewReplacer("${key}", texts.SpokenKey(key), "${menu}", "Windows").Replace(prompt)
				if got := r.keysIn(tag, text); len(got) != 1 || got[0] != key {
					t.Errorf("%s: %q says %v", tag, text, got)
				}
			}
		}
		for name, text := range texts.Stock() {
			if got := r.keysIn(tag, text); len(got) > 0 {
				t.Errorf("%s: stock.%s says %v", tag, name, got)
			}
		}
	}
}

// What a menu says about a key by itself names that key and no other, in every
// language.
func TestBuiltInTextsNameTheirKey(t *testing.T) {
	r := newKeyReader()
	for _, tag := range model.LanguageTags() {
		texts, _ := model.LanguageOf(tag)
		for _, k := range strings.Split(allKeys, "") {
			for _, template := range []string{texts.Prompt, texts.Repeat, texts.Back} {
				said := strings.NewReplacer("${key}", texts.SpokenKey(model.Key(k)), "${menu}", "Zillum").Replace(template)
				if got := r.keysIn(tag, said); len(got) != 1 || string(got[0]) != k {
					t.Errorf("%s: %q names the keys %v, want %s", tag, said, got, k)
				}
				if !r.namesKey(&model.MessageNode{Text: said}, model.Key(k)) {
					t.Errorf("%s: %q does not name the key %s", tag, said, k)
				}
			}
		}
	}
}
