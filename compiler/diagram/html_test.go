package diagram

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
)

var (
	pageFlow   = regexp.MustCompile(`(?s)<script type="application/json" id="flow">(.*?)</script>`)
	pageScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	pageStyle  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	pageTree   = regexp.MustCompile(`(?s)<noscript><pre>(.*?)</pre></noscript>`)
	pagePolicy = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
)

func page(t rapid.TB, b *bundle.Bundle) string {
	t.Helper()
	text, err := HTML(b)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readFlow reads the data of a page as its script does.
func readFlow(t rapid.TB, page string) flow {
	t.Helper()
	match := pageFlow.FindStringSubmatch(page)
	if match == nil {
		t.Fatal("the page has no data")
	}
	var f flow
	if err := json.Unmarshal([]byte(match[1]), &f); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(match[1], ":null") {
		t.Fatalf("the script expects lists, not null: %s", match[1])
	}
	return f
}

func TestHTMLShowsEveryWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flows(words).Draw(t, "flow")
		f := readFlow(t, page(t, b))
		var nodes []string
		var ways []edge
		for _, block := range f.Blocks {
			nodes = append(nodes, block.Title)
			for _, exit := range block.Exits {
				to := "hang up"
				if exit.To >= 0 {
					to = f.Blocks[exit.To].Title
				}
				ways = append(ways, edge{block.Title, exit.Text, to})
			}
		}
		slices.Sort(nodes)
		ends := func(title string) bool { return title == "hang up" }
		if diff := cmp.Diff(slices.DeleteFunc(titles(b), ends), nodes); diff != "" {
			t.Fatalf("nodes: -bundle +page:\n%s", diff)
		}
		if diff := cmp.Diff(edges(b), sorted(ways)); diff != "" {
			t.Fatalf("ways: -bundle +page:\n%s", diff)
		}
	})
}

// A call that is not answered is not shown as one that ends.
func TestHTMLTellsRejectedCalls(t *testing.T) {
	b := &bundle.Bundle{Manifest: bundle.Manifest{Numbers: []bundle.NumberRow{{Name: "main", PhoneNumber: "+14155550100"}}}}
	b.Components = []bundle.Component{{Directory: "x", Blocks: []bundle.Block{
		{Address: "number.main", Exits: []bundle.Exit{{On: "answer", To: "callers.door"}}},
		{Address: "callers.door", Exits: []bundle.Exit{{On: "nuisance", To: bundle.Reject}, {On: "agency", To: bundle.RejectBusy}, {On: "otherwise", To: bundle.Hangup}}},
	}}}
	want := map[string]bool{"nuisance": true, "agency": true, "otherwise": false}
	for _, exit := range readFlow(t, page(t, b)).Blocks[1].Exits {
		if exit.To >= 0 || exit.Rejected != want[exit.On] {
			t.Errorf("%s leads to %d, rejected: %t", exit.On, exit.To, exit.Rejected)
		}
	}
}

