package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/tester"
)

// simulatedHost is the address under which documents are served that nobody
// serves: names under .example never exist.
const simulatedHost = "https://simulated.example"

// A call is the options of simulate.
type call struct {
	configuration
	number, from, press string
	callees, waiting    []string
	seed                uint64
	asJSON, all         bool
	withheld            bool
}

// simulateCommand calls a number of the configuration, offline.
func (p *program) simulateCommand() *cobra.Command {
	c := call{configuration: configuration{program: p, baseURL: simulatedHost}}
	cmd := &cobra.Command{
		Use:   "simulate [options] [DIR]",
		Short: "Call the bundle, offline",
		Long: "Calls a number of the configuration or the bundle in DIR, or here, and writes what happens.\n" +
			"On a terminal, without -press, you are the caller, and decide what the people do who are rung.\n\n" +
			"What the caller does (-press), step by step:\n" +
			"  1, *, 12#         hears the next question, then presses the keys\n" +
			"  1@2s              presses 1 two seconds after the question began\n" +
			"  silent            lets the next question pass\n" +
			"  wait 10s, at 1m   lets time pass\n" +
			"  hear \"sales\"      waits until something with these words begins\n" +
			"  speak 20s         talks into the next recording\n" +
			"  talk 30s          talks to whoever is connected next\n" +
			"  hangup\n\n" +
			"What people do who are rung (-callee NAME=WHAT): answer, answer:3s,talk:2m, accept:3s, decline:5s,\n" +
			"voicemail:8s, busy, no-answer, fail, and one after the other: busy then answer.\n" +
			"Without -callee, nobody answers.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd.Context(), directoryArgument(args), cmd.Flags().Changed("press"))
		},
	}
	c.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&c.number, "number", "", "call the number `NAME`; the default is main, or the first")
	f.StringVar(&c.from, "from", "+14155550199", "call from the number `NUMBER`")
	f.BoolVar(&c.withheld, "withheld", false, "call without showing a number")
	f.StringVar(&c.press, "press", "", "what the caller does, as `STEPS` separated by commas")
	f.StringArrayVar(&c.callees, "callee", nil, "what a user does who is rung, as `NAME=WHAT`; repeatable")
	f.StringArrayVar(&c.waiting, "waiting", nil, "how many callers wait in a queue already, as `QUEUE=COUNT`; repeatable")
	f.Uint64Var(&c.seed, "seed", 1, "of the identifiers in the call")
	f.BoolVar(&c.asJSON, "json", false, "write the transcript as JSON")
	f.BoolVar(&c.all, "all", false, "show requests and redirects, too")
	return cmd
}

// run plays the call and writes its transcript.
func (c *call) run(ctx context.Context, directory string, scripted bool) error {
	p := c.program
	result, err := c.open(directory)
	if err != nil {
		return err
	}
	m := &result.Bundle.Manifest
	scenario, names, err := c.scenario(result.Bundle, scripted)
	if err != nil {
		return err
	}
	if m.BaseURL != "" {
		scenario.BaseURL = m.BaseURL
	}
	options := simulator.TextOptions{Width: p.width, Names: names, Origin: origins(result), All: c.all}
	if p.keyboard && !scripted && !c.asJSON {
		return p.play(ctx, scenario, options)
	}
	transcripts, err := simulator.Run(ctx, scenario)
	if err != nil {
		return err
	}
	transcript := transcripts[len(transcripts)-1]
	if c.asJSON {
		return writeJSON(p.stdout, transcript)
	}
	_, err = fmt.Fprint(p.stdout, transcript.Text(options))
	return err
}

