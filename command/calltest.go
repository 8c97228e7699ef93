package command

// test: call tests, and the walk through every call.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/diagram"
	"github.com/ivrc/ivrc/runtime/disk"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/tester"
)

// A callTesting holds the options of test.
type callTesting struct {
	configuration
	run           string
	readings      []string
	others        []simulator.Ambiguity // that readings choose
	url           string
	applications  []string // that are really asked
	outcomes      []string // of verbs that reach out of a call
	format        string
	asJSON, watch bool
	exhaustive    bool
	coverage      bool
	least         percentage
	graph         string
}

// testCommand runs the call tests beside a configuration.
func (p *Program) testCommand() *cobra.Command {
	t := callTesting{configuration: configuration{program: p, baseURL: simulatedHost, errorsOnly: true}}
	cmd := &cobra.Command{
		Use:   "test [options] [DIR]",
		Short: "Run call tests",
		Long: "Runs the call tests (*.ivrtest.hcl) beside the configuration in DIR, or in the current directory,\n" +
			"and shows where a call departs from its test. Exits with 2 if a test fails.\n\n" +
			"With -exhaustive, walks through every call to the configuration or the bundle in DIR instead, and\n" +
			"reports those that break a law that all calls must keep. This needs no call tests.\n\n" +
			"With -url, calls what is served at that address. If TWILIO_AUTH_TOKEN is set in the environment,\n" +
			"requests are signed as Twilio signs them.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.start(cmd.Context(), directoryArgument(args))
		},
	}
	t.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&t.run, "run", "", "run only tests whose names match the regular expression `REGEXP`")
	f.Var(baseURLFlag{&t.url}, "url", "call the bundle that is served at `URL`")
	applicationFlag(f, &t.applications, "ask an application at a local address, as `NAME=URL`; repeatable")
	outcomeFlag(f, &t.outcomes)
	readingFlag(f, &t.readings)
	formatFlag(cmd, &t.format, "", report.TestFormats())
	f.BoolVar(&t.asJSON, "json", false, "write JSON, as -format=json")
	f.BoolVar(&t.exhaustive, "exhaustive", false, "walk through every call instead")
	f.BoolVar(&t.watch, "watch", false, "run the tests again when a file is saved")
	f.BoolVar(&t.coverage, "coverage", false, "say which exits of the call flow the tests walk")
	f.Var(&t.least, "coverage-min", "exit with 2 if less than `PERCENT` of the exits are walked")
	f.StringVar(&t.graph, "coverage-graph", "", "draw the call flow with what was walked to `FILE`, by its ending: .html, .dot or .mmd")
	return cmd
}

// A percentage is the value of -coverage-min.
type percentage float64

func (p *percentage) String() string { return "" }
func (p *percentage) Type() string   { return "percent" }

func (p *percentage) Set(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(n >= 0 && n <= 100) {
		return errors.New("write a number from 0 to 100")
	}
	*p = percentage(n)
	return nil
}

// start checks the options and runs the tests, once or whenever a file changes.
func (t *callTesting) start(ctx context.Context, directory string) error {
	p := t.program
	t.needed = t.url != "" // what is served was built for one
	if t.asJSON {
		t.format = "json"
	}
	if err := checkFormat(t.format, report.TestFormats()); err != nil {
		return err
	}
	if _, known := coverageGraphs[filepath.Ext(t.graph)]; t.graph != "" && !known {
		return errors.New("-coverage-graph: name a file that ends in .html, .dot or .mmd")
	}
	if t.exhaustive && (t.run != "" || t.coverage || t.least > 0 || t.graph != "") {
		return errors.New("-exhaustive walks through every call and runs no call tests; leave out -run and -coverage")
	}
	if t.exhaustive && len(t.readings) > 0 {
		return errors.New("-exhaustive takes both readings of every point that Twilio leaves open; leave out -reading")
	}
	others, err := chosenReadings(t.readings)
	if err != nil {
		return err
	}
	t.others = others
	wanted, err := regexp.Compile(t.run)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	if !t.exhaustive && isBundle(p.path(directory)) {
		return errors.New("this directory holds a bundle, and call tests are kept beside a configuration. To test what is deployed, give the directory of the configuration and -url")
	}
	if !t.watch {
		return t.once(ctx, directory, wanted)
	}
	watcher, err := p.watcher(directory)
	if err != nil {
		return err
	}
	defer watcher.close()
	context.AfterFunc(ctx, func() { watcher.Close() })
	again := func() {
		var status *exec.ExitError // of a process that has said why
		once := p.again(ctx, onceOnly(p.Args)...)
		once.Dir, once.WaitDelay = p.started, unwinding // what it was writing is not waited for
		release := p.holding()                          // the process, which the end of the context kills
		err := once.Run()
		release()
		if err != nil && ctx.Err() == nil && !(errors.As(err, &status) && status.Exited()) {
			p.fail(err)
		}
		fmt.Fprintln(p.Stderr, "Waiting for a file to change; Ctrl-C ends.")
	}
	again()
	watcher.follow(again)
	return nil
}

