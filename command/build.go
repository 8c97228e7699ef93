package command

// The commands that work on a configuration alone: validate, build and graph; and
// version.

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/diagram"
	"github.com/ivrc/ivrc/runtime/disk"
)

// validateCommand checks a configuration.
func (p *Program) validateCommand() *cobra.Command {
	c := configuration{program: p, everywhere: true}
	var asJSON, explain bool
	var format string
	cmd := &cobra.Command{
		Use:   "validate [options] [DIR]",
		Short: "Check every limit and prove that every call ends",
		Long:  "Checks the configuration in DIR, or in the current directory, and proves that no caller is dropped\nor trapped. Only reads files, so it is safe to run on every save.\n\nA configuration with environments is checked in each of them; with -env, in one.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON {
				format = "json"
			}
			if err := checkFormat(format, report.ValidationFormats()); err != nil {
				return err
			}
			result, diags, err := c.compile(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			found := report.Validation{Diagnostics: diags, Sources: result.Sources, Elsewhere: result.Elsewhere, Environments: result.Everywhere}
			if chosen := c.chosen().Name; chosen != "" {
				found.Environments = []string{chosen}
			}
			if explain = explain && format == "text" && !diags.HasErrors(); explain || format == "json" {
				found.WorstCases, found.LeftOut = result.WorstCases()
			}
			if err := found.Write(p.output(), format); err != nil {
				return err
			}
			if diags.HasErrors() {
				return errReported
			}
			if explain {
				found.Explain(p.output())
			}
			return nil
		},
	}
	c.flags(cmd)
	cmd.Flags().BoolVar(&explain, "explain", false, "also write the worst case for callers of each number, and the keys to each destination")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON, as -format=json")
	formatFlag(cmd, &format, "", report.ValidationFormats())
	return cmd
}

// buildCommand compiles a configuration into a bundle.
func (p *Program) buildCommand() *cobra.Command {
	c := configuration{program: p}
	var output string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "build [options] [DIR]",
		Short: "Compile into a bundle of static documents",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := c.load(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			b := result.Bundle
			result = compiler.Result{} // so that the memory of all else can be used again
			done, err := writeBundle(cmd.Context(), p.path(output), b)
			if err != nil {
				return fmt.Errorf("the bundle cannot be written: %w", err)
			}
			m := &b.Manifest
			if asJSON {
				return p.output().JSON(map[string]interface{}{
					"format_version": "1.0", "directory": output, "digest": m.Digest, "files": len(m.Files),
					"written": done.Written, "kept": done.Kept, "removed": done.Removed,
				})
			}
			fmt.Fprintf(p.Stdout, "Built %s: %s, %s (%d written, %d unchanged, %d removed).\n", output,
				report.Count(len(m.Numbers), "number"), report.Count(len(m.Files), "file"), done.Written, done.Kept, done.Removed)
			return nil
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVarP(&output, "out", "o", "dist", "write the bundle to `DIR`")
	cmd.Flags().Var(baseURLFlag{&c.baseURL}, "base-url", "serve the bundle at `URL` instead of where the hosting block says")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a summary as JSON")
	return cmd
}

// graphCommand draws the call flow.
func (p *Program) graphCommand() *cobra.Command {
	c := configuration{program: p, baseURL: simulatedHost, answers: true, errorsOnly: true}
	var format, output string
	cmd := &cobra.Command{
		Use:   "graph [options] [DIR]",
		Short: "Draw the call flow",
		Long:  "Draws the call flow of the configuration or the bundle in DIR, or in the current directory: as text,\nfor Mermaid (which GitHub and GitLab show in Markdown), for Graphviz (DOT), or as a web page.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, drawings); err != nil {
				return err
			}
			result, err := c.open(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			drawing, err := draw(format, &result)
			if err != nil {
				return err
			}
			if output == "" {
				_, err := io.WriteString(p.Stdout, drawing)
				return err
			}
			return p.write(output, []byte(drawing), disk.Remade)
		},
	}
	c.flags(cmd)
	formatFlag(cmd, &format, "", drawings)
	cmd.Flags().StringVarP(&output, "out", "o", "", "write to `FILE`")
	return cmd
}

// drawings are the ways to draw a call flow.
var drawings = []string{"text", "mermaid", "dot", "html"}

// draw draws the call flow of a bundle.
func draw(format string, result *compiler.Result) (string, error) {
	b := result.Bundle
	switch format {
	case "text":
		return diagram.Text(b), nil
	case "mermaid":
		return diagram.Mermaid(b), nil
	case "dot":
		return diagram.DOT(b), nil
	}
	return diagram.Page{Source: result.Positions.Block}.HTML(b)
}

// versionCommand says which ivrc this is.
func (p *Program) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON {
				return p.output().JSON(map[string]string{
					"format_version": "1.0", "version": version(), "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH,
				})
			}
			_, err := fmt.Fprintf(p.Stdout, "ivrc %s %s/%s %s\n", version(), runtime.GOOS, runtime.GOARCH, runtime.Version())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

// version is the module's version, "devel" when it was built in a work tree.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || strings.Contains(info.Main.Version, "devel") {
		return "devel"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}
