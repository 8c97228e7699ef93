package bundle

import "strings"

// Sixteenths are the words of a share: the last digit of a call's identity, which is
// as good as random.
const Sixteenths = "0123456789abcdef"

// lastDigit is the hexadecimal digit with which a text of letters and digits ends, ""
// if it does not.
func lastDigit(text string) string {
	for i := range len(text) {
		if c := text[i] | 0x20; !(c >= 'a' && c <= 'z') && !(text[i] >= '0' && text[i] <= '9') {
			return ""
		}
	}
	last := text[max(0, len(text)-1):]
	if !strings.Contains(Sixteenths, last) {
		return ""
	}
	return last
}
