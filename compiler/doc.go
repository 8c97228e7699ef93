// Package compiler turns a configuration of telephone menus into a bundle of
// static documents. It is pure: a directory goes in, a bundle and diagnostics
// come out, and nothing else in the world is read or touched.
//
//	fs.FS ─decode─▶ config ─resolve─▶ model ─check, prove─▶ model ─lower─▶ flow ─emit─▶ bundle
//	      blocks as written   meaning, names bound      call graph: documents   components
//
// [Compile] spells the pipeline out. Every stage goes on as far as it can, so
// that one run shows every mistake.
package compiler
