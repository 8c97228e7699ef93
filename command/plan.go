package command

// plan, show and apply.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/disk"
	"github.com/ivrc/ivrc/runtime/store"
)

// planCommand shows what apply would do.
func (p *Program) planCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	var out, format string
	var detailed bool
	cmd := &cobra.Command{
		Use:   "plan [options] [DIR]",
		Short: "Show what callers will notice, and what would change",
		Long:  "Compares the configuration in DIR, or in the current directory, with Twilio and the store, and shows\nwhat callers will notice, what will change at Twilio and what will be uploaded. Changes nothing.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if d.asJSON {
				format = "json"
			}
			if err := checkFormat(format, report.PlanFormats()); err != nil {
				return err
			}
			s, err := d.open(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			plan, live, err := s.plan(cmd.Context(), s.result.Bundle)
			if err != nil {
				return err
			}
			s.find(cmd.Context(), plan, live)
			if out != "" {
				if err := p.write(out, plan.Save(), disk.Private); err != nil {
					return fmt.Errorf("the plan cannot be saved: %w", err)
				}
			}
			if err := p.output().Plan(format, plan); err != nil {
				return err
			}
			if format == "text" && !plan.Empty() {
				p.suggestApply(d.saved(directoryArgument(args), out))
			}
			switch {
			case detailed && plan.MassChange:
				return errBraked
			case detailed && !plan.Empty():
				return errFindings
			}
			return nil
		},
	}
	d.flags(cmd)
	d.storeFlag(cmd)
	cmd.Flags().StringVar(&out, "out", "", "save the plan to `FILE`, for apply")
	formatFlag(cmd, &format, planUsage, report.PlanFormats())
	cmd.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit with 0 if there are no changes, 1 on an error, 2 if there are changes, 3 if apply refuses them")
	return cmd
}

// planUsage says what the formats of a plan are for.
const planUsage = "text, json, markdown (for a pull request) or github (annotations)"

// showCommand shows a plan that was saved.
func (p *Program) showCommand() *cobra.Command {
	var format string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show [options] PLAN",
		Short: "Show a saved plan as plan showed it",
		Long:  "Shows a plan that plan -out saved, as plan showed it. Reads the file PLAN and nothing else, so it\ndoes not say whether the plan can still be applied.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one file that plan -out saved. See ivrc show -h")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON {
				format = "json"
			}
			if err := checkFormat(format, report.PlanFormats()); err != nil {
				return err
			}
			plan, err := p.loadPlan(args[0])
			if err != nil {
				return err
			}
			return p.output().Plan(format, plan)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON, as -format=json")
	formatFlag(cmd, &format, planUsage, report.PlanFormats())
	return cmd
}

// loadPlan reads a saved plan.
func (p *Program) loadPlan(file string) (*deploy.Plan, error) {
	data, err := disk.Read(p.path(file), deploy.MaxPlan)
	if err != nil {
		return nil, fmt.Errorf("the plan cannot be read: %w", reason(err))
	}
	return deploy.LoadPlan(data)
}

// A savedPlan is a plan that was saved, and how it is applied from here.
type savedPlan struct{ file, command, with string }

// saved says how to apply a plan that these options made.
func (d *deployment) saved(directory, file string) savedPlan {
	words := []string{"ivrc"}
	if d.program.chdir != "" {
		words = append(words, "-chdir="+d.program.chdir)
	}
	words = append(words, "apply")
	if directory != "." {
		words = append(words, "-config="+directory)
	}
	if d.sandboxFile == defaultSandbox {
		words = append(words, "-sandbox")
	} else if d.sandboxFile != "" {
		words = append(words, "-sandbox="+d.sandboxFile)
	}
	if name := d.chosen().Name; name != "" {
		words = append(words, "-env="+name)
	}
	if d.store != "" {
		words = append(words, "-store="+d.store)
	}
	s := savedPlan{file: file, command: strings.Join(append(words, file), " ")}
	if len(d.assignments) > 0 {
		s.with = " with the same variables"
	}
	return s
}

// suggestApply writes below a plan how to apply it.
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

// An applying holds the options of apply and rollback.
type applying struct {
	deployment
	config               string // the directory of the configuration of a saved plan
	approve, input, mass bool
}

