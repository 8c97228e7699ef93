package command

// docs: a cheat sheet for each number.

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/diagram"
)

// docsCommand writes the cheat sheets of every number.
func (p *Program) docsCommand() *cobra.Command {
	c := configuration{program: p, baseURL: simulatedHost}
	var output string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "docs [options] [DIR]",
		Short: "Write the caller script and the key map of every number",
		Long: "Writes a sheet for every number of the configuration or the bundle in DIR, or in the current\n" +
			"directory: what callers hear, which key leads where, whose telephones ring and for how long, and\n" +
			"what happens when nobody answers. Each sheet is a Markdown file to read, and a CSV file for a\n" +
			"spreadsheet. Deletes the sheets that it wrote earlier for numbers that no longer exist.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := c.open(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			sheets := diagram.Sheets(result.Bundle)
			files := []string{"index.md"}
			texts := map[string]string{"index.md": diagram.Index(result.Bundle, sheets)}
			for _, s := range sheets {
				files = append(files, s.Name+".md", s.Name+".csv")
				texts[s.Name+".md"], texts[s.Name+".csv"] = s.Markdown, s.CSV
			}
			removed, left, err := writeSheets(cmd.Context(), p.path(output), texts)
			if err != nil {
				return fmt.Errorf("the sheets cannot be written: %w", err)
			}
			if asJSON {
				return p.output().JSON(map[string]any{
					"format_version": "1.0", "directory": output, "files": files,
					"removed": append([]string{}, removed...), "left": append([]string{}, left...),
				})
			}
			fmt.Fprintf(p.Stdout, "Wrote %s of %s to %s.\n", report.Count(len(files), "sheet"), report.Count(len(sheets), "number"), output)
			if len(removed) > 0 {
				fmt.Fprintf(p.Stdout, "Removed %s of numbers that are gone: %s.\n", report.Count(len(removed), "sheet"), strings.Join(removed, ", "))
			}
			for _, name := range left {
				fmt.Fprintf(p.Stdout, "Kept %s: its number is gone, but the file has been edited.\n", name)
			}
			return nil
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVarP(&output, "out", "o", "sheets", "write to `DIR`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a summary as JSON")
	return cmd
}
