package main

// The manual: a page for each command, and what shells need to complete them. Both
// are made from the commands themselves.

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ivrc/ivrc/command"
)

// writeManual makes the pages and the completions.
func (r *release) writeManual() error {
	root := (&command.Program{}).Command()
	root.InitDefaultHelpFlag()
	r.page(root)
	for _, completion := range []struct {
		name  string
		write func(*bytes.Buffer) error
	}{
		{"completions/ivrc.bash", func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) }},
		{"completions/_ivrc", func(b *bytes.Buffer) error { return root.GenZshCompletion(b) }},
		{"completions/ivrc.fish", func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) }},
		{"completions/ivrc.ps1", func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) }},
	} {
		var b bytes.Buffer
		if err := completion.write(&b); err != nil {
			return err
		}
		r.manual = append(r.manual, file{completion.name, b.Bytes(), 0o644})
	}
	return nil
}

// page makes the page of a command, and those of its own commands.
func (r *release) page(cmd *cobra.Command) {
	var b strings.Builder
	name := dashed(cmd)
	fmt.Fprintf(&b, "%% \"%s\" \"1\" \"%s\" \"ivrc %s\" \"ivrc\"\n", strings.ToUpper(name), r.time.UTC().Format(time.DateOnly), r.number())
	fmt.Fprintf(&b, "# NAME\n%s - %s\n\n# SYNOPSIS\n%s\n\n", name, plain(cmd.Short), plain(cmd.UseLine()))
	fmt.Fprintf(&b, "# DESCRIPTION\n%s\n\n", plain(cmp.Or(cmd.Long, cmd.Short+".")))
	options(&b, "OPTIONS", cmd.NonInheritedFlags())
	options(&b, "GLOBAL OPTIONS", cmd.InheritedFlags())
	var others []*cobra.Command
	if cmd.HasParent() {
		others = append(others, cmd.Parent())
	}
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() && !below.IsAdditionalHelpTopicCommand() {
			others = append(others, below)
		}
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("# COMMANDS\n")
		for _, below := range others {
			if below.Parent() == cmd {
				fmt.Fprintf(&b, "**%s**\n: %s\n\n", plain(below.Name()), plain(below.Short))
			}
		}
	}
	b.WriteString("# SEE ALSO\n")
	for i, other := range others {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "**%s**(1)", dashed(other))
	}
	b.WriteString("\n\nThe whole manual is at " + homepage + "/tree/HEAD/docs\n")
	r.manual = append(r.manual, file{"man/" + name + ".1", md2man.Render([]byte(b.String())), 0o644})
	for _, below := range others {
		if below.Parent() == cmd {
			r.page(below)
		}
	}
}

// options lists options as the documents write them: with one dash.
func options(b *strings.Builder, heading string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, "# %s\n", heading)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		if f.Shorthand != "" {
			fmt.Fprintf(b, "**-%s**, ", f.Shorthand)
		}
		fmt.Fprintf(b, "**-%s**", plain(f.Name))
		switch {
		case f.NoOptDefVal != "" && f.Value.Type() != "bool":
			fmt.Fprintf(b, "[=_%s_]", plain(cmp.Or(value, "VALUE")))
		case value != "":
			fmt.Fprintf(b, " _%s_", plain(value))
		}
		fmt.Fprintf(b, "\n: %s", plain(usage))
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && f.DefValue != "0" && f.DefValue != "0s" {
			fmt.Fprintf(b, " (default: %s)", plain(f.DefValue))
		}
		b.WriteString("\n\n")
	})
}

// dashed is the name of the page of a command.
func dashed(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

var markdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`", "#", `\#`)

// plain keeps a text from being read as Markdown. Lines that are set in are examples,
// in Markdown as here.
func plain(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\t", "    "), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "    ") {
			lines[i] = markdown.Replace(line)
		}
	}
	return strings.Join(lines, "\n")
}
