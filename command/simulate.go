package command

// simulate: a call, offline or to what is served.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
	"github.com/ivrc/ivrc/runtime/tester"
)

// simulatedHost is the base URL of documents that are not served anywhere: names
// under .example never exist.
const simulatedHost = "https://simulated.example"

// A call holds the options of simulate.
type call struct {
	configuration
	number, from, press string
	callees, waiting    []string
	applications        []string
	outcomes            []string
	readings            []string
	at                  string
	seed                uint64
	asJSON, all         bool
	withheld            bool
	sixteenth           int
	fails               bool
	url, voiceURL       string
	method              string
}

// simulateCommand calls a number of the configuration, offline.
func (p *Program) simulateCommand() *cobra.Command {
	c := call{configuration: configuration{program: p, baseURL: simulatedHost, answers: true, errorsOnly: true}}
	cmd := &cobra.Command{
		Use:   "simulate [options] [DIR]",
		Short: "Call the bundle, offline or where it is served",
		Long: "Calls a number of the configuration or the bundle in DIR, or in the current directory, and writes\n" +
			"what happens. On a terminal, without -press, you are the caller, and decide what callees do.\n\n" +
			"What the caller does (-press), step by step:\n" +
			"  1, *, 12#         hears the next question, then presses the keys\n" +
			"  1@2s              presses 1 two seconds after the question began\n" +
			"  101/2s            presses 1, 0, 1 with two seconds between them\n" +
			"  silent            lets the next question pass\n" +
			"  wait 10s, at 1m   lets time pass\n" +
			"  hear \"sales\"      waits until something with these words begins\n" +
			"  speak 20s         talks into the next recording\n" +
			"  mute              lets the next recording pass\n" +
			"  talk 30s          talks to whoever is connected next\n" +
			"  hangup\n\n" +
			"What a callee does (-callee NAME=WHAT): answer, answer:3s,talk:2m, accept:3s, decline:5s,\n" +
			"voicemail:8s, busy, no-answer, fail, and one after the other: busy then answer.\n" +
			"Without -callee, nobody answers.\n\n" +
			"With -url, calls the bundle where it is served. With -voice-url, calls any phone application and\n" +
			"reads no configuration; name users by the addresses that its documents dial. If TWILIO_AUTH_TOKEN is\n" +
			"set in the environment, requests are signed as Twilio signs them.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.voiceURL != "" && len(args) > 0 {
				return fmt.Errorf("-voice-url calls any phone application, and reads no configuration; %q is not expected", args[0])
			}
			return c.run(cmd.Context(), directoryArgument(args), cmd.Flags().Changed("press"))
		},
	}
	c.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&c.number, "number", "", "call the number `NAME`; the default is main, or the first")
	f.StringVar(&c.from, "from", "+14155550199", "call from the number `NUMBER`")
	f.BoolVar(&c.withheld, "withheld", false, "call without showing a number")
	f.BoolVar(&c.fails, "fails", false, "let the document that answers the number be one that cannot be had, so that Twilio asks the fallback")
	f.IntVar(&c.sixteenth, "sixteenth", 0, "be in the part `N` of sixteen, where calls are shared out; the default depends on the seed")
	f.StringVar(&c.at, "at", "", "call at the time `TIME`, such as 2026-12-24T12:01; the default is now")
	f.StringVar(&c.press, "press", "", "what the caller does, as `STEPS` separated by commas")
	f.StringArrayVar(&c.callees, "callee", nil, "what a user does when called, as `NAME=WHAT`; repeatable")
	f.StringArrayVar(&c.waiting, "waiting", nil, "how many callers wait in a queue, as `QUEUE=COUNT` or QUEUE=COUNT@FROM-UNTIL; repeatable")
	applicationFlag(f, &c.applications, "what an application does, as `NAME=WHAT`: a result, fails, or an address where it is served; repeatable")
	outcomeFlag(f, &c.outcomes)
	readingFlag(f, &c.readings)
	f.Uint64Var(&c.seed, "seed", 1, "seed for the identifiers in the call")
	f.BoolVar(&c.asJSON, "json", false, "write the transcript as JSON")
	f.BoolVar(&c.all, "all", false, "also show requests and redirects")
	f.Var(baseURLFlag{&c.url}, "url", "call the bundle that is served at `URL`")
	f.Var(voiceURLFlag{&c.voiceURL}, "voice-url", "call the phone application whose calls begin at `URL`")
	f.StringVar(&c.method, "method", "POST", "how Twilio requests the -voice-url: GET or POST")
	choices(cmd, "method", "GET", "POST")
	cmd.MarkFlagsMutuallyExclusive("url", "voice-url")
	return cmd
}

// A voiceURLFlag is -voice-url.
type voiceURLFlag struct{ url *string }

func (f voiceURLFlag) String() string { return "" }
func (f voiceURLFlag) Type() string   { return "string" }

func (f voiceURLFlag) Set(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("write a URL such as https://calls.example.com/answer")
	}
	*f.url = value
	return nil
}

