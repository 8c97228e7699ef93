package deploy

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// promoted is a bundle with some documents, whose menu leads to a queue.
func promoted(base, queue, said, hash string, extra ...string) PromotedBundle {
	files := map[string]string{
		"menu.main-" + hash + "/menu-1.xml":  "<Redirect>../queue.desk-" + hash + "/wait.xml</Redirect>",
		"queue.desk-" + hash + "/wait.xml":   "<Play>" + base + "/audio/a.mp3</Play><Enqueue>" + queue + "</Enqueue>",
		"message.hello-" + hash + "/say.xml": "<Say>" + said + "</Say>",
		"audio/a.mp3":                        "music",
	}
	for _, path := range extra {
		files[path] = "<Say>More.</Say>"
	}
	b := &bundle.Bundle{Data: map[string][]byte{}, Manifest: bundle.Manifest{Queues: []bundle.QueueRow{{Name: "desk", FriendlyName: queue}}}}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		b.Data[path] = []byte(files[path])
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(path, b.Data[path]))
	}
	b.Seal()
	return PromotedBundle{Environment: strings.TrimPrefix(base, "https://"), BaseURL: base, Bundle: b}
}

func TestDifferences(t *testing.T) {
	one, other := strings.Repeat("a", 26), strings.Repeat("b", 26)
	from := promoted("https://staging", "office/desk", "Hello.", one)
	const (
		address  = "names the address at which it is served, as audio needs it"
		queue    = "names a queue, and two environments that may be in one account have queues of their own"
		variable = "says or does something else, because a variable has another value"
		leads    = "leads to blocks that differ"
	)
	for name, test := range map[string]struct {
		to   PromotedBundle
		want []BundleDifference
	}{
		"the same": {promoted("https://staging", "office/desk", "Hello.", one), nil},
		"an address": {promoted("https://calls", "office/desk", "Hello.", other), []BundleDifference{
			{"menu.main", 1, leads}, {"message.hello", 1, leads}, {"queue.desk", 1, address}}},
		"a queue": {promoted("https://staging", "office/production/desk", "Hello.", other), []BundleDifference{
			{"menu.main", 1, leads}, {"message.hello", 1, leads}, {"queue.desk", 1, queue}}},
		"everything": {promoted("https://calls", "office/production/desk", "Good morning.", other), []BundleDifference{
			{"menu.main", 1, leads}, {"message.hello", 1, variable}, {"queue.desk", 1, address + "; " + queue}}},
		"more": {promoted("https://calls", "office/desk", "Hello.", one, "message.more-"+one+"/say.xml"), []BundleDifference{
			{"message.more", 1, "is only in calls: a variable has another value there"}, {"queue.desk", 1, address}}},
	} {
		if diff := cmp.Diff(test.want, Differences(from, test.to)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	less := promoted("https://staging", "office/desk", "Hello.", one, "message.more-"+one+"/say.xml")
	if diff := cmp.Diff([]BundleDifference{{"message.more", 0, "is only in staging: a variable has another value there"}}, Differences(less, from)); diff != "" {
		t.Errorf("less (-want +got):\n%s", diff)
	}
}

func TestUndeployed(t *testing.T) {
	hash := strings.Repeat("a", 26)
	running := promoted("https://staging", "office/desk", "Hello.", hash).Bundle
	if got := Undeployed(running, &running.Manifest); got != "" {
		t.Errorf("the same: %q", got)
	}
	said := promoted("https://staging", "office/desk", "Good morning.", hash).Bundle
	said.Manifest.Compiler = "2.0"
	if got, want := Undeployed(said, &running.Manifest), "message.hello differs; the release was compiled by ivrc , and this is 2.0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	numbered := promoted("https://staging", "office/desk", "Hello.", hash).Bundle
	numbered.Manifest.Numbers = []bundle.NumberRow{{PhoneNumber: "+14155550100"}}
	numbered.Seal()
	if got, want := Undeployed(numbered, &running.Manifest), "its numbers, queues or users are others"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	other := promoted("https://staging", "x/desk", "Hi.", strings.Repeat("b", 26), "m.1-"+hash+"/a", "m.2-"+hash+"/a", "m.3-"+hash+"/a").Bundle
	if got, want := Undeployed(other, &running.Manifest), "m.1, m.2, m.3, menu.main, message.hello and 1 more differ"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
