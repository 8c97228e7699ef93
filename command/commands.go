package command

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// Command is the whole command line: every command with its options.
func (p *Program) Command() *cobra.Command {
	var directory string
	var plain, asked bool
	root := &cobra.Command{
		Use:   "ivrc [-chdir=DIR] COMMAND [options] [DIR]",
		Short: "Telephone menus as code",
		Long: "ivrc compiles telephone menus written in HCL into static TwiML documents,\n" +
			"proves that every call ends well, and serves, simulates and draws them.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,

		SuggestionsMinimumDistance: 2,
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			p.color = p.wantColor(plain)
			return p.change(directory)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case asked:
				_, err := fmt.Fprintf(p.Stdout, "ivrc %s\n", version())
				return err
			case len(args) > 0:
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.SetFlagErrorFunc(flagError)
	root.Flags().BoolVarP(&asked, "version", "v", false, "version for ivrc")
	flags := root.PersistentFlags()
	flags.StringVar(&directory, "chdir", "", "work in `DIR`")
	flags.BoolVar(&plain, "no-color", false, "no colours, as with the environment variable NO_COLOR")
	root.AddCommand(
		p.initCommand(), p.fmtCommand(), p.validateCommand(), p.buildCommand(), p.graphCommand(),
		p.routerCommand(), p.serveCommand(), p.simulateCommand(), p.testCommand(), p.docsCommand(), p.planCommand(), p.showCommand(), p.applyCommand(), p.releasesCommand(),
		p.rollbackCommand(), p.driftCommand(), p.gcCommand(), p.forceUnlockCommand(), p.dialCommand(), p.versionCommand(),
	)
	tidy(root)
	return root
}

// tidy makes what cobra writes of its own accord fit the rest. It sets no
// template: as long as none is set, the linker leaves text/template out, which
// calls methods by name, and with it every method that nobody calls: 4 MB.
func tidy(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range append(root.Commands(), root) {
		cmd.DisableFlagsInUseLine = true // the line says [options]
		if cmd.Name() == "completion" {
			cmd.Use, cmd.Args, cmd.RunE = "completion SHELL", cobra.ArbitraryArgs, unknownShell
		}
	}
	usual := root.UsageFunc()
	root.SetUsageFunc(func(cmd *cobra.Command) error { // nor does it say COMMAND twice
		var usage strings.Builder
		out := cmd.OutOrStderr()
		cmd.SetOut(&usage)
		defer cmd.SetOut(out)
		err := usual(cmd)
		fmt.Fprint(out, strings.Replace(usage.String(), "\n  "+cmd.CommandPath()+" [command]", "", 1))
		return err
	})
}

// unknownShell is what completion does without the name of a shell that it knows.
func unknownShell(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("there is no completion for %q; choose bash, zsh, fish or powershell", args[0])
	}
	return cmd.Help()
}

// choices lets shells complete the values of an option.
func choices(cmd *cobra.Command, flag string, values ...string) {
	// The only error is a flag that does not exist, which the tests would show.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// formatFlag declares -format, the first of its values being the default. A usage
// of "" lists the values.
func formatFlag(cmd *cobra.Command, format *string, usage string, known []string) {
	cmd.Flags().StringVar(format, "format", known[0], cmp.Or(usage, alternatives(known)))
	choices(cmd, "format", known...)
}

// checkFormat refuses a value of -format that is not known.
func checkFormat(format string, known []string) error {
	if slices.Contains(known, format) {
		return nil
	}
	return fmt.Errorf("there is no format %q; choose %s", format, alternatives(known))
}

// alternatives lists names: "text, json or github".
func alternatives(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// change makes a directory the one that relative paths start from.
func (p *Program) change(directory string) error {
	if directory == "" {
		return nil
	}
	info, err := os.Stat(p.path(directory))
	switch {
	case err != nil:
		return fmt.Errorf("-chdir: %s: %w", directory, reason(err))
	case !info.IsDir():
		return fmt.Errorf("-chdir: %s is not a directory", directory)
	}
	p.Directory, p.chdir = p.path(directory), directory
	return nil
}

// atMostOne accepts the directory that a command works on, or nothing.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("one directory is expected, and %q is a second. See %s -h", args[1], cmd.CommandPath())
	}
	return nil
}