// applyCommand makes Twilio and the store match the configuration.
func (p *Program) applyCommand() *cobra.Command {
	a := applying{deployment: deployment{configuration: configuration{program: p}}}
	cmd := &cobra.Command{
		Use:   "apply [options] [DIR or PLAN]",
		Short: "Make Twilio and the store match the configuration",
		Long: "Uploads what is missing, requests it as Twilio will, and then points the numbers.\n" +
			"With a PLAN that plan -out saved, changes exactly what it lists, or nothing.\n\n" +
			"Never buys, releases or moves a number.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			argument := directoryArgument(args)
			if info, err := os.Stat(p.path(argument)); err == nil && !info.IsDir() {
				return a.applyFile(cmd.Context(), argument)
			}
			if cmd.Flags().Changed("config") {
				return errors.New("-config goes with a saved plan; without one, give the directory alone")
			}
			return a.applyNow(cmd.Context(), argument)
		},
	}
	a.flags(cmd)
	a.lockFlags(cmd)
	cmd.Flags().StringVar(&a.config, "config", ".", "with a PLAN: the configuration in `DIR` that it was made from")
	cmd.Flags().BoolVar(&a.approve, "auto-approve", false, "do not ask")
	cmd.Flags().BoolVar(&a.input, "input", true, "ask on a terminal")
	a.storeFlag(cmd)
	a.massFlag(cmd)
	return cmd
}

// massFlag declares the option that releases the brake.
func (a *applying) massFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.mass, "allow-mass-change", false, "allow more than 30 % of the numbers to be repointed at once, if there are ten or more")
}

// applyNow plans and applies while it holds the lock.
func (a *applying) applyNow(ctx context.Context, directory string) error {
	s, err := a.open(ctx, directory)
	if err != nil {
		return err
	}
	return a.change(ctx, s, changeRequest{"apply", "Do you want to perform these actions?", "-auto-approve, or apply a saved plan"})
}

// A changeRequest is what a command does under the lock, and how it asks first.
type changeRequest struct{ operation, question, option string }

// change shows what will change, asks, and applies it.
func (a *applying) change(ctx context.Context, s *site, r changeRequest) error {
	var plan *deploy.Plan
	err := s.locked(ctx, r.operation, func(lock *store.Lock) (err error) {
		var live *deploy.Live
		if plan, live, err = s.plan(ctx, s.result.Bundle); err != nil {
			return err
		}
		s.find(ctx, plan, live)
		if !a.asJSON {
			a.program.output().PlanText(plan)
		}
		switch {
		case plan.Empty():
			return nil
		case plan.MassChange && !a.mass:
			return &deploy.RefusedError{Reason: plan.Brake()}
		case !a.approve:
			if err := a.confirmed(ctx, r.question, r.option, a.input); err != nil {
				return err
			}
			if live, err = deploy.ReadLive(ctx, s.reader, s.store, s.target); err != nil {
				return err
			}
		}
		return a.perform(ctx, s, lock, plan, live)
	})
	return a.finished(plan, err)
}

// applyFile applies a saved plan.
func (a *applying) applyFile(ctx context.Context, file string) error {
	plan, err := a.program.loadPlan(file)
	if err != nil {
		return err
	}
	if name := a.chosen().Name; name != "" && plan.Environment != name {
		return &deploy.RefusedError{Reason: fmt.Sprintf("the plan was made for %s, and %s names the environment %q", planned(plan), a.chosen().From, name)}
	}
	s, err := a.open(ctx, a.config)
	if err != nil {
		return err
	}
	if err := plan.For(s.target, s.store, s.result.Bundle); err != nil {
		return err
	}
	err = s.locked(ctx, "apply", func(lock *store.Lock) error {
		live, err := deploy.ReadLive(ctx, s.reader, s.store, s.target)
		if err != nil {
			return err
		}
		if plan, err = plan.Again(ctx, live, s.result.Bundle); err != nil {
			return err
		}
		if !a.asJSON {
			a.program.output().PlanText(plan)
		}
		return a.perform(ctx, s, lock, plan, live)
	})
	return a.finished(plan, err)
}

// planned says which environment a plan was made for.
func planned(plan *deploy.Plan) string {
	if plan.Environment == "" {
		return "no environment"
	}
	return fmt.Sprintf("the environment %q", plan.Environment)
}

// perform applies a plan.
func (a *applying) perform(ctx context.Context, s *site, lock *store.Lock, plan *deploy.Plan, live *deploy.Live) error {
	d, err := s.deployer()
	if err != nil {
		return err
	}
	d.AllowMassChange = a.mass
	return d.Apply(ctx, lock, live, plan, s.result.Bundle)
}

// finished reports what was applied, unless that failed.
func (a *applying) finished(plan *deploy.Plan, failed error) error {
	if failed != nil {
		return failed
	}
	added, changed, removed := report.Counts(plan)
	if a.asJSON {
		return a.program.output().JSON(map[string]interface{}{
			"format_version": "1.0", "release": plan.Release, "added": added, "changed": changed, "removed": removed,
			"uploaded": len(plan.Uploads), "uploaded_bytes": plan.UploadBytes,
		})
	}
	if plan.Empty() {
		return nil
	}
	_, err := fmt.Fprintf(a.program.Stdout, "\n%s Release %.12s: %d added, %d changed, %d removed; %s uploaded.\n",
		a.program.output().Paint(report.Green, "Apply complete!"), plan.Release, added, changed, removed, report.Count(len(plan.Uploads), "file"))
	return err
}
