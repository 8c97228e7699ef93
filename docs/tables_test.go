package docs

// The parts of the documents that are made from code. Between the two marks
//
//	<!-- generated: limits -->
//	<!-- end -->
//
// stands what the maker of that name writes, and nothing else. Makers that
// need the compiler's own tables read its source; see source_test.go.

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/router/host"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// makers write the generated parts by name. A maker's argument stands behind its
// name: "options build".
var makers = map[string]func(t *testing.T, argument string) string{
	"call-words":    makeCallWords,
	"commands":      makeCommands,
	"decisions":     makeDecisions,
	"deviations":    makeDeviations,
	"dial-refusals": makeDialRefusals,
	"findings":      makeFindings,
	"input-limits":  makeInputLimits,
	"kinds":         makeKinds,
	"languages":     makeLanguages,
	"laws":          makeLaws,
	"limits":        makeLimits,
	"metrics":       makeMetrics,
	"mermaid":       makeMermaid,
	"options":       makeOptions,
	"ambiguities":   makeAmbiguities,
	"rules":         makeRules,
	"stock":         makeStock,
	"texts":         makeTexts,
	"walk-laws":     makeWalkLaws,
	"withheld":      makeWithheld,
	"own-addresses": makeOwnAddresses,
}

// What is made from code is what the code makes now.
func TestDocsTables(t *testing.T) {
	for _, p := range pages(t) {
		changed := false
		for i := 0; i < len(p.lines); i++ {
			match := directiveForm.FindStringSubmatch(p.lines[i])
			if match == nil || match[1] != "generated" {
				continue
			}
			end := slices.Index(p.lines[i:], "<!-- end -->")
			name, argument, _ := strings.Cut(match[2], " ")
			if end < 0 || makers[name] == nil {
				t.Errorf("%s: nothing makes %q, or its end is not marked", p.at(i), name)
				continue
			}
			want := append([]string{""}, strings.Split(strings.TrimSpace(makers[name](t, argument)), "\n")...)
			want = append(want, "")
			switch difference := cmp.Diff(want, p.lines[i+1:i+end]); {
			case difference == "":
			case *update:
				p.lines = slices.Replace(p.lines, i+1, i+end, want...)
				changed = true
			default:
				t.Errorf("%s: %q is not what the code makes; run make docs (-code +page):\n%s", p.at(i), match[2], difference)
			}
		}
		if changed {
			p.save(t)
		}
	}
}

// markdown writes a Markdown table.
func markdown(header string, rows ...[]string) string {
	columns := strings.Split(header, "|")
	var b strings.Builder
	row := func(cells []string) {
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(cells[i]), "|", `\|`)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	row(columns)
	b.WriteString(strings.Repeat("|---", len(columns)) + "|\n")
	for _, cells := range rows {
		row(cells)
	}
	return b.String()
}

// code writes texts as code, each by itself.
func code(texts ...string) string {
	return "`" + strings.Join(texts, "`, `") + "`"
}

// makeDeviations lists what a host answers otherwise than ivrc serve.
func makeDeviations(t *testing.T, name string) string {
	h, ok := host.Find(name)
	if !ok {
		t.Errorf("there is no host %q", name)
	}
	var rows [][]string
	for _, d := range h.Deviations() {
		rows = append(rows, []string{d.Case, d.Answer, d.Why})
	}
	return markdown("request|answer|why", rows...)
}

// Every host has a page that names its deviations, and the table of hosts leads
// to it.
func TestEveryHostHasAPage(t *testing.T) {
	table := strings.Join(readPage(t, "docs/hosting.md").lines, "\n")
	for _, h := range host.All() {
		page := strings.Join(readPage(t, "docs/hosts/"+h.Name+".md").lines, "\n")
		if !strings.Contains(page, "<!-- generated: deviations "+h.Name+" -->") {
			t.Errorf("docs/hosts/%s.md does not list what the host does otherwise", h.Name)
		}
		if !strings.Contains(table, "](hosts/"+h.Name+".md)") {
			t.Errorf("docs/hosting.md does not lead to the page of %s", h.Name)
		}
	}
}

