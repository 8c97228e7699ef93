// Package source reads the files of a configuration, and bounds what they can cost.
// A directory goes in; texts and syntax trees come out, of which it is known that
// neither parsing nor evaluating them can exhaust the machine.
//
//	fs.FS ─ReadTexts─▶ text ─Scan─▶ depth and length are bounded ─ParseSource─▶ syntax tree
//
// Evaluation itself is bounded by a [Budget], which counts work while it is done.
package source
