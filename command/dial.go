package command

// The command that places a call for a user, and the numbers that it does not
// ring unless it is told to.

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/phone"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// dialCommand places a call for a user.
func (p *Program) dialCommand() *cobra.Command {
	d := deployment{configuration: configuration{program: p}}
	var directory string
	var force bool
	cmd := &cobra.Command{
		Use:   "dial [options] USER NUMBER",
		Short: "Place an outbound call for a user (click to call)",
		Long: "Calls the user's own telephone and, when the user answers, calls NUMBER with the user's outbound\n" +
			"number as caller ID. Numbers that are expensive, or that make no sense, are refused without -force.",
		Args: exactly("name a user and the number to call", 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := d.accountOnly(cmd.Context(), directory)
			if err != nil {
				return err
			}
			call, err := s.outbound(args[0], args[1])
			if err != nil {
				return err
			}
			if r := s.refused(call); r != nil && !force {
				return fmt.Errorf("the number to call is %s: %s. Call it with -force if you mean it", r.Kind, r.Reason)
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
	cmd.Flags().BoolVar(&force, "force", false, "call numbers that are refused otherwise")
	return cmd
}

// accountOnly opens the account for a configuration, without a store.
func (d *deployment) accountOnly(ctx context.Context, directory string) (*site, error) {
	result, err := d.load(ctx, directory)
	if err != nil {
		return nil, err
	}
	d.program.logEnvironment(d.chosen().Name)
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

// A DialRefusal is a kind of number that dial does not ring without -force.
type DialRefusal struct {
	Kind   string // "a premium-rate number"
	Reason string // why, to be read behind "because"
	is     func(outboundNumber) bool
}

// An outboundNumber is the number that a user wants to call.
type outboundNumber struct {
	text       string
	number     phone.ParsedNumber
	known      bool // the text is a number with a country code
	caller     twilio.OutboundCall
	configured []string // the numbers of the configuration
}

// DialRefusals lists the kinds of numbers that dial does not ring without -force.
// The first that a number belongs to is the one that is reported.
func DialRefusals() []DialRefusal { return slices.Clone(dialRefusals) }

// dialRefusals names the ranges by the metadata of libphonenumber, and the global
// country codes by ITU-T E.164, "List of assigned country codes".
var dialRefusals = []DialRefusal{
	{"an emergency number or a short code", "whoever needs help calls it from their own phone, which shows where they are, and Twilio calls full numbers only", outboundNumber.short},
	{"the user's own phone", "it is the phone that rings first, and would be busy", func(n outboundNumber) bool { return n.text == n.caller.User }},
	{"a number of the configuration", "the call would come back into your own call flow", func(n outboundNumber) bool {
		return slices.Contains(n.configured, n.text) || n.text == n.caller.CallerID
	}},
	{"in a satellite or global network", "such a call costs several dollars a minute", func(n outboundNumber) bool { return n.code("870", "878", "881", "882", "883") }},
	{"a premium-rate number", "whoever is called earns from the call, and fraud uses such numbers", func(n outboundNumber) bool { return n.code("979") || n.is(phone.Premium) }},
	{"a shared-cost number", "the call costs more than one to an ordinary number, and often cannot be made from abroad", func(n outboundNumber) bool { return n.code("808") || n.is(phone.SharedCost) }},
	{"a personal number", "it is put through to any phone at the caller's cost, and fraud uses such numbers", func(n outboundNumber) bool { return n.is(phone.Personal) }},
	{"in a range that is not assigned, as far as is known", "nobody would answer, or not the one you mean", outboundNumber.unassigned},
}

// refused returns why a call is not placed without -force, nil if it is.
func (s *site) refused(call twilio.OutboundCall) *DialRefusal {
	n := outboundNumber{text: call.Number, caller: call}
	n.number, n.known = phone.Parse(call.Number) // what is not in E.164 is never called
	for _, row := range s.result.Bundle.Manifest.Numbers {
		n.configured = append(n.configured, row.PhoneNumber)
	}
	for i := range dialRefusals {
		if dialRefusals[i].is(n) {
			return &dialRefusals[i]
		}
	}
	return nil
}

// code reports whether the number begins with one of some country codes.
func (n outboundNumber) code(codes ...string) bool {
	return n.known && slices.Contains(codes, n.number.Code())
}

func (n outboundNumber) is(kind phone.RangeKind) bool { return n.known && n.number.Kind() == kind }

// short reports numbers that are dialled without a country code, or are too short
// to have one: 911, 112, 999, +1911, +44112.
func (n outboundNumber) short() bool {
	digits := strings.TrimPrefix(n.text, "+")
	return strings.Trim(digits, "0123456789*#") == "" && digits != "" && len(digits) < 7
}

// fictional are the numbers 555-0100 to 555-0199 of North America, which are kept
// free for examples.
var fictional = regexp.MustCompile(`^\+1\d{3}55501\d\d$`)

func (n outboundNumber) unassigned() bool {
	return n.is(phone.Unassigned) && !fictional.MatchString(n.text)
}
