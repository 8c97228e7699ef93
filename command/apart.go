package command

// Compiling apart: what runs on, a server or whoever watches files, has each
// compilation done by a process of its own, which is this program again. Nothing that
// a configuration does to that process, even if it never returns or takes all memory,
// is felt by the calls that are being answered:
//
//	ivrc serve ──task─────▶ ivrc compile
//	           ◀──outcome──
//
// Both go over pipes as JSON, so that no list of processes shows the values of
// variables.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// A compileTask is what the process is asked to compile.
type compileTask struct {
	Directory   string // of the configuration
	Base        string // that relative paths start from
	Chdir       string // how -chdir named it
	BaseURL     string
	Answers     bool
	Color       bool
	Assignments []compiler.Assignment
	Environment string // that -env names
}

// A compileOutcome is what came of it.
type compileOutcome struct {
	Bundle  *bundle.Bundle
	Secrets []string // texts in which sensitive values are
	Invalid bool     // the configuration is, and what is wrong has been written
	Error   string   // what else went wrong
}

// again prepares to run this program again with some arguments, as long as the context
// lasts. What it says is seen at once.
func (p *Program) again(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.Executable, args...)
	cmd.Args[0] = "ivrc" // wherever it is
	cmd.Env, cmd.Stdout, cmd.Stderr = p.Environment, p.Stdout, p.Stderr
	if p.readList != "" {
		_ = os.Truncate(p.readList, 0)
		cmd.Env = append(slices.Clone(cmd.Env), readListVariable+"="+p.readList)
	}
	return cmd
}

// loadApart is load in a process of its own.
func (c *configuration) loadApart(ctx context.Context, directory string) (*bundle.Bundle, error) {
	p := c.program
	task, err := json.Marshal(compileTask{directory, p.Directory, p.chdir, c.baseURL, c.answers, p.color, c.assignments, c.environment})
	if err != nil {
		return nil, err
	}
	var answer bytes.Buffer
	cmd := p.again(ctx, "compile")
	cmd.Stdin, cmd.Stdout = bytes.NewReader(task), &answer
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil { // which ended the process, too
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("the process that compiles the configuration ended: %w", err)
	}
	var outcome compileOutcome
	switch err := json.Unmarshal(answer.Bytes(), &outcome); {
	case err != nil:
		return nil, fmt.Errorf("the process that compiles the configuration was not understood: %w", err)
	case outcome.Invalid:
		return nil, errReported
	case outcome.Error != "":
		return nil, errors.New(outcome.Error)
	case len(outcome.Secrets) > 0:
		p.doors.hide(outcome.Secrets)
	}
	return outcome.Bundle, nil
}

// compileCommand is the process of its own.
func (p *Program) compileCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "compile",
		Short:  "Compile for another process of ivrc, which writes to standard input",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var t compileTask
			if err := json.NewDecoder(p.Stdin).Decode(&t); err != nil {
				return fmt.Errorf("there is no task on standard input: %w", err)
			}
			p.Directory, p.chdir, p.color = t.Base, t.Chdir, t.Color
			c := configuration{program: p, baseURL: t.BaseURL, answers: t.Answers, assignments: t.Assignments, environment: t.Environment}
			result, err := c.load(cmd.Context(), t.Directory)
			outcome := compileOutcome{Bundle: result.Bundle, Secrets: result.Secrets}
			var invalid *report.InvalidError
			switch {
			case errors.As(err, &invalid):
				outcome.Invalid = true
			case err != nil:
				outcome.Error = err.Error()
			}
			return json.NewEncoder(p.Stdout).Encode(outcome)
		},
	}
}
