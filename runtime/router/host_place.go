package router

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Place is where a bundle is kept and reached. All of it may be unknown; then
// the configuration holds an example that has to be changed.
type Place struct {
	BaseURL      string // as hosting.base_url
	Store        string // as hosting.store
	DecisionsURL string // as hosting.decisions_url
}

// hostData is what the texts and the functions that fill them know.
type hostData struct {
	decisions []bundle.Decision
	decoded   []bundle.Decision // the same for hosts that decode before they compare
	types     []fileType

	prefix       string // path of the base URL, "" or "/calls"
	baseURL      string // without a slash at the end
	hostName     string // of the base URL
	folder       string // public/ of the bundle on a disk
	bucket       string // of an object store
	keyPrefix    string // of public/ in that, "" or ending in a slash
	decisionsURL string

	facts holes // what may stand in every text
	err   error // the first mistake of fill
}

// A fileType is one kind of file that a bundle holds.
type fileType struct {
	extension string // without a dot
	full      string // the content type with its parameters
	bare      string // and without them
}

// newHostData gathers what is known about a place.
func newHostData(p Place) (*hostData, error) {
	d := &hostData{
		decisions: bundle.Decisions, decoded: decoded(bundle.Decisions), types: fileTypes(),
		baseURL: "https://calls.example.com", folder: "/srv/calls/public", bucket: "calls", keyPrefix: "public/",
		decisionsURL: "https://decisions.example.com/decide",
	}
	if p.BaseURL != "" {
		d.baseURL = strings.TrimSuffix(p.BaseURL, "/")
	}
	if p.DecisionsURL != "" {
		d.decisionsURL = p.DecisionsURL
	}
	base, err := url.Parse(d.baseURL)
	if err != nil {
		return nil, fmt.Errorf("the base URL cannot be read: %w", err)
	}
	d.hostName, d.prefix = base.Hostname(), strings.TrimSuffix(base.Path, "/")
	store := strings.TrimPrefix(strings.TrimPrefix(p.Store, "dir:"), "file://")
	bucket, inBucket := strings.CutPrefix(store, "s3://")
	switch {
	case inBucket:
		bucket, _, _ = strings.Cut(bucket, "?")
		name, prefix, _ := strings.Cut(bucket, "/")
		d.bucket, d.keyPrefix = name, strings.TrimPrefix(path.Join(prefix, "public")+"/", "/")
	case path.IsAbs(store):
		d.folder = path.Join(store, "public")
	}
	for _, text := range []string{d.baseURL, d.decisionsURL, d.folder, d.bucket, d.keyPrefix} {
		if strings.Trim(text, placeCharacters) != "" {
			return nil, fmt.Errorf("%q cannot stand in a configuration; use letters, digits and the characters - _ . ~ / + @ and : only", text)
		}
	}
	d.facts = d.allFacts()
	return d, nil
}

// allFacts names what may stand in every text.
func (d *hostData) allFacts() holes {
	var extensions []string
	for _, t := range d.types {
		extensions = append(extensions, t.extension)
	}
	return holes{
		"prefix":         d.prefix,
		"prefix pattern": quoteRegexp(d.prefix),
		"base URL":       d.baseURL,
		"host name":      d.hostName,
		"folder":         d.folder,
		"bucket":         d.bucket,
		"key prefix":     d.keyPrefix,
		"decisions URL":  d.decisionsURL,
		"otherwise":      bundle.Otherwise,
		"extensions":     strings.Join(extensions, "|"),
		"keep":           forEver[0],    // value of Cache-Control of what exists
		"forget":         neverKept[0],  // and of what does not
		"allow":          allowed,       // the methods that are not refused
		"refusal":        methodRefusal, // and why the others are
	}
}

// methodRefusal is what is answered to a method that no document has.
var methodRefusal = strings.TrimSuffix(methodNotAllowed, "\n")

// fileTypes are the kinds of files that a bundle holds, documents first.
func fileTypes() []fileType {
	var list []fileType
	for _, extension := range []string{"xml", "wav", "mp3"} {
		full := bundle.ContentType("." + extension)
		bare, _, _ := strings.Cut(full, ";")
		list = append(list, fileType{extension, full, bare})
	}
	return list
}

// placeCharacters are those that mean themselves in the configuration of every
// host, outside of regular expressions.
const placeCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/+@:"

// parameters lists the parameters that decide, without repetition.
func (d *hostData) parameters() []string {
	var list []string
	add := func(name string) {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	for i := range d.decisions {
		add(d.decisions[i].Parameter)
		if u := d.decisions[i].Unless; u != nil {
			add(u.Parameter)
		}
	}
	return list
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
