package command

// The commands for what is deployed: releases, rollback, drift, gc and force-unlock.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/sandbox"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// releasesCommand lists what was deployed.
func (p *Program) releasesCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	cmd := &cobra.Command{
		Use:   "releases [options] [DIR]",
		Short: "List what was deployed, and when",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.stored(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			records, err := deploy.ReadRecords(cmd.Context(), s.store)
			if err != nil {
				return err
			}
			return s.list(cmd.Context(), records)
		},
	}
	d.flags(cmd)
	return cmd
}

// list lists the records of the deployment that the configuration is of, or all, and
// says what the store lacks of them.
func (s *site) list(ctx context.Context, records *deploy.Records) error {
	p, owners := s.program, s.owners(records)
	var listed []*deploy.ReleaseRecord
	for _, r := range records.All {
		if slices.Contains(owners, r.Owner()) {
			listed = append(listed, r)
		}
	}
	lacks, err := deploy.FindLacks(ctx, s.store, listed)
	if err != nil {
		return err
	}
	if s.asJSON {
		damaged := []map[string]string{}
		for _, d := range records.Damaged {
			damaged = append(damaged, map[string]string{"key": d.Key, "problem": d.Err.Error()})
		}
		for _, l := range lacks.Problems {
			damaged = append(damaged, map[string]string{"key": l.Address.Name, "problem": l.Text})
		}
		return p.output().JSON(map[string]any{"format_version": "1.0", "releases": append([]*deploy.ReleaseRecord{}, listed...), "damaged": damaged, "unread": lacks.Unread})
	}
	for _, r := range slices.Backward(listed) {
		text := r.Describe()
		if len(owners) > 1 {
			text += "  " + r.Owner().String()
		}
		fmt.Fprintln(p.Stdout, terminal.Lines(text))
	}
	for _, d := range records.Damaged {
		fmt.Fprintf(p.Stderr, "%s %s\n", p.output().Paint(report.Yellow, "Warning:"), terminal.Lines(d.Err.Error()))
	}
	s.warnOfLacks(lacks)
	return nil
}

// warnOfLacks warns of what the store lacks of releases, of which the first are named.
func (s *site) warnOfLacks(lacks *deploy.Lacks) {
	p := s.program
	for _, l := range lacks.Problems[:min(len(lacks.Problems), mostLacks)] {
		fmt.Fprintf(p.Stderr, "%s %s\n", p.output().Paint(report.Yellow, "Warning:"), terminal.Lines(l.Error()))
	}
	if n := len(lacks.Problems) - mostLacks; n > 0 {
		fmt.Fprintf(p.Stderr, "%s %d more objects are missing or damaged; ivrc drift lists them.\n", p.output().Paint(report.Yellow, "Warning:"), n)
	}
	if lacks.Unread > 0 {
		fmt.Fprintf(p.Stderr, "Of %s only the length was compared, because they are many; ivrc drift reads them.\n", report.Count(lacks.Unread, "file"))
	}
}

// mostLacks is how many missing or damaged objects are named.
const mostLacks = 10

// owners lists the deployments in a store that are meant: that of the
// configuration, as far as one was read, and of the account.
func (s *site) owners(records *deploy.Records) []deploy.Owner {
	configured := s.result.Deployment
	base, environment := bundle.CanonicalURL(configured.BaseURL), s.chosen().Name
	for _, o := range records.Owners() {
		if o.Project == configured.Project && o.BaseURL == base && o.Environment == "" {
			o.Environment = environment
			records.Claim(o)
		}
	}
	return slices.DeleteFunc(records.Owners(), func(o deploy.Owner) bool {
		return configured.Project != "" && configured.Project != o.Project || base != "" && base != o.BaseURL ||
			s.target.Account != "" && s.target.Account != o.Account ||
			(configured.Project != "" || environment != "") && environment != o.Environment
	})
}

// owner is the one deployment in a store that is meant.
func (s *site) owner(records *deploy.Records) (deploy.Owner, error) {
	owners := s.owners(records)
	switch {
	case len(owners) == 1:
		return owners[0], nil
	case len(owners) > 1:
		var names []string
		for _, o := range owners {
			names = append(names, o.String())
		}
		return deploy.Owner{}, fmt.Errorf("the store has releases of several deployments: %s. Give -env, or the directory of the configuration and not -store", strings.Join(names, "; "))
	case len(records.Damaged) > 0:
		return deploy.Owner{}, fmt.Errorf("no release is known: %w", records.Damaged[0].Err)
	case len(records.All) > 0 && s.chosen().Name != "":
		var names []string
		for _, o := range records.Owners() {
			names = append(names, o.String())
		}
		return deploy.Owner{}, fmt.Errorf("nothing has been deployed to the environment %q in this account from this store yet. The store has releases of %s", s.chosen().Name, strings.Join(names, "; "))
	case len(records.All) > 0:
		return deploy.Owner{}, errors.New("nothing of this project has been deployed to this account, at this base_url, from this store yet")
	}
	if name := s.chosen().Name; name != "" {
		return deploy.Owner{}, fmt.Errorf("nothing has been deployed to the environment %q from its store yet", name)
	}
	return deploy.Owner{}, errors.New("nothing has been deployed from this store yet")
}