// onceOnly are arguments without -watch.
func onceOnly(args []string) []string {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	once := slices.DeleteFunc(slices.Clone(args[:end]), func(arg string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return name == "watch" && strings.HasPrefix(arg, "-")
	})
	return append(once, args[end:]...)
}

// once compiles the configuration and runs its tests, or walks through every call.
func (t *callTesting) once(ctx context.Context, directory string, wanted *regexp.Regexp) error {
	if t.exhaustive {
		return t.exhaust(ctx, directory)
	}
	t.callTests = true
	if t.url != "" {
		t.baseURL = t.url
	}
	result, err := t.load(ctx, directory)
	if err != nil {
		return err
	}
	tests := slices.DeleteFunc(slices.Clone(result.CallTests), func(c calltest.Test) bool { return !wanted.MatchString(c.Name) })
	if len(tests) == 0 {
		return fmt.Errorf("-run: none of %s has a name that matches %q", report.Count(len(result.CallTests), "test"), t.run)
	}
	tests = t.served(tests)
	found, covered, err := t.play(ctx, directory, result, tests)
	if err != nil {
		return err
	}
	found.Skipped = len(result.CallTests) - len(tests)
	if t.coverage || t.least > 0 || t.graph != "" {
		found.Coverage, found.Listed = &covered, t.coverage
	}
	if t.graph != "" {
		if err := t.draw(&result, *found.Coverage); err != nil {
			return err
		}
	}
	if err := found.Write(t.program.output(), t.format); err != nil {
		return err
	}
	if found.Coverage != nil && found.Coverage.Percent() < float64(t.least) {
		fmt.Fprintf(t.program.Stderr, "%s the tests walk %s of the exits, less than %g%%.\n", t.program.output().Paint(report.Red, "Failure!"), report.Percent(*found.Coverage), float64(t.least))
	}
	if found.Failed() > 0 || found.Coverage != nil && found.Coverage.Percent() < float64(t.least) {
		return errFindings
	}
	return nil
}

// served leaves out the tests that set variables where the bundle is served: it has
// the values with which it was built.
func (t *callTesting) served(tests []calltest.Test) []calltest.Test {
	if t.url == "" {
		return tests
	}
	kept := slices.DeleteFunc(slices.Clone(tests), func(c calltest.Test) bool { return c.State > 0 })
	if n := len(tests) - len(kept); n > 0 {
		fmt.Fprintf(t.program.Stderr, "%s set variables, and what is served has the values with which it was built; they are skipped.\n", report.Count(n, "test"))
	}
	return kept
}

// play plays each test in its state of the variables, and returns the results in
// the order of the tests.
func (t *callTesting) play(ctx context.Context, directory string, result compiler.Result, tests []calltest.Test) (report.CallTests, tester.Coverage, error) {
	if played, _, err := applications(result.Bundle, t.applications); err != nil || len(played) > 0 {
		return report.CallTests{}, tester.Coverage{}, cmp.Or(err, errors.New("-application: call tests say what applications answer; give the address of one that is to be asked, such as account=http://127.0.0.1:9000"))
	}
	ends, err := outcomes(t.outcomes)
	if err != nil {
		return report.CallTests{}, tester.Coverage{}, err
	}
	found := report.CallTests{Names: t.names(directory, result, t.site(result)), Results: make([]tester.TestResult, len(tests))}
	var covered tester.Coverage
	for i, state := range append([]compiler.Result{result}, result.States...) {
		var mine []calltest.Test
		var at []int
		for k, c := range tests {
			if c.State == i {
				mine, at = append(mine, c), append(at, k)
			}
		}
		if len(mine) == 0 && i > 0 {
			continue
		}
		site := t.site(state)
		site.Ambiguities = t.others
		site.Outcomes = ends
		results, err := site.Run(ctx, mine)
		if err != nil {
			return found, covered, err
		}
		for k, r := range results {
			found.Results[at[k]] = r
		}
		covered = covered.Merge(tester.Cover(state.Bundle, results))
		names, before := t.names(directory, state, site), found.Names
		found.Origin = func(path string) string { return cmp.Or(before.Origin(path), names.Origin(path)) }
		maps.Copy(found.Telephones, names.Telephones)
	}
	return found, covered, nil
}

