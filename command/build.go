package command

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/diagram"
)

// validateCommand checks a configuration.
func (p *Program) validateCommand() *cobra.Command {
	c := configuration{program: p}
	var asJSON, explain bool
	var format string
	cmd := &cobra.Command{
		Use:   "validate [options] [DIR]",
		Short: "Check every limit and prove that every call ends",
		Long:  "Checks the configuration in DIR, or here, and proves that no caller is dropped or trapped.\nReads files only; safe to run on every save.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, diags, err := c.compile(directoryArgument(args))
			if err != nil {
				return err
			}
			if asJSON {
				format = "json"
			}
			if err := p.writeReport(format, &result, diags); err != nil {
				return err
			}
			if diags.HasErrors() {
				return errReported
			}
			if explain && format == "text" {
				list, leftOut := result.WorstCases()
				p.explain(list, leftOut)
			}
			return nil
		},
	}
	c.flags(cmd)
	cmd.Flags().BoolVar(&explain, "explain", false, "write the worst that callers of each number can meet, and the keys to each destination")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON, as -format=json")
	cmd.Flags().StringVar(&format, "format", "text", "text, json, github or sarif")
	choices(cmd, "format", "text", "json", "github", "sarif")
	return cmd
}

// writeReport writes diagnostics in the format that was asked for.
func (p *Program) writeReport(format string, result *compiler.Result, diags hcl.Diagnostics) error {
	r := newReport(diags)
	switch format {
	case "json":
		list, leftOut := result.WorstCases()
		r.Numbers, r.LeftOut = reportFigures(list), leftOut
		return writeJSON(p.Stdout, r)
	case "sarif":
		r.rename(p.fromWorkspace)
		return writeJSON(p.Stdout, r.sarif())
	case "github":
		r.rename(p.fromWorkspace)
		r.writeGitHub(p.Stdout)
	case "text":
		p.diagnose(diags, result.Sources)
		if r.Valid && r.WarningCount == 0 {
			fmt.Fprintln(p.Stdout, p.paint(green, "Success!")+" The configuration is valid, and every call ends well.")
		} else if r.Valid {
			fmt.Fprintf(p.Stdout, "%s The configuration is valid, with %s.\n", p.paint(green, "Success!"), count(r.WarningCount, "warning"))
		} else {
			fmt.Fprintf(p.Stdout, "%s of the configuration.\n", count(r.ErrorCount, "error"))
		}
	default:
		return fmt.Errorf("there is no format %q; choose text, json, github or sarif", format)
	}
	return nil
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
			result, err := c.load(directoryArgument(args))
			if err != nil {
				return err
			}
			done, err := writeBundle(p.path(output), result.Bundle)
			if err != nil {
				return fmt.Errorf("the bundle cannot be written: %w", err)
			}
			m := &result.Bundle.Manifest
			if asJSON {
				return writeJSON(p.Stdout, map[string]interface{}{
					"format_version": "1.0", "directory": output, "digest": m.Digest, "files": len(m.Files),
					"written": done.Written, "kept": done.Kept, "removed": done.Removed,
				})
			}
			fmt.Fprintf(p.Stdout, "Built %s: %s, %s (%d written, %d unchanged, %d removed).\n", output,
				count(len(m.Numbers), "number"), count(len(m.Files), "file"), done.Written, done.Kept, done.Removed)
			return nil
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVarP(&output, "out", "o", "dist", "write the bundle to `DIR`")
	cmd.Flags().Var(baseURLFlag{&c.baseURL}, "base-url", "serve the bundle at `URL` rather than as the hosting block says")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a summary as JSON")
	return cmd
}

// graphCommand draws the call flow.
func (p *Program) graphCommand() *cobra.Command {
	c := configuration{program: p, baseURL: simulatedHost, answers: true}
	var format, output string
	cmd := &cobra.Command{
		Use:   "graph [options] [DIR]",
		Short: "Draw the call flow",
		Long:  "Draws the call flow of the configuration or the bundle in DIR, or here: as text, for Mermaid\n(GitHub and GitLab show it in Markdown), for Graphviz (DOT), or as a page to look at in a browser.",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := c.open(directoryArgument(args))
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
			return writeWhole(p.path(output), []byte(drawing))
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text, mermaid, dot or html")
	choices(cmd, "format", "text", "mermaid", "dot", "html")
	cmd.Flags().StringVarP(&output, "out", "o", "", "write to `FILE`")
	return cmd
}

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
	case "html":
		return diagram.Page{Source: result.Positions.Block}.HTML(b)
	}
	return "", fmt.Errorf("there is no format %q; choose text, mermaid, dot or html", format)
}

// versionCommand says which ivrc this is.
func (p *Program) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON {
				return writeJSON(p.Stdout, map[string]string{
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