// stored opens only the store, which -store or the configuration names.
func (d *deployment) stored(ctx context.Context, directory string) (*site, error) {
	s := &site{deployment: d, directory: directory}
	configured := ""
	if d.store == "" {
		result, err := d.load(ctx, directory)
		if err != nil {
			return nil, err
		}
		s.result, configured = result, result.Deployment.Store
	}
	return s, s.openStore(ctx, configured)
}

// earlier opens the store and the account for a release that was deployed, which
// pick picks. It needs no configuration, because the record of the release says
// everything. The problems are what the store lacks of the release.
func (d *deployment) earlier(ctx context.Context, directory string, pick func(*deploy.Records, deploy.Owner) (*deploy.ReleaseRecord, error)) (*site, []deploy.Problem, error) {
	s, err := d.stored(ctx, directory)
	if err != nil {
		return nil, nil, err
	}
	records, err := deploy.ReadRecords(ctx, s.store)
	if err != nil {
		return nil, nil, err
	}
	if s.target.Account, err = s.account(); err != nil {
		return nil, nil, err
	}
	owner, err := s.owner(records)
	if err != nil {
		return nil, nil, err
	}
	r, err := pick(records, owner)
	if err != nil {
		return nil, nil, err
	}
	b, problems, err := deploy.LoadRelease(ctx, s.store, r.Release)
	if err != nil {
		return nil, nil, err
	}
	s.result.Bundle = b
	s.target.Project, s.target.Environment, s.target.BaseURL = owner.Project, owner.Environment, owner.BaseURL
	s.target.Adopt, s.target.DecisionsURL, s.target.Others = s.result.Deployment.Adopt, s.result.Deployment.Decisions, s.others()
	return s, problems, s.openReader()
}

// account is the SID of the account that the credentials belong to.
func (s *site) account() (string, error) {
	if s.sandboxFile != "" {
		return sandbox.SID, nil
	}
	credentials, err := twilio.CredentialsFrom(s.twilioEnv)
	return credentials.Account, err
}

// rollbackCommand goes back to an earlier release.
func (p *Program) rollbackCommand() *cobra.Command {
	a := applying{deployment: deployment{configuration: configuration{program: p}}}
	var directory string
	cmd := &cobra.Command{
		Use:   "rollback [options] [RELEASE]",
		Short: "Go back to an earlier release",
		Long:  "Points the numbers at RELEASE, or at the one before. Needs only the store and Twilio:\nwith -store, not even the configuration.",
		Args:  atMostOneNamed("release"),
		RunE: func(cmd *cobra.Command, args []string) error {
			release := ""
			if len(args) > 0 {
				release = args[0]
			}
			if exists(p.path(release)) && release != "" && strings.Trim(release, "0123456789abcdef") != "" {
				return fmt.Errorf("%s is no release but a directory; name one that ivrc releases lists, or none to go back to the one before. For the configuration in a directory, write -config=%s", release, release)
			}
			s, _, err := a.earlier(cmd.Context(), directory, func(r *deploy.Records, o deploy.Owner) (*deploy.ReleaseRecord, error) {
				return r.Earlier(o, release)
			})
			if err != nil {
				return err
			}
			return a.change(cmd.Context(), s, changeRequest{"rollback", "Do you want to go back to this release?", "-auto-approve"})
		},
	}
	a.flags(cmd)
	a.lockFlags(cmd)
	a.massFlag(cmd)
	cmd.Flags().StringVar(&directory, "config", ".", "look up the store in the configuration in `DIR`")
	cmd.Flags().BoolVar(&a.approve, "auto-approve", false, "do not ask")
	cmd.Flags().BoolVar(&a.input, "input", true, "ask on a terminal")
	return cmd
}

// driftCommand checks whether Twilio and the store are as they were left.
func (p *Program) driftCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	cmd := &cobra.Command{
		Use:   "drift [options] [DIR]",
		Short: "Check whether Twilio and the store are as the last release left them",
		Long:  "Compares Twilio and the store with the last release. Exits with 2 if anything has been changed.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, problems, err := d.earlier(cmd.Context(), directoryArgument(args), (*deploy.Records).Latest)
			if err != nil {
				return err
			}
			return s.drift(cmd.Context(), problems)
		},
	}
	d.flags(cmd)
	return cmd
}