// run plays the call and writes its transcript.
func (c *call) run(ctx context.Context, directory string, scripted bool) error {
	p := c.program
	others, err := chosenReadings(c.readings)
	if err != nil {
		return err
	}
	scenario, options, err := c.prepare(ctx, directory)
	if err != nil {
		return err
	}
	scenario.Ambiguities = others
	if err := c.dial(&scenario, scripted); err != nil {
		return err
	}
	if p.Keyboard && !scripted && !c.asJSON {
		return p.play(ctx, scenario, options)
	}
	transcripts, err := simulator.Run(ctx, scenario)
	if err != nil {
		return err
	}
	transcript := transcripts[len(transcripts)-1]
	if c.asJSON {
		return p.output().JSON(transcript)
	}
	_, err = fmt.Fprint(p.Stdout, transcript.Text(options))
	return err
}

// dial adds the caller.
func (c *call) dial(s *simulator.Scenario, scripted bool) error {
	if c.withheld {
		c.from = simulator.Withheld
	}
	if c.sixteenth < 0 || c.sixteenth > len(bundle.Sixteenths) {
		return fmt.Errorf("-sixteenth: %d is none of the sixteen parts, which are numbered from 1 to 16", c.sixteenth)
	}
	caller := simulator.Call{From: c.from, To: c.number, Sixteenth: c.sixteenth, Fails: c.fails}
	if scripted {
		press, err := script.Parse(c.press)
		if err != nil {
			return fmt.Errorf("-press: %w", err)
		}
		caller.Person = simulator.Follow(press)
	}
	s.Calls = append(s.Calls, caller)
	return nil
}

// prepare determines where the call is answered, and what everybody but the caller
// does.
func (c *call) prepare(ctx context.Context, directory string) (simulator.Scenario, simulator.TextOptions, error) {
	if c.voiceURL != "" {
		return c.foreign()
	}
	if c.url != "" {
		c.baseURL = c.url
	}
	result, err := c.open(ctx, directory)
	if err != nil {
		return simulator.Scenario{}, simulator.TextOptions{}, err
	}
	site := offline(result.Bundle)
	if c.url != "" {
		site = c.program.deployed(result.Bundle, c.url)
	}
	scenario, err := c.scenario(site)
	return scenario, simulator.TextOptions{
		Width: c.program.Width, Names: telephoneNames(result.Bundle), Origin: origins(result, site), All: c.all, Hidden: result.Secrets,
	}, err
}

// scenario is what everybody does at a site but the caller. It replaces the name
// of the number by the number itself.
func (c *call) scenario(site tester.Site) (simulator.Scenario, error) {
	s, m := site.Scenario(), &site.Bundle.Manifest
	s.Seed = c.seed
	number, err := c.called(m)
	if err != nil {
		return s, err
	}
	if s.Start, err = c.start(site); err != nil {
		return s, err
	}
	c.number = number.PhoneNumber
	if err := c.people(&s, m); err != nil {
		return s, err
	}
	if s.Applications, s.Elsewhere, err = applications(site.Bundle, c.applications); err != nil {
		return s, err
	}
	if s.Elsewhere != nil {
		s.AccountSID, s.AuthToken = c.program.account()
	}
	if s.Outcomes, err = outcomes(c.outcomes); err != nil {
		return s, err
	}
	return s, c.queued(&s, m, number)
}

// start is when the caller calls: at the time that -at says, or now. Who answers
// elsewhere has a clock of its own.
func (c *call) start(site tester.Site) (time.Time, error) {
	switch {
	case c.at == "":
		return time.Now(), nil
	case site.Handler == nil:
		return time.Time{}, errors.New("-at sets the clock of a call that is answered here; the host at -url has a clock of its own")
	}
	at, err := clockTime(site.Bundle, c.at)
	if err != nil {
		return at, fmt.Errorf("-at: %w", err)
	}
	return at, nil
}

// foreign is a phone application of which only the first address is known.
func (c *call) foreign() (simulator.Scenario, simulator.TextOptions, error) {
	p := c.program
	s := simulator.Scenario{
		BaseURL: c.voiceURL, Seed: c.seed, AccountSID: p.env("TWILIO_ACCOUNT_SID"), AuthToken: p.env("TWILIO_AUTH_TOKEN"),
		People: map[string]simulator.Person{},
	}
	options := simulator.TextOptions{Width: p.Width, All: c.all}
	c.number = cmp.Or(c.number, "+14155550100")
	if method := strings.ToUpper(c.method); method != "GET" && method != "POST" {
		return s, options, fmt.Errorf("-method is GET or POST, not %q", c.method)
	}
	s.Numbers = map[string]simulator.Webhooks{c.number: {VoiceURL: c.voiceURL, VoiceMethod: strings.ToUpper(c.method)}}
	if c.at != "" {
		return s, options, errors.New("-at sets the clock of a call that is answered here; another application has a clock of its own")
	}
	if len(c.waiting) > 0 {
		return s, options, errors.New("-waiting fills the queues of a configuration; those of another application are not known")
	}
	for _, callee := range c.callees {
		address, text, _ := strings.Cut(callee, "=")
		does, err := script.ParseCallee(text)
		if err != nil {
			return s, options, fmt.Errorf("-callee %s: %w", address, err)
		}
		s.People[address] = simulator.Respond(does)
	}
	return s, options, nil
}

