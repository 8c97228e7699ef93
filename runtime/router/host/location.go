package host

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// A Location says where a bundle is stored and reached. Each field may be empty;
// the configuration then holds an example that has to be changed.
type Location struct {
	BaseURL      string // as hosting.base_url
	Store        string // as hosting.store
	DecisionsURL string // as hosting.decisions_url
}

// allowedCharacters mean themselves in the configuration of every host, outside of
// regular expressions.
const allowedCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/+@:"

// newScope returns what the texts may say about a location, and about decisions.
func newScope(l Location, decisions []bundle.Decision) (*scope, error) {
	facts, err := l.facts()
	if err != nil {
		return nil, err
	}
	s := &scope{facts: facts, lists: map[string][]*scope{}}
	for _, extension := range []string{"xml", "wav", "mp3"} {
		s.add("type", map[string]string{"extension": extension, "type": bundle.ContentType("." + extension)})
	}
	var prefixes, parameters []string
	for i := range decisions {
		d := &decisions[i]
		s.addDecision(d, i < len(decisions)-1)
		prefixes, parameters = append(prefixes, d.Prefix), append(parameters, d.Parameter)
		if d.Unless != nil {
			parameters = append(parameters, d.Unless.Parameter)
		}
	}
	facts["decisions"] = strings.Join(prefixes, "|")
	for i, name := range parameters {
		if !slices.Contains(parameters[:i], name) {
			s.add("parameter", map[string]string{"parameter": name})
		}
	}
	return s, nil
}

// facts returns what is known about a location, and what the router answers
// everywhere.
func (l Location) facts() (map[string]string, error) {
	baseURL, decisionsURL := "https://calls.example.com", "https://decisions.example.com/decide"
	if l.BaseURL != "" {
		baseURL = strings.TrimSuffix(l.BaseURL, "/")
	}
	if l.DecisionsURL != "" {
		decisionsURL = l.DecisionsURL
	}
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("the base URL cannot be read: %w", err)
	}
	folder, bucket, keys := "/srv/calls/public", "calls", "public"
	store := strings.TrimPrefix(strings.TrimPrefix(l.Store, "dir:"), "file://")
	if inBucket, ok := strings.CutPrefix(store, "s3://"); ok {
		inBucket, _, _ = strings.Cut(inBucket, "?")
		name, prefix, _ := strings.Cut(inBucket, "/")
		bucket, keys = name, strings.TrimPrefix(path.Join(prefix, "public"), "/")
	} else if path.IsAbs(store) {
		folder = path.Join(store, "public")
	}
	for _, text := range []string{baseURL, decisionsURL, folder, bucket, keys} {
		if strings.Trim(text, allowedCharacters) != "" {
			return nil, fmt.Errorf("%q cannot stand in a configuration; use letters, digits and the characters - _ . ~ / + @ and : only", text)
		}
	}
	prefix, published := strings.TrimSuffix(base.Path, "/"), "public"
	if prefix != "" {
		published = "site"
	}
	return map[string]string{
		"base URL":      baseURL, // without a slash at the end
		"host name":     base.Hostname(),
		"prefix":        prefix,    // the path of the base URL, "" or "/calls"
		"folder":        folder,    // public/ of the bundle on a disk
		"published":     published, // the folder for hosts that publish one: public/, or one that holds it under the prefix
		"bucket":        bucket,
		"key prefix":    keys + "/", // of public/ in the bucket
		"origin path":   "/" + keys,
		"decisions URL": decisionsURL,

		"allow":         router.AllowedMethods,
		"refusal":       strings.TrimSuffix(router.MethodRefusal, "\n"),
		"keep":          router.KeepForever,
		"forget":        router.KeepNever,
		"otherwise":     bundle.Otherwise,
		"ask":           bundle.AskParameter,
		"at":            bundle.AtParameter,
		"document type": bundle.ContentType(".xml"),
		"extensions":    "xml|wav|mp3",
	}, nil
}

// add adds a row to a list.
func (s *scope) add(list string, facts map[string]string) *scope {
	row := &scope{facts: facts, lists: map[string][]*scope{}, around: s}
	s.lists[list] = append(s.lists[list], row)
	return row
}

// addDecision adds a decision: its values by name and by spelling, and its
// exception, of which the facts are empty if it has none.
func (s *scope) addDecision(d *bundle.Decision, more bool) {
	row := s.add("decision", map[string]string{
		"decision": d.Prefix, "parameter": d.Parameter,
		"segment":   d.Prefix + `(?:-[^/.]*)?`, // an expression for the last segment of its path
		"exception": "", "usual": "", "second": "", "equals": "",
		"more": "",
	})
	if more {
		row.facts["more"] = "yes"
	}
	if u := d.Unless; u != nil {
		row.facts["exception"], row.facts["usual"] = u.Then, u.Is
		row.facts["second"], row.facts["equals"] = u.Parameter, u.Equals
	}
	row.lists["pattern"] = nil // most have none
	for _, value := range d.Values {
		var expressions []string
		for _, spelling := range value.Spellings {
			row.add("spelling", map[string]string{"spelling": spelling, "name": value.Name})
			expressions = append(expressions, quoteRegexp(spelling))
		}
		if value.Pattern != nil {
			row.add("pattern", map[string]string{"pattern": value.Pattern.String(), "name": value.Name})
			expressions = append(expressions, value.Pattern.String())
		}
		all := strings.Join(expressions, "|")
		if len(expressions) > 1 {
			all = "(?:" + all + ")"
		}
		row.add("value", map[string]string{"name": value.Name, "spellings": all})
	}
}

// decoded returns the decisions with the values as they are after decoding. Hosts
// that decode as forms do take a plus sign for a space.
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
