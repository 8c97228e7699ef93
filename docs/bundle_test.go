package docs

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The hash that the specification of the bundle shows is the one that a reader
// computes who follows its four steps with the document that it shows.
func TestDocsHash(t *testing.T) {
	p := readPage(t, "docs/bundle.md")
	match := regexp.MustCompile(`message\.hours-([a-z2-7]{26})\.json`).FindStringSubmatch(strings.Join(p.lines, "\n"))
	i := slices.Index(p.lines, "$ cat dist/public/message.hours-…/message-1.xml")
	if match == nil || i < 0 {
		t.Fatal("docs/bundle.md does not show the component message.hours")
	}
	document := strings.Join(p.lines[i+1:i+1+slices.Index(p.lines[i+1:], "```")], "\n") + "\n"
	sum := sha256.New()
	for _, part := range []string{"", "message-1.xml", document} {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		sum.Write([]byte(part))
	}
	got := strings.ToLower(base32.StdEncoding.EncodeToString(sum.Sum(nil)[:16])[:26])
	if got != match[1] {
		t.Errorf("docs/bundle.md: the document shown has the hash %s, not %s", got, match[1])
	}
}
