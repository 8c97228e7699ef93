package host_test

import (
	"net/url"
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
		listed("ErrorUrl=https%3A%2F%2Flogin.example%2F%3Fnext%3Dhttps%253A%252F%252Fcrm.example%252F%253Fivrc_application%253Dcrm%2526x%253Dy", "crm"),
		spelling{"ErrorUrl=https%3A%2F%2Fcrm.example%2F%3Fivrc_application%3Dcrms%26x%3Dcrm", "_", host.CaseUnknown},
		spelling{"ErrorUrl=https%3A%2F%2Fcrm.example%2Faccount", "_", host.CaseUnknown},
		spelling{"ErrorUrl=https%3A%2F%2Fcalls.example%2Fentry.account-x%2Fdigits-1", "_", host.CaseUnknown})
}

// unnamedFailureRow asks what has failed where that can be an application that nothing
// names, or a document of the bundle, which is known by its folder.
func unnamedFailureRow(fixed rowMaker) decisionRow {
	const folder, encoded = "https://calls.example/menu.main-abcdefghijklmnopqrstuvwx27", "https%3A%2F%2Fcalls.example%2Fivr%2Fmenu.main-abcdefghijklmnopqrstuvwx27"
	d := fixed("fallback-i/failure~_document.crm", "ErrorUrl", "_", []string{"_document", "crm", "_"},
		listed("ErrorUrl=https%3A%2F%2Fcrm.example%2F%3Fivrc_application%3Dcrm%26return%3Dhttps%253A%252F%252Fcalls.example%252Fentry.e-abcdefghijklmnopqrstuvwx27%252Fresult-1", "crm"),
		spelling{"ErrorUrl=https%3A%2F%2Fassistant.example%2Ftalk", "_", host.CaseUnknown},
		spelling{"ErrorUrl=https%3A%2F%2Fassistant.example%2F%3Freturn%3Dhttps%253A%252F%252Fcalls.example%252Fentry.e-abcdefghijklmnopqrstuvwx27%252Fresult-1", "_", host.CaseUnknown},
		spelling{"ErrorUrl=https%3A%2F%2Fassistant.example%2F%3Freturn%3Dhttps%3A%2F%2Fcalls.example%2Fentry.e-abcdefghijklmnopqrstuvwx27%2Fresult-1", "_", host.CaseUnknown})
	for _, own := range []string{"/menu-1.xml", "/digits-1~1.2", "/dial-20-busy", "/time~open.closed-m360-x", "/menu-1.xml?CallSid=CA1"} {
		d.spellings = append(d.spellings,
			spelling{"ErrorUrl=" + folder + own, "_document", host.CaseListed},
			spelling{"ErrorUrl=" + strings.ReplaceAll(url.QueryEscape(folder+own), "~", "%7E"), "_document", host.CaseListed},
			spelling{"ErrorUrl=" + encoded + url.QueryEscape(own), "_document", host.CaseListed})
	}
	for _, own := range []string{"https%3A%2F%2Fcalls.example%2Faudio%2Fabcdefghijklmnopqrstuvwx27.mp3", "https%3a%2f%2fcalls.example%2ffallback-abcdefghijklmnopqrstuvwx27%2ffailure~_document.crm"} {
		d.spellings = append(d.spellings, spelling{"ErrorUrl=" + own, "_document", host.CaseListed})
	}
	for _, other := range []string{folder, folder + "/", folder + "/7.xml", folder + "7/menu-1.xml", folder + "/x/menu-1.xml", folder + "/menu-1.xml?x=y", "https://calls.example/menu.main-abc/menu-1.xml",
		"https://calls.example/audio/abc.mp3", "https://calls.example/" + strings.Repeat("a", 30) + "/menu-1.xml", "https://assistant.example/?at=menu.main-abcdefghijklmnopqrstuvwx27/menu-1.xml"} {
		d.spellings = append(d.spellings, spelling{"ErrorUrl=" + url.QueryEscape(other), "_", host.CaseUnknown})
	}
	return d
}

// markedIn is the application that an address names, "" for none.
func markedIn(address string) string {
	const mark = "ivrc_application"
	i := strings.LastIndex(address, mark)
	if i < 0 {
		return ""
	}
	rest := address[i+len(mark):]
	for strings.HasPrefix(rest, "%25") { // encoded more than once
		rest = "%" + rest[len("%25"):]
	}
	rest, ok := strings.CutPrefix(strings.NewReplacer("%3d", "=", "%3D", "=").Replace(rest), "=")
	end := strings.IndexFunc(rest, func(c rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_", c) })
	switch {
	case !ok:
		return ""
	case end >= 0:
		return rest[:end]
	}
	return rest
}
