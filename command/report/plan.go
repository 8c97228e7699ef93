package report

// Plans: for people on a terminal, for a pull request, and as annotations of a
// pipeline.

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/diagram"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
)

// maxMarkdown is how long a comment on a pull request may be at GitHub.
const maxMarkdown = 65_535

// PlanFormats are the formats of [Output.Plan].
func PlanFormats() []string { return []string{"text", "json", "markdown", "github"} }

// Plan writes a plan in a format.
func (o Output) Plan(format string, plan *deploy.Plan) error {
	switch format {
	case "json":
		_, err := o.Stdout.Write(plan.Save())
		return err
	case "markdown":
		_, err := io.WriteString(o.Stdout, markdownPlan(plan))
		return err
	case "github":
		var findings []Finding
		for _, c := range plan.CallerChanges {
			findings = append(findings, Finding{Level: "notice", Title: c.Block, Text: c.Text})
		}
		for _, text := range cautions(plan) {
			findings = append(findings, Finding{Level: "warning", Title: "ivrc plan" + in(plan), Text: text})
		}
		o.github(append(findings, Finding{Level: "notice", Title: "ivrc plan" + in(plan), Text: planSummary(plan)}))
	default:
		o.PlanText(plan)
	}
	return nil
}

// PlanText writes a plan for people.
func (o Output) PlanText(plan *deploy.Plan) {
	out := o.Stdout
	o.environment(plan)
	if plan.Empty() {
		fmt.Fprintln(out, o.Paint(Green, "No changes.")+" Twilio and the store match the configuration.")
		o.cautions(plan)
		return
	}
	o.callerChanges(plan)
	if len(plan.Changes) > 0 {
		fmt.Fprintf(out, "%s\n\n", o.Paint(Bold, "What changes at Twilio:"))
		for _, c := range plan.Changes {
			o.change(c)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, o.Paint(Bold, planSummary(plan)))
	o.cautions(plan)
}

// environment writes for which environment a plan is, on a first line of its own.
func (o Output) environment(plan *deploy.Plan) {
	if plan.Environment != "" {
		fmt.Fprintf(o.Stdout, "%s\n\n", o.Paint(Bold, "Environment: "+terminal.Lines(plan.Environment)+", at "+terminal.Lines(plan.BaseURL)))
	}
}

// in says in a title for which environment a plan is.
func in(plan *deploy.Plan) string {
	if plan.Environment == "" {
		return ""
	}
	return " -env " + terminal.OneLine(plan.Environment)
}

// cautions lists what the account says of numbers, what a plan could not find out, and why apply would refuse it.
func cautions(plan *deploy.Plan) []string {
	list := slices.Concat(plan.Findings, plan.Warnings)
	if brake := plan.Brake(); brake != "" {
		list = append(list, "apply will refuse this plan: "+brake)
	}
	return list
}

// cautions writes them for people.
func (o Output) cautions(plan *deploy.Plan) {
	for _, text := range cautions(plan) {
		fmt.Fprintf(o.Stdout, "\n%s %s\n", o.Paint(Yellow, "Warning:"), terminal.Lines(text))
	}
}

// callerChanges writes what callers will notice.
func (o Output) callerChanges(plan *deploy.Plan) {
	out := o.Stdout
	fmt.Fprintf(out, "%s\n\n", o.Paint(Bold, "What callers will notice:"))
	if len(plan.CallerChanges) == 0 {
		fmt.Fprintln(out, "  nothing")
	}
	last := ""
	for _, n := range plan.CallerChanges {
		if n.Block != last {
			fmt.Fprintf(out, "  %s\n", o.Paint(Bold, terminal.Lines(n.Block)))
			last = n.Block
		}
		fmt.Fprintf(out, "    %s\n", terminal.Lines(n.Text))
	}
	var affected []string
	for _, n := range plan.Numbers {
		if n.Affected {
			affected = append(affected, cmp.Or(n.Name, n.PhoneNumber))
		}
	}
	fmt.Fprintf(out, "\n  %d of %s: %s\n\n", len(affected), Count(len(plan.Numbers), "number"), terminal.Lines(listed(affected, 10)))
}

// listed joins the first names of a list.
func listed(names []string, most int) string {
	switch {
	case len(names) == 0:
		return "none affected"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// The signs and words of changes, as Terraform's users know them.
var signs = map[string]struct{ sign, color, words string }{
	"create": {"+", Green, "will be created"},
	"update": {"~", Yellow, "will be updated in-place"},
	"adopt":  {"~", Yellow, "will be adopted"},
	"let-go": {"~", Yellow, "will be let go: its former settings come back"},
	"delete": {"-", Red, "will be deleted"},
}

// change writes one change.
func (o Output) change(c deploy.PlanChange) {
	s := signs[c.Action]
	fmt.Fprintf(o.Stdout, "  %s\n  %s %s\n", o.Paint(Bold, "# "+terminal.Lines(c.Address.String())+" "+s.words), o.Paint(s.color, s.sign), terminal.Lines(c.Address.String()))
	for _, a := range c.Attributes {
		values := fmt.Sprintf("%q -> %q", terminal.Lines(a.Old), terminal.Lines(a.New))
		if c.Action == "create" {
			values = fmt.Sprintf("%q", terminal.Lines(a.New))
		}
		fmt.Fprintf(o.Stdout, "      %s %-21s = %s\n", o.Paint(s.color, s.sign), a.Name, values)
	}
}

// Counts counts the changes of a plan as Terraform does: adopting and letting go are
// changes, too.
func Counts(plan *deploy.Plan) (added, changed, removed int) {
	for _, c := range plan.Changes {
		switch c.Action {
		case "create":
			added++
		case "delete":
			removed++
		default:
			changed++
		}
	}
	return added, changed, removed
}

// planSummary sums up a plan on one line.
func planSummary(plan *deploy.Plan) string {
	added, changed, removed := Counts(plan)
	return fmt.Sprintf("Plan: %d to add, %d to change, %d to destroy; %s to upload (%s).",
		added, changed, removed, Count(len(plan.Uploads), "file"), Size(plan.UploadBytes))
}

// Drift writes what somebody changed since the last release.
func (o Output) Drift(plan *deploy.Plan) error {
	o.environment(plan)
	switch {
	case plan.Empty() && len(plan.Warnings) == 0:
		_, err := fmt.Fprintln(o.Stdout, o.Paint(Green, "No drift.")+" Twilio and the store are as the last release left them.")
		o.cautions(plan)
		return err
	case plan.Empty():
		fmt.Fprintln(o.Stdout, o.Paint(Yellow, "Objects have changed outside of ivrc."))
	default:
		fmt.Fprintf(o.Stdout, "%s To put them back, apply again:\n\n", o.Paint(Yellow, "Objects have changed outside of ivrc."))
	}
	for _, c := range plan.Changes {
		o.change(c)
	}
	for _, key := range plan.Uploads {
		what := "missing from the store"
		if slices.Contains(plan.Damaged, key) {
			what = "damaged in the store"
		}
		fmt.Fprintf(o.Stdout, "  %s %s is %s\n", o.Paint(Red, "-"), terminal.Lines(key), what)
	}
	o.cautions(plan)
	return nil
}

// Gone writes the changes of others that apply cannot undo.
func (o Output) Gone(problems []deploy.Problem, asJSON bool) error {
	if asJSON {
		return o.JSON(map[string]any{"format_version": deploy.PlanVersion, "problems": problems})
	}
	fmt.Fprintf(o.Stdout, "%s Apply cannot put them back:\n\n", o.Paint(Yellow, "Objects have changed outside of ivrc."))
	for _, problem := range problems {
		fmt.Fprintf(o.Stdout, "  %s %s\n", o.Paint(Red, "-"), terminal.Lines(problem.Error()))
	}
	return nil
}

// markdownPlan writes a plan as a comment for a pull request.
func markdownPlan(plan *deploy.Plan) string {
	var b strings.Builder
	b.WriteString("### Call flow")
	if plan.Environment != "" {
		b.WriteString(": " + diagram.EscapeMarkdown(terminal.OneLine(plan.Environment)))
	}
	b.WriteString("\n\n")
	caution := func() {
		for _, text := range cautions(plan) {
			fmt.Fprintf(&b, "\n> **Warning:** %s\n", diagram.EscapeMarkdown(terminal.OneLine(text)))
		}
	}
	if plan.Empty() {
		b.WriteString("No changes. Twilio and the store match the configuration.\n")
		caution()
		return b.String()
	}
	fmt.Fprintf(&b, "**%s**\n\n#### What callers will notice\n\n", planSummary(plan))
	if len(plan.CallerChanges) == 0 {
		b.WriteString("Nothing.\n")
	}
	last := ""
	for _, n := range plan.CallerChanges {
		line := ""
		if n.Block != last {
			line = fmt.Sprintf("- `%s`\n", strings.ReplaceAll(terminal.Lines(n.Block), "`", ""))
			last = n.Block
		}
		line += "  - " + diagram.EscapeMarkdown(terminal.Lines(n.Text)) + "\n"
		if b.Len()+len(line) > maxMarkdown-2000 {
			b.WriteString("- … and more; see the pipeline's log\n")
			break
		}
		b.WriteString(line)
	}
	caution()
	b.WriteString("\n| number | callers notice |\n|---|---|\n")
	for _, n := range plan.Numbers {
		line := fmt.Sprintf("| %s | %s |\n", strings.TrimSpace(diagram.EscapeMarkdown(terminal.Lines(n.Name))+" "+n.PhoneNumber), map[bool]string{true: "yes", false: "nothing"}[n.Affected])
		if b.Len()+len(line) > maxMarkdown-500 {
			b.WriteString("| … | |\n")
			break
		}
		b.WriteString(line)
	}
	return b.String()
}
