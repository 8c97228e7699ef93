package host_test

import (
	"slices"
	"strings"

	"github.com/ivrc/ivrc/runtime/router/host"
)

// The part of the table that is about who calls: a list of what numbers begin with.

// callersRow is an address with such a list.
func callersRow(fixed func(at, parameter, missing string, answers []string, spellings ...spelling) decisionRow) decisionRow {
	listed := func(query, answer string) spelling { return spelling{query, answer, host.CaseListed} }
	row := fixed("callers.door-h/from-1", "From", "withheld", []string{"1", "1415", "33", "withheld", "_"}, append(everyTenth(withheld()),
		listed("From=%2B14155550199", "1415"), listed("From=%2B12125550199", "1"), listed("From=%2B33199001122", "33"),
		listed("From=%2b14155550199", "1415"), listed("From=%2B1415", "1415"), listed("From=%2B141", "1"), listed("From=%2B333333333333333", "33"),
		spelling{"From=+14155550199", "1415", host.CaseListedOtherwise}, spelling{"From=+1", "1", host.CaseListedOtherwise},
		spelling{"From=%2B3", "_", host.CaseUnknown}, spelling{"From=%2B442079460199", "_", host.CaseUnknown},
		spelling{"From=%2B17378742833", "1", host.CaseListed},
		spelling{"From=14155550199", "_", host.CaseUnknown}, spelling{"From=1415", "_", host.CaseUnknown},
		spelling{"From=%2B3333333333333333", "_", host.CaseUnknown}, // no number has 16 digits
		spelling{"From=%2B%2B14155550199", "_", host.CaseUnknown}, spelling{"From=%2B1415-555-0199", "_", host.CaseUnknown},
		spelling{"From=%2B1415x", "_", host.CaseUnknown}, spelling{"From=%2B1415.33", "_", host.CaseUnknown}, spelling{"From=%2B.1.", "_", host.CaseUnknown},
		spelling{"From=%2B1~1415", "_", host.CaseUnknown}, spelling{"From=%2B0", "_", host.CaseUnknown},
		spelling{"From=sip:%2B14155550199@zillum.example", "_", host.CaseUnknown}, spelling{"From=sip%3A%2B14155550199%40zillum.example", "_", host.CaseUnknown},
		spelling{"From=%2B%314155550199", "_", host.CaseEncoded}, spelling{"From=%2014155550199", "_", host.CaseEncoded})...)
	row.at += "~1.1415.33.withheld"
	return row
}

// everyShareRow is an address without a list, which knows every digit.
func everyShareRow(fixed func(at, parameter, missing string, answers []string, spellings ...spelling) decisionRow) decisionRow {
	var spellings []spelling
	digits := strings.Split("0123456789abcdef", "")
	for _, digit := range digits {
		spellings = append(spellings, spelling{"CallSid=CA0123456789abcdef0123456789abcde" + digit, digit, host.CaseListed})
	}
	row := fixed("split.offices-i/share-2", "CallSid", "_", append(slices.Clone(digits), "_"), spellings...)
	row.listed = nil // another row has these
	return row
}

// shareRow is an address that shares calls out. It is asked for by the last digit of
// the identity of a call.
func shareRow(fixed func(at, parameter, missing string, answers []string, spellings ...spelling) decisionRow) decisionRow {
	of := func(last, answer, kind string) spelling {
		return spelling{"CallSid=CA0123456789abcdef0123456789abcde" + last, answer, kind}
	}
	row := fixed("split.offices-i/share-1", "CallSid", "_", []string{"c", "d", "e", "_"},
		of("c", "c", host.CaseListed), of("d", "d", host.CaseListed), of("e", "e", host.CaseListed), of("f", "_", host.CaseUnknown), of("0", "_", host.CaseUnknown),
		of("C", "_", host.CaseUnknown), of("g", "_", host.CaseUnknown), of(".", "_", host.CaseUnknown),
		spelling{"CallSid=c", "c", host.CaseListed}, spelling{"CallSid=c.", "_", host.CaseUnknown}, spelling{"CallSid=../c", "_", host.CaseTraversal})
	row.at += "~c.d.e"
	return row
}

// everyTenth returns some spellings of a word that another row tries all of.
func everyTenth(list []spelling) []spelling {
	var some []spelling
	for i := 0; i < len(list); i += 10 {
		some = append(some, list[i])
	}
	return some
}

// callersListRows are about lists of beginnings that the compiler does not write.
func callersListRows() []row {
	var rows []row
	add := func(kind, path, query, document string) { rows = append(rows, listRow(kind, path, query, document)) }
	const callers, from = "callers.door-h/from-1", "CallSid=CA1&From=%2B14155550199"
	add(host.CaseListed, callers+"~withheld.33.1415.1", from, callers+".1415.xml")
	add(host.CaseListed, callers+"~1415.1415", from, callers+".1415.xml")
	add(host.CaseListed, callers+"~1", from, callers+".1.xml")
	add(host.CaseUnknown, callers+"~33", from, callers+"._.xml")
	add(host.CaseUnknown, callers+"~14155550199000.415.5.0199", from, callers+"._.xml")
	add(host.CaseUnknown, callers+"~33", "From=anonymous", callers+"._.xml")
	add(host.CaseMissing, callers+"~33", "", callers+".withheld.xml")
	add(host.CaseUnknown, callers, from, callers+"._.xml")
	add(host.CaseNothing, callers+"~14155", from, "") // no document, and nothing else
	add(host.CaseEncodedList, callers+"%7E1.1415.33.withheld", from, callers+".1415.xml")
	for _, list := range []string{"+1415", "%2B1415", "1415.", ".1415", "14-15", "1415/..", "%2e%2e"} {
		add(host.CaseNoList, callers+"~"+list, from, "")
	}
	rows[len(rows)-2].status = 0 // which some refuse before they look at it
	return rows
}
