package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/tester"
)

// A callTesting is the options of test.
type callTesting struct {
	configuration
	run           string
	url           string
	format        string
	asJSON, watch bool
	coverage      bool
	least         percentage
	graph         string
}

// testCommand runs the call tests beside a configuration.
func (p *program) testCommand() *cobra.Command {
	t := callTesting{configuration: configuration{program: p, baseURL: simulatedHost}}
	cmd := &cobra.Command{
		Use:   "test [options] [DIR]",
		Short: "Run call tests",
		Long: "Runs the call tests (*.ivrtest.hcl) beside the configuration in DIR, or here, and says where a\n" +
			"call departs from its test. Exits with 2 if one fails.\n\n" +
			"With -url, what is served at that address is called. Requests are signed as Twilio signs them if\n" +
			"TWILIO_AUTH_TOKEN is set in the environment.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.start(cmd.Context(), directoryArgument(args))
		},
	}
	t.format = "text"
	t.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&t.run, "run", "", "run only tests whose names match the regular expression `REGEXP`")
	f.Var(baseURLFlag{&t.url}, "url", "call the bundle that is served at `URL`")
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
	if t.asJSON {
		t.format = "json"
	}
	if !slices.Contains([]string{"text", "tap", "json", "junit", "github"}, t.format) {
		return fmt.Errorf("there is no format %q; choose text, tap, json, junit or github", t.format)
	}
	wanted, err := regexp.Compile(t.run)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	if isBundle(t.program.path(directory)) {
		return errors.New("call tests stand beside a configuration, and this directory holds a bundle. To test what is deployed, name the directory of the configuration, and -url")
	}
	return t.once(ctx, directory, wanted)
}

// once compiles the configuration and runs its tests.
func (t *callTesting) once(ctx context.Context, directory string, wanted *regexp.Regexp) error {
	if t.url != "" {
		t.baseURL = t.url
	}
	t.callTests = true
	result, err := t.load(directory)
	if err != nil {
		return err
	}
	tests := slices.DeleteFunc(slices.Clone(result.CallTests), func(c calltest.Test) bool { return !wanted.MatchString(c.Name) })
	if len(tests) == 0 {
		return fmt.Errorf("-run: none of %s has a name that matches %q", count(len(result.CallTests), "test"), t.run)
	}
	results, err := t.site(result).Run(ctx, tests)
	if err != nil {
		return err
	}
	report := testReport{
		program: t.program, results: results, skipped: len(result.CallTests) - len(tests),
		directory: filepath.ToSlash(t.program.path(directory)), origin: origins(result), names: telephoneNames(result.Bundle),
	}
	return report.write(t.format)
}

// site is where the calls are answered.
func (t *callTesting) site(result compiler.Result) tester.Site {
	p := t.program
	s := tester.Site{Bundle: result.Bundle, BaseURL: t.baseURL, Handler: located(router.New(result.Bundle))}
	if t.url != "" {
		s.Handler, s.Transport = nil, locatedTransport{http.DefaultTransport}
		s.AccountSID, s.AuthToken = p.env("TWILIO_ACCOUNT_SID"), p.env("TWILIO_AUTH_TOKEN")
	}
	if m := result.Bundle.Manifest; t.url == "" && m.BaseURL != "" {
		s.BaseURL = m.BaseURL
	}
	return s
}

var _ = os.Stdout
