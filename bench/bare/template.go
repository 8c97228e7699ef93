package main

import "strings"

// A template is a text with holes: Pieces[0], the value Holes[0], Pieces[1], …
type template struct {
	Pieces []string
	Holes  []int // which value; one less than there are pieces
}

// newTemplate makes holes where the text holds one of the values, the longest
// first.
func newTemplate(text string, values []string) template {
	var t template
	start := 0
	for at := 0; at < len(text); {
		best := -1
		for i, value := range values {
			if strings.HasPrefix(text[at:], value) && (best < 0 || len(value) > len(values[best])) {
				best = i
			}
		}
		if best < 0 || values[best] == "" {
			at++
			continue
		}
		t.Pieces, t.Holes = append(t.Pieces, text[start:at]), append(t.Holes, best)
		at += len(values[best])
		start = at
	}
	t.Pieces = append(t.Pieces, text[start:])
	return t
}

// append appends the text with the holes filled in.
func (t *template) append(dst []byte, values []string) []byte {
	for i, hole := range t.Holes {
		dst = append(dst, t.Pieces[i]...)
		dst = append(dst, values[hole]...)
	}
	return append(dst, t.Pieces[len(t.Pieces)-1]...)
}