func makeDecisions(t *testing.T, _ string) string {
	var rows [][]string
	for _, kind := range bundle.DecisionKinds() {
		var values []string
		switch {
		case kind.Own == nil:
		case kind.Own.Before != "":
			values = append(values, "a value that this expression matches holds its word: `^"+strings.ReplaceAll(kind.Own.Before+"("+kind.Own.Word+")"+kind.Own.After, "|", "\\|")+"$`")
		default:
			values = append(values, "a value that is "+code(kind.Own.Word)+" means itself")
		}
		for _, v := range kind.Values {
			switch {
			case v.Word == bundle.DocumentAnswer:
				values = append(values, "the address of a document, a decision or audio of a bundle (below) → "+code(v.Word))
			case kind.Name == "from":
				values = append(values, "a withheld number (below) → "+code(v.Word))
			case slices.Equal(v.Spellings, []string{v.Word}):
				values = append(values, code(v.Word))
			default:
				values = append(values, code(v.Spellings...)+" → "+code(v.Word))
			}
		}
		if kind.Last {
			values = append(values, "letters and digits mean the last of them, if it is "+code("0")+" to "+code("9")+" or "+code("a")+" to "+code("f"))
		}
		if len(kind.Signs) > 0 {
			values = append(values, fmt.Sprintf("up to %d digits behind %s → the longest word that they begin with", bundle.LongestNumber, code(kind.Signs...)))
		}
		if u := kind.Unless; u != nil {
			values = append(values, fmt.Sprintf("%s together with %s → %s", code(u.Is), code(u.Parameter+"="+u.Equals), code(u.Then)))
		}
		if kind.Clock {
			rows = append(rows, []string{code(kind.Name), "–", "[the clock](#the-clock)", "a table in the address, which it must have", "–", "–"})
			continue
		}
		list := code(kind.Words...)
		if kind.Listed {
			list = "in the address; without one, " + list
		}
		rows = append(rows, []string{code(kind.Name), code(kind.Parameter), strings.Join(values, "; "), list, code(kind.Missing), code(kind.Unlisted)})
	}
	return markdown("kind|parameter|what a value means|the list|no value|any other value", rows...)
}

func makeDialRefusals(t *testing.T, _ string) string {
	var rows [][]string
	for _, r := range command.DialRefusals() {
		rows = append(rows, []string{r.Kind, r.Reason})
	}
	return markdown("not called without `-force`|because", rows...)
}

func makeWithheld(t *testing.T, _ string) string {
	d, _ := bundle.DecisionAt("from")
	return code(d.Spellings(bundle.WithheldAnswer)...) + ", and everything that this expression matches:\n\n```\n" + d.Values[0].Pattern.String() + "\n```"
}

func makeOwnAddresses(t *testing.T, _ string) string {
	d, _ := bundle.DecisionAt(bundle.FailureName)
	return "```\n" + d.Values[0].Pattern.String() + "\n```"
}

func makeAmbiguities(t *testing.T, _ string) string {
	var rows [][]string
	for _, a := range simulator.Ambiguities() {
		rows = append(rows, []string{code(string(a.Ambiguity)), a.Point, code(a.Usual.Value) + ": " + a.Usual.Means, code(a.Other.Value) + ": " + a.Other.Means, linked(a.Source)})
	}
	return markdown("reading|what Twilio leaves open|assumed|otherwise|open on", rows...)
}

func makeLimits(t *testing.T, _ string) string {
	var rows [][]string
	for _, l := range compiler.Limits() {
		text := func(n int) string { return report.Grouped(int64(n)) }
		if l.Duration {
			text = func(n int) string { return shortDuration(time.Duration(n) * time.Second) }
		}
		rows = append(rows, []string{l.Name, text(l.Min), text(l.Max[0]), text(l.Max[1]), code(l.Code), l.Reason})
	}
	return markdown("limit|at least|at most, `phonebridge`|at most, `twilio`|code|why", rows...)
}

func makeFindings(t *testing.T, _ string) string {
	var rows [][]string
	for _, f := range compiler.LintRules() {
		when := f.When
		if f.Threshold > 0 {
			text := report.Grouped(int64(f.Threshold))
			if f.Duration {
				text = shortDuration(time.Duration(f.Threshold) * time.Second)
			}
			when = fmt.Sprintf(when, text)
		}
		rows = append(rows, []string{fmt.Sprintf("[`%s`](diagnostics.md#%s)", f.Code, strings.ToLower(f.Code)), when, f.Reason})
	}
	return markdown("code|found when|why", rows...)
}

// shortDuration writes a length of time as the language does: "20s", "4h".
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// makeMermaid draws an example.
func makeMermaid(t *testing.T, example string) string {
	var output bytes.Buffer
	p := &command.Program{Args: []string{"graph", "-format=mermaid", example}, Stdout: &output, Stderr: &output, Width: 80}
	if code := p.Run(t.Context()); code != command.ExitSuccess {
		t.Errorf("graph ends with %d: %s", code, output.String())
	}
	return "```mermaid\n" + output.String() + "```"
}