// scenario is the call as the simulator plays it, and the names of everybody.
func (c *call) scenario(b *bundle.Bundle, scripted bool) (simulator.Scenario, map[string]string, error) {
	m := &b.Manifest
	s := tester.Site{Bundle: b, Handler: located(router.New(b)), BaseURL: simulatedHost}.Scenario()
	s.Seed = c.seed
	names := telephoneNames(b)
	number, err := c.called(m)
	if err != nil {
		return s, nil, err
	}
	if err := c.people(&s, m); err != nil {
		return s, nil, err
	}
	if err := c.queued(&s, m, number); err != nil {
		return s, nil, err
	}
	if c.withheld {
		c.from = simulator.Withheld
	}
	caller := simulator.Call{From: c.from, To: number.PhoneNumber}
	if scripted {
		script, err := simulator.ParseScript(c.press)
		if err != nil {
			return s, nil, fmt.Errorf("-press: %w", err)
		}
		caller.Person = script.Person()
	}
	s.Calls = append(s.Calls, caller)
	return s, names, nil
}

// telephoneNames is how people call the telephones of a bundle.
func telephoneNames(b *bundle.Bundle) map[string]string {
	names := map[string]string{}
	for _, u := range b.Manifest.Users {
		names[u.Address] = cmp.Or(u.Label, u.Name)
	}
	return names
}

// located says in every answer which document it is, so that the transcript can
// name the line of the source: the address of a decision does not tell.
func located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Location", "/"+router.Route(r.URL.Path, r.URL.RawQuery))
		next.ServeHTTP(w, r)
	})
}

// A locatedTransport is located for a server that was deployed to, which need
// not say that of itself.
type locatedTransport struct{ http.RoundTripper }

// RoundTrip adds which document an answer is, if it is one.
func (t locatedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.RoundTripper.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusOK {
		response.Header.Set("Content-Location", "/"+router.Route(r.URL.Path, r.URL.RawQuery))
	}
	return response, err
}

// called is the number that is called.
func (c *call) called(m *bundle.Manifest) (bundle.Number, error) {
	var known []string
	for _, n := range m.Numbers {
		if n.Name == c.number || n.PhoneNumber == c.number || c.number == "" && n.Name == "main" {
			return n, nil
		}
		known = append(known, n.Name)
	}
	if c.number == "" && len(m.Numbers) > 0 {
		return m.Numbers[0], nil
	}
	return bundle.Number{}, fmt.Errorf("there is no number %q; the numbers are %s", c.number, strings.Join(known, ", "))
}

// people reads what the users do who are rung.
func (c *call) people(s *simulator.Scenario, m *bundle.Manifest) error {
	addresses := map[string]string{}
	for _, u := range m.Users {
		addresses[u.Name], addresses[u.Address] = u.Address, u.Address
	}
	for _, callee := range c.callees {
		name, behaviour, _ := strings.Cut(callee, "=")
		address, ok := addresses[name]
		if !ok {
			return fmt.Errorf("-callee: there is no user %q; the users are %s", name, strings.Join(userNames(m), ", "))
		}
		person, err := simulator.ParseCallee(behaviour)
		if err != nil {
			return fmt.Errorf("-callee %s: %w", name, err)
		}
		s.People[address] = person
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

// queued adds the callers who wait in queues already.
func (c *call) queued(s *simulator.Scenario, m *bundle.Manifest, number bundle.Number) error {
	for _, waiting := range c.waiting {
		name, text, _ := strings.Cut(waiting, "=")
		i := slices.IndexFunc(m.Queues, func(q bundle.Queue) bool { return q.Name == name })
		if i < 0 {
			return fmt.Errorf("-waiting: there is no queue %q", name)
		}
		var callers int
		if _, err := fmt.Sscanf(text, "%d", &callers); err != nil || callers < 0 || callers > 5000 {
			return fmt.Errorf("-waiting: write %s=COUNT, with a count of 0 to 5000", name)
		}
		for range callers {
			s.Calls = append(s.Calls, simulator.Call{
				From: "+14155550198", To: number.PhoneNumber,
				TwiML: `<Response><Enqueue waitUrl="">` + m.Queues[i].FriendlyName + `</Enqueue></Response>`,
			})
		}
	}
	return nil
}

// origins finds the line of the source that a document comes from.
func origins(result compiler.Result) func(path string) string {
	files := map[string]*bundle.Origin{}
	for _, f := range result.Bundle.Manifest.Files {
		files["/"+f.Path] = f.Origin
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
