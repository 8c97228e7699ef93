package resolve

// Phone numbers and the other addresses under which people are rung. Numbers
// are checked with the metadata of libphonenumber: one that cannot exist in its
// country is an error, one that is merely not assigned a warning, because the
// metadata lags behind the numbering plans.

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/phone"
)

// CheckPhone reports a text that is not a possible phone number in E.164.
func CheckPhone(r *diagnostic.Collector, text string, at hcl.Range) bool {
	digits, plus := strings.CutPrefix(text, "+")
	if !plus || digits == "" || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		r.Report("IVR405", at, "A phone number is written in the international form: + and the country code, then digits only, such as \"+14155550100\".%s", international(text))
		return false
	}
	number, ok := phone.Parse(text)
	if !ok {
		r.Report("IVR405", at, "No country has a number that begins like this. Check the country code.")
		return false
	}
	country := cmp.Or(number.Country(), "its country")
	switch number.Length() {
	case phone.Possible:
	case phone.TooShort:
		r.Report("IVR405", at, "This number is too short for %s, so the call would fail. Check for missing digits.", country)
		return false
	case phone.TooLong:
		r.Report("IVR405", at, "This number is too long for %s, so the call would fail. Check for a digit too many, such as the 0 before an area code.", country)
		return false
	default:
		r.Report("IVR405", at, "No number in %s has this length, so the call would fail. Check the digits.", country)
		return false
	}
	if number.Kind() == phone.Unassigned && !isFictional(digits) {
		r.Report("IVR605", at, "This number is possible in %s, but its range is not assigned as far as is known. Check the digits.", country)
	}
	return true
}

// international suggests the international form of a number that is written as
// people write it, if it is a number that exists.
func international(text string) string {
	clean := strings.NewReplacer("(0)", "", " ", "", "\u00a0", "", "-", "", ".", "", "/", "", "(", "", ")", "", "tel:", "").Replace(text)
	clean = strings.TrimPrefix(strings.TrimPrefix(clean, "+"), "00")
	if len(clean) > 15 || strings.Trim(clean, "0123456789") != "" {
		return ""
	}
	number, ok := phone.Parse("+" + clean)
	if !ok || number.Kind() == phone.Unassigned && !isFictional(clean) {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", "+"+clean)
}

// isFictional reports the numbers 555-0100 to 555-0199 of North America, which
// are kept free for examples.
func isFictional(digits string) bool {
	return len(digits) == 11 && digits[0] == '1' && digits[4:9] == "55501"
}

// checkSIP reports a text that is not a SIP address.
func checkSIP(r *diagnostic.Collector, text string, at hcl.Range) bool {
	rest, ok := strings.CutPrefix(text, "sip:")
	userPart, host, found := strings.Cut(rest, "@")
	if !ok || !found || userPart == "" || host == "" || strings.ContainsAny(text, " \t<>\"") {
		meant := ""
		if !ok && strings.Count(text, "@") == 1 && !strings.ContainsAny(text, " \t<>\":") {
			meant = fmt.Sprintf(" Did you mean %q?", "sip:"+text)
		}
		r.Report("IVR406", at, "A SIP address is written sip:user@host, such as \"sip:carol@example.com\".%s", meant)
		return false
	}
	if len(text) > 255 {
		r.Report("IVR406", at, "Twilio dials SIP addresses of at most 255 characters.")
		return false
	}
	return true
}

// checkClient reports a text that cannot be the identity of a Voice SDK user.
func checkClient(r *diagnostic.Collector, text string, at hcl.Range) bool {
	if text == "" || len(text) > 256 || strings.ContainsAny(text, " \t\r\n<>\"&:/?#") {
		r.Report("IVR407", at, "The identity of a Voice SDK user has at most 256 characters, without spaces and delimiters; letters, digits and _ are safe everywhere.")
		return false
	}
	return true
}
