// Package diagram draws the call flow of a bundle: as an indented tree for an
// e-mail ([Text]), as a Mermaid flowchart for a README ([Mermaid]), for
// Graphviz ([DOT]), and as one self-contained page to walk through ([HTML]).
//
// All four draw the same graph, which newGraph collects from the numbers of the
// bundle and the descriptions of its components. So every drawing shows the same
// things in the same order. The page and the sheets ([Sheets]) are in the language of
// the bundle, the others in English. Names, labels and messages come from outside:
// they are made harmless when they enter the graph, and each drawing escapes them for
// its own format.
//
// A bundle has the same drawing on every machine.
package diagram
