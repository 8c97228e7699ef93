package command

// The command line: which commands there are, and what is wrong with one that
// nobody can understand.

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
			p.paint(p.wantColor(plain))
			if err := p.openLog(); err != nil {
				return err
			}
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
		p.routerCommand(), p.serveCommand(), p.hoursCommand(), p.simulateCommand(), p.testCommand(), p.docsCommand(), p.planCommand(), p.showCommand(), p.applyCommand(), p.promoteCommand(), p.releasesCommand(),
		p.rollbackCommand(), p.driftCommand(), p.gcCommand(), p.forceUnlockCommand(), p.dialCommand(), p.versionCommand(), p.compileCommand(),
	)
	tidy(root)
	return root
}

// tidy adapts what cobra prints by default. It sets no template, because a program
// with a template includes text/template, which calls methods by name, so that the
// linker keeps every method: 4 MB.
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

// unknownShell runs completion when no known shell is named.
func unknownShell(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("there is no completion for %q; choose bash, zsh, fish or powershell", args[0])
	}
	return cmd.Help()
}

// choices lets shells complete the values of an option.
func choices(cmd *cobra.Command, flag string, values ...string) {
	// It fails only for a flag that does not exist, which the tests would show.
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

// change makes relative paths start from a directory.
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
	return atMostOneNamed("directory")(cmd, args)
}

// atMostOneNamed accepts one thing that a command works on, or nothing.
func atMostOneNamed(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("only one %s can be given, and %q is a second. See %s -h", what, args[1], cmd.CommandPath())
		}
		return nil
	}
}

// exactly accepts so many arguments, and says what they are.
func exactly(what string, n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s. See %s -h", what, cmd.CommandPath())
		}
		return nil
	}
}

// elsewhere says of commands of Terraform what does their work here.
var elsewhere = map[string]string{
	"destroy": "Remove the number blocks and run ivrc apply, which lets the numbers go.",
	"state":   "There is no state: ivrc plan and ivrc drift read Twilio and the store.", "refresh": "There is no state: ivrc plan and ivrc drift read Twilio and the store.",
	"output": "ivrc build -json says what is built, and the manifest of the bundle what is in it.", "console": "Try an expression in a locals block with ivrc validate.",
	"import": "A number that Twilio has already is taken over with adopt = true.", "workspace": "Describe each in an environment block, and choose one with -env.",
	"get": "There are no modules, and nothing is downloaded.", "providers": "There are no providers: the account is found in the environment.", "login": "The account is found in the environment; see ivrc plan -h.",
}

// noArguments accepts nothing but options.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%q was not expected. See %s -h", args[0], cmd.CommandPath())
	}
	return nil
}

// unknownCommand is the error for a command that does not exist.
func unknownCommand(cmd *cobra.Command, name string) error {
	message := fmt.Sprintf("there is no command %q.", name)
	if instead := elsewhere[name]; instead != "" {
		message += " " + instead
	} else if near := cmd.SuggestionsFor(name); len(near) > 0 {
		message += fmt.Sprintf(" Did you mean %q?", near[0])
	}
	return errors.New(message + " See ivrc -h")
}

// flagError is the error for an option that does not exist or has a wrong value.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
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
	case errors.As(err, &missing):
		message = fmt.Sprintf("-%s needs a value.", missing.GetSpecifiedName())
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

// nearestFlag returns the option that a mistyped name probably means, or "".
func nearestFlag(cmd *cobra.Command, name string) string {
	best, distance := "", min(3, len(name))
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if d := levenshtein.Distance(name, f.Name, nil); d < distance {
			best, distance = f.Name, d
		}
	})
	return best
}

// directoryArgument is the directory that a command works on.
func directoryArgument(args []string) string {
	if len(args) > 0 {
		return args[0]
	}
	return "."
}
