package command

// Calls that users place.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/runtime/twilio"
)

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
