package command

// router: configurations of hosts that answer decisions.

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/runtime/disk"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// routerCommand writes the configuration of a host that answers decisions.
func (p *Program) routerCommand() *cobra.Command {
	c := configuration{program: p}
	var output string
	cmd := &cobra.Command{
		Use:   "router NAME [options] [DIR]",
		Short: "Write the configuration of a host that answers decisions",
		Long: "Writes what the host NAME needs to answer the decisions of the configuration or the bundle in DIR,\n" +
			"or in the current directory. NAME is one of " + strings.Join(hostNames(), ", ") + ".",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return hostNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("the name of a host is expected: %s. See %s -h", strings.Join(hostNames(), ", "), cmd.CommandPath())
			}
			return atMostOne(cmd, args[1:])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := findHost(args[0])
			if err != nil {
				return err
			}
			location, err := c.location(cmd.Context(), h, args[1:])
			if err != nil {
				return err
			}
			files, err := h.Files(location)
			if err != nil {
				return err
			}
			return p.writeHost(files, output)
		},
	}
	c.flags(cmd)
	cmd.Flags().Var(baseURLFlag{&c.baseURL}, "base-url", "serve the bundle at `URL` instead of where the hosting block says")
	cmd.Flags().StringVarP(&output, "out", "o", "", "write the files into `DIR` instead of to standard output")
	return cmd
}

// hostNames lists the hosts.
func hostNames() []string {
	var names []string
	for _, h := range host.All() {
		names = append(names, h.Name)
	}
	return names
}

// findHost returns the host with a name, or an error that lists all hosts.
func findHost(name string) (host.Host, error) {
	found, ok := host.Find(name)
	switch {
	case ok:
		return found, nil
	case name == "serve":
		return found, fmt.Errorf("ivrc serve needs no configuration: it answers decisions itself")
	}
	near, distance := "", 4
	for _, h := range hostNames() {
		if d := levenshtein.Distance(name, h, nil); d < distance {
			near, distance = fmt.Sprintf(" Did you mean %q?", h), d
		}
	}
	return found, fmt.Errorf("there is no host %q.%s Choose one of %s", name, near, strings.Join(hostNames(), ", "))
}

// location returns where the bundle of a directory is stored and reached. If the user
// names no directory and the current one has no configuration, it is an example.
func (c *configuration) location(ctx context.Context, h host.Host, args []string) (host.Location, error) {
	directory := directoryArgument(args)
	if len(args) == 0 && !isBundle(c.program.path(directory)) && !c.program.hasConfiguration(directory) {
		fmt.Fprintln(c.program.Stderr, "Note: there is no configuration here, so addresses and folders are examples.")
		return host.Location{BaseURL: c.baseURL}, nil
	}
	result, err := c.open(ctx, directory)
	if err != nil {
		return host.Location{}, err
	}
	d := result.Deployment
	if h.Remote && d.Router != h.Name {
		fmt.Fprintf(c.program.Stderr, "Note: no document asks this host, because hosting.router is %q.\n", cmp.Or(d.Router, "serve"))
	}
	return host.Location{
		BaseURL: cmp.Or(d.BaseURL, result.Bundle.Manifest.BaseURL), Store: d.Store, DecisionsURL: d.Decisions,
	}, nil
}

// hasConfiguration reports whether a directory holds a file of a configuration.
func (p *Program) hasConfiguration(directory string) bool {
	found, err := filepath.Glob(filepath.Join(p.path(directory), "*.ivr.hcl"))
	return err == nil && len(found) > 0
}

// writeHost writes the files of a host into a directory, or one after the other to
// standard output.
func (p *Program) writeHost(files []host.ConfigFile, directory string) error {
	if directory == "" {
		for i, f := range files {
			if i > 0 {
				fmt.Fprintln(p.Stdout)
			}
			if _, err := p.Stdout.Write(f.Text); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range files {
		name := filepath.Join(directory, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
			return fmt.Errorf("%s cannot be written: %w", name, reason(err))
		}
		if err := p.write(name, f.Text, disk.Remade); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "Wrote %s.\n", filepath.ToSlash(name))
	}
	return nil
}
