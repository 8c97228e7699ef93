// Package bundle is the contract between the compiler and the runtime: one writes
// bundles, the other reads them. A bundle is a set of static documents that answer
// phone calls, with a manifest that lists them.
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
// A static file cannot look at the key that a caller pressed. So every question of
// a call is a decision: a URL such as menu.main-<hash>/digits-1, for which there is
// no document. The host answers it with one of the documents beside it, which the
// table of [Decisions] chooses: digits-1?Digits=2 is answered with digits-1.2.xml,
// and with digits-1._.xml if the parameter is missing or not listed.
//
// A file never changes under its name. The name of a component's directory ends
// with a hash of everything that callers can experience from there on.
package bundle
