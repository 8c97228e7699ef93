package command

// Configurations: the options by which commands find one, and how it is compiled.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/disk"
)

// A configuration holds the options by which a command finds and compiles a
// configuration.
type configuration struct {
	program     *Program
	assignments []compiler.Assignment
	baseURL     string
	callTests   bool   // compile the call tests, too
	errorsOnly  bool   // warnings are for validate, and those who build and deploy
	answers     bool   // the command answers decisions itself, whatever the hosting block says
	environment string // that was named
	naming      string // the option that named it, if not -env
	needed      bool   // the command reads or changes what is deployed, so an environment has to be named
	everywhere  bool   // the command checks every environment, if none is named
}

// flags declares the options.
func (c *configuration) flags(cmd *cobra.Command) {
	c.variableFlags(cmd)
	c.environmentFlag(cmd, &c.environment, "env", "work in the environment `NAME`, as with the environment variable IVRC_ENV")
}

// variableFlags declares the options that set variables.
func (c *configuration) variableFlags(cmd *cobra.Command) {
	cmd.Flags().Var(variableFlag{c, false}, "var", "set the variable NAME to VALUE, as `NAME=VALUE`; repeatable")
	cmd.Flags().Var(variableFlag{c, true}, "var-file", "set the variables that `FILE` names; repeatable")
}

// environmentFlag declares an option that names an environment.
func (c *configuration) environmentFlag(cmd *cobra.Command, value *string, name, usage string) {
	cmd.Flags().StringVar(value, name, "", usage)
	// It fails only for a flag that does not exist, which the tests would show.
	_ = cmd.RegisterFlagCompletionFunc(name, c.completeEnvironment)
}

// chosen is the environment that is named.
func (c *configuration) chosen() compiler.Choice {
	if c.environment != "" {
		return compiler.Choice{Name: c.environment, From: cmp.Or(c.naming, "-env"), Needed: c.needed}
	}
	return compiler.Choice{Name: c.program.env("IVRC_ENV"), From: "IVRC_ENV", Needed: c.needed}
}

// completeEnvironment completes the name of an environment of the configuration.
func (c *configuration) completeEnvironment(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	directory := directoryArgument(args)
	if config := cmd.Flags().Lookup("config"); config != nil {
		directory = config.Value.String()
	}
	return compiler.EnvironmentNames(os.DirFS(c.program.path(directory))), cobra.ShellCompDirectiveNoFileComp
}

// A baseURLFlag is -base-url.
type baseURLFlag struct{ url *string }

func (f baseURLFlag) String() string { return "" }
func (f baseURLFlag) Type() string   { return "string" }

func (f baseURLFlag) Set(value string) error {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("write a URL such as https://calls.example.com")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Contains(u.EscapedPath(), "%"):
		return errors.New("write a host and, where needed, a plain path; no credentials, query, fragment or escaped character")
	case u.Scheme != "https" && !net.ParseIP(u.Hostname()).IsLoopback() && u.Hostname() != "localhost":
		return errors.New("write https://, because Twilio may refuse anything else and the call would fail")
	}
	*f.url = value
	return nil
}

// A variableFlag is -var or -var-file. They share one list, because the later
// one wins.
type variableFlag struct {
	configuration *configuration
	file          bool
}

func (f variableFlag) String() string { return "" }
func (f variableFlag) Type() string   { return "string" }

func (f variableFlag) Set(value string) error {
	c := f.configuration
	if f.file {
		if value == "" {
			return errors.New("write -var-file FILE")
		}
		c.assignments = append(c.assignments, compiler.Assignment{File: value}) // read when all flags are known, -chdir among them
		return nil
	}
	name, text, ok := strings.Cut(value, "=")
	if !ok || name == "" {
		return errors.New("write -var NAME=VALUE")
	}
	c.assignments = append(c.assignments, compiler.Assignment{Name: name, Text: text})
	return nil
}

