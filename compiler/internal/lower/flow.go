package lower

// The flow: the call graph in terms of documents, before they have addresses.
// Each block that a call can reach is a section; a section holds documents,
// which something redirects to, and decisions, which have a document for every
// answer. A step is the content of one document. Addresses are symbolic until
// the components and their hashes are known:
//
//	flow:menu.main/menu-1.xml     a document of a section
//	flow:menu.main/digits-1~1.2   a decision of a section
//	audio:audio/<hash>.wav        a file of the bundle, by its absolute URL

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A DocumentFlow is every section that a number can reach, in the order in which they
// are found, and the audio that they play.
type DocumentFlow struct {
	sections  []*section
	clips     map[string][]byte // by path below public/
	fallbacks map[*model.InboundNumber]*section
	Made      int // how many documents there are
}

// A section is one block as documents. Where some numbers record and others do
// not, the blocks that both reach have two sections.
type section struct {
	id        string // "menu.main", "menu.main+record" or "menu.main+es-MX"
	address   string // "menu.main"; the directory begins with it
	record    bool   // its calls are recorded, as their numbers say
	speaks    *model.Project
	at        hcl.Range
	documents []document
	decisions []decision
	leads     []*section // where its documents lead, each once
	made      *int       // documents of the whole flow
	block     bundle.Block
	exits     []sectionExit // of block, in the same order
	fallback  string        // of a fallback: the decision which application has failed, "" for none
}

// A sectionExit is an exit of a section and the section that it
// leads to, nil for the end of the call.
type sectionExit struct {
	bundle.Exit
	to *section
}

// A document is one file of a section that is not an answer.
type document struct {
	name string // "menu-2"
	step *step
}

// A decision is one question and its answers.
type decision struct {
	bundle.Decision                  // "digits-1~2.star", without the suffix of the section
	answers         map[string]*step // by the name part of the file: "2", "star", "other", "_"
}

// A step is the content of one document: verbs, and the place they come from.
type step struct {
	verbs []twiml.Verb
	at    hcl.Range
}

// lead notes that the documents of s lead to another section.
func (s *section) lead(to *section) {
	for _, known := range s.leads {
		if known == to {
			return
		}
	}
	s.leads = append(s.leads, to)
}

// link is the symbolic address of a document or decision of the section.
func (s *section) link(name string) string { return "flow:" + s.id + "/" + name }

// document is the symbolic address of a document.
func (s *section) document(name string) string {
	return s.link(bundle.DocumentPath("", name, ""))
}

// answer is the symbolic address of a document that answers a decision, whose name
// has no list.
func (s *section) answer(decision, answer string) string {
	return s.link(bundle.AnswerPath(decision, answer))
}

// add adds a document.
func (s *section) add(name string, st *step) {
	s.documents = append(s.documents, document{name, st})
	*s.made++
}

// decide adds a decision whose answers are all the same but for those given. The
// name has the list of the words that it knows.
func (s *section) decide(name string, otherwise *step, answers map[string]*step) {
	of, _ := bundle.DecisionAt(name)
	d := decision{of, map[string]*step{}}
	for _, answer := range d.Answers() {
		d.answers[answer] = otherwise
		if st, ok := answers[answer]; ok {
			d.answers[answer] = st
		}
	}
	s.decisions = append(s.decisions, d)
	*s.made += len(d.answers)
}

// decideCall adds a decision about a ring or a wait. As decide, but the call ends
// after a conversation, unless it is said what follows. At is the place in the source
// that this comes from.
func (s *section) decideCall(name string, at hcl.Range, otherwise *step, answers map[string]*step) {
	over := &step{[]twiml.Verb{&twiml.Hangup{}}, at}
	of, _ := bundle.DecisionAt(name)
	for _, answer := range of.Answers() {
		if bundle.Talked(answer) && answers[answer] == nil {
			answers[answer] = over
		}
	}
	s.decide(name, otherwise, answers)
}

// size is how many documents the section has.
func (s *section) size() int {
	size := len(s.documents)
	for _, d := range s.decisions {
		size += len(d.answers)
	}
	return size
}

// String is the text form of the flow, for reading and for tests: every section
// with its documents in symbolic TwiML, answers that are alike on one line.
func (f *DocumentFlow) String() string {
	var b strings.Builder
	for _, s := range f.sections {
		fmt.Fprintf(&b, "%s\n", s.id)
		for _, d := range s.documents {
			fmt.Fprintf(&b, "  %s.xml\n%s", d.name, d.step)
		}
		for _, d := range s.decisions {
			for _, group := range d.groups() {
				fmt.Fprintf(&b, "  %s? %s\n%s", d.Path, strings.Join(group, " "), d.answers[group[0]])
			}
		}
	}
	return b.String()
}

// groups lists the answers of a decision, those with the same step together.
func (d *decision) groups() [][]string {
	var groups [][]string
	seen := map[*step]int{}
	for _, answer := range d.Answers() {
		i, ok := seen[d.answers[answer]]
		if !ok {
			i = len(groups)
			seen[d.answers[answer]] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], answer)
	}
	return groups
}

// String is the step's TwiML, indented, without the declaration and the root.
func (s *step) String() string {
	xml := string(twiml.Response{Verbs: s.verbs}.Append(nil, nil))
	var b strings.Builder
	for _, line := range strings.SplitAfter(xml, "\n") {
		if strings.HasPrefix(line, "  ") {
			b.WriteString("  " + line)
		}
	}
	return b.String()
}
