// Package bundle is the contract between the compiler and the runtime: one writes
// bundles, the other reads them. A bundle is a set of static documents that answer
// phone calls, with a manifest that lists them.
//
//	dist/
//	├── public/                                  what is served; nothing else ever is
//	│   ├── audio/<hash>.wav
//	│   ├── number.main-<hash>/answer.xml
//	│   ├── menu.main-<hash>/menu-1.xml, digits-1.1.xml, digits-1.other.xml …
//	│   └── fallback-<hash>/fallback.xml
//	└── private/
//	    ├── components/menu.main-<hash>.json     what the component does, in domain terms
//	    └── bundle.json                          the manifest
//
// A static file cannot look at the key that a caller pressed. So every question of
// a call is a decision: a URL such as menu.main-<hash>/digits-1~1.2, for which there
// is no document. It names the answers that it knows, and the host answers it with
// one of the documents beside it: digits-1~1.2?Digits=2 with digits-1.2.xml, another
// key with digits-1.other.xml, and no key with digits-1._.xml. [DecisionKinds] is
// the table behind that.
//
// A file never changes under its name. The name of a component's directory ends
// with a hash of everything that callers can experience from there on.
package bundle
