package host

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Host is a server or a service that can answer decisions.
type Host struct {
	Name   string // as hosting.router names it: "nginx"
	Title  string // as people name it: "Amazon CloudFront"
	Remote bool   // it answers decisions at an address of its own, see [bundle.Decision.Link]

	clock      bool                                          // it can look at a clock when it answers
	small      bool                                          // its files may not be large, and go without most comments
	decodes    bool                                          // it decodes parameters before it compares them
	files      []string                                      // of its configuration, in the folder with its name
	facts      func([]bundle.DecisionKind) map[string]string // for its files alone; may be nil
	deviations []Deviation
}

// A Deviation is a kind of request that a host answers otherwise than the router.
type Deviation struct {
	Case   string // one of the cases of the table of requests
	Answer string // what the host does
	Why    string
	Status int // the status of the answer; 0 if it is another answer of the decision
}

// The cases of the table of requests. A deviation is about one of them.
const (
	CaseListed          = "listed value"
	CaseMissing         = "missing parameter"
	CaseEmpty           = "empty value"
	CaseUnknown         = "unknown value"
	CaseNoList          = "list that is none"
	CaseForeignList     = "list of a kind that has none"
	CaseEncodedList     = "list whose mark is encoded"
	CaseRepeated        = "repeated parameter"
	CaseEncoded         = "value that is encoded without need"
	CaseEncodedName     = "parameter whose name is encoded"
	CaseTraversal       = "value that climbs out of the folder"
	CaseLong            = "value of 1 MB"
	CaseValueCase       = "value in the wrong case"
	CaseParameterCase   = "parameter in the wrong case"
	CaseOther           = "other parameter of a similar name"
	CaseDocument        = "document"
	CasePart            = "part of an audio file"
	CaseNothing         = "address where nothing is"
	CaseUnclean         = "path that is not clean"
	CaseOutside         = "path that leads out of public/"
	CaseHead            = "HEAD"
	CasePost            = "POST"
	CasePostNothing     = "POST where nothing is"
	CaseOtherMethod     = "another method"
	CaseTime            = "table of hours"
	CaseListedOtherwise = "listed value in a rare spelling"
	CaseCarrierWords    = "withheld number in a carrier's own words"
)

// A ConfigFile is one file of a host's configuration, made for one location.
type ConfigFile struct {
	Name string // slash-separated
	Text []byte
}

// All returns the hosts other than ivrc serve, in the order of the documentation.
func All() []Host { return slices.Clone(hosts) }

// Find returns the host with a name.
func Find(name string) (Host, bool) {
	i := slices.IndexFunc(hosts, func(h Host) bool { return h.Name == name })
	if i < 0 {
		return Host{}, false
	}
	return hosts[i], true
}

// Clock reports whether the host can answer decisions on the time.
func (h Host) Clock() bool { return h.clock }

// Deviations returns the requests that the host answers otherwise than the router.
func (h Host) Deviations() []Deviation { return slices.Clone(h.deviations) }

// Files returns the host's configuration. It fails if the location holds a
// character that would mean something in a configuration.
func (h Host) Files(l Location) ([]ConfigFile, error) {
	kinds := bundle.DecisionKinds()
	if !h.clock {
		kinds = slices.DeleteFunc(kinds, func(k bundle.DecisionKind) bool { return k.Clock })
	}
	if h.decodes {
		kinds = decoded(kinds)
	}
	s, err := newScope(l, kinds)
	if err != nil {
		return nil, err
	}
	if h.facts != nil {
		maps.Copy(s.facts, h.facts(kinds))
	}
	var files []ConfigFile
	for _, name := range h.files {
		text, err := fillFile(h.Name+"/"+name, s)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
		if h.small {
			text = withoutComments(text)
		}
		files = append(files, ConfigFile{name, []byte(text)})
	}
	return files, nil
}

// withoutComments drops the lines of comments behind the first empty line, and the
// empty lines and indents there.
func withoutComments(text string) string {
	head, body, _ := strings.Cut(text, "\n\n")
	var kept strings.Builder
	for line := range strings.Lines(body) {
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "//") {
			kept.WriteString(trimmed + "\n")
		}
	}
	return head + "\n\n" + kept.String()
}
