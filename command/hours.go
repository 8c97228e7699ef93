package command

// hours: when a configuration is open, as people read it.

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// hoursCommand prints the hours of a configuration.
func (p *Program) hoursCommand() *cobra.Command {
	c := configuration{program: p, baseURL: simulatedHost, answers: true, errorsOnly: true}
	var text string
	cmd := &cobra.Command{
		Use:   "hours [options] [DIR]",
		Short: "Show when the configuration is open",
		Long: "Shows the opening hours of the configuration or the bundle in DIR, or in the current directory: the\n" +
			"week, the special days that are still to come, and what callers meet now, or at the time of -at.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := c.open(cmd.Context(), directoryArgument(args))
			if err != nil {
				return err
			}
			at := time.Now()
			if text != "" {
				if at, err = clockTime(result.Bundle, text); err != nil {
					return fmt.Errorf("-at: %w", err)
				}
			}
			return p.showHours(result.Bundle, at)
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&text, "at", "", "what callers meet at the time `TIME`, such as 2026-12-24T12:01; the default is now")
	return cmd
}

// showHours prints every block of hours.
func (p *Program) showHours(b *bundle.Bundle, at time.Time) error {
	index := bundle.NewIndex(b)
	shown := 0
	// In whatever language a call is, the hours are the same.
	blocks := slices.CompactFunc(b.Blocks(), func(a, b bundle.Block) bool { return a.Address == b.Address })
	for _, block := range blocks {
		decision, ok := index.Hours(block.Address)
		if !ok {
			continue
		}
		zone, err := compiler.TimeZone(block.Setting("time_zone"))
		if err != nil {
			return err
		}
		if shown++; shown > 1 {
			fmt.Fprintln(p.Stdout)
		}
		fmt.Fprintf(p.Stdout, "%s, %s\n\n", block.Address, block.Setting("time_zone"))
		w := tabwriter.NewWriter(p.Stdout, 0, 0, 3, ' ', 0)
		for _, line := range hoursLines(block, at.In(zone)) {
			fmt.Fprintf(w, "  %s\n", line)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "\n  %s\n", terminal.OneLine(stateOf(block, decision, at, zone)))
	}
	for _, c := range b.Calendars() {
		if text := c.Warning(at); text != "" {
			fmt.Fprintf(p.Stdout, "\n%s %s\n", p.output().Paint(report.Yellow, "Warning:"), terminal.Lines(text))
		}
	}
	if shown == 0 {
		fmt.Fprintln(p.Stdout, "Nothing here depends on the time; hours blocks lead callers by it.")
	}
	return nil
}

// hoursLines says when a block is open: the week, days that are alike together, and
// the special days that are not over. Each line has a tab before the hours.
func hoursLines(b bundle.Block, now time.Time) []string {
	var lines []string
	first, last, hours := "", "", ""
	write := func() {
		switch {
		case first == "":
		case first == last:
			lines = append(lines, capital(first)+"\t"+hours)
		default:
			lines = append(lines, capital(first)+" to "+capital(last)+"\t"+hours)
		}
	}
	var days []string // in the order of the description
	open := map[string][]string{}
	for _, h := range b.Hours {
		if open[h.Day] == nil {
			days = append(days, h.Day)
		}
		text := h.Open
		if h.On != "open" && text != "" {
			text = h.On + " " + text
		}
		if h.Name != "" {
			text = strings.TrimSpace(text + " (" + h.Name + ")")
		}
		open[h.Day] = append(open[h.Day], text)
	}
	for _, day := range days {
		text := strings.Join(slices.DeleteFunc(open[day], func(text string) bool { return text == "" }), ", ")
		if !strings.ContainsAny(text, "0123456789") {
			text = strings.TrimSpace("closed " + text)
		}
		switch weekday := strings.HasSuffix(day, "day"); {
		case weekday && text == hours && first != "":
			last = day
		case weekday:
			write()
			first, last, hours = day, day, text
		default:
			write()
			first = ""
			if len(day) == len("01-02") {
				lines = append(lines, "every "+day+"\t"+text)
			} else if day >= now.Format(time.DateOnly) {
				lines = append(lines, day+"\t"+text)
			}
		}
	}
	write()
	return lines
}

// capital begins a word with a capital letter.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// stateOf says what callers meet at a time, and until when.
func stateOf(b bundle.Block, d bundle.Decision, at time.Time, zone *time.Location) string {
	answer := func(at time.Time) string { return d.Answer(nil, at) }
	now := answer(at)
	text := fmt.Sprintf("%s: %s", at.In(zone).Format("Monday, 2006-01-02 15:04"), now)
	if exit, ok := b.Exit(now); ok {
		text += ", callers come to " + exit.To
	}
	minute := at.Truncate(time.Minute)
	for range 14 * 24 * 60 {
		if minute = minute.Add(time.Minute); answer(minute) != now {
			return text + minute.In(zone).Format(", until Monday, 2006-01-02 15:04")
		}
	}
	return text + ", and that does not change within two weeks"
}
