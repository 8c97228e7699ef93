package router

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Any server that can choose a file by a parameter of the request can be taught
// the rule. A Host is one that is: its configuration is written from
// bundle.Decisions, the table that Route reads, by a template that holds no value
// of its own. So a value is added in one place, and added everywhere.
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
	name string
	text *template.Template
}

// A HostFile is one file of a host's configuration, made for one bundle's place.
type HostFile struct {
	Name string
	Text []byte
}

// A Place is where a bundle is kept and reached. All of it may be unknown; then
// the configuration holds an example that has to be changed.
type Place struct {
	BaseURL      string // as hosting.base_url
	Store        string // as hosting.store
	DecisionsURL string // as hosting.decisions_url
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
	data, err := newHostData(p)
	if err != nil {
		return nil, err
	}
	var files []HostFile
	for _, f := range h.files {
		var text bytes.Buffer
		if err := f.text.Execute(&text, data); err != nil {
			return nil, fmt.Errorf("writing %s: %w", f.name, err)
		}
		files = append(files, HostFile{f.name, text.Bytes()})
	}
	return files, nil
}

// hostData is what the templates know.
type hostData struct {
	Decisions []bundle.Decision
	Decoded   []bundle.Decision // the same for hosts that decode before they compare
	Otherwise string
	Types     []fileType
	Keep      string // value of Cache-Control of what exists
	Forget    string // and of what does not
	Refusal   string // why a method is refused
	Allow     string // the methods that are not

	Prefix       string // path of the base URL, "" or "/calls"
	BaseURL      string // without a slash at the end
	HostName     string // of the base URL
	Folder       string // public/ of the bundle on a disk
	Bucket       string // of an object store
	KeyPrefix    string // of public/ in that, "" or ending in a slash
	DecisionsURL string
}

// A fileType is one kind of file that a bundle holds.
type fileType struct {
	Extension string // without a dot
	Type      string // with its parameters
	Bare      string // without them
}

// newHostData gathers what the templates know about a place.
func newHostData(p Place) (*hostData, error) {
	d := &hostData{
		Decisions: bundle.Decisions, Decoded: decoded(bundle.Decisions), Otherwise: bundle.Otherwise,
		Keep: forEver[0], Forget: neverKept[0], Refusal: strings.TrimSuffix(methodNotAllowed, "\n"), Allow: allowed,
		BaseURL: "https://calls.example.com", Folder: "/srv/calls/public", Bucket: "calls", KeyPrefix: "public/",
		DecisionsURL: "https://decisions.example.com/decide",
	}
	for _, extension := range []string{"xml", "wav", "mp3"} {
		full := bundle.ContentType("." + extension)
		bare, _, _ := strings.Cut(full, ";")
		d.Types = append(d.Types, fileType{extension, full, bare})
	}
	if p.BaseURL != "" {
		d.BaseURL = strings.TrimSuffix(p.BaseURL, "/")
	}
	if p.DecisionsURL != "" {
		d.DecisionsURL = p.DecisionsURL
	}
	base, err := url.Parse(d.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("the base URL cannot be read: %w", err)
	}
	d.HostName, d.Prefix = base.Hostname(), strings.TrimSuffix(base.Path, "/")
	store := strings.TrimPrefix(strings.TrimPrefix(p.Store, "dir:"), "file://")
	bucket, inBucket := strings.CutPrefix(store, "s3://")
	switch {
	case inBucket:
		bucket, _, _ = strings.Cut(bucket, "?")
		name, prefix, _ := strings.Cut(bucket, "/")
		d.Bucket, d.KeyPrefix = name, strings.TrimPrefix(path.Join(prefix, "public")+"/", "/")
	case path.IsAbs(store):
		d.Folder = path.Join(store, "public")
	}
	for _, text := range []string{d.BaseURL, d.DecisionsURL, d.Folder, d.Bucket, d.KeyPrefix} {
		if strings.Trim(text, placeCharacters) != "" {
			return nil, fmt.Errorf("%q cannot stand in a configuration; use letters, digits and the characters - _ . ~ / + @ and : only", text)
		}
	}
	return d, nil
}

// placeCharacters are those that mean themselves in the configuration of every
// host, outside of regular expressions.
const placeCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/+@:"

// Parameters lists the parameters that decide, without repetition.
func (d *hostData) Parameters() []string {
	var list []string
	add := func(name string) {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	for i := range d.Decisions {
		add(d.Decisions[i].Parameter)
		if u := d.Decisions[i].Unless; u != nil {
			add(u.Parameter)
		}
	}
	return list
}

// QuotedRefusal is the refusal between double quotes.
func (d *hostData) QuotedRefusal() string { return strings.ReplaceAll(d.Refusal, `"`, `\"`) }

// Ask is the parameter that says what kind of decision is asked for.
func (d *hostData) Ask() string { return bundle.AskParameter }

// At is the parameter that says where the decision is.
func (d *hostData) At() string { return bundle.AtParameter }

// OriginPath is the folder of public/ in the bucket, as CloudFront writes it.
func (d *hostData) OriginPath() string { return "/" + strings.TrimSuffix(d.KeyPrefix, "/") }

// hostTemplate parses a template of a host's configuration. The functions once
// and notAgain are the two halves of an expression of PCRE for a parameter that
// the query holds exactly once; what its value is like stands between them.
func hostTemplate(text string) *template.Template {
	functions := template.FuncMap{
		"lower":        strings.ToLower,
		"quote":        quoteRegexp,
		"slashes":      func(path string) string { return strings.ReplaceAll(quoteRegexp(path), "/", `\/`) },
		"alternatives": alternatives,
		"json":         inJSON,
		"segment":      func(d bundle.Decision) string { return d.Prefix + `(?:-[^/.]*)?` },
		"once": func(parameter string) string {
			return "^(?>(?!" + parameter + "(?:[=&]|$))[^&]*+&)*+" + parameter + "="
		},
		"notAgain": func(parameter string) string { return "(?!.*&" + parameter + "(?:[=&]|$))" },
	}
	return template.Must(template.New("").Funcs(functions).Parse(strings.TrimPrefix(text, "\n")))
}

// quoteRegexp writes a value so that a regular expression takes it literally.
// Of the characters that mean something there, values hold only * and +.
func quoteRegexp(value string) string {
	return strings.NewReplacer(`*`, `\*`, `+`, `\+`, `.`, `\.`).Replace(value)
}

// decoded returns the decisions with the values as they are after decoding. Those
// who decode as forms do take a plus sign for a space.
func decoded(decisions []bundle.Decision) []bundle.Decision {
	list := slices.Clone(decisions)
	for i := range list {
		list[i].Values = slices.Clone(list[i].Values)
		for j := range list[i].Values {
			v := &list[i].Values[j]
			var spellings []string
			for _, s := range v.Spellings {
				for _, decode := range []func(string) (string, error){url.PathUnescape, url.QueryUnescape} {
					if text, err := decode(s); err == nil && !slices.Contains(spellings, text) {
						spellings = append(spellings, text)
					}
				}
			}
			v.Spellings = spellings
		}
	}
	return list
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
func inJSON(text string) (string, error) {
	var buffer bytes.Buffer
	e := json.NewEncoder(&buffer)
	e.SetEscapeHTML(false)
	err := e.Encode(text)
	return strings.TrimSuffix(buffer.String(), "\n"), err
}
