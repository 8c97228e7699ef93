package router

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Any server that can choose a file by a parameter of the request can be taught
// the rule. A Host is one that is: its configuration is written from
// bundle.Decisions, the table that Route reads, by texts that hold no value of
// their own. So a value is added in one place, and added everywhere.
//
// Each file is a text that looks as the file will, with holes in it:
//
//	map $uri $ivrc_document {
//	    default "";
//	«documents»
//	}
//
// What stands in a hole is a fact about the place (hostData), such as «prefix», or
// a part of this file alone. A part that is repeated is made by a Go function
// beside the text, which loops over the table and fills a line for each row:
//
//	var lines []string
//	for _, decision := range d.decisions {
//		lines = append(lines, d.fill(`    "~^«prefix»/«decision»$" …;`, holes{"decision": decision.Prefix}))
//	}
//	return strings.Join(lines, "\n")
//
// So loops and conditions are Go, and a text has nothing but holes. text/template
// has both, but it calls methods by name, so the linker would keep every method
// of every library: 4 MB of program.
//
// All hosts are held to one table of requests, which the tests send to each of
// them and to Route: the same document everywhere. Where a host cannot do that,
// its Deviations say so, and the tests allow what stands there and nothing else.

// A Host is a server or a service that can answer decisions.
type Host struct {
	Name       string // as hosting.router names it: "nginx"
	Title      string // as people name it
	Elsewhere  bool   // it answers decisions at an address of its own, see [bundle.Decision.Link]
	Deviations []Deviation

	files []hostFile
}

// A Deviation is a kind of request that a host answers otherwise than Route.
type Deviation struct {
	Case   string // one of the cases of the table of requests
	Answer string // what the host does
	Why    string
	Status int // that the answer has; 0 if it is another answer of the decision
}

// The cases of the table of requests. A deviation is about one of them.
const (
	CaseListed          = "listed value"
	CaseMissing         = "missing parameter"
	CaseEmpty           = "empty value"
	CaseUnknown         = "unknown value"
	CaseRepeated        = "repeated parameter"
	CaseEncoded         = "value that is encoded without need"
	CaseEncodedName     = "parameter whose name is encoded"
	CaseTraversal       = "value that climbs out of the folder"
	CaseLong            = "value of 1 MB"
	CaseValueCase       = "value in the wrong case"
	CaseParameterCase   = "parameter in the wrong case"
	CaseOther           = "other parameter of a similar name"
	CaseDocument        = "document"
	CasePart            = "part of a sound"
	CaseNothing         = "address where nothing is"
	CaseUnclean         = "path that is not clean"
	CaseOutside         = "path that leads out of public/"
	CaseHead            = "HEAD"
	CasePost            = "POST"
	CasePostNothing     = "POST where nothing is"
	CaseOtherMethod     = "another method"
	CaseListedOtherwise = "listed value in a rare spelling"
)

// A hostFile is one file of a host's configuration.
type hostFile struct {
	name  string
	text  string                  // as the file will look, with holes
	parts func(d *hostData) holes // what stands in those that are no facts
}

// holes are what stands in the holes of a text, by their names.
type holes map[string]string

// A HostFile is one file of a host's configuration, made for one bundle's place.
type HostFile struct {
	Name string
	Text []byte
}

// Hosts lists the hosts other than ivrc serve, in the order of the documentation.
func Hosts() []Host { return slices.Clone(hosts) }

// FindHost returns the host of a name.
func FindHost(name string) (Host, bool) {
	i := slices.IndexFunc(hosts, func(h Host) bool { return h.Name == name })
	if i < 0 {
		return Host{}, false
	}
	return hosts[i], true
}

// hosts is the table of hosts. Each has a file of its own in this package.
var hosts = []Host{nginx, caddy, apache, cloudfront, cloudflare, netlify, vercel, twimlBin, twilioFunction}

// Files returns the host's configuration.
func (h Host) Files(p Place) ([]HostFile, error) {
	d, err := newHostData(p)
	if err != nil {
		return nil, err
	}
	var files []HostFile
	for _, f := range h.files {
		text := d.fill(f.text, f.parts(d))
		if d.err != nil {
			return nil, fmt.Errorf("writing %s: %w", f.name, d.err)
		}
		files = append(files, HostFile{f.name, []byte(text)})
	}
	return files, nil
}

// fill returns a text with its holes filled: by parts, and by the facts where they
// have nothing of that name. A newline at the beginning of the text is left out,
// so that a raw string can begin on a line of its own; so is a line that is
// nothing but a hole in which nothing stands.
//
// A hole that nothing fills and a part that has no hole are mistakes in this
// package. The first is kept in d.err, so that what fills can be put together like
// any other text.
func (d *hostData) fill(text string, parts holes) string {
	var filled strings.Builder
	unused := maps.Clone(parts)
	rest := strings.TrimPrefix(text, "\n")
	for {
		before, behind, found := strings.Cut(rest, "«")
		filled.WriteString(before)
		if !found {
			break
		}
		name, after, _ := strings.Cut(behind, "»")
		value, known := parts[name]
		if !known {
			value, known = d.facts[name]
		}
		if !known && d.err == nil {
			d.err = fmt.Errorf("nothing fills the hole %q of %q", name, text)
		}
		delete(unused, name)
		if value == "" && (filled.Len() == 0 || strings.HasSuffix(filled.String(), "\n")) {
			after = strings.TrimPrefix(after, "\n")
		}
		filled.WriteString(value)
		rest = after
	}
	if len(unused) > 0 && d.err == nil {
		d.err = fmt.Errorf("no hole is there for %q in %q", slices.Sorted(maps.Keys(unused)), text)
	}
	return filled.String()
}

// The rest writes values as hosts want them, several of them the same way.

// segment is an expression for the last segment of a decision's path.
func segment(d bundle.Decision) string { return d.Prefix + `(?:-[^/.]*)?` }

// once and notAgain are the two halves of an expression of PCRE for a parameter
// that the query holds exactly once; what its value is like stands between them.
func once(parameter string) string {
	return "^(?>(?!" + parameter + "(?:[=&]|$))[^&]*+&)*+" + parameter + "="
}

func notAgain(parameter string) string { return "(?!.*&" + parameter + "(?:[=&]|$))" }

// quoteRegexp writes a value so that a regular expression takes it literally.
// Of the characters that mean something there, values hold only * and +.
func quoteRegexp(value string) string {
	return strings.NewReplacer(`*`, `\*`, `+`, `\+`, `.`, `\.`).Replace(value)
}

// alternatives is an expression for one of several values.
func alternatives(values []string) string {
	var list []string
	for _, v := range values {
		list = append(list, quoteRegexp(v))
	}
	if len(list) == 1 {
		return list[0]
	}
	return "(?:" + strings.Join(list, "|") + ")"
}

// inJSON writes a text as JSON does, and < > & as they are.
func inJSON(text string) string {
	var buffer bytes.Buffer
	e := json.NewEncoder(&buffer)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // cannot fail: a string has a form in JSON, and a buffer takes it
	return strings.TrimSuffix(buffer.String(), "\n")
}
