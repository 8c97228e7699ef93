package main

// The notices: what else is in the program, under which licences, and where its
// source is.

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
)

// An embedded work is one of others that is a file of this repository and becomes a
// part of the program.
type embedded struct {
	file    string // in the work tree
	name    string
	version string
	licence string // as SPDX names it
	source  string
	text    string // the file with its licence, "" where a sentence is enough
	said    string
}

// embeddings are all embedded works. A test holds every embedded file to this list, or
// to being our own.
var embeddings = []embedded{
	{
		file: "compiler/diagram/dagre.min.js", name: "dagre", version: "3.1.3", licence: "MIT",
		source: "https://github.com/dagrejs/dagre", text: "compiler/diagram/dagre.LICENSE.txt",
	},
	{
		file: "compiler/internal/timezone/zoneinfo.zip.gz", name: "IANA time zone database", version: "2025c", licence: "LicenseRef-public-domain",
		source: "https://www.iana.org/time-zones", said: "The time zone database is in the public domain.",
	},
	{
		file: "compiler/phone/numbers.txt", name: "libphonenumber metadata", version: "", licence: "Apache-2.0",
		source: "https://github.com/google/libphonenumber",
		said:   "The table of telephone numbers was made from the metadata of libphonenumber,\nwhich is under the Apache License 2.0, the licence of this program.",
	},
}

const rule = "================================================================================"

// writeNotices writes the notices.
func (r *release) writeNotices() error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "ivrc %s\n\nivrc is under the Apache License 2.0, which is in the file LICENSE. It contains the\n", r.number())
	b.WriteString("works of others that are listed here, each followed by its licences and notices.\n\n")
	b.WriteString("The source of a module of Go is what \"go mod download MODULE@VERSION\" fetches. Those\n")
	b.WriteString("under the Mozilla Public License 2.0 are linked as they are, without a change.\n\n")
	for _, m := range r.modules {
		fmt.Fprintf(&b, "  %s %s (%s)\n", m.path, m.version, m.licence())
	}
	for _, e := range embeddings {
		fmt.Fprintf(&b, "  %s (%s)\n", strings.TrimSpace(e.name+" "+e.version), e.licence)
	}
	for _, m := range r.modules {
		if len(m.texts) == 0 {
			return fmt.Errorf("%s %s comes without a licence: it cannot be released", m.path, m.version)
		}
		for _, t := range m.texts {
			fmt.Fprintf(&b, "\n%s\n%s %s: %s\n%[1]s\n\n%[5]s\n", rule, m.path, m.version, t.name, strings.TrimSpace(unify(t.data)))
		}
	}
	for _, e := range embeddings {
		said := e.said
		if e.text != "" {
			f, err := r.read(filepath.FromSlash(e.text))
			if err != nil {
				return err
			}
			said = strings.TrimSpace(unify(string(f.data)))
		}
		fmt.Fprintf(&b, "\n%s\n%s\n%s\n%[1]s\n\n%[4]s\n", rule, strings.TrimSpace(e.name+" "+e.version), e.source, said)
	}
	r.notices = b.Bytes()
	return nil
}

// unify gives a text line ends in LF, and no form feeds.
func unify(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\f", "").Replace(text)
}
