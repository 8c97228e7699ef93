package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Both files of private/ are canonical JSON; see [CanonicalJSON]. Readers ignore
// keys that they do not know.

// ParseManifest reads private/bundle.json, or a release record, which has the same
// form. It checks everything that it can without the files: format version, digest,
// paths, and that every decision has all of its answers.
func ParseManifest(raw []byte) (*Manifest, error) {
	m, err := decodeManifest(raw)
	if err != nil {
		return nil, err
	}
	if m.Digest == "" {
		return nil, errors.New("has no digest, so it was not finished; build the bundle again")
	}
	if got := digest(raw); got != m.Digest {
		return nil, fmt.Errorf("was altered: its digest is %s, it says %s; build or fetch the bundle again", got, m.Digest)
	}
	return m, nil
}

// ParseComponent reads a file of private/components.
func ParseComponent(raw []byte) (*Component, error) {
	var c Component
	err := Plausible(raw)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return nil, fmt.Errorf("is not a component: %w", err)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return &c, nil
}

// NewFile returns the manifest's row for a file below public/.
func NewFile(path string, content []byte) FileRow {
	sum := sha256.Sum256(content)
	return FileRow{
		Path:   path,
		SHA256: hex.EncodeToString(sum[:]),
		Size:   len(content),
		Type:   ContentType(path),
	}
}

// ContentType returns the content type of a file of this name, or "" if a bundle
// holds no such files. Every host serves it. Twilio fails a call with error 12300
// for other types, and with a 502 if there is none:
// https://www.twilio.com/docs/voice/twiml#twilio-supported-mime-types.
func ContentType(name string) string {
	switch path.Ext(name) {
	case ".xml":
		return "text/xml; charset=utf-8"
	case ".wav":
		return "audio/wav"
	case ".mp3":
		return "audio/mpeg"
	}
	return ""
}

// Plausible refuses a JSON text with far more values than a text of its length has
// in the form that this program writes: read into memory, "[0,0,0,…" takes fifty
// times its length.
func Plausible(raw []byte) error {
	if bytes.Count(raw, []byte(",")) > 10_000+len(raw)/16 {
		return errors.New("it holds more values than any that ivrc writes")
	}
	return nil
}

// decodeManifest reads and checks a manifest without its digest.
func decodeManifest(raw []byte) (*Manifest, error) {
	if err := Plausible(raw); err != nil {
		return nil, fmt.Errorf("is not a manifest: %w", err)
	}
	var m Manifest
	err := json.Unmarshal(raw, &m)
	// Another major version may have values of other types. Unmarshal goes on after
	// such an error, so the version is known, and it is what to report.
	if m.FormatVersion != "" {
		if err := checkVersion(m.FormatVersion); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("is not a manifest: %w", err)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return &m, nil
}

// checkVersion accepts the minor versions of this program's major version.
func checkVersion(version string) error {
	own, _, _ := strings.Cut(FormatVersion, ".")
	major, minor, ok := strings.Cut(version, ".")
	if _, err := strconv.ParseUint(minor, 10, 31); !ok || err != nil {
		return fmt.Errorf("format_version %q: is not of the form %s", version, FormatVersion)
	}
	if major != own {
		return fmt.Errorf("format_version %q: this program reads versions %s.x; use the version of ivrc that wrote the bundle, or build it again", version, own)
	}
	return nil
}

// CanonicalJSON returns the one form in which a value is written: UTF-8, two
// spaces of indent, the fields of a struct in its order, the keys of a map
// sorted, no HTML escapes, and a line feed at the end. It is for values that
// always have a form in JSON, and panics for others, such as a channel.
func CanonicalJSON(v any) []byte { return newCanonicalWriter().write(v) }

// A canonicalWriter writes one value after the other to the same memory.
type canonicalWriter struct {
	text    bytes.Buffer
	encoder *json.Encoder
}

func newCanonicalWriter() *canonicalWriter {
	w := &canonicalWriter{}
	w.encoder = json.NewEncoder(&w.text)
	w.encoder.SetEscapeHTML(false)
	w.encoder.SetIndent("", "  ")
	return w
}

// write returns a value in its one form, which holds until the next.
func (w *canonicalWriter) write(v any) []byte {
	w.text.Reset()
	if err := w.encoder.Encode(v); err != nil {
		panic("bundle: a value that has no form in JSON: " + err.Error())
	}
	return w.text.Bytes()
}

// canonical writes the manifest. It writes absent lists as empty ones, so that equal
// manifests have equal JSON.
//
// Nearly all of a manifest is its last key, the list of files, which has a hundred
// thousand rows in a large bundle. This function appends the rows itself, in half
// the time and a tenth of the memory; encoding/json writes the rest.
func (m *Manifest) canonical() []byte {
	head := *m
	head.Files = []FileRow{}
	if head.Numbers == nil {
		head.Numbers = []NumberRow{}
	}
	frame := CanonicalJSON(&head)
	if len(m.Files) == 0 {
		return frame
	}
	size := len(frame)
	for i := range m.Files {
		size += m.Files[i].spelled()
	}
	dst := append(make([]byte, 0, size), bytes.TrimSuffix(frame, []byte("]\n}\n"))...)
	for i := range m.Files {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.Files[i].appendRow(dst)
	}
	return append(dst, "\n  ]\n}\n"...)
}

// appendRow appends the file's row of the manifest.
func (f *FileRow) appendRow(dst []byte) []byte {
	dst = appendString(append(dst, "\n    {\n      \"path\": "...), f.Path)
	dst = appendString(append(dst, ",\n      \"sha256\": "...), f.SHA256)
	dst = strconv.AppendInt(append(dst, ",\n      \"size\": "...), int64(f.Size), 10)
	dst = appendString(append(dst, ",\n      \"type\": "...), f.Type)
	if f.Origin != nil {
		dst = appendString(append(dst, ",\n      \"origin\": {\n        \"block\": "...), f.Origin.Block)
		dst = strconv.AppendInt(append(dst, ",\n        \"line\": "...), int64(f.Origin.Line), 10)
		dst = append(dst, "\n      }"...)
	}
	return append(dst, "\n    }"...)
}

// spelled estimates the length of the file's row. The row is longer only if a name
// needs escapes.
func (f *FileRow) spelled() int {
	const keys, origin, digits = 100, 70, 12
	n := keys + len(f.Path) + len(f.SHA256) + digits + len(f.Type)
	if f.Origin != nil {
		n += origin + len(f.Origin.Block) + digits
	}
	return n
}

// appendString appends a JSON string as encoding/json writes it.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(dst, bytes.TrimSuffix(CanonicalJSON(s), []byte("\n"))...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// digest returns the SHA-256 of a canonical manifest without the lines of "compiler"
// and "digest". No other line begins like these: the keys of inner objects are
// indented further, and a JSON string holds no line feed.
func digest(manifest []byte) string {
	h := sha256.New()
	for line := range bytes.Lines(manifest) {
		if bytes.HasPrefix(line, []byte(`  "compiler":`)) || bytes.HasPrefix(line, []byte(`  "digest":`)) {
			continue
		}
		h.Write(line)
	}
	return hex.EncodeToString(h.Sum(nil))
}
