package compiler

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// What descriptions promise of digits: extensions, codes, and what an application
// answers to them.

// handOver is the address of an application, which is told where the call returns:
// here, or to an attempt of an entry.
func (d *blockSpec) handOver(k int, entry *blockSpec) string {
	var words []string
	for _, e := range d.Exits {
		if e.On != "failure" {
			words = append(words, e.On)
		}
	}
	address, back := d.setting("url"), d
	address += map[bool]string{true: "&", false: "?"}[strings.Contains(address, "?")] + "ivrc_application=" + strings.TrimPrefix(d.Address, "application.")
	name := strings.TrimPrefix(d.Address, "application.")
	if word := name + "__" + strings.ReplaceAll(strings.ToLower(d.Language), "-", "_"); d.Language != "" && len(word) <= 32 {
		address += "&ivrc_application=" + word
	}
	if entry != nil {
		back = entry
		keys := ""
		for _, e := range entry.Exits {
			if len(e.On) == 1 {
				keys += e.On
				words = append(words, strings.NewReplacer("*", "star", "#", "pound").Replace(e.On))
			}
		}
		if keys != "" {
			address += "&keys=" + url.QueryEscape(keys)
		}
		if entry.setting("secret") == "yes" {
			address += "&secret=yes"
		}
	}
	slices.Sort(words)
	list := "~" + strings.Join(words, ".")
	if list == "~done" {
		list = ""
	}
	return address + "&return=" + url.QueryEscape(d.base+back.at(fmt.Sprintf("result-%d", k))+list)
}

// returned is what follows an answer of an application.
func (d *blockSpec) returned(answer string, does []string) []string {
	if e := d.exit(answer); e != nil && answer != "failure" {
		return d.enter(e, does)
	}
	return d.finish("failure", nil, does)
}

// returnedTo is what follows the answer of an application to the digits of an attempt.
func (d *blockSpec) returnedTo(k int, answer string, does []string) []string {
	application := d.destination(d.exit("digits"))
	if e := d.exit(strings.NewReplacer("star", "*", "pound", "#").Replace(answer)); e != nil && len(e.On) == 1 {
		return d.enter(e, does)
	}
	if e := application.exit(answer); e != nil && e.To == d.Address {
		if k < d.number("attempts") {
			return d.attempt(k+1, d.word("invalid", k))
		}
		return d.failed("invalid", does)
	}
	return application.returned(answer, does)
}

// failed is what follows the last attempt.
func (d *blockSpec) failed(role string, does []string) []string {
	on := "failure"
	if d.exit(on) == nil {
		on = map[string]string{"no_input": "silence", "invalid": "invalid"}[role]
	}
	if e := d.exit(on); e != nil && e.To == "hangup" && e.Silent {
		return d.finish(on, d.says(d.word(role, d.number("attempts"))), does)
	}
	return d.finish(on, nil, does)
}

// word is the role of what is heard after an attempt in vain: of its own, if what is
// heard differs.
func (d *blockSpec) word(role string, attempt int) string {
	if len(d.says(role)) > 0 {
		return role
	}
	return fmt.Sprintf("%s %d", role, attempt)
}

// dialled is what is asked for where extensions may be dialled: # ends them, unless
// it is a key of the menu.
func (d *blockSpec) dialled() string {
	most := max(1, d.number("digits"))
	for _, e := range d.Exits {
		if strings.Trim(e.On, "0123456789") == "" {
			most = max(most, len(e.On))
		}
	}
	finish := d.setting("finish")
	if d.kind() == "menu" && !strings.Contains(d.keys(), "pound") {
		finish = "#"
	}
	switch {
	case finish != "":
		return fmt.Sprintf("%d keys, ended by %s", most, finish)
	case most == 1:
		return oneKey
	}
	return fmt.Sprintf("%d keys", most)
}
