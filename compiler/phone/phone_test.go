package phone

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/ivrc/ivrc/internal/deep"
)

var update = flag.Bool("update", false, "make numbers.txt anew from the library's metadata")

// TestNumbersFile holds the table to the library's metadata.
func TestNumbersFile(t *testing.T) {
	want := makeTable(t)
	if *update {
		if err := os.WriteFile("numbers.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Error("the library knows other numbers: go test ./compiler/phone -update")
	}
}

// makeTable makes the table from the library's metadata.
func makeTable(t *testing.T) string {
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]*phonenumbers.PhoneMetadata{}
	for _, m := range collection.GetMetadata() {
		known[fmt.Sprint(m.GetCountryCode(), m.GetId())] = m
	}
	var b strings.Builder
	b.WriteString("# The world's telephone numbers, from the metadata of libphonenumber (Apache License 2.0). Made by go test ./compiler/phone -update.\n")
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedCallingCodes())) {
		for _, country := range phonenumbers.GetRegionCodesForCountryCode(code) {
			b.WriteString(strings.Join(cells(known[fmt.Sprint(code, country)]), "\t") + "\n")
		}
	}
	return b.String()
}

// cells is the line of a country.
func cells(m *phonenumbers.PhoneMetadata) []string {
	mobile := m.GetMobile()
	if m.GetSameMobileAndFixedLinePattern() {
		mobile = nil
	}
	general := m.GetGeneralDesc()
	list := []string{
		strconv.Itoa(int(m.GetCountryCode())), m.GetId(), letters(general.GetPossibleLengthLocalOnly()),
		m.GetNationalPrefixForParsing(), m.GetNationalPrefixTransformRule(), m.GetLeadingDigits(), rangeCell(general),
	}
	for _, d := range []*phonenumbers.PhoneNumberDesc{
		m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(),
		m.GetPager(), m.GetUan(), m.GetVoicemail(), m.GetFixedLine(), mobile,
	} {
		list = append(list, rangeCell(d))
	}
	return list
}

// rangeCell is a range as the table writes it.
func rangeCell(d *phonenumbers.PhoneNumberDesc) string {
	if d.GetNationalNumberPattern() == "" {
		return ""
	}
	return letters(d.GetPossibleLength()) + ":" + d.GetNationalNumberPattern()
}

func letters(lengths []int32) string {
	var b strings.Builder
	for _, n := range lengths {
		b.WriteString(lengthLetter(int(n)))
	}
	return b.String()
}

// TestAnswersOfLibrary compares the answers with the library's: for the example of
// each kind of number of each country and its neighbours, which are shorter, longer,
// with another digit, or with a 0 or 1 in front, and for numbers by chance.
func TestAnswersOfLibrary(t *testing.T) {
	var numbers []string
	for code := range phonenumbers.GetSupportedCallingCodes() {
		for _, country := range phonenumbers.GetRegionCodesForCountryCode(code) {
			for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.VOICEMAIL; kind++ {
				if example := phonenumbers.GetExampleNumberForType(country, kind); example != nil {
					numbers = append(numbers, neighbours(strconv.Itoa(code), phonenumbers.GetNationalSignificantNumber(example))...)
				}
			}
		}
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for code := range 1000 {
		for range deep.Or(3, 20) {
			numbers = append(numbers, fmt.Sprintf("+%d%0*d", code, 1+chance.IntN(15), chance.Int64N(1e15))[:5+chance.IntN(8)])
		}
	}
	slices.Sort(numbers)
	const prefixKept = "+3758011234567" // the 80 is no trunk prefix: without it no number is left
	numbers = append([]string{prefixKept}, numbers...)
	every := deep.Or(3, 1)
	for i := 0; i < len(numbers); i += every {
		if got, want := answers(numbers[i]), libraryAnswers(numbers[i]); got != want {
			t.Errorf("%s: got %s, the library says %s", numbers[i], got, want)
		}
	}
	t.Logf("%d numbers", len(numbers)/every)
}

// neighbours are numbers like a national one.
func neighbours(code, national string) []string {
	list := []string{national, national[1:], national[:len(national)-1], national + "0", national + "00"}
	for _, front := range []string{"0", "1", "8", "9", "00", "15"} {
		list = append(list, front+national)
	}
	for i := range min(4, len(national)) {
		list = append(list, national[:i]+string('0'+(national[i]-'0'+7)%10)+national[i+1:])
	}
	for i := range list {
		list[i] = "+" + code + list[i]
	}
	return list
}

func answers(text string) string {
	n, ok := Parse(text)
	if !ok {
		return "no number"
	}
	return fmt.Sprint(n.Code(), " ", cmp.Or(n.Country(), "001"), " ", n.Length(), " ", n.Kind())
}

func libraryAnswers(text string) string {
	n, err := phonenumbers.Parse(text, "ZZ")
	if err != nil {
		return "no number"
	}
	length, ok := map[phonenumbers.ValidationResult]Length{
		phonenumbers.IS_POSSIBLE: Possible, phonenumbers.TOO_SHORT: TooShort, phonenumbers.TOO_LONG: TooLong,
	}[phonenumbers.IsPossibleNumberWithReason(n)]
	if !ok {
		length = Impossible
	}
	kind, ok := map[phonenumbers.PhoneNumberType]RangeKind{
		phonenumbers.PREMIUM_RATE: Premium, phonenumbers.SHARED_COST: SharedCost, phonenumbers.PERSONAL_NUMBER: Personal,
		phonenumbers.MOBILE: Mobile, phonenumbers.UNKNOWN: Unassigned,
	}[phonenumbers.GetNumberType(n)]
	if !ok {
		kind = Other
	}
	if phonenumbers.IsValidNumber(n) != (kind != Unassigned) {
		kind = -1
	}
	return fmt.Sprint(n.GetCountryCode(), " ", phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode())), " ", length, " ", kind)
}
