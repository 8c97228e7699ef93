package diagram

import (
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
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not installed")
	}
	path := filepath.Join(t.TempDir(), "flow.html")
	if err := os.WriteFile(path, []byte(page(t, b)), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), browser,
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
		"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+path+fragment).Output()
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
