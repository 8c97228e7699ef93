package command

// init: a configuration from an example.

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/examples"
	"github.com/ivrc/ivrc/runtime/disk"
)

// initCommand starts a configuration from an example.
func (p *Program) initCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "init [options] [DIR]",
		Short: "Start a configuration from an example",
		Args:  atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			target := directoryArgument(args)
			files, err := fs.Sub(examples.Files, from)
			if err != nil || !exampleExists(from) {
				return fmt.Errorf("there is no example %q; choose %s", from, strings.Join(exampleNames(), ", "))
			}
			if err := p.copyExample(files, target); err != nil {
				return err
			}
			fmt.Fprintf(p.Stdout, "Started from the example %s. Next:\n\n  ivrc validate %s\n  ivrc simulate %s\n  ivrc test %s\n", from, target, target, target)
			return nil
		},
	}
	cmd.Flags().StringVar(&from, "from", "zillum", "the `EXAMPLE` to start from: "+strings.Join(exampleNames(), ", "))
	choices(cmd, "from", exampleNames()...)
	return cmd
}

// exampleNames lists the examples.
func exampleNames() []string {
	entries, _ := examples.Files.ReadDir(".")
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

func exampleExists(name string) bool { return slices.Contains(exampleNames(), name) }

// copyExample copies the files of an example. It fails if one of them exists.
func (p *Program) copyExample(files fs.FS, target string) error {
	names, err := fs.Glob(files, "*")
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(p.path(target), name)); err == nil {
			return fmt.Errorf("%s exists already; nothing was written", filepath.Join(target, name))
		}
	}
	if err := os.MkdirAll(p.path(target), 0o755); err != nil {
		return err
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if err := p.write(filepath.Join(target, name), data, disk.Precious); err != nil {
			return err
		}
		fmt.Fprintln(p.Stderr, "  "+filepath.Join(target, name))
	}
	return nil
}
