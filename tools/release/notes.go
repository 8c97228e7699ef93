package main

// The notes of a release, from the changelog, and the formula for Homebrew.

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// notes is the file with what is said of the release.
const notes = "NOTES.md"

// writeNotes writes what the changelog says of this version.
func (r *release) writeNotes() error {
	f, err := r.read("CHANGELOG.md")
	if err != nil {
		return err
	}
	heading := r.number()
	if r.snapshot {
		heading = "Unreleased"
	}
	text, err := section(string(f.data), heading)
	if err != nil {
		return err
	}
	return r.write(notes, []byte(text))
}

var relativeLink = regexp.MustCompile(`\]\(([^():#][^():]*)\)`)

// section is the section of a changelog with a heading, "## [1.2.3] - 2026-12-24",
// with links that work outside of the repository.
func section(changelog, heading string) (string, error) {
	_, rest, found := strings.Cut(changelog, "\n## ["+heading+"]")
	if !found {
		return "", fmt.Errorf("CHANGELOG.md has no section [%s]", heading)
	}
	_, rest, _ = strings.Cut(rest, "\n") // the date
	rest, _, _ = strings.Cut(rest, "\n## [")
	if i := strings.Index(rest, "\n["); i >= 0 { // the addresses of versions, at the end
		rest = rest[:i]
	}
	if rest = strings.TrimSpace(rest); rest == "" {
		return "", fmt.Errorf("the section [%s] of CHANGELOG.md is empty", heading)
	}
	return relativeLink.ReplaceAllString(rest, "]("+homepage+"/blob/HEAD/$1)") + "\n", nil
}

// formula is the file for Homebrew.
const formula = "ivrc.rb"

// writeFormula writes the formula, which installs the program from its archive.
func (r *release) writeFormula() error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made with the release; copied into the tap as Formula/%s.\nclass Ivrc < Formula\n", formula)
	fmt.Fprintf(&b, "  desc \"Telephone menus as code, for Twilio\"\n  homepage %q\n  version %q\n  license \"Apache-2.0\"\n", homepage, r.number())
	for _, system := range []struct{ name, block string }{{"darwin", "on_macos"}, {"linux", "on_linux"}} {
		fmt.Fprintf(&b, "\n  %s do\n", system.block)
		for _, processor := range []struct{ name, block string }{{"arm64", "on_arm"}, {"amd64", "on_intel"}} {
			p := platform{system.name, processor.name}
			if !slices.Contains(r.on, p) {
				continue
			}
			archive := r.archive(&program{platform: p})
			sum, err := r.digest(archive)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "    %s do\n      url \"%s/releases/download/%s/%s\"\n      sha256 %q\n    end\n", processor.block, homepage, r.version, archive, sum)
		}
		b.WriteString("  end\n")
	}
	b.WriteString(`
  def install
    bin.install "ivrc"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/ivrc.bash" => "ivrc"
    zsh_completion.install "completions/_ivrc"
    fish_completion.install "completions/ivrc.fish"
    doc.install "NOTICES.txt"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ivrc version")
  end
end
`)
	return r.write(formula, []byte(b.String()))
}
