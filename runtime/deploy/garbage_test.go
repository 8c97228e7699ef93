package deploy

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// What nobody needs is garbage once it is a day old, and not before: a call may have
// begun with it, and a person may look at a plan that counts on it.
func TestGarbageIsADayOld(t *testing.T) {
	numbers := phones(1)
	th := staged(t, testBundle(numbers, nil, "words"), numbers)
	left := map[string]time.Duration{ // left behind by nobody knows whom
		"public/number.old-aaaaaaaaaaaaaaaaaaaaaaaaaa/answer.xml":       25 * time.Hour,
		"public/number.new-aaaaaaaaaaaaaaaaaaaaaaaaaa/answer.xml":       23 * time.Hour,
		"private/components/number.old-aaaaaaaaaaaaaaaaaaaaaaaaaa.json": 25 * time.Hour,
		"private/components/number.new-aaaaaaaaaaaaaaaaaaaaaaaaaa.json": 23 * time.Hour,
		releaseKey(strings.Repeat("b", 64)):                             23 * time.Hour,
		"private/notes.txt":                                             1000 * time.Hour, // no file of a release
	}
	for key, age := range left {
		th.store.objects[key] = memoryObject{data: []byte("{}"), modified: th.now.Add(-age)}
	}
	p := th.process(t, "a")
	live, err := ReadLive(t.Context(), p.reader, p.store, p.target)
	if err != nil {
		t.Fatal(err)
	}
	garbage, err := live.Garbage(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(garbage)
	want := []string{"private/components/number.old-aaaaaaaaaaaaaaaaaaaaaaaaaa.json", "public/number.old-aaaaaaaaaaaaaaaaaaaaaaaaaa/answer.xml"}
	if !slices.Equal(garbage, want) {
		t.Errorf("garbage is %q, want %q", garbage, want)
	}
}
