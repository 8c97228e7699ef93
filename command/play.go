package command

// A call at a terminal: what the caller hears appears as it is spoken, and the
// person at the keyboard is the caller and decides what callees do.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// play plays a call with the person at the keyboard.
func (p *Program) play(ctx context.Context, s simulator.Scenario, options simulator.TextOptions) error {
	c := &console{program: p, lines: lines(p.Stdin), stopped: ctx.Done(), options: options}
	main := len(s.Calls) - 1
	s.Calls[main].Person = c.caller
	for address := range options.Names {
		if s.People[address] == nil {
			s.People[address] = c.callee
		}
	}
	fmt.Fprintf(p.Stdout, "Calling %s. Type keys and Enter; Enter alone stays silent; h hangs up.\n\n", s.Calls[main].To)
	s.Watch = func(call int, e simulator.Event) {
		if call == main {
			c.show(e)
		}
	}
	_, err := simulator.Run(ctx, s)
	return err
}

// A console is the terminal of the person who plays.
type console struct {
	program *Program
	lines   <-chan string   // that are typed; closed when there will be no more
	stopped <-chan struct{} // closed by Ctrl-C
	options simulator.TextOptions
}

// ask asks a question and returns the answer.
func (c *console) ask(question string) string {
	fmt.Fprint(c.program.Stdout, c.program.output().Paint(report.Bold, question))
	select {
	case line, open := <-c.lines:
		if open {
			return strings.TrimSpace(line)
		}
	case <-c.stopped:
	}
	fmt.Fprintln(c.program.Stdout)
	return "h"
}

// lines reads lines in the background, because a program that waits for somebody to
// type must still react to Ctrl-C.
func lines(from io.Reader) <-chan string {
	typed := make(chan string)
	go func() {
		defer close(typed)
		for scanner := bufio.NewScanner(from); scanner.Scan(); {
			typed <- scanner.Text()
		}
	}()
	return typed
}

// caller is the caller, played by the person at the keyboard.
func (c *console) caller(phone *simulator.Phone) {
	for {
		moment := phone.Next()
		switch moment.Kind {
		case simulator.Asks:
			phone.Hear(moment)
			switch keys := c.ask("  keys> "); keys {
			case "":
			case "h":
				phone.HangUp()
			default:
				phone.Press(keys)
			}
		case simulator.Records:
			seconds := 0
			fmt.Sscanf(c.ask("  seconds to speak> "), "%d", &seconds)
			phone.Speak(time.Duration(seconds) * time.Second)
		}
	}
}

// callee is a callee, played by the person at the keyboard.
func (c *console) callee(phone *simulator.Phone) {
	name := c.options.Names[phone.Address()]
	answer := c.ask(fmt.Sprintf("  %s rings: [a]nswer, [b]usy, [f]ail, Enter lets it ring> ", name))
	switch {
	case strings.HasPrefix(answer, "a"):
		turn := script.Accept.Turn()
		turn.After = 3 * time.Second
		simulator.Respond(script.InTurn(turn))(phone)
	case strings.HasPrefix(answer, "b"):
		phone.Busy()
	case strings.HasPrefix(answer, "f"):
		phone.Fail()
	}
}

// show writes one event.
func (c *console) show(e simulator.Event) {
	if line := c.options.Line(e); line != "" {
		fmt.Fprintln(c.program.Stdout, line)
	}
}
