package command_test

import (
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
)

// IVRC_LOG=debug shows every request, and whose it is in none; without it there is
// no line. That no secret is shown, the canaries look for, which run with it.
func TestRequestLog(t *testing.T) {
	c := newCanary(t)
	for value, logged := range map[string]bool{"debug": true, "warn": false, "off": false, "": false} {
		c.environment = append(c.environment, "IVRC_LOG="+value)
		for i, entry := range c.environment {
			if strings.HasPrefix(entry, "IVRC_LOG=") {
				c.environment[i] = "IVRC_LOG=" + value
			}
		}
		text, code := c.execute("plan")
		if code != command.ExitSuccess {
			t.Fatalf("it ends with %d:\n%s", code, text)
		}
		for _, want := range []string{
			"level=DEBUG msg=request method=GET host=" + twilioHost + " path=/2010-04-01/Accounts/AC…/IncomingPhoneNumbers.json status=200 ms=",
			"msg=request method=GET host=" + bucketHost + " path=/ivr/",
		} {
			if strings.Contains(text, want) != logged {
				t.Errorf("IVRC_LOG=%s: %q is there: %v\n%s", value, want, !logged, text)
			}
		}
	}
	c.environment = append([]string{"IVRC_LOG=loud"}, c.environment...)
	if text, code := c.execute("plan"); code != command.ExitError || !strings.Contains(text, `IVRC_LOG is debug, info, warn, error or off, not "loud"`) {
		t.Errorf("it ends with %d:\n%s", code, text)
	}
}
