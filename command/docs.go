package command

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler/diagram"
)

// docsCommand writes the cheat sheets of every number.
func (p *program) docsCommand() *cobra.Command {
	c := configuration{program: p, baseURL: simulatedHost}
	var output string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "docs [options] [DIR]",
		Short: "Write the caller script and the key map of every number",
		Long: "Writes for every number of the configuration or the bundle in DIR, or here, what callers hear, which\n" +
			"keys lead where, who is rung and for how long, and what happens when nobody takes the call: as\n" +
			"Markdown to be read, and as a table (CSV) for a spreadsheet.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := c.open(directoryArgument(args))
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
			if err := os.MkdirAll(p.path(output), 0o755); err != nil {
				return fmt.Errorf("the sheets cannot be written: %w", err)
			}
			for _, name := range files {
				if err := writeWhole(filepath.Join(p.path(output), name), []byte(texts[name])); err != nil {
					return fmt.Errorf("the sheets cannot be written: %w", err)
				}
			}
			if asJSON {
				return writeJSON(p.stdout, map[string]any{"format_version": "1.0", "directory": output, "files": files})
			}
			fmt.Fprintf(p.stdout, "Wrote %s of %s to %s.\n", count(len(files), "sheet"), count(len(sheets), "number"), output)
			return nil
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVarP(&output, "out", "o", "sheets", "write to `DIR`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a summary as JSON")
	return cmd
}
