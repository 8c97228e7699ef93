package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// built makes the site of one version.
func built(t *testing.T, to, version string) fs.FS {
	t.Helper()
	if err := make("../..", to, version); err != nil {
		t.Fatal(err)
	}
	return os.DirFS(filepath.Join(to, version))
}

// A document is what a page of the site holds.
type document struct {
	ids   map[string]bool
	links []string // where it leads
	loads []string // what a browser fetches with it
	tags  map[string]int
}

// parse reads a page of the site.
func parse(t *testing.T, site fs.FS, name string) document {
	t.Helper()
	data, err := fs.ReadFile(site, name)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	d := document{ids: map[string]bool{}, tags: map[string]int{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		d.tags[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "id" && d.ids[a.Val]:
				t.Errorf("%s has two elements with the name %s", name, a.Val)
			case a.Key == "id":
				d.ids[a.Val] = true
			case a.Key == "href" && n.Data == "a":
				d.links = append(d.links, a.Val)
			case a.Key == "href" || a.Key == "src":
				d.loads = append(d.loads, a.Val)
			}
		}
		if n.Data == "img" && !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" && a.Val != "" }) {
			t.Errorf("%s has a picture without a description", name)
		}
	}
	return d
}

// Every link leads to something, every page can be reached, and nothing comes from
// another host.
func TestLinks(t *testing.T) {
	site := built(t, t.TempDir(), "v1.2.3")
	documents := map[string]document{}
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && path.Ext(name) == ".html" {
			documents[name] = parse(t, site, name)
		}
		return err
	})
	if err != nil || len(documents) < 60 {
		t.Fatalf("the site has %d pages: %v", len(documents), err)
	}
	reached, shown := map[string]bool{"index.html": true}, 0
	for name, d := range documents {
		if d.tags["h1"] != 1 || d.tags["main"] != 1 || d.tags["title"] != 1 {
			t.Errorf("%s has %d headings of the first level, %d texts and %d titles", name, d.tags["h1"], d.tags["main"], d.tags["title"])
		}
		for _, load := range d.loads {
			if _, err := fs.Stat(site, path.Join(path.Dir(name), load)); err != nil {
				t.Errorf("%s loads %s: %v", name, load, err)
			}
		}
		for _, link := range d.links {
			if file, ok := strings.CutPrefix(link, repository+"/blob/v1.2.3/"); ok {
				file, _, _ = strings.Cut(file, "#")
				if _, err := os.Stat(filepath.Join("../..", filepath.FromSlash(file))); err != nil {
					t.Errorf("%s leads to %s: %v", name, link, err)
				}
				shown++
			}
			if strings.Contains(link, ":") {
				continue
			}
			to, anchor, _ := strings.Cut(link, "#")
			if to = path.Join(path.Dir(name), to); strings.HasPrefix(link, "#") {
				to = name
			}
			if target, ok := documents[to]; !ok {
				t.Errorf("%s leads to %s, which is no page", name, link)
			} else if anchor != "" && !target.ids[anchor] {
				t.Errorf("%s leads to %s, and the page has no such heading", name, link)
			}
			if to != name {
				reached[to] = true
			}
		}
	}
	for name := range documents {
		if !reached[name] {
			t.Errorf("nothing leads to %s", name)
		}
	}
	if shown < 50 {
		t.Errorf("%d links lead to files of the repository; this test looks past them", shown)
	}
}

// The same documents make the same site.
func TestSameSite(t *testing.T) {
	a, b := built(t, t.TempDir(), "devel"), built(t, t.TempDir(), "devel")
	err := fs.WalkDir(a, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		one, err := fs.ReadFile(a, name)
		if err != nil {
			return err
		}
		other, err := fs.ReadFile(b, name)
		if !bytes.Equal(one, other) {
			t.Errorf("%s differs", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Versions stand beside each other, and the root leads to the newest release.
func TestVersions(t *testing.T) {
	to := t.TempDir()
	for _, version := range []string{"v1.10.0", "devel", "v1.9.0"} {
		built(t, to, version)
	}
	for name, want := range map[string]string{"versions.json": `["v1.10.0","v1.9.0","devel"]`, "index.html": `url=v1.10.0/index.html`} {
		if data, err := os.ReadFile(filepath.Join(to, name)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s is %s, %v; want %s", name, data, err, want)
		}
	}
	if err := make("../..", to, "../x"); err == nil {
		t.Error("a version that is none was made")
	}
}

// A trial opens a page in a frame, does something, and writes what it sees into its own
// title.
const trial = `<!doctype html><title></title><iframe id="f" src="/devel/docs/cli.html" style="width:%dpx;height:800px"></iframe><script>
const frame = document.getElementById("f"), wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what) { for (let i = 0; i < 500; i++) { if (what()) return; await wait(20); } }
frame.onload = async () => {
  frame.onload = null;
  const d = frame.contentDocument, w = frame.contentWindow, press = (key) => (d.activeElement ?? d.body).dispatchEvent(new w.KeyboardEvent("keydown", { key, bubbles: true }));
  const seen = [];
  await until(() => !d.getElementById("versions").hidden);
  seen.push("versions " + [...d.getElementById("version").options].map((o) => o.value));
  seen.push("wide " + (d.documentElement.scrollWidth > d.documentElement.clientWidth));
  seen.push("pages " + d.querySelector(".pages").open);
  d.getElementById("theme").click();
  const once = w.getComputedStyle(d.body).backgroundColor;
  d.getElementById("theme").click();
  seen.push("themes " + (once !== w.getComputedStyle(d.body).backgroundColor));
  press("/");
  seen.push("focus " + d.activeElement.id);
  d.activeElement.value = "exit codes";
  d.activeElement.dispatchEvent(new w.Event("input"));
  await until(() => !d.getElementById("results").hidden);
  press("ArrowDown");
  seen.push("found " + d.activeElement.querySelector("strong")?.textContent);
  press("Escape");
  seen.push("closed " + d.getElementById("results").hidden + " " + d.activeElement.id);
  document.title = seen.join("; ");
};
</script>`

// In a browser, on a desk and on a phone, the keys reach the search, the page is not
// wider than the window, and light and dark can be chosen.
func TestBrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not installed")
	}
	to := t.TempDir()
	built(t, to, "devel")
	built(t, to, "v1.2.3")
	files := http.FileServer(http.Dir(to))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if width := r.URL.Query().Get("width"); width != "" {
			n := map[string]int{"desk": 1400, "phone": 390}[width]
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, trial, n)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	for width, pages := range map[string]string{"desk": "true", "phone": "false"} {
		out, err := exec.CommandContext(t.Context(), browser,
			"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
			"--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
			"--window-size=1500,900", "--virtual-time-budget=20000", "--user-data-dir="+t.TempDir(), "--dump-dom",
			server.URL+"/trial?"+url.Values{"width": {width}}.Encode()).Output()
		if err != nil {
			t.Fatalf("the browser failed: %v", err)
		}
		want := "versions v1.2.3,devel; wide false; pages " + pages + "; themes true; focus query; found The command line: Exit codes; closed true query"
		if title := regexp.MustCompile(`<title>(.*?)</title>`).FindSubmatch(out); title == nil || string(title[1]) != want {
			t.Errorf("on a %s the browser sees %s, want %s", width, title, want)
		}
	}
}
