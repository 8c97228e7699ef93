// Package bundle is the waist of the program: the only thing that the compiler
// and the runtime share. A bundle is a set of static documents that answer
// phone calls, with a manifest that says what they are.
//
//	dist/
//	├── public/                                  what is served; nothing else ever is
//	│   ├── audio/<hash>.wav
//	│   ├── number.main-<hash>/answer.xml
//	│   ├── menu.main-<hash>/menu-1.xml, digits-1.1.xml … digits-1._.xml
//	│   └── fallback-<hash>/fallback.xml
//	└── private/
//	    ├── components/menu.main-<hash>.json     what the component does, in domain terms
//	    └── bundle.json                          the manifest
//
// A static file cannot look at the key a caller pressed. Every question of a
// call is therefore a decision, a URL without a document, such as
// menu.main-<hash>/digits-1. The host answers it with one of the documents
// beside it, chosen by the table of [Decisions]: digits-1?Digits=2 is digits-1.2.xml, and
// digits-1._.xml where the parameter is missing or not listed.
//
// A file never changes under its name. The directory of a component carries the
// hash of everything that a caller can experience from there on.
//
// The package depends on the standard library alone.
package bundle
