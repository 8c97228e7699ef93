// Package diagram draws the call flow of a bundle: as an indented tree for an
// e-mail ([Text]), as a Mermaid flowchart for a README ([Mermaid]), for
// Graphviz ([DOT]), and as one self-contained page to walk through ([HTML]).
//
// All four draw the same graph, collected once by newGraph from the bundle's
// numbers and the descriptions of its components; so what one of them shows,
// every one shows, in the same order. The page and the sheets ([Sheets]) are in
// the language of the bundle, the others in English. Names, labels and
// messages are other people's texts: they are made harmless on their way into
// the graph, and escaped once more for the language of each drawing.
//
// The drawing of a bundle is the same on every machine.
package diagram
