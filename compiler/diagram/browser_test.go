package diagram

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// browse opens the page of a bundle in a browser without a window, at the given
// fragment, and returns the document after its scripts have run.
func browse(t *testing.T, b *bundle.Bundle, fragment string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flow.html")
	if err := os.WriteFile(path, []byte(page(t, b)), 0o644); err != nil {
		t.Fatal(err)
	}
	return browseFile(t, path+fragment)
}

// browseFile opens a file in a browser without a window, which may follow a "#",
// and returns the document after its scripts have run.
func browseFile(t *testing.T, path string) string {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not installed")
	}
	out, err := exec.CommandContext(t.Context(), browser,
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
		"--allow-file-access-from-files",
		"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+path).Output()
	if err != nil {
		t.Fatalf("the browser failed: %v", err)
	}
	return string(out)
}

var (
	browserStep  = regexp.MustCompile(`<li class="(met|heard|did|over)">(.*?)</li>`)
	browserTag   = regexp.MustCompile(`<[^>]*>`)
	browserKey   = regexp.MustCompile(`<button value="#"[^>]* disabled=""[^>]*>#</button>`)
	browserBlock = regexp.MustCompile(`<g class="(block[^"]*)"[^>]* aria-label="([^"]*)"`)
)

// A call is walked as its callers would: what is heard where, by which way.
func TestBrowserWalksACall(t *testing.T) {
	_, b := load(t, "testdata/small.txtar")
	document := browse(t, b, "#number=%2B14155550100+main&step=answer&step=1&step=busy&step=full")
	var transcript, walked []string
	for _, match := range browserStep.FindAllStringSubmatch(document, -1) {
		transcript = append(transcript, match[1]+": "+html.UnescapeString(browserTag.ReplaceAllString(match[2], "")))
	}
	want := []string{
		"met: +14155550100 main",
		"did: number shown",
		"met: menu main",
		"heard: Thank you for calling Zillum Inc.",
		"heard: Press 1 for Sales. Press 2 for Support.",
		"did: presses 1 Sales",
		"met: ring group sales, sequential, 20 s, 2 cycles, recorded",
		"did: busy",
		"heard: All our users are busy at the moment. Please try again later.",
		"met: queue sales, 10 callers, 10 min",
		"heard: Please hold. Somebody will be with you shortly.",
		"did: queue full",
		"met: voicemail sales, 2 min",
		"heard: Please leave a message after the tone.",
	}
	if diff := cmp.Diff(want, transcript); diff != "" {
		t.Errorf("transcript: -want +got:\n%s", diff)
	}
	for _, match := range browserBlock.FindAllStringSubmatch(document, -1) {
		if strings.Contains(match[1], "walked") {
			name, _, _ := strings.Cut(match[2], ",")
			walked = append(walked, name)
		}
	}
	path := []string{"+14155550100 main", "menu main", "voicemail sales", "ring group sales", "queue sales"}
	if diff := cmp.Diff(path, walked); diff != "" {
		t.Errorf("highlighted blocks: -want +got:\n%s", diff)
	}
	if !strings.Contains(document, ">leaves a message</button>") {
		t.Error("the voicemail does not offer to leave a message")
	}
}

// The page draws every case to its last step, which is the keypad.
func TestBrowserDrawsPages(t *testing.T) {
	for _, path := range cases(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, b := load(t, path)
			document := browse(t, b, "")
			f := newFlow(newGraph(b))
			ways := 0
			for i, block := range f.Blocks {
				for _, exit := range block.Exits {
					if exit.To >= 0 && exit.To != i {
						ways++
					}
				}
			}
			if n := len(browserBlock.FindAllString(document, -1)); n != len(f.Blocks) {
				t.Errorf("%d blocks are drawn, want %d", n, len(f.Blocks))
			}
			if n := strings.Count(document, `class="way `); n != ways {
				t.Errorf("%d ways are drawn, want %d", n, ways)
			}
			if !browserKey.MatchString(document) {
				t.Error("the keypad is not ready")
			}
		})
	}
}

// watcher is a page that shows another in a frame of a phone's or a monitor's
// size, does something in it, and writes down what it finds.
const watcher = `<!doctype html>
<iframe src="flow.html" width="%d" height="%d" style="border: 0"></iframe>
<pre></pre>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {
  const { document: page, KeyboardEvent } = frame.contentWindow;
  const drawing = page.getElementById("drawing");
  const inside = (node) => {
    const box = node.getBoundingClientRect(), window = drawing.getBoundingClientRect();
    return box.left >= window.left && box.right <= window.right && box.top >= window.top && box.bottom <= window.bottom;
  };
  const texts = () => {
    const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT), found = [];
    for (let text; (text = walk.nextNode());) {
      const element = text.parentElement;
      if (!text.textContent.trim() || !element.checkVisibility() || element.closest("script, noscript")) continue;
      const scale = element.closest("svg") ? element.getScreenCTM().a : 1;
      found.push({ text: text.textContent, size: parseFloat(frame.contentWindow.getComputedStyle(element).fontSize) * scale });
    }
    return found;
  };
  const press = (key, target = page.activeElement) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const blocks = [...page.querySelectorAll(".block")];
  document.querySelector("pre").textContent = JSON.stringify((() => { %s })());
};
</script>`

