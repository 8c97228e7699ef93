package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The name of a number becomes a path only if it can be nothing else than a file
// of the directory, whatever a bundle says.
func TestSheetNamesStayInTheDirectory(t *testing.T) {
	for _, name := range []string{
		"../main.md", "/etc/main.md", `..\main.md`, "a/b.md", ".md", "..md", "main.md/", "main", "main.html", "C:main.md",
		"m\x00.md", "m\n.md", "ma in.md", ".ivrc-sheets.json", "", "é.md", strings.Repeat("a", 300) + ".md",
	} {
		directory := filepath.Join(t.TempDir(), "in", "sheets")
		if _, _, err := writeSheets(t.Context(), directory, map[string]string{"index.md": "all", name: "one"}); err == nil {
			t.Errorf("a sheet is called %q", name)
		}
		if _, err := os.Lstat(directory); err == nil {
			t.Errorf("%q: the directory was made", name)
		}
	}
}

// A link is nobody's sheet: neither is what it points at overwritten, nor is it
// removed when the list has it.
func TestSheetsAreNotWrittenThroughLinks(t *testing.T) {
	directory := t.TempDir()
	target := filepath.Join(t.TempDir(), "profile")
	if err := os.WriteFile(target, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	sheets := map[string]string{"index.md": "all", "main.md": "one"}
	if _, _, err := writeSheets(t.Context(), directory, sheets); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(directory, "main.md")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no links here:", err)
	}
	if _, _, err := writeSheets(t.Context(), directory, sheets); err == nil || !strings.Contains(err.Error(), "ivrc did not write it") {
		t.Errorf("error %v", err)
	}
	delete(sheets, "main.md")
	_, left, err := writeSheets(t.Context(), directory, sheets)
	if err != nil || !slices.Equal(left, []string{"main.md"}) {
		t.Errorf("left %q, error %v", left, err)
	}
	if content, err := os.ReadFile(target); err != nil || string(content) != "mine" {
		t.Errorf("the target of the link holds %q, %v", content, err)
	}
}

// On a disk that does not tell upper from lower case, the sheet of a number that
// was renamed from Main to main is the new one.
func TestSheetsOfAnotherCaseStay(t *testing.T) {
	directory := t.TempDir()
	if _, _, err := writeSheets(t.Context(), directory, map[string]string{"Main.md": "one"}); err != nil {
		t.Fatal(err)
	}
	removed, left, err := writeSheets(t.Context(), directory, map[string]string{"main.md": "one"})
	if len(removed)+len(left) > 0 || err != nil {
		t.Errorf("removed %q, left %q, error %v", removed, left, err)
	}
	if _, err := os.Stat(filepath.Join(directory, "main.md")); err != nil {
		t.Error(err)
	}
}

// Git may check sheets out with the line ends of Windows. They are still ours.
func TestSheetsWithOtherLineEndsAreOurs(t *testing.T) {
	directory := t.TempDir()
	if _, _, err := writeSheets(t.Context(), directory, map[string]string{"index.md": "all\n", "old.md": "# old\n\ntext\n"}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "old.md"), []byte("# old\r\n\r\ntext\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	removed, _, err := writeSheets(t.Context(), directory, map[string]string{"index.md": "all\n"})
	if err != nil || !slices.Equal(removed, []string{"old.md"}) {
		t.Errorf("removed %q, error %v", removed, err)
	}
}
