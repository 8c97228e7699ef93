// Package compiler turns a configuration of telephone menus into a bundle of
// static documents. It is pure: a directory goes in, a bundle and diagnostics
// come out, and nothing else in the world is read or touched.
//
//	fs.FS ─config─▶ Config ─resolve─▶ Model ─lower─▶ bundle
//	      blocks as written  names bound  └──────▶ proof ─▶ lint
//	                                               counter-examples, warnings
//
// [Compile] spells the pipeline out. Each stage is a package of its own below
// compiler/internal, which imports only stages before it; this package is what the
// rest of the program sees of them. Every stage goes on as far as it can, so that
// one run shows every mistake.
package compiler