// noArguments accepts nothing but options.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%q is not expected. See %s -h", args[0], cmd.CommandPath())
	}
	return nil
}

// unknownCommand is the error for a command that does not exist.
func unknownCommand(cmd *cobra.Command, name string) error {
	message := fmt.Sprintf("there is no command %q.", name)
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		message += fmt.Sprintf(" Did you mean %q?", near[0])
	}
	return errors.New(message + " See ivrc -h")
}

// flagError is the error for an option that does not exist or has a wrong value.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var malformed *strconv.NumError
	message := err.Error() + "."
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		message = fmt.Sprintf("there is no option -%s.", name)
		if near := nearestFlag(cmd, name); near != "" {
			message += fmt.Sprintf(" Did you mean -%s?", near)
		}
	case errors.As(err, &invalid) && errors.As(err, &malformed):
		kind := "a number"
		if invalid.GetFlag().Value.Type() == "bool" {
			kind = "true or false"
		}
		message = fmt.Sprintf("-%s takes %s, not %q.", invalid.GetFlag().Name, kind, malformed.Num)
	case errors.As(err, &invalid):
		message = fmt.Sprintf("-%s: %v.", invalid.GetFlag().Name, invalid.Unwrap())
	}
	return fmt.Errorf("%s See %s -h", message, cmd.CommandPath())
}

// nearestFlag is the option that a mistyped name may have meant, or "".
func nearestFlag(cmd *cobra.Command, name string) string {
	best, distance := "", min(3, len(name))
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if d := levenshtein.Distance(name, f.Name, nil); d < distance {
			best, distance = f.Name, d
		}
	})
	return best
}

// A configuration is the options by which a command finds and compiles a
// configuration.
type configuration struct {
	program     *Program
	assignments []compiler.Assignment
	baseURL     string
	callTests   bool // compile the call tests, too
	stays       bool // the program lives on when it has compiled
	answers     bool // the command answers decisions itself, whatever the hosting block says
}

// flags declares the options.
func (c *configuration) flags(cmd *cobra.Command) {
	cmd.Flags().Var(variableFlag{c, false}, "var", "set the variable NAME to VALUE, as `NAME=VALUE`; repeatable")
	cmd.Flags().Var(variableFlag{c, true}, "var-file", "set the variables that `FILE` names; repeatable")
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

// compile compiles the configuration in a directory.
func (c *configuration) compile(directory string) (compiler.Result, hcl.Diagnostics, error) {
	root, err := os.OpenRoot(c.program.path(directory))
	if err != nil {
		return compiler.Result{}, nil, fmt.Errorf("the directory %s cannot be read: %w", directory, reason(err))
	}
	defer root.Close()
	if err := c.readFiles(); err != nil {
		return compiler.Result{}, nil, err
	}
	if back := collectLate(root.FS()); c.stays {
		defer back()
	}
	result, diags := compiler.Compile(compiler.Input{
		Files:   root.FS(),
		BaseURL: c.baseURL,
		Answers: c.answers,
		Version: version(),

		CallTests: c.callTests,
		Variables: compiler.Assignments{
			Environment: c.program.variables(),
			CommandLine: c.assignments,
		},
	})
	c.locate(directory, &result, diags)
	return result, diags, nil
}

// locate names the files of a configuration as they are reached from where the
// program was started: editors, pipelines and readers follow such a path.
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
		content, err := os.ReadFile(c.program.path(a.File))
		if err != nil {
			return fmt.Errorf("-var-file: %s cannot be read: %w", a.File, reason(err))
		}
		c.assignments[i].Content = content
	}
	return nil
}

// load compiles a configuration and shows what is wrong with it.
func (c *configuration) load(directory string) (compiler.Result, error) {
	result, diags, err := c.compile(directory)
	if err != nil {
		return result, err
	}
	c.program.output().Diagnose(diags, result.Sources)
	if diags.HasErrors() {
		return result, &report.InvalidError{Diagnostics: diags}
	}
	return result, nil
}

// open loads a configuration, or a bundle that has been built.
func (c *configuration) open(directory string) (compiler.Result, error) {
	if !isBundle(c.program.path(directory)) {
		return c.load(directory)
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

// reason is the cause of a file error, without the path.
func reason(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// directoryArgument is the directory that a command works on.
func directoryArgument(args []string) string {
	if len(args) > 0 {
		return args[0]
	}
	return "."
}