// drift compares the account and the store with the bundle of the last release,
// of which the store lacks something already.
func (s *site) drift(ctx context.Context, problems []deploy.Problem) error {
	output := s.program.output()
	plan, live, err := s.plan(ctx, s.result.Bundle)
	var refusal *deploy.RefusedError
	if errors.As(err, &refusal) { // a number is gone, or somebody else's now
		return cmp.Or(output.Gone(refusal.Problems, s.asJSON), errFindings)
	}
	if err != nil {
		return err
	}
	damage, err := live.Inspect(ctx)
	if err != nil {
		return err
	}
	for _, p := range append(problems, damage...) {
		if !slices.Contains(plan.Uploads, p.Address.Name) {
			plan.Warnings = append(plan.Warnings, p.Error())
		}
	}
	plan.FindCalendars(live, s.result.Bundle)
	if s.asJSON {
		err = output.JSON(plan)
	} else {
		err = output.Drift(plan)
	}
	if err == nil && (!plan.Empty() || len(plan.Warnings) > 0) {
		return errFindings
	}
	return err
}

// gcCommand removes what is no longer needed.
func (p *Program) gcCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	var keep int
	var dry bool
	cmd := &cobra.Command{
		Use:   "gc [options] [DIR]",
		Short: "Remove files from the store that are no longer needed",
		Long:  "Removes files that no number and none of the last releases can reach, and that are older\nthan a day.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.open(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			var keys []string
			err = s.locked(cmd.Context(), "gc", func(lock *store.Lock) (err error) {
				keys, err = s.collect(cmd.Context(), lock, keep, dry)
				return err
			})
			if err != nil {
				return err
			}
			return s.collected(keys, dry)
		},
	}
	d.flags(cmd)
	cmd.Flags().IntVar(&keep, "keep", 5, "keep the last `N` releases")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only list the files")
	return cmd
}

// collect removes files that are no longer needed from the store, and lists them.
func (s *site) collect(ctx context.Context, lock *store.Lock, keep int, dry bool) ([]string, error) {
	live, err := deploy.ReadLive(ctx, s.reader, s.store, s.target)
	if err != nil {
		return nil, err
	}
	keys, err := live.Garbage(ctx, keep)
	if err != nil {
		return nil, err
	}
	lacks, err := live.Lacks(ctx, keys)
	if err != nil {
		return nil, err
	}
	s.warnOfLacks(lacks)
	if dry {
		return keys, nil
	}
	for i, key := range keys {
		if i%100 == 0 {
			if err := lock.Check(ctx); err != nil {
				return nil, err
			}
		}
		if err := s.store.Delete(ctx, key); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// collected reports what was removed, or would be.
func (s *site) collected(keys []string, dry bool) error {
	w := s.program.Stdout
	if s.asJSON {
		return s.program.output().JSON(map[string]any{"format_version": "1.0", "dry_run": dry, "files": append([]string{}, keys...)})
	}
	if !dry {
		_, err := fmt.Fprintf(w, "Removed %s.\n", report.Count(len(keys), "file"))
		return err
	}
	for _, key := range keys {
		fmt.Fprintln(w, terminal.OneLine(key))
	}
	return nil
}

// forceUnlockCommand breaks a lock.
func (p *Program) forceUnlockCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	var directory string
	var force bool
	cmd := &cobra.Command{
		Use:   "force-unlock [options] LOCK_ID",
		Short: "Break a deploy lock whose owner is gone",
		Long:  "Breaks the deploy lock with the ID LOCK_ID, which a refused command shows. The lock of a program\nthat has ended frees itself within a minute.",
		Args:  exactly("name the ID of the lock, which a refused command shows", 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.stored(cmd.Context(), directory)
			if err != nil {
				return err
			}
			if !force {
				if err := d.confirmed(cmd.Context(), "Do you really want to break the lock?", "-force", true); err != nil {
					return err
				}
			}
			if err := store.ForceUnlock(cmd.Context(), s.store, args[0], d.chosen().Name); err != nil {
				return err
			}
			if d.asJSON {
				return p.output().JSON(map[string]string{"format_version": "1.0", "lock_id": args[0]})
			}
			fmt.Fprintln(p.Stdout, "The lock is free.")
			return nil
		},
	}
	d.flags(cmd)
	cmd.Flags().StringVar(&directory, "config", ".", "look up the store in the configuration in `DIR`")
	cmd.Flags().BoolVar(&force, "force", false, "do not ask")
	return cmd
}