// Numbers that treat callers alike are one block, and none of them is missing.
func TestHTMLListsNumbersThatAreAlike(t *testing.T) {
	b := &bundle.Bundle{}
	var blocks []bundle.Block
	for i := range 9 {
		name := string(rune('a' + i))
		to := "menu.main"
		if i == 7 {
			to = "hangup"
		}
		b.Manifest.Numbers = append(b.Manifest.Numbers, bundle.NumberRow{Name: name, PhoneNumber: "+1415555010" + string(rune('0'+i))})
		blocks = append(blocks, bundle.Block{
			Address:  "number." + name,
			Settings: []bundle.Setting{{Name: "phone_number", Value: b.Manifest.Numbers[i].PhoneNumber}},
			Exits:    []bundle.Exit{{On: "answer", To: to}},
		})
	}
	blocks[2].Messages = []bundle.Message{{Role: "fallback", Text: "Sorry."}}
	b.Components = []bundle.Component{{Directory: "x", Blocks: blocks}}
	var got [][]string
	for _, block := range readFlow(t, page(t, b)).Blocks {
		got = append(got, append([]string{block.Title}, block.Numbers...))
	}
	want := [][]string{
		{
			"7 numbers", "+14155550100 a", "+14155550101 b", "+14155550103 d", "+14155550104 e",
			"+14155550105 f", "+14155550106 g", "+14155550108 i",
		},
		{"+14155550102 c", "+14155550102 c"},
		{"+14155550107 h", "+14155550107 h"},
		{"menu main"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The page needs nothing but itself, and its policy allows nothing else: the
// policy lists the digests of exactly the style and the scripts that it has.
func TestHTMLIsSelfContained(t *testing.T) {
	_, b := load(t, "testdata/small.txtar")
	text := page(t, b)
	for _, outside := range []string{"http:", "https:", "src=", "href=", "url(//", "@import", "import(", "fetch(", "XMLHttpRequest", "sourceMappingURL"} {
		if strings.Contains(text, outside) {
			t.Errorf("the page contains %q", outside)
		}
	}
	digests := func(source *regexp.Regexp) string {
		var all string
		for _, match := range source.FindAllStringSubmatch(text, -1) {
			sum := sha256.Sum256([]byte(match[1]))
			all += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		}
		return all
	}
	want := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src" + digests(pageStyle) + "; script-src" + digests(pageScript)
	got := html.UnescapeString(pagePolicy.FindStringSubmatch(text)[1])
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy: -want +got:\n%s", diff)
	}
	if !strings.Contains(text, "Permission is hereby granted") {
		t.Error("the licence of the layout library is missing")
	}
}

// The layout library is the file that its authors published, @dagrejs/dagre
// 3.1.3, dist/dagre.min.js.
func TestLayoutLibraryIsUnchanged(t *testing.T) {
	sum := sha256.Sum256([]byte(part("dagre.min.js")))
	if got, want := hex.EncodeToString(sum[:]), "54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

// No text leaves its place: whatever the bundle says, the page has the same
// tags, shows the whole text tree, and its policy does not change.
func TestHTMLKeepsTextsInPlace(t *testing.T) {
	tag := regexp.MustCompile(`<[A-Za-z/!][^>]*>`)
	tags := func(text string) []string {
		return tag.FindAllString(without(without(text, "<style>", "</style>"), "<script>", "</script>"), -1)
	}
	want := tags(page(t, &bundle.Bundle{}))
	check := func(t rapid.TB, b *bundle.Bundle) {
		text := page(t, b)
		if diff := cmp.Diff(want, tags(text)); diff != "" {
			t.Fatalf("tags: -of an empty page +got:\n%s", diff)
		}
		tree := html.UnescapeString(pageTree.FindStringSubmatch(text)[1])
		if diff := cmp.Diff(Text(b), tree); diff != "" {
			t.Fatalf("text tree: -want +got:\n%s", diff)
		}
	}
	for _, path := range cases(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, b := load(t, path)
			check(t, b)
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.SampledFrom([]string{"</script>", "<!--", "]]>", "</pre>", "\"'`", "&lt;", "<script>", "\u2028", "{{.}}", "</title>"})
		b := flows(rapid.OneOf(hostile, rapid.String())).Draw(t, "flow")
		b.Manifest.Project = rapid.OneOf(hostile, rapid.String()).Draw(t, "project")
		check(t, b)
	})
}

// without leaves out what stands between two marks.
func without(text, open, end string) string {
	var rest strings.Builder
	for text != "" {
		before, after, _ := strings.Cut(text, open)
		rest.WriteString(before)
		_, text, _ = strings.Cut(after, end)
	}
	return rest.String()
}

// A block says where it begins if that is known, whatever a file is called.
func TestHTMLNamesSources(t *testing.T) {
	_, b := load(t, "testdata/small.txtar")
	for _, block := range readFlow(t, page(t, b)).Blocks {
		if block.Source != "" || block.Sources != nil {
			t.Errorf("%s is in %q %q", block.Title, block.Source, block.Sources)
		}
	}
	text, err := Page{Source: func(block string) string {
		if block == "menu.main" {
			return ""
		}
		return "</script>\u202e.hcl:3 " + block
	}}.HTML(b)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, block := range readFlow(t, text).Blocks {
		got[block.Title] = block.Source
	}
	if got["menu main"] != "" || got["ring group sales"] != `</script>\u202e.hcl:3 ring_group.sales` || len(got) < 5 {
		t.Errorf("got %q", got)
	}
	if n := strings.Count(text, "</script>"); n != 3 {
		t.Errorf("the page ends %d scripts", n)
	}
}

// The page begins with the number that is called main, or else with the first
// that leads callers somewhere.
func TestHTMLBeginsWithTheMainNumber(t *testing.T) {
	leads := func(name string) bundle.Block {
		return bundle.Block{Address: "number." + name, Exits: []bundle.Exit{{On: "answer", To: "message.hours"}}}
	}
	offline := func(name string) bundle.Block { return bundle.Block{Address: "number." + name} }
	for want, blocks := range map[string][]bundle.Block{
		"+1 a":    {leads("a"), leads("b")},
		"+1 b":    {offline("a"), leads("b")},
		"+1 main": {leads("a"), offline("main")},
		"+1 old":  {offline("old")},
	} {
		b := &bundle.Bundle{Components: []bundle.Component{{Directory: "x", Blocks: blocks}}}
		for _, block := range blocks {
			b.Manifest.Numbers = append(b.Manifest.Numbers, bundle.NumberRow{Name: strings.TrimPrefix(block.Address, "number."), PhoneNumber: "+1"})
		}
		f := readFlow(t, page(t, b))
		if got := f.Blocks[f.Main].Title; got != want {
			t.Errorf("begins with %q, want %q", got, want)
		}
	}
}
