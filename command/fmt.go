package command

// fmt: files in the canonical form.

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/runtime/disk"
)

// A formatter holds the options of fmt.
type formatter struct {
	program                             *Program
	check, diff, write, list, recursive bool
	changed, failed                     bool
}

// fmtCommand rewrites files in the canonical form.
func (p *Program) fmtCommand() *cobra.Command {
	f := formatter{program: p}
	cmd := &cobra.Command{
		Use:   "fmt [options] [DIR or FILE or -] ...",
		Short: "Rewrite files in the canonical form",
		Long:  "Rewrites configuration files, call tests and files of values in the canonical form, and lists\nthose that it changed. With -, formats standard input to standard output.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"."}
			}
			for _, arg := range args {
				if err := f.target(arg); err != nil {
					return err
				}
			}
			switch {
			case f.failed:
				return errReported
			case f.check && f.changed:
				return errFindings
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "change nothing; exit with 2 if a file is not in the canonical form")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "show the changes")
	cmd.Flags().BoolVar(&f.write, "write", true, "write the files")
	cmd.Flags().BoolVar(&f.list, "list", true, "list the files that change")
	cmd.Flags().BoolVar(&f.recursive, "recursive", false, "also go through subdirectories")
	return cmd
}

// target formats one argument.
func (f *formatter) target(name string) error {
	p := f.program
	if name == "-" {
		source, err := io.ReadAll(io.LimitReader(p.Stdin, compiler.MaxFile+1))
		if err != nil {
			return err
		}
		formatted, diags := compiler.Format("standard input", source)
		if diags.HasErrors() {
			p.output().Diagnose(diags, map[string][]byte{"standard input": compiler.Shown("standard input.hcl", source)})
			return errReported
		}
		f.changed = f.changed || !bytes.Equal(source, formatted)
		if !f.check {
			err = f.copy(formatted)
		}
		return err
	}
	info, err := os.Stat(p.path(name))
	switch {
	case err != nil:
		return fmt.Errorf("%s cannot be read: %w", name, reason(err))
	case !info.IsDir():
		return f.file(name)
	}
	return filepath.WalkDir(p.path(name), func(found string, entry fs.DirEntry, err error) error {
		relative, _ := filepath.Rel(p.path(name), found)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && relative != "." && (!f.recursive || strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case !entry.Type().IsRegular() || !isFormatted(entry.Name()):
			return nil
		}
		return f.file(filepath.Join(name, relative))
	})
}

// copy writes what was formatted to standard output: unaltered, unless that is a
// terminal.
func (f *formatter) copy(text []byte) error {
	out := f.program.Stdout
	if !f.program.Terminal {
		out = f.program.doors.stdout.To
	}
	_, err := out.Write(text)
	return err
}

// isFormatted reports whether fmt formats files with such a name.
func isFormatted(name string) bool {
	return strings.HasSuffix(name, ".ivr.hcl") || strings.HasSuffix(name, ".ivrtest.hcl") || strings.HasSuffix(name, ".ivrvars")
}

// file formats one file.
func (f *formatter) file(name string) error {
	p := f.program
	source, err := disk.ReadRegular(p.path(name), compiler.MaxFile)
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", name, reason(err))
	}
	formatted, diags := compiler.Format(name, source)
	if diags.HasErrors() {
		p.output().Diagnose(diags, map[string][]byte{name: compiler.Shown(name, source)})
		f.failed = true // and on with the others
		return nil
	}
	if bytes.Equal(source, formatted) {
		return nil
	}
	f.changed = true
	if f.list {
		fmt.Fprintln(p.Stdout, terminal.OneLine(name))
	}
	if f.diff {
		if _, err := p.Stdout.Write(terminal.Source(diff.Diff("old/"+name, compiler.Shown(name, source), "new/"+name, compiler.Shown(name, formatted)))); err != nil {
			return err
		}
	}
	if f.write && !f.check {
		return p.write(name, formatted, disk.Precious)
	}
	return nil
}