// makeCallWords lists the words of call tests with a role.
func makeCallWords(t *testing.T, role string) string {
	var rows [][]string
	for _, w := range compiler.CallWords() {
		if w.Role() != role {
			continue
		}
		var parameters []string
		for _, p := range w.Parameters {
			if p.Optional {
				p.Name = "[" + p.Name + "]"
			}
			parameters = append(parameters, p.Name)
		}
		rows = append(rows, []string{code(w.Name + "(" + strings.Join(parameters, ", ") + ")"), w.Means})
	}
	return markdown("word|", rows...)
}

// commands are the commands of the program, as people list them.
func commands() []*cobra.Command {
	p := &command.Program{}
	root := p.Command()
	root.InitDefaultHelpCmd()
	return slices.DeleteFunc(slices.Clone(root.Commands()), func(c *cobra.Command) bool { return c.Hidden })
}

func makeCommands(t *testing.T, _ string) string {
	var rows [][]string
	for _, c := range commands() {
		name := c.Name()
		if !slices.Contains([]string{"help", "completion"}, name) {
			name = fmt.Sprintf("[%s](#ivrc-%s)", name, name)
		}
		rows = append(rows, []string{name, c.Short})
	}
	return markdown("command|", rows...)
}

// Every command has a section with its options, and what is said not to exist
// does not.
func TestDocsCommands(t *testing.T) {
	text := strings.Join(readPage(t, "docs/cli.md").lines, "\n")
	exists := map[string]bool{}
	for _, c := range commands() {
		exists[c.Name()] = true
		if c.HasAvailableFlags() && !c.HasAvailableSubCommands() && !strings.Contains(text, "\n## ivrc "+c.Name()+"\n") {
			t.Errorf("docs/cli.md has no section about ivrc %s", c.Name())
		}
		if c.LocalNonPersistentFlags().HasAvailableFlags() && !strings.Contains(text, "<!-- generated: options "+c.Name()+" -->") {
			t.Errorf("docs/cli.md does not list the options of ivrc %s", c.Name())
		}
	}
	for _, p := range pages(t) {
		p.prose(func(i int, line string) {
			for _, denial := range denialForm.FindAllString(line, -1) {
				for _, match := range commandForm.FindAllStringSubmatch(denial, -1) {
					if exists[match[1]] {
						t.Errorf("%s: there is an %s", p.at(i), match[0])
					}
				}
			}
		})
	}
}

var (
	denialForm  = regexp.MustCompile("(?i)no `ivrc [^.:;]*")
	commandForm = regexp.MustCompile("`ivrc (\\w+)`")
)

// makeOptions lists the options of a command, as its help does.
func makeOptions(t *testing.T, name string) string {
	p := &command.Program{}
	root := p.Command()
	flags := root.PersistentFlags()
	if name != "" {
		found, _, err := root.Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		flags = found.LocalNonPersistentFlags()
	}
	var rows [][]string
	flags.VisitAll(func(f *pflag.Flag) {
		argument, usage := pflag.UnquoteUsage(f)
		text := "-" + f.Name
		if f.Value.Type() != "bool" {
			text += "=" + strings.ToUpper(argument)
		}
		if f.Shorthand != "" {
			text = "-" + f.Shorthand + " " + strings.ToUpper(argument) + "`, `" + text
		}
		value := f.DefValue
		if value == "false" || value == "[]" {
			value = ""
		}
		if value != "" {
			value = code(value)
		}
		rows = append(rows, []string{code(text), usage, value})
	})
	return markdown("option||default", rows...)
}

// The steps and the behaviours that the page on the simulator explains are all
// that there are, and are understood.
func TestDocsScripts(t *testing.T) {
	sections := readPage(t, "docs/simulator.md").sections()
	kinds := map[script.ActionKind]bool{}
	for _, step := range sections["What the caller does"] {
		actions, err := script.Parse(step)
		if err != nil {
			t.Errorf("docs/simulator.md: %s: %v", step, err)
			continue
		}
		kinds[actions[0].Do] = true
	}
	if all := constants(t, "compiler/script/script.go", "ActionKind"); len(kinds) != len(all) {
		t.Errorf("docs/simulator.md explains %d steps of %d", len(kinds), len(all))
	}
	if len(sections["What callees do"]) == 0 {
		t.Error("docs/simulator.md explains nothing that callees do")
	}
	for _, callee := range sections["What callees do"] {
		if _, err := script.ParseCallee(callee); err != nil {
			t.Errorf("docs/simulator.md: %s: %v", callee, err)
		}
	}
}

// makeWalkLaws is the table of what a walk through every call is held to.
func makeWalkLaws(t *testing.T, _ string) string {
	var rows [][]string
	for _, d := range explorer.Laws() {
		rows = append(rows, []string{code(string(d.Law)), d.Text})
	}
	return markdown("law|it demands that", rows...)
}