// compile compiles the configuration in a directory, under the ceiling. It returns as
// soon as the context ends.
func (c *configuration) compile(ctx context.Context, directory string) (compiler.Result, hcl.Diagnostics, error) {
	root, err := os.OpenRoot(c.program.path(directory))
	if err != nil {
		return compiler.Result{}, nil, fmt.Errorf("the directory %s cannot be read: %w", directory, reason(err))
	}
	defer root.Close()
	if err := c.readFiles(); err != nil {
		return compiler.Result{}, nil, err
	}
	size := sourceSize(root.FS())
	collectLate(size)
	limit, err := c.program.ceilingFor(size)
	if err != nil {
		return compiler.Result{}, nil, err
	}
	files, listed := c.program.recording(root.FS())
	defer listed()
	result, diags, err := limit.compile(ctx, compiler.Input{
		Files:   files,
		BaseURL: c.baseURL,
		Answers: c.answers,
		Version: version(),

		CallTests:  c.callTests,
		Everywhere: c.everywhere,
		Variables: compiler.Assignments{
			Environment: c.program.variables(),
			CommandLine: c.assignments,
			Choice:      c.chosen(),
		},
	})
	c.program.doors.hide(result.Secrets)
	c.locate(directory, &result, diags)
	return result, diags, err
}

// locate names the files of a configuration relative to where the program was
// started, so that editors, pipelines and readers can follow the path.
func (c *configuration) locate(directory string, result *compiler.Result, diags hcl.Diagnostics) {
	reached := func(name string) string {
		given := slices.ContainsFunc(c.assignments, func(a compiler.Assignment) bool { return a.File == name })
		if !given {
			name = filepath.Join(directory, name)
		}
		return filepath.ToSlash(c.program.path(name))
	}
	sources := make(map[string][]byte, len(result.Sources))
	for name, text := range result.Sources {
		sources[reached(name)] = text
	}
	result.Sources = sources
	for i, d := range diags {
		diags[i] = compiler.Located(d, reached)
	}
}

// readFiles reads the files of -var-file.
func (c *configuration) readFiles() error {
	for i, a := range c.assignments {
		if a.File == "" {
			continue
		}
		content, err := disk.Read(c.program.path(a.File), compiler.MaxFile)
		if err != nil {
			return fmt.Errorf("-var-file: %s cannot be read: %w", a.File, reason(err))
		}
		c.assignments[i].Content = content
	}
	return nil
}

// load compiles a configuration and shows what is wrong with it.
func (c *configuration) load(ctx context.Context, directory string) (compiler.Result, error) {
	result, diags, err := c.compile(ctx, directory)
	if err != nil {
		return result, err
	}
	shown := diags
	if c.errorsOnly {
		shown = slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool { return d.Severity == hcl.DiagWarning })
	}
	c.program.output().Diagnose(shown, result.Sources)
	if diags.HasErrors() {
		return result, &report.InvalidError{Diagnostics: diags}
	}
	return result, nil
}

// open loads a configuration, or a bundle that was built before.
func (c *configuration) open(ctx context.Context, directory string) (compiler.Result, error) {
	if !isBundle(c.program.path(directory)) {
		return c.load(ctx, directory)
	}
	root, err := os.OpenRoot(c.program.path(directory))
	if err != nil {
		return compiler.Result{}, err
	}
	defer root.Close()
	b, err := bundle.Read(root.FS())
	if err != nil {
		return compiler.Result{}, fmt.Errorf("the bundle in %s is damaged: %w", directory, err)
	}
	return compiler.Result{Bundle: b}, nil
}

// isBundle reports whether a directory holds a bundle.
func isBundle(directory string) bool {
	_, err := os.Stat(filepath.Join(directory, "private", "bundle.json"))
	return err == nil
}

// variables are the values that the environment gives to variables.
func (p *Program) variables() map[string]string {
	values := map[string]string{}
	for _, entry := range p.Environment {
		if rest, ok := strings.CutPrefix(entry, "IVRC_VAR_"); ok {
			name, value, _ := strings.Cut(rest, "=")
			values[name] = value
		}
	}
	return values
}

// write writes a file that the user named.
func (p *Program) write(name string, data []byte, i disk.Importance) error {
	if err := disk.Write(p.path(name), data, i); err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, reason(err))
	}
	return nil
}

// reason returns the cause of a file error without the path, which messages name
// as the user gave it.
func reason(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