// telephoneNames returns the names of the telephones of a bundle, by address.
func telephoneNames(b *bundle.Bundle) map[string]string {
	names := map[string]string{}
	for _, u := range b.Manifest.Users {
		names[u.Address] = cmp.Or(u.Label, u.Name)
	}
	return names
}

// located adds to every answer which document it is, so that the transcript can name
// the line of the source. The address of a decision does not say that.
func located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Location", "/"+router.RouteAt(r.URL.Path, r.URL.RawQuery, timeOf(r)))
		next.ServeHTTP(w, r)
	})
}

// timeOf is the time at which a simulated call makes a request.
func timeOf(r *http.Request) time.Time { return fetch.TimeOf(r.Context()) }

// A locatedTransport does the same for the answers of a server, which need not say
// which document they are.
type locatedTransport struct{ http.RoundTripper }

// RoundTrip adds which document an answer is, if it is one.
func (t locatedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.RoundTripper.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusOK {
		response.Header.Set("Content-Location", "/"+router.Route(r.URL.Path, r.URL.RawQuery))
	}
	return response, err
}

// called returns the number that is called.
func (c *call) called(m *bundle.Manifest) (bundle.NumberRow, error) {
	var known []string
	for _, n := range m.Numbers {
		if n.Name == c.number || n.PhoneNumber == c.number || c.number == "" && n.Name == "main" {
			return n, nil
		}
		known = append(known, n.Name)
	}
	switch {
	case len(known) == 0:
		return bundle.NumberRow{}, errors.New("there is no number, so nobody can call")
	case c.number == "":
		return m.Numbers[0], nil
	}
	return bundle.NumberRow{}, fmt.Errorf("there is no number %q; the numbers are %s", c.number, strings.Join(known, ", "))
}

// people reads what callees do.
func (c *call) people(s *simulator.Scenario, m *bundle.Manifest) error {
	addresses := map[string]string{}
	for _, u := range m.Users {
		addresses[u.Name], addresses[u.Address] = u.Address, u.Address
	}
	for _, callee := range c.callees {
		name, text, _ := strings.Cut(callee, "=")
		address, ok := addresses[name]
		if !ok {
			return fmt.Errorf("-callee: there is no user %q; the users are %s", name, strings.Join(userNames(m), ", "))
		}
		does, err := script.ParseCallee(text)
		if err != nil {
			return fmt.Errorf("-callee %s: %w", name, err)
		}
		s.People[address] = simulator.Respond(does)
	}
	return nil
}

func userNames(m *bundle.Manifest) []string {
	names := map[string]bool{}
	for _, u := range m.Users {
		names[u.Name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// queued adds the callers who already wait in queues.
func (c *call) queued(s *simulator.Scenario, m *bundle.Manifest, number bundle.NumberRow) error {
	for _, waiting := range c.waiting {
		w, err := script.ParseWaiting(waiting)
		i := slices.IndexFunc(m.Queues, func(q bundle.QueueRow) bool { return q.Name == w.Queue })
		if i < 0 {
			return fmt.Errorf("-waiting: there is no queue %q", w.Queue)
		}
		if err != nil {
			return fmt.Errorf("-waiting: %w", err)
		}
		w.Queue = m.Queues[i].FriendlyName
		s.Fill(w, number.PhoneNumber)
	}
	return nil
}

// origins returns a function that finds the line of the source that a document of a
// site comes from.
func origins(result compiler.Result, site tester.Site) func(path string) string {
	files := map[string]*bundle.Origin{}
	for _, f := range result.Bundle.Manifest.Files {
		files[site.Base()+f.Path] = f.Origin
	}
	return func(path string) string {
		o := files[path]
		if o == nil {
			return ""
		}
		if place := result.Positions.Of(o); place != "" {
			return place
		}
		return fmt.Sprintf("%s, line %d", o.Block, o.Line)
	}
}

// readingFlag adds -reading, which chooses between the two readings of a point that
// Twilio's documentation leaves open.
func readingFlag(f *pflag.FlagSet, readings *[]string) {
	f.StringArrayVar(readings, "reading", nil, "where Twilio's documentation is silent, assume `NAME=VALUE`, such as silent-recording=action; repeatable")
}

// chosenReadings reads the values of -reading.
func chosenReadings(readings []string) ([]simulator.Ambiguity, error) {
	others, err := simulator.ParseReadings(readings)
	if err != nil {
		return nil, fmt.Errorf("-reading: %w", err)
	}
	return others, nil
}
