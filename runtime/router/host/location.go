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
func newScope(l Location, kinds []bundle.DecisionKind) (*scope, error) {
	facts, err := l.facts()
	if err != nil {
		return nil, err
	}
	s := &scope{facts: facts, lists: map[string][]*scope{}}
	for _, extension := range []string{"xml", "wav", "mp3"} {
		s.add("type", map[string]string{"extension": extension, "type": bundle.ContentType("." + extension)})
	}
	var names, clocks, parameters []string
	for i := range kinds {
		d := &kinds[i]
		s.addKind(d)
		names = append(names, d.Name)
		if d.Clock {
			clocks = append(clocks, d.Name)
			continue
		}
		parameters = append(parameters, d.Parameter)
		if d.Unless != nil {
			parameters = append(parameters, d.Unless.Parameter)
		}
	}
	facts["kept decisions"] = strings.Join(slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(clocks, name) }), "|")
	facts["decisions"], facts["clocks"] = strings.Join(names, "|"), strings.Join(clocks, "|")
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
		"at":            bundle.AtParameter,
		"document type": bundle.ContentType(".xml"),
		"extensions":    "xml|wav|mp3",
		"word":          listedWord,
		"list":          listedWord + `(?:\.` + listedWord + `)*`,
		"table":         listedWord + `(?:\.` + listedWord + `)*-[a-z0-9_.]*-[a-z0-9_.-]*`,
	}, nil
}

// add adds a row to a list.
func (s *scope) add(list string, facts map[string]string) *scope {
	row := &scope{facts: facts, lists: map[string][]*scope{}, around: s}
	s.lists[list] = append(s.lists[list], row)
	return row
}

// listedWord is an expression for a word of a list.
var listedWord = fmt.Sprintf("[a-z0-9_]{1,%d}", bundle.LongestWord)

// addKind adds a kind of decision: its words by value, and its exception. Facts that
// it does not have are empty.
func (s *scope) addKind(d *bundle.DecisionKind) {
	segment := d.Name + `(?:-[^/.~]*)?` // an expression for the last segment of the path
	row := s.add("decision", map[string]string{
		"decision": d.Name, "parameter": d.Parameter, "segment": segment, "tail": "",
		"listed": "", "table": "", "keys": "", "before": "", "after": "", "known": strings.Join(d.Words, "|"), "known quoted": "'" + strings.Join(d.Words, "', '") + "'",
		"missing": d.Missing, "unlisted": d.Unlisted,
		"exception": "", "usual": "", "second": "", "equals": "", "sign": "", "rest": "",
	})
	for _, list := range []string{"value", "spelling", "pattern", "beginning"} {
		row.lists[list] = nil // some have none
	}
	if d.Clock {
		row.facts["table"], row.facts["tail"] = s.facts["table"], "~"+s.facts["table"]
	} else if d.Listed {
		row.facts["listed"], row.facts["tail"] = "yes", "(?:~"+s.facts["list"]+")?"
	}
	if d.Own != nil {
		row.facts["keys"], row.facts["before"], row.facts["after"] = d.Own.Word, d.Own.Before, d.Own.After
	}
	if d.Last {
		row.facts["sign"], row.facts["keys"] = "[0-9A-Za-z]*", "["+bundle.Sixteenths+"]"
	}
	if len(d.Signs) > 0 {
		row.facts["sign"], row.facts["keys"] = alternatives(d.Signs), fmt.Sprintf("[0-9]{1,%d}", bundle.LongestNumber)
		row.facts["rest"] = "[0-9]*"
		for n := bundle.LongestNumber; n > 0; n-- {
			row.add("beginning", map[string]string{"digits": fmt.Sprint(n)})
		}
	}
	if u := d.Unless; u != nil {
		row.facts["exception"], row.facts["second"], row.facts["equals"] = u.Then, u.Parameter, u.Equals
		row.facts["usual"] = alternatives(d.Spellings(u.Is))
	}
	row.lists["pattern"], row.lists["spelling"], row.lists["value"] = nil, nil, nil // a kind need not have them
	for _, value := range d.Values {
		for _, spelling := range value.Spellings {
			row.add("spelling", map[string]string{"spelling": spelling, "meaning": value.Word})
		}
		spellings := alternatives(value.Spellings)
		if value.Pattern != nil {
			row.add("pattern", map[string]string{"pattern": value.Pattern.String(), "meaning": value.Word})
			if spellings != "" {
				spellings += "|"
			}
			spellings = "(?:" + spellings + value.Pattern.String() + ")"
		}
		row.add("value", map[string]string{"meaning": value.Word, "spellings": spellings})
	}
}

// alternatives is an expression for one of some texts.
func alternatives(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quoteRegexp(text)
	}
	if len(texts) < 2 {
		return strings.Join(quoted, "")
	}
	return "(?:" + strings.Join(quoted, "|") + ")"
}

// decoded returns the kinds with the values as they are after decoding. Hosts that
// decode as forms do take a plus sign for a space.
func decoded(kinds []bundle.DecisionKind) []bundle.DecisionKind {
	list := slices.Clone(kinds)
	for i := range list {
		list[i].Values, list[i].Signs = slices.Clone(list[i].Values), decodedSpellings(list[i].Signs)
		for j := range list[i].Values {
			v := &list[i].Values[j]
			v.Spellings = decodedSpellings(v.Spellings)
		}
	}
	return list
}

// decodedSpellings returns what spellings are after decoding, each once.
func decodedSpellings(spellings []string) []string {
	var texts []string
	for _, s := range spellings {
		for _, decode := range []func(string) (string, error){url.PathUnescape, url.QueryUnescape} {
			if text, err := decode(s); err == nil && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}
