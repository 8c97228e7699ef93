package compiler

// Laws of the documents: what design and Twilio demand of each of them, and of
// the addresses by which they name each other.

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// Law: Twilio has nothing to say about any document, and the document is in the
// one canonical form, of at most 64 kB.
func TestLawDocumentsAreCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		for _, path := range paths(s.documents) {
			data := s.Data[path]
			if again := s.documents[path].Append(nil, nil); string(again) != string(data) {
				t.Fatalf("%s is not in the canonical form\n%s\n%s", path, data, again)
			}
			if len(data) > 64<<10 {
				t.Fatalf("%s has %d bytes", path, len(data))
			}
		}
	})
}

// Law: the method stands beside every address, and is GET; the webhooks of the
// team's own are posted. Twilio requests what a Play names, and has no attribute
// to say how.
func TestLawMethodsAreExplicit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		for _, path := range paths(s.documents) {
			for _, l := range links(s.documents[path].Verbs) {
				want := "GET"
				if l.webhook {
					want = "POST"
				}
				if l.url == "" || !l.fixed && l.method != want {
					t.Fatalf("%s: %s is %q with the method %q\n%s", path, l.attribute, l.url, l.method, s.Data[path])
				}
			}
		}
	})
}

// Law: nothing stands behind a verb that makes it unreachable. Where Twilio's
// documents leave open whether the action is requested or the next verb runs
// (Enqueue after Leave, Record without a sound), exactly one verb does: a
// Redirect to the same answer. No document ends without saying how the call goes
// on, but for what is said to a user who has accepted a call, or hears a whisper.
func TestLawNothingIsUnreachable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		for _, path := range paths(s.documents) {
			verbs := s.documents[path].Verbs
			for i, v := range verbs {
				behind := verbs[i+1:]
				_, says := v.(*twiml.Say)
				accepted := says && len(behind) == 0 && strings.HasPrefix(path, bundle.KindConfirm+"-") || strings.HasPrefix(path, bundle.KindWhisper+"-")
				if !mayFollow(v, behind) && !accepted {
					t.Fatalf("%s: %T is followed by %d verbs\n%s", path, v, len(behind), s.Data[path])
				}
			}
		}
	})
}

// mayFollow reports whether verbs may stand behind a verb.
func mayFollow(v twiml.Verb, behind []twiml.Verb) bool {
	both := func(action string) bool {
		if len(behind) != 1 {
			return false
		}
		redirect, ok := behind[0].(*twiml.Redirect)
		return ok && redirect.URL == action
	}
	switch v := v.(type) {
	case *twiml.Hangup, *twiml.Redirect, *twiml.Leave, *twiml.Reject, *twiml.Dial:
		return len(behind) == 0
	case *twiml.Enqueue:
		return both(v.Action + ".leave.xml")
	case *twiml.Record:
		return both(v.Action + ".empty.xml")
	case *twiml.Gather:
		return len(behind) > 0 // silence must lead on
	}
	return len(behind) > 0
}

// Law: every address in a document is answered. Links between documents are
// relative, and lead to the same place from the document's own address and from
// the decision in whose place it is served; a decision has all its answers; an
// absolute address is the base URL's, or one that the configuration gives.
func TestLawLinksAreAnswered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		for _, from := range paths(s.documents) {
			for _, l := range links(s.documents[from].Verbs) {
				if l.webhook {
					continue
				}
				if _, given := s.draft.sounds[l.url]; given && l.attribute == "Play" {
					continue
				}
				to, inside := s.target(from, l.url)
				if !inside {
					t.Fatalf("%s: %s leads out of the bundle: %s", from, l.attribute, l.url)
				}
				if absolute := strings.Contains(l.url, "://"); absolute != (l.attribute == "Play" || l.attribute == "return") {
					t.Fatalf("%s: %s has the address %s", from, l.attribute, l.url)
				}
				for _, path := range answers(to) {
					if s.Data[path] == nil {
						t.Fatalf("%s: %s leads to %s, and %s does not exist", from, l.attribute, l.url, path)
					}
				}
				if other, _ := s.target(decisionOf(from), l.url); other != to {
					t.Fatalf("%s: %s means %s there and %s as an answer", from, l.url, to, other)
				}
			}
		}
	})
}

// decisionOf is the address under which a document is requested: its own, or
// that of the decision which it answers.
func decisionOf(document string) string {
	dir, name := path.Split(document)
	if first, rest, _ := strings.Cut(name, "."); rest != "xml" {
		return dir + first
	}
	return document
}

