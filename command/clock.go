package command

// Times that people write: those of opening hours.

import (
	"errors"
	"fmt"
	"time"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// clockTime reads a time in the time zone of the hours of a bundle, or with an offset
// from UTC.
func clockTime(b *bundle.Bundle, text string) (time.Time, error) {
	zones := map[string]bool{}
	for _, block := range b.Blocks() {
		if block.Kind() == bundle.KindHours {
			zones[block.Setting("time_zone")] = true
		}
	}
	zone := ""
	for name := range zones {
		zone = name
	}
	at, local, err := compiler.ParseTime(text, zone)
	switch {
	case err != nil:
		return at, err
	case local && len(zones) == 0:
		return at, errors.New("no hours depend on the time, so it is not known in which time zone it is; write it with an offset: " + text + "Z")
	case local && len(zones) > 1:
		return at, fmt.Errorf("the hours have %d time zones; write the time with an offset from UTC: %sZ", len(zones), text)
	}
	return at, nil
}
