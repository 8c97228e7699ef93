package resolve

// Resolving callers: who is calling, by the beginnings of their numbers.

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// callers are resolved into nodes.
var callers = nodesOf(
	func(c *config.Config) []config.CallersBlock { return c.Callers },
	func(b config.CallersBlock) *model.CallersNode { return &model.CallersNode{Name: b.Name, At: b.Range} },
	(*resolver).callers,
)

// A listing is what the branches of a block list, so that nothing is listed twice.
type listing struct {
	at     map[string]hcl.Range // of each beginning
	labels map[string]hcl.Range
	people int // numbers that are listed as a whole
}

// callers resolves one block.
func (r *resolver) callers(n *model.CallersNode, b config.CallersBlock) {
	r.eval.Require(b.Range, b.Otherwise, "otherwise", "It is where all other callers are led: otherwise = menu.main.")
	n.Withheld, n.Otherwise = r.destination(b.Withheld), r.destination(b.Otherwise)
	l := &listing{map[string]hcl.Range{}, map[string]hcl.Range{}, 0}
	for _, f := range b.From {
		if branch := r.from(f, l); branch != nil {
			n.From = append(n.From, branch)
		}
	}
	if size := len(strings.Join(n.Beginnings(), ".")) + len("."+bundle.WithheldAnswer); size > bundle.LongestList {
		r.diags.Report("IVR470", b.Range, "The lists of this block take %d bytes in the address that Twilio is given, and an address holds %d of them. List fewer: the beginning that numbers have in common in place of each, or other callers in a second callers block to which otherwise leads.", size, bundle.LongestList)
	}
	if l.people > fewPeople {
		r.diags.Report("IVR673", b.Range, "%d whole numbers stand in the address of a document: in the logs of the host, of Twilio and of whatever is between them, where people's numbers may not be kept. List beginnings that many numbers share, or say on the line above why this may be: # ivrc:ignore IVR673 REASON.", l.people)
	}
}

// fewPeople is how many whole numbers may be listed without a warning.
const fewPeople = 5

// from resolves one branch.
func (r *resolver) from(b config.FromBlock, l *listing) *model.CallerBranch {
	if first, twice := l.labels[b.Label]; twice {
		r.diags.Report("IVR109", b.Range, "There is a branch named %q already, at %s. Call tests and plans could not tell them apart; rename one.", b.Label, diagnostic.Place(first))
		return nil
	}
	l.labels[b.Label] = b.Range
	if !config.ValidName(b.Label) || b.Label == "otherwise" || b.Label == bundle.WithheldAnswer {
		r.diags.Report("IVR110", b.Range, "The name %q cannot be used for a branch. Use letters, digits, - and _, at most 64, begin with a letter, and leave withheld and otherwise to the attributes.", b.Label)
	}
	r.eval.Require(b.Range, b.To, "to", "It is where these callers are led.")
	branch := &model.CallerBranch{Label: b.Label}
	if to := r.destination(b.To); to != nil {
		branch.Link = *to
	}
	branch.Language = r.callLanguage(b.Language)
	if b.Prefixes == nil && b.Numbers == nil {
		r.diags.Report("IVR472", b.Range, "This branch lists no caller, so nobody would be led there. Say whose calls they are: prefixes = [\"+1212\"], or numbers = [\"+14155550100\"].")
	}
	for i, a := range []*hcl.Attribute{b.Prefixes, b.Numbers} {
		for _, text := range r.texts(a) {
			if beginning := r.beginning(text, a.Expr.Range(), i == 1); beginning != "" && l.adds(r, beginning, a.Expr.Range(), i == 1) {
				branch.Beginnings = append(branch.Beginnings, beginning)
			}
		}
	}
	slices.Sort(branch.Beginnings)
	return branch
}

// adds adds a beginning, unless one of the branches lists it already.
func (l *listing) adds(r *resolver, beginning string, at hcl.Range, whole bool) bool {
	if first, twice := l.at[beginning]; twice {
		r.diags.Report("IVR472", at, "+%s is listed already, at %s. These callers could be led to one place only; remove it from one list.", beginning, diagnostic.Place(first))
		return false
	}
	l.at[beginning] = at
	if whole {
		l.people++
	}
	return true
}

// beginning is the digits of a whole number, or of the beginning of numbers, "" if it
// is none.
func (r *resolver) beginning(text string, at hcl.Range, whole bool) string {
	digits, plus := strings.CutPrefix(text, "+")
	if whole && !CheckPhone(r.diags, text, at) {
		return ""
	}
	if !plus || digits == "" || len(digits) > bundle.LongestNumber || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		r.diags.Report("IVR405", at, "Callers' numbers begin with + and a country code, and so does a prefix: \"+1212\" for an area, \"+33\" for a country. %q is no beginning of a number.", text)
		return ""
	}
	if d, _ := bundle.DecisionAt(bundle.CallersName); slices.Contains(d.Spellings(bundle.WithheldAnswer), text) {
		r.diags.Report("IVR472", at, "This is how carriers write a number that is withheld, so no caller is known by it. Use withheld.")
		return ""
	}
	return digits
}

// texts is the value of an attribute that expects a list of strings.
func (r *resolver) texts(a *hcl.Attribute) []string {
	value, ok := r.given(a)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	if t := value.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		r.diags.Report("IVR203", at, "A list of strings is expected here, such as [\"+1212\", \"+1646\"], not %s.", config.Describe(value))
		return nil
	}
	var list []string
	for it := value.ElementIterator(); it.Next(); {
		_, element := it.Element()
		text, ok := config.AsText(element)
		if !ok || element.Type() != cty.String {
			r.diags.Report("IVR203", at, "Each element of this list is a string in quotes, such as \"+1212\", not %s.", config.Describe(element))
			return nil
		}
		if !CheckCharacters(r.diags, text, at) {
			return nil
		}
		list = append(list, text)
	}
	return list
}