// Law: there is no file that nothing leads to, but for the documents that answer
// a number, a fallback, and the first document of each block. Names mean one
// thing: a path is its own URL, and no two files of a component differ in upper
// and lower case alone, which many disks take for the same.
func TestLawNothingIsLeftOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		reached := map[string]bool{}
		for _, n := range s.Manifest.Numbers {
			for _, path := range slices.Concat(answers(n.Answer), answers(n.Fallback), answers(s.Manifest.Fallback)) {
				reached[path] = true
			}
		}
		for _, from := range paths(s.documents) {
			for _, path := range s.follow(from) {
				reached[path] = true
			}
		}
		same := map[string]string{}
		for _, at := range paths(s.Data) {
			folded := directory(at) + strings.ToLower(at)
			if same[folded] != "" {
				t.Fatalf("%s and %s", same[folded], at)
			}
			same[folded] = at
			if name := path.Base(at); !reached[at] && !isFirst(name) {
				t.Fatalf("nothing leads to %s", at)
			}
			if escaped := (&url.URL{Path: at}).EscapedPath(); escaped != at {
				t.Fatalf("the path %s is %s in a URL", at, escaped)
			}
		}
	})
}

// isFirst reports the first document of a block, by its name.
func isFirst(name string) bool {
	stem := strings.TrimSuffix(name, ".xml")
	for _, first := range []string{"menu-1", "entry-1", "ring-1", "enter-1", "voicemail-1", "message-1", "hours-1", "application-1"} {
		if rest, ok := strings.CutPrefix(stem, first); ok && (rest == "" || rest[0] == '-') {
			return true
		}
	}
	return false
}

// Law: a description says of a component what its documents do. The components
// that the exits lead to are those that the documents lead to (a message is said
// where a call comes to it, without a link), each exit's block is where the exit
// says, and every component can be reached from a number.
func TestLawDescriptionsAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		entries := map[string]bool{directory(s.Manifest.Fallback): true}
		for _, n := range s.Manifest.Numbers {
			entries[directory(n.Answer)] = true
			if n.Fallback != "" {
				entries[directory(n.Fallback)] = true
			}
		}
		linked := map[string]map[string]bool{}
		for from := range s.documents {
			for _, to := range s.follow(from) {
				if dir := directory(to); dir != directory(from) && isBlock(dir) {
					if linked[directory(from)] == nil {
						linked[directory(from)] = map[string]bool{}
					}
					linked[directory(from)][dir] = true
				}
			}
		}
		for _, c := range s.Components {
			if diff := cmp.Diff(paths(linked[c.Directory]), s.described(t, c)); diff != "" {
				t.Fatalf("%s (-linked +described)\n%s", c.Directory, diff)
			}
		}
		if lost := without(directories(s.Bundle), s.reached(entries)); len(lost) > 0 {
			t.Fatalf("no number leads to %v", lost)
		}
	})
}

// described lists the components that the exits of a component lead to.
func (s *site) described(t *rapid.T, c bundle.Component) []string {
	list := map[string]bool{}
	for _, b := range c.Blocks {
		for _, e := range b.Exits {
			at := e.Component
			if at == "" {
				at = c.Directory
			}
			if !bundle.Ends(e.To) && !holds(e.To)(s, at) {
				t.Fatalf("%s: the exit %s leads to %s, which is not in %s", b.Address, e.On, e.To, at)
			}
			if atManifest(&b, e) {
				continue
			}
			handed := e.On == "digits" // to an application, which is asked at its own address
			if handed {                // whose results are answers to this block's decision
				list = s.handed(list, c, e)
			} else if isBlock(e.Component) {
				list[e.Component] = true
			}
		}
	}
	return paths(list)
}

// handed adds the components to which the results of the application lead to which an
// exit does.
func (s *site) handed(list map[string]bool, c bundle.Component, handed bundle.Exit) map[string]bool {
	directory := handed.Component
	if directory == "" {
		directory = c.Directory
	}
	for _, b := range s.component(directory).Blocks {
		for _, e := range b.Exits {
			at := e.Component
			if at == "" {
				at = directory
			}
			if e.To != bundle.Hangup && at != c.Directory && isBlock(at) && b.Address == handed.To {
				list[at] = true
			}
		}
	}
	return list
}

// isBlock reports whether a directory belongs to blocks that are led to by a
// link.
func isBlock(dir string) bool {
	kind, _, named := strings.Cut(dir, ".")
	return named && kind != bundle.KindMessage
}
