package command

// hours: when a configuration is open, as people read it.

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/diagram"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// hoursCommand prints the hours of a configuration.
func (p *Program) hoursCommand() *cobra.Command {
	c := configuration{program: p, baseURL: simulatedHost, answers: true, errorsOnly: true}
	var text string
	var asJSON, asCalendar bool
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
			list, err := openings(result.Bundle)
			switch {
			case err != nil:
				return err
			case asJSON:
				return p.output().JSON(reportHours(result.Bundle, list, at))
			case asCalendar:
				data, err := calendarOf(result.Bundle.Manifest.Project, list, at)
				if err == nil {
					_, err = p.Stdout.Write(data)
				}
				return err
			}
			return p.showHours(result.Bundle, list, at)
		},
	}
	c.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.Flags().BoolVar(&asCalendar, "ical", false, "write an iCalendar file of the year that follows")
	cmd.MarkFlagsMutuallyExclusive("json", "ical")
	cmd.Flags().StringVar(&text, "at", "", "what callers meet at the time `TIME`, such as 2026-12-24T12:01; the default is now")
	return cmd
}

// showHours prints every block of hours.
func (p *Program) showHours(b *bundle.Bundle, list []opening, at time.Time) error {
	for i, o := range list {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		fmt.Fprintf(p.Stdout, "%s, %s\n\n", o.block.Address, o.block.Setting("time_zone"))
		w := tabwriter.NewWriter(p.Stdout, 0, 0, 3, ' ', 0)
		for _, line := range hoursLines(o.block, at.In(o.zone)) {
			fmt.Fprintf(w, "  %s\n", line)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "\n  %s\n", terminal.OneLine(o.state(at)))
	}
	for _, c := range b.Calendars() {
		if text := c.Warning(at); text != "" {
			fmt.Fprintf(p.Stdout, "\n%s %s\n", p.output().Paint(report.Yellow, "Warning:"), terminal.Lines(text))
		}
	}
	if len(list) == 0 {
		fmt.Fprintln(p.Stdout, "Nothing here depends on the time; hours blocks lead callers by it.")
	}
	return nil
}

// hoursLines says when a block is open: the week, days that are alike together, and
// the special days that are not over. Each line has a tab before the hours.
func hoursLines(b bundle.Block, now time.Time) []string {
	var lines []string
	for _, day := range diagram.Hours(b.Hours) {
		if date, err := time.Parse(time.DateOnly, day.Name); err != nil || date.Format(time.DateOnly) >= now.Format(time.DateOnly) {
			lines = append(lines, day.Name+"\t"+day.Value)
		}
	}
	return lines
}

// state says what callers meet at a time, and until when.
func (o opening) state(at time.Time) string {
	now := o.answer(at)
	text := fmt.Sprintf("%s: %s", at.In(o.zone).Format("Monday, 2006-01-02 15:04"), now)
	if exit, ok := o.block.Exit(now); ok {
		text += ", callers come to " + exit.To
	}
	if until := o.until(at, at.Add(soon)); !until.IsZero() {
		return text + until.In(o.zone).Format(", until Monday, 2006-01-02 15:04")
	}
	return text + ", and that does not change within two weeks"
}