// names says how a report on calls names files and telephones.
func (t *callTesting) names(directory string, result compiler.Result, site tester.Site) report.Names {
	return report.Names{
		Directory: filepath.ToSlash(t.program.path(directory)), Origin: origins(result, site), Telephones: telephoneNames(result.Bundle), Hidden: result.Secrets,
	}
}

// exhaust walks through every call.
func (t *callTesting) exhaust(ctx context.Context, directory string) error {
	if t.url != "" {
		t.baseURL = t.url
	}
	result, err := t.open(ctx, directory)
	if err != nil {
		return err
	}
	site, m := t.site(result), &result.Bundle.Manifest
	walked, err := explorer.Explore(ctx, explorer.Survey{
		Handler: site.Handler, Transport: site.Transport, BaseURL: site.BaseURL, Bundle: result.Bundle,
	})
	if err != nil {
		return err
	}
	walk := report.Walk{
		Names: t.names(directory, result, site), Report: walked, Called: map[string]string{}, Users: map[string]string{},
	}
	for _, n := range m.Numbers {
		walk.Called[n.PhoneNumber] = n.Name
	}
	for _, u := range m.Users {
		walk.Users[u.Address] = u.Name
	}
	if err := walk.Write(t.program.output(), t.format); err != nil {
		return err
	}
	if walk.Failed() {
		return errFindings
	}
	return nil
}

// coverageGraphs are the ways to draw what was walked, by the ending of a file.
var coverageGraphs = map[string]func(diagram.TestedExits, *compiler.Result) (string, error){
	".html": func(c diagram.TestedExits, r *compiler.Result) (string, error) {
		return diagram.Page{Tested: &c, Source: r.Positions.Block}.HTML(r.Bundle)
	},
	".dot": func(c diagram.TestedExits, r *compiler.Result) (string, error) { return c.DOT(r.Bundle), nil },
	".mmd": func(c diagram.TestedExits, r *compiler.Result) (string, error) { return c.Mermaid(r.Bundle), nil },
}

// draw draws the call flow with what was walked.
func (t *callTesting) draw(result *compiler.Result, c tester.Coverage) error {
	drawing, err := coverageGraphs[filepath.Ext(t.graph)](diagram.TestedExits{
		Walked: c.Walked,
		Missed: func(address string) []string {
			var missed []string
			i := slices.IndexFunc(c.Blocks, func(b tester.BlockCoverage) bool { return b.Address == address })
			if i < 0 {
				return nil
			}
			for _, e := range c.Blocks[i].Exits {
				if e.Tests == 0 {
					missed = append(missed, e.On)
				}
			}
			return missed
		},
	}, result)
	if err != nil {
		return err
	}
	name := t.program.path(t.graph)
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && info.Size() == int64(len(drawing)) {
		if before, err := disk.Read(name, info.Size()); err == nil && string(before) == drawing {
			return nil // a file that is written in a directory that is watched has changed
		}
	}
	return t.program.write(t.graph, []byte(drawing), disk.Remade)
}

// site is where the calls are answered.
func (t *callTesting) site(result compiler.Result) tester.Site {
	site := offline(result.Bundle)
	if t.url != "" {
		site = t.program.deployed(result.Bundle, t.url)
	}
	if _, site.Elsewhere, _ = applications(result.Bundle, t.applications); site.Elsewhere != nil { // checked before
		site.AccountSID, site.AuthToken = t.program.account()
	}
	return site
}

// offline is a bundle that is answered in this process, under the path of its
// base URL.
func offline(b *bundle.Bundle) tester.Site {
	s := tester.Site{Bundle: b, BaseURL: cmp.Or(b.Manifest.BaseURL, simulatedHost)}
	answers := router.New(b)
	answers.Clock = timeOf
	s.Handler = located(http.StripPrefix(strings.TrimSuffix(s.Base(), "/"), answers))
	return s
}

// deployed is a bundle that is served somewhere. Requests are signed as Twilio
// signs them, if the account's token is known.
func (p *Program) deployed(b *bundle.Bundle, address string) tester.Site {
	sid, token := p.account()
	return tester.Site{
		Bundle: b, BaseURL: address, Transport: locatedTransport{http.DefaultTransport},
		AccountSID: sid, AuthToken: token,
	}
}

// account is the account that requests name, and the token with which they are signed,
// if they are known.
func (p *Program) account() (sid, token string) {
	return p.env("TWILIO_ACCOUNT_SID"), p.env("TWILIO_AUTH_TOKEN")
}