// watch opens a page in a frame of a size, runs a function there, and reads what
// it returns.
func watch(t *testing.T, text string, width, height int, script string, result any) {
	t.Helper()
	directory := t.TempDir()
	for name, content := range map[string]string{"flow.html": text, "watch.html": fmt.Sprintf(watcher, width, height, script)} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	document := browseFile(t, filepath.Join(directory, "watch.html"))
	found := regexp.MustCompile(`(?s)<pre>(.*?)</pre>`).FindStringSubmatch(document)
	if found == nil {
		t.Fatalf("nothing was found out:\n%s", document)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), result); err != nil {
		t.Fatalf("%v in %q", err, found[1])
	}
}

// offices is a flow of many numbers that have a menu each.
func offices(count int) *bundle.Bundle {
	b := &bundle.Bundle{Manifest: bundle.Manifest{Project: "offices"}, Components: []bundle.Component{{Directory: "x"}}}
	add := func(address string, exits ...bundle.Exit) {
		b.Components[0].Blocks = append(b.Components[0].Blocks, bundle.Block{Address: address, Exits: exits})
	}
	for i := range count {
		name := fmt.Sprintf("office-%03d", i)
		if i == count/2 {
			name = "main"
		}
		b.Manifest.Numbers = append(b.Manifest.Numbers, bundle.NumberRow{Name: name, PhoneNumber: fmt.Sprintf("+1415555%04d", i)})
		add("number."+name, bundle.Exit{On: "answer", To: "menu." + name})
		add("menu."+name, bundle.Exit{On: "1", Label: "the office", To: "user." + name}, bundle.Exit{On: "2", Label: "all others", To: "queue.all"})
		add("user."+name, bundle.Exit{On: "busy", To: "queue.all"})
	}
	add("queue.all", bundle.Exit{On: "full", To: bundle.Hangup})
	return b
}

// On a phone and on a monitor a page opens on the main number, all of its texts
// can be read, and nothing runs out of the window sideways.
func TestBrowserShowsTextsThatCanBeRead(t *testing.T) {
	flows := map[string]*bundle.Bundle{"offices": offices(200)}
	for _, path := range cases(t) {
		_, flows[filepath.Base(path)] = load(t, path)
	}
	german := *flows["small.txtar"]
	german.Manifest.Language = "de-DE"
	flows["german"] = &german
	for name, b := range flows {
		for _, size := range [][2]int{{390, 844}, {1400, 900}} {
			t.Run(fmt.Sprintf("%s at %d px", name, size[0]), func(t *testing.T) {
				var got struct {
					Texts []struct {
						Text string
						Size float64
					}
					Main, Opened string
					Inside       bool
					Wide         int
				}
				watch(t, page(t, b), size[0], size[1], `
					const main = page.querySelector('.block[tabindex="0"]');
					return {
						texts: texts(), main: main.getAttribute("aria-label"), inside: inside(main), wide: page.documentElement.scrollWidth,
					};`, &got)
				if len(got.Texts) < 10 {
					t.Fatalf("only %d texts are shown", len(got.Texts))
				}
				for _, text := range got.Texts {
					if text.Size < 10 {
						t.Errorf("%q is %.1f px high", text.Text, text.Size)
					}
				}
				if !got.Inside {
					t.Errorf("the page does not open on %q", got.Main)
				}
				if want := newFlow(newGraph(b)); !strings.HasPrefix(got.Main, want.Blocks[want.Main].Title) {
					t.Errorf("the page opens on %q, want %q", got.Main, want.Blocks[want.Main].Title)
				}
				if got.Wide > size[0] {
					t.Errorf("the page is %d px wide", got.Wide)
				}
			})
		}
	}
}

// A person who has no mouse goes from block to block, reads about one, sees the
// whole flow, and comes back to where texts can be read.
func TestBrowserWorksByKeyboard(t *testing.T) {
	_, b := load(t, "testdata/small.txtar")
	text, err := Page{Source: func(block string) string { return "office.ivr.hcl:7 " + block }}.HTML(b)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Focused, Panel, Source, Closed string
		All                            bool
		Whole, Larger                  float64
	}
	watch(t, text, 390, 844, `
		const scale = () => page.getElementById("world").getCTM().a;
		page.querySelector('.block[tabindex="0"]').focus();
		press("ArrowRight");
		const focused = page.activeElement.getAttribute("aria-label");
		press("Enter");
		const panel = page.querySelector("#panel:not([hidden]) h2").textContent, source = page.querySelector("#panel .source").textContent;
		press("Escape");
		const closed = String(page.getElementById("panel").hidden);
		press("0");
		const all = blocks.every(inside), whole = scale();
		press("+");
		return { focused, panel, source, closed, all, whole, larger: scale() };`, &got)
	if got.Focused != "menu main" || got.Panel != "menu main" || got.Source != "office.ivr.hcl:7 menu.main" || got.Closed != "true" {
		t.Errorf("got %+v", got)
	}
	if !got.All || got.Larger <= got.Whole {
		t.Errorf("all blocks in sight: %t; the scale is %v, and larger %v", got.All, got.Whole, got.Larger)
	}
}
