package twiml

// Append writes the document to dst in the canonical form: the XML declaration,
// attributes in the order of the struct, two spaces of indent, a final line
// break. Every address is passed through link, which may be nil.
//
// Text that XML cannot carry (control characters, invalid UTF-8) is the
// caller's mistake: see [Speakable].
func (r Response) Append(dst []byte, link func(url string) string) []byte {
	panic("to be written")
}
