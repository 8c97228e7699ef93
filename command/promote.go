package command

// promote: from one environment to another.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/disk"
)

// A promoting holds the options of promote.
type promoting struct {
	deployment
	from, to, out string
	detailed      bool
}

// promoteCommand plans an environment with what another one runs.
func (p *Program) promoteCommand() *cobra.Command {
	m := promoting{deployment: deployment{configuration: configuration{program: p}}}
	cmd := &cobra.Command{
		Use:   "promote -from NAME -to NAME [options] [DIR]",
		Short: "Plan an environment with what another one runs",
		Long: "Plans the environment of -to with the release that the environment of -from runs, and says which\n" +
			"files differ, and why. Refuses a configuration that is not what is running there. Changes nothing;\n" +
			"save the plan with -out, and apply it with ivrc apply -env.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case m.from == "" || m.to == "":
				return errors.New("name two environments: ivrc promote -from staging -to production")
			case m.from == m.to:
				return fmt.Errorf("-from and -to both name the environment %q", m.from)
			}
			return m.run(cmd.Context(), directoryArgument(args))
		},
	}
	m.variableFlags(cmd)
	m.environmentFlag(cmd, &m.from, "from", "what the environment `NAME` runs")
	m.environmentFlag(cmd, &m.to, "to", "plan the environment `NAME`")
	m.accountFlags(cmd)
	m.storeFlag(cmd)
	cmd.Flags().StringVar(&m.out, "out", "", "save the plan to `FILE`, for apply")
	cmd.Flags().BoolVar(&m.detailed, "detailed-exitcode", false, "exit with 0 if there are no changes, 1 on an error, 2 if there are changes, 3 if apply refuses them")
	return cmd
}

// run plans, and shows the plan.
func (m *promoting) run(ctx context.Context, directory string) error {
	d := m.deployment
	d.environment, d.naming = m.to, "-to"
	s, err := d.open(ctx, directory)
	if err != nil {
		return err
	}
	from, record, err := m.running(ctx, directory)
	if err != nil {
		return err
	}
	plan, live, err := s.plan(ctx, s.result.Bundle)
	if err != nil {
		return err
	}
	s.find(ctx, plan, live)
	if m.out != "" {
		if err := m.program.write(m.out, plan.Save(), disk.Private); err != nil {
			return fmt.Errorf("the plan cannot be saved: %w", err)
		}
	}
	to := deploy.PromotedBundle{Environment: m.to, BaseURL: s.target.BaseURL, Bundle: s.result.Bundle}
	if err := m.show(record, from, to, plan); err != nil {
		return err
	}
	if !m.asJSON && !plan.Empty() {
		m.program.suggestApply(d.saved(directory, m.out))
	}
	switch {
	case m.detailed && plan.MassChange:
		return errBraked
	case m.detailed && !plan.Empty():
		return errFindings
	}
	return nil
}

// running is what the environment runs from which is promoted. A configuration that is
// anything else is refused.
func (m *promoting) running(ctx context.Context, directory string) (deploy.PromotedBundle, *deploy.ReleaseRecord, error) {
	d := m.deployment
	d.environment, d.naming, d.errorsOnly = m.from, "-from", true
	stage := deploy.PromotedBundle{Environment: m.from}
	s, err := d.stored(ctx, directory)
	if err != nil {
		return stage, nil, err
	}
	records, err := deploy.ReadRecords(ctx, s.store)
	if err != nil {
		return stage, nil, err
	}
	owner, err := s.owner(records)
	if err != nil {
		return stage, nil, err
	}
	record, err := records.Latest(owner)
	if err != nil {
		return stage, nil, err
	}
	release, _, err := deploy.LoadRelease(ctx, s.store, record.Release)
	if err != nil {
		return stage, nil, err
	}
	if what := deploy.Undeployed(s.result.Bundle, &release.Manifest); what != "" {
		return stage, nil, &deploy.RefusedError{Reason: fmt.Sprintf("the configuration is not what %s runs, the release %.12s: %s. Check out what was deployed there, or apply this there first", m.from, record.Release, what)}
	}
	stage.BaseURL, stage.Bundle = bundle.CanonicalURL(record.BaseURL), s.result.Bundle
	return stage, record, nil
}

// show shows what is promoted, and the plan.
func (m *promoting) show(record *deploy.ReleaseRecord, from, to deploy.PromotedBundle, plan *deploy.Plan) error {
	differences := deploy.Differences(from, to)
	output, files := m.program.output(), len(to.Bundle.Manifest.Files)
	if m.asJSON {
		return output.JSON(map[string]any{
			"format_version": "1.0", "from": m.from, "to": m.to, "release": record.Release,
			"documents_digest": deploy.DocumentsDigest(&to.Bundle.Manifest), "identical": len(differences) == 0,
			"differences": append([]deploy.BundleDifference{}, differences...), "plan": json.RawMessage(plan.Save()),
		})
	}
	output.PlanText(plan)
	w := m.program.Stdout
	fmt.Fprintf(w, "\nPromotes the release %.12s, which was applied to %s on %s by %s.\n", record.Release, terminal.Lines(m.from), record.At.UTC().Format("2006-01-02 15:04:05"), terminal.Lines(record.Who))
	if len(differences) == 0 {
		_, err := fmt.Fprintf(w, "All %s are the same, with the digest %.12s.\n", report.Count(files, "file"), deploy.DocumentsDigest(&to.Bundle.Manifest))
		return err
	}
	n, width := 0, 0
	for _, d := range differences {
		n, width = n+d.Files, max(width, len(d.Block))
	}
	fmt.Fprintf(w, "%d of %s differ:\n", n, report.Count(files, "file"))
	for _, d := range differences {
		fmt.Fprintf(w, "  %-*s  %s\n", width, terminal.Lines(d.Block), d.Why)
	}
	return nil
}
