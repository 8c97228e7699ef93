package command

// The commands for what is deployed: releases, rollback, drift, gc, force-unlock and
// dial.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// releasesCommand lists what was deployed.
func (p *Program) releasesCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	cmd := &cobra.Command{
		Use:   "releases [options] [DIR]",
		Short: "List what was deployed, and when",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.stored(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			records, err := deploy.Releases(cmd.Context(), s.store)
			if err != nil {
				return err
			}
			if d.asJSON {
				return p.output().JSON(map[string]interface{}{"format_version": "1.0", "releases": records})
			}
			for _, r := range slices.Backward(records) {
				fmt.Fprintln(p.Stdout, terminal.Lines(r.Describe()))
			}
			return nil
		},
	}
	d.flags(cmd)
	return cmd
}

// stored opens only the store, which -store or the configuration names.
func (d *deployment) stored(ctx context.Context, directory string) (*site, error) {
	s := &site{deployment: d, directory: directory}
	configured := ""
	if d.store == "" {
		result, err := d.load(directory)
		if err != nil {
			return nil, err
		}
		s.result, configured = result, result.Deployment.Store
	}
	return s, s.openStore(ctx, configured)
}

// earlier opens the store and the account for an earlier release. It needs no
// configuration, because the record of the release says everything.
func (d *deployment) earlier(ctx context.Context, directory, release string) (*site, error) {
	s, err := d.stored(ctx, directory)
	if err != nil {
		return nil, err
	}
	records, err := deploy.Releases(ctx, s.store)
	if err != nil {
		return nil, err
	}
	r, err := deploy.Earlier(records, release)
	if err != nil {
		return nil, err
	}
	b, err := deploy.LoadRelease(ctx, s.store, r.Release)
	if err != nil {
		return nil, err
	}
	s.result.Bundle = b
	s.target.Project, s.target.BaseURL, s.target.Adopt = r.Project, r.BaseURL, s.result.Deployment.Adopt
	if err := s.openReader(); err != nil {
		return nil, err
	}
	if r.Account != s.target.Account {
		return nil, fmt.Errorf("the release %.12s was deployed to the account %s, but the credentials belong to another one", r.Release, r.Account)
	}
	return s, nil
}

// rollbackCommand goes back to an earlier release.
func (p *Program) rollbackCommand() *cobra.Command {
	a := applying{deployment: deployment{configuration: configuration{program: p}}, mass: true} // to go back is meant
	var directory string
	cmd := &cobra.Command{
		Use:   "rollback [options] [RELEASE]",
		Short: "Go back to an earlier release",
		Long:  "Points the numbers at RELEASE, or at the one before. Needs only the store and Twilio:\nwith -store, not even the configuration.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			release := ""
			if len(args) > 0 {
				release = args[0]
			}
			s, err := a.earlier(cmd.Context(), directory, release)
			if err != nil {
				return err
			}
			return a.change(cmd.Context(), s, changeRequest{"rollback", "Do you want to go back to this release?", "-auto-approve"})
		},
	}
	a.flags(cmd)
	a.lockFlags(cmd)
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
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.latest(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			plan, _, err := s.plan(cmd.Context(), s.result.Bundle)
			var refusal *deploy.RefusedError
			if errors.As(err, &refusal) { // a number is gone, or somebody else's now
				return cmp.Or(p.output().Gone(refusal.Problems, d.asJSON), errFindings)
			}
			if err != nil {
				return err
			}
			if d.asJSON {
				err = p.output().JSON(plan)
			} else {
				err = p.output().Drift(plan)
			}
			if err == nil && !plan.Empty() {
				return errFindings
			}
			return err
		},
	}
	d.flags(cmd)
	return cmd
}

// latest opens the store and the account for the release that is deployed.
func (d *deployment) latest(ctx context.Context, directory string) (*site, error) {
	s, err := d.stored(ctx, directory)
	if err != nil {
		return nil, err
	}
	records, err := deploy.Releases(ctx, s.store)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, errors.New("nothing has been deployed from this store yet")
	}
	return d.earlier(ctx, directory, records[len(records)-1].Release)
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
		Args:  cobra.MaximumNArgs(1),
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
	if err != nil || dry {
		return keys, err
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
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.stored(cmd.Context(), directory)
			if err != nil {
				return err
			}
			if !force {
				if err := d.confirmed("Do you really want to break the lock?", "-force", true); err != nil {
					return err
				}
			}
			if err := store.ForceUnlock(cmd.Context(), s.store, args[0]); err != nil {
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

// dialCommand places a call for a user.
func (p *Program) dialCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	var directory string
	cmd := &cobra.Command{
		Use:   "dial [options] USER NUMBER",
		Short: "Place an outbound call for a user (click to call)",
		Long:  "Calls the user's own telephone and, when the user answers, calls NUMBER with the user's outbound\nnumber as caller ID.",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.accountOnly(directory)
			if err != nil {
				return err
			}
			call, err := s.outbound(args[0], args[1])
			if err != nil {
				return err
			}
			account, err := twilio.OpenClient(s.credentials())
			if err != nil {
				return err
			}
			sid, err := account.Call(cmd.Context(), args[0], call)
			if err != nil {
				return err
			}
			if d.asJSON {
				return p.output().JSON(map[string]string{"format_version": "1.0", "call_sid": sid})
			}
			fmt.Fprintf(p.Stdout, "Ringing %s (%s).\n", args[0], sid)
			return nil
		},
	}
	d.flags(cmd)
	cmd.Flags().StringVar(&directory, "config", ".", "the configuration in `DIR`")
	return cmd
}

// accountOnly opens the account for a configuration, without a store.
func (d *deployment) accountOnly(directory string) (*site, error) {
	result, err := d.load(directory)
	if err != nil {
		return nil, err
	}
	s := &site{deployment: d, directory: directory, result: result}
	return s, s.openReader()
}

// credentials returns the credentials with which the account was opened.
func (s *site) credentials() (twilio.Credentials, twilio.Options) {
	credentials, options, _ := s.access() // succeeded before
	return credentials, options
}

// outbound is the call that a user places.
func (s *site) outbound(name, number string) (twilio.OutboundCall, error) {
	users := s.result.Deployment.Users
	i := slices.IndexFunc(users, func(u compiler.DeployedUser) bool { return u.Name == name })
	if i < 0 {
		var names []string
		for _, u := range users {
			if u.CallerID != "" {
				names = append(names, u.Name)
			}
		}
		return twilio.OutboundCall{}, fmt.Errorf("there is no user %q; users who can place calls are: %s", name, cmp.Or(strings.Join(names, ", "), "none"))
	}
	u := users[i]
	if u.CallerID == "" {
		return twilio.OutboundCall{}, fmt.Errorf("the user %q has no number to call from; add outbound { number = \"+1…\" } to the user block", name)
	}
	call := twilio.OutboundCall{User: u.Address, CallerID: u.CallerID, Number: number}
	if u.Record {
		call.Record = "record-from-answer-dual"
	}
	return call, nil
}
