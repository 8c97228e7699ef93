package deploy

// Promoting: what one environment runs is deployed to another. Where a document says
// nothing of where it is, both get the same bytes. Where it does, the two are compared,
// block by block, and what differs is explained:
//
//	menu.main    digits-1.1.xml   <Redirect>../queue.desk-a…/ …   leads to blocks that differ
//	queue.desk   wait.xml         <Play>https://staging.… …        names the address

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A PromotedBundle is a bundle as an environment has it.
type PromotedBundle struct {
	Environment string
	BaseURL     string
	Bundle      *bundle.Bundle
}

// A BundleDifference is a block whose files two environments do not share.
type BundleDifference struct {
	Block string `json:"block"` // "menu.main", or "audio"
	Files int    `json:"files"` // of the second environment, that the first does not have
	Why   string `json:"why"`
}

// DocumentsDigest is the SHA-256 of all that callers can meet: the lines that sha256sum
// writes of the files below public/, sorted by their paths.
func DocumentsDigest(m *bundle.Manifest) string {
	var lines strings.Builder
	for _, f := range m.Files { // which are sorted
		fmt.Fprintf(&lines, "%s  %s\n", f.SHA256, f.Path)
	}
	sum := sha256.Sum256([]byte(lines.String()))
	return hex.EncodeToString(sum[:])
}

// Differences lists the blocks whose files differ from one environment to another, sorted,
// with the reasons.
func Differences(from, to PromotedBundle) []BundleDifference {
	before := fileSet(&from.Bundle.Manifest)
	differing := map[string]int{}
	for _, f := range to.Bundle.Manifest.Files {
		if before[f.Path] != f.SHA256 {
			differing[blockOf(f.Path)]++
		}
	}
	after := fileSet(&to.Bundle.Manifest)
	for path, sum := range before {
		if block := blockOf(path); after[path] != sum && differing[block] == 0 {
			differing[block] = 0 // which the other does not have
		}
	}
	var list []BundleDifference
	for _, block := range slices.Sorted(maps.Keys(differing)) {
		list = append(list, BundleDifference{block, differing[block], why(from, to, block)})
	}
	return list
}

// fileSet are the digests of the files of a bundle, by path.
func fileSet(m *bundle.Manifest) map[string]string {
	files := make(map[string]string, len(m.Files))
	for _, f := range m.Files {
		files[f.Path] = f.SHA256
	}
	return files
}

// hashForm is the hash at the end of the name of a component.
var hashForm = regexp.MustCompile(`-[a-z2-7]{26}\b`)

// blockOf is the block that a file belongs to.
func blockOf(path string) string { return hashForm.ReplaceAllString(folder(path), "") }

// why says why the files of a block differ: it leaves out of both what environments are
// known to differ in, one thing after the other, until they are alike.
func why(from, to PromotedBundle, block string) string {
	one, other := from.texts(block), to.texts(block)
	switch {
	case len(one) == 0:
		return fmt.Sprintf("is only in %s: a variable has another value there", to.Environment)
	case len(other) == 0:
		return fmt.Sprintf("is only in %s: a variable has another value there", from.Environment)
	case block == "audio":
		return "is other audio: a variable has another value"
	}
	without := func(leave func(PromotedBundle, string) string) bool {
		for _, stage := range []struct {
			PromotedBundle
			texts []string
		}{{from, one}, {to, other}} {
			for i := range stage.texts {
				stage.texts[i] = leave(stage.PromotedBundle, stage.texts[i])
			}
			slices.Sort(stage.texts)
		}
		return slices.Equal(one, other)
	}
	if without(func(_ PromotedBundle, text string) string { return hashForm.ReplaceAllString(text, "") }) {
		return "leads to blocks that differ"
	}
	var reasons []string
	for _, known := range []struct {
		leave  func(PromotedBundle, string) string
		reason string
	}{
		{func(s PromotedBundle, text string) string {
			if from.BaseURL == to.BaseURL {
				return text
			}
			return strings.ReplaceAll(text, s.BaseURL+"/", "")
		}, "names the address at which it is served, as audio needs it"},
		{PromotedBundle.withoutQueues, "names a queue, and two environments that may be in one account have queues of their own"},
	} {
		had := slices.Clone(other)
		if alike := without(known.leave); !slices.Equal(had, other) {
			reasons = append(reasons, known.reason)
			if alike {
				return strings.Join(reasons, "; ")
			}
		}
	}
	return strings.Join(append(reasons, "says or does something else, because a variable has another value"), "; ")
}

// texts are the documents of a block, each with its own name.
func (s PromotedBundle) texts(block string) []string {
	var texts []string
	for _, f := range s.Bundle.Manifest.Files {
		if blockOf(f.Path) == block {
			texts = append(texts, strings.TrimPrefix(f.Path, folder(f.Path))+"\n"+string(s.Bundle.Data[f.Path]))
		}
	}
	return texts
}

// withoutQueues leaves the environment out of the names of queues.
func (s PromotedBundle) withoutQueues(text string) string {
	for _, q := range s.Bundle.Manifest.Queues {
		text = strings.ReplaceAll(text, ">"+q.FriendlyName+"<", ">"+q.Name+"<")
	}
	return text
}

// Undeployed says how a bundle that was compiled now differs from the release that an
// environment runs, "" if it does not.
func Undeployed(b *bundle.Bundle, running *bundle.Manifest) string {
	if b.Manifest.Digest == running.Digest {
		return ""
	}
	now, then := fileSet(&b.Manifest), fileSet(running)
	blocks := map[string]bool{}
	for _, pair := range [][2]map[string]string{{now, then}, {then, now}} {
		for path, sum := range pair[0] {
			if pair[1][path] != sum {
				blocks[blockOf(path)] = true
			}
		}
	}
	text := "its numbers, queues or users are others"
	if names := slices.Sorted(maps.Keys(blocks)); len(names) > mostBlocks {
		text = fmt.Sprintf("%s and %d more differ", strings.Join(names[:mostBlocks], ", "), len(names)-mostBlocks)
	} else if len(names) > 0 {
		text = strings.Join(names, ", ") + map[bool]string{true: " differs", false: " differ"}[len(names) == 1]
	}
	if b.Manifest.Compiler != running.Compiler {
		text += fmt.Sprintf("; the release was compiled by ivrc %s, and this is %s", running.Compiler, b.Manifest.Compiler)
	}
	return text
}

// mostBlocks is how many blocks that differ are named.
const mostBlocks = 5
