package simulator

import "fmt"

// Line writes one event as [Transcript.Text] does, on one line: the time, who,
// and what happened. It is "" for events that are not for people.
func (o TextOptions) Line(e Event) string {
	what := o.sentence(e)
	if what == "" {
		return ""
	}
	return fmt.Sprintf("%7s  %s  %s", Clock(e.At), o.who(e), what)
}
