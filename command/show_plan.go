package command

// Showing plans: for people on a terminal, for a pull request, and as
// annotations of a pipeline.

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
)

// maxMarkdown is how long a comment on a pull request may be at GitHub.
const maxMarkdown = 65_535

// showPlan writes a plan in the format that was asked for.
func (p *Program) showPlan(format string, plan *deploy.Plan) error {
	switch format {
	case "json":
		_, err := p.Stdout.Write(plan.Save())
		return err
	case "markdown":
		_, err := io.WriteString(p.Stdout, markdownPlan(plan))
		return err
	case "github":
		for _, n := range plan.CallerChanges {
			fmt.Fprintf(p.Stdout, "::notice title=%s::%s\n", annotation(n.Block, true), annotation(n.Text, false))
		}
		fmt.Fprintf(p.Stdout, "::notice title=ivrc plan::%s\n", annotation(planSummary(plan), false))
		return nil
	case "text":
		p.showPlanText(plan)
		return nil
	}
	return fmt.Errorf("there is no format %q; choose text, json, markdown or github", format)
}

// showPlanText writes a plan for people.
func (p *Program) showPlanText(plan *deploy.Plan) {
	out := p.Stdout
	if plan.Empty() {
		fmt.Fprintln(out, p.paint(green, "No changes.")+" Twilio and the store match the configuration.")
		return
	}
	p.showNotices(plan)
	if len(plan.Changes) > 0 {
		fmt.Fprintf(out, "%s\n\n", p.paint(bold, "What changes at Twilio:"))
		for _, c := range plan.Changes {
			p.showChange(c)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, p.paint(bold, planSummary(plan)))
}

// suggestApply says below a plan how to apply it.
func (p *Program) suggestApply(saved savedPlan) {
	if saved.file != "" {
		fmt.Fprintf(p.Stdout, "\nSaved the plan to: %s\n", terminal.Lines(saved.file))
	}
	switch {
	case p.env("IVRC_IN_AUTOMATION") != "": // the pipeline knows
	case saved.file != "":
		fmt.Fprintf(p.Stdout, "\nTo perform exactly these actions, run%s:\n    %s\n", saved.with, terminal.Lines(saved.command))
	case p.Terminal:
		fmt.Fprintln(p.Stdout, "\nWithout -out, apply makes a new plan, which can differ from this one.")
	}
}

// showNotices writes what callers will notice.
func (p *Program) showNotices(plan *deploy.Plan) {
	out := p.Stdout
	fmt.Fprintf(out, "%s\n\n", p.paint(bold, "What callers will notice:"))
	if len(plan.CallerChanges) == 0 {
		fmt.Fprintln(out, "  nothing")
	}
	last := ""
	for _, n := range plan.CallerChanges {
		if n.Block != last {
			fmt.Fprintf(out, "  %s\n", p.paint(bold, terminal.Lines(n.Block)))
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
	fmt.Fprintf(out, "\n  %d of %s: %s\n\n", len(affected), count(len(plan.Numbers), "number"), terminal.Lines(listed(affected, 10)))
}

// listed joins names, the first few of them.
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
	"create": {"+", green, "will be created"},
	"update": {"~", yellow, "will be updated in-place"},
	"adopt":  {"~", yellow, "will be adopted"},
	"let-go": {"~", yellow, "will be let go: its former settings come back"},
	"delete": {"-", red, "will be deleted"},
}

// showChange writes one change.
func (p *Program) showChange(c deploy.PlanChange) {
	s := signs[c.Action]
	fmt.Fprintf(p.Stdout, "  %s\n  %s %s\n", p.paint(bold, "# "+terminal.Lines(c.Address.String())+" "+s.words), p.paint(s.color, s.sign), terminal.Lines(c.Address.String()))
	for _, a := range c.Attributes {
		values := fmt.Sprintf("%q -> %q", terminal.Lines(a.Old), terminal.Lines(a.New))
		if c.Action == "create" {
			values = fmt.Sprintf("%q", terminal.Lines(a.New))
		}
		fmt.Fprintf(p.Stdout, "      %s %-21s = %s\n", p.paint(s.color, s.sign), a.Name, values)
	}
}

// counts counts the changes of a plan as Terraform does.
func counts(plan *deploy.Plan) (added, changed, removed int) {
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

// planSummary is a plan on one line.
func planSummary(plan *deploy.Plan) string {
	added, changed, removed := counts(plan)
	return fmt.Sprintf("Plan: %d to add, %d to change, %d to destroy; %s to upload (%s).",
		added, changed, removed, count(len(plan.Uploads), "file"), size(plan.UploadBytes))
}

// size writes a number of bytes.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// showDrift writes what somebody changed.
func (p *Program) showDrift(plan *deploy.Plan) error {
	if plan.Empty() {
		_, err := fmt.Fprintln(p.Stdout, p.paint(green, "No drift.")+" Twilio and the store are as the last release left them.")
		return err
	}
	fmt.Fprintf(p.Stdout, "%s To put them back, apply again:\n\n", p.paint(yellow, "Objects have changed outside of ivrc."))
	for _, c := range plan.Changes {
		p.showChange(c)
	}
	for _, key := range plan.Uploads {
		fmt.Fprintf(p.Stdout, "  %s %s is missing from the store\n", p.paint(red, "-"), terminal.Lines(key))
	}
	return nil
}

// showGone writes what somebody changed so that apply cannot put it back.
func (p *Program) showGone(problems []deploy.Problem, asJSON bool) error {
	if asJSON {
		if err := writeJSON(p.Stdout, map[string]interface{}{"format_version": deploy.PlanVersion, "problems": problems}); err != nil {
			return err
		}
		return errFindings
	}
	fmt.Fprintf(p.Stdout, "%s Apply cannot put them back:\n\n", p.paint(yellow, "Objects have changed outside of ivrc."))
	for _, problem := range problems {
		fmt.Fprintf(p.Stdout, "  %s %s\n", p.paint(red, "-"), terminal.Lines(problem.Error()))
	}
	return errFindings
}

// markdownPlan writes a plan as a comment for a pull request.
func markdownPlan(plan *deploy.Plan) string {
	var b strings.Builder
	b.WriteString("### Call flow\n\n")
	if plan.Empty() {
		return b.String() + "No changes. Twilio and the store match the configuration.\n"
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
		line += "  - " + escapeMarkdown(terminal.Lines(n.Text)) + "\n"
		if b.Len()+len(line) > maxMarkdown-2000 {
			b.WriteString("- … and more; see the pipeline's log\n")
			break
		}
		b.WriteString(line)
	}
	b.WriteString("\n| number | callers notice |\n|---|---|\n")
	for _, n := range plan.Numbers {
		line := fmt.Sprintf("| %s | %s |\n", strings.TrimSpace(escapeMarkdown(terminal.Lines(n.Name))+" "+n.PhoneNumber), map[bool]string{true: "yes", false: "nothing"}[n.Affected])
		if b.Len()+len(line) > maxMarkdown-500 {
			b.WriteString("| … | |\n")
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// escapeMarkdown keeps text from meaning something in Markdown.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, c := range text {
		if strings.ContainsRune("\\`*_{}[]<>#|!@~&", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
