package host_test

import (
	"strings"

	"github.com/ivrc/ivrc/runtime/router/host"
)

// A rowMaker makes the rows of a decision of a kind.
type rowMaker func(at, parameter, missing string, answers []string, spellings ...spelling) decisionRow

// resultRow asks what an application has answered.
func resultRow(fixed rowMaker) decisionRow {
	return fixed("entry.account-g/result-2~done.known.pound.un_known", "Result", "_", []string{"done", "known", "pound", "un_known", "_"},
		listed("Result=done", "done"), listed("Result=known", "known"), listed("Result=un_known", "un_known"), listed("Result=%23", "pound"),
		spelling{"Result=Known", "_", host.CaseValueCase}, spelling{"Result=star", "_", host.CaseUnknown},
		spelling{"Result=*", "_", host.CaseUnknown}, spelling{"Result=other", "_", host.CaseUnknown}, spelling{"Result=known.pound", "_", host.CaseUnknown})
}

// failureRow asks which application has failed.
func failureRow(fixed rowMaker) decisionRow {
	return fixed("fallback-h/failure~account.application.crm", "ErrorUrl", "_", []string{"account", "application", "crm", "_"},
		listed("ErrorUrl=ivrc_application=application", "application"),
		listed("ErrorUrl=https%3A%2F%2Fcrm.example%2Faccount%3Fivrc_application%3Daccount%26return%3Dhttps%253A%252F%252Fcalls.example%252Fx", "account"),
		listed("ErrorUrl=https%3A%2F%2Fcrm.example%2F%3Fivrc_application%3dcrm", "crm"),
		spelling{"ErrorUrl=https%3A%2F%2Fcrm.example%2F%3Fivrc_application%3Dcrms%26x%3Dcrm", "_", host.CaseUnknown},
		spelling{"ErrorUrl=https%3A%2F%2Fcrm.example%2Faccount", "_", host.CaseUnknown},
		spelling{"ErrorUrl=https%3A%2F%2Fcalls.example%2Fentry.account-x%2Fdigits-1", "_", host.CaseUnknown})
}

// markedIn is the application that an address names, "" for none.
func markedIn(address string) string {
	const mark = "ivrc_application"
	i := strings.LastIndex(address, mark)
	if i < 0 {
		return ""
	}
	rest, ok := strings.CutPrefix(address[i+len(mark):], "=")
	if !ok {
		rest, ok = strings.CutPrefix(strings.Replace(address[i+len(mark):], "%3d", "%3D", 1), "%3D")
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_", c) })
	switch {
	case !ok:
		return ""
	case end >= 0:
		return rest[:end]
	}
	return rest
}
