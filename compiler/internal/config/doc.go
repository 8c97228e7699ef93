// Package config evaluates a configuration. Files go in; what comes out is a
// [Config], the blocks as they are written, and an [Evaluator], in which every name
// that expressions can use has a value.
//
//	files ─ReadFiles─▶ syntax trees ─Load─▶ Config + Evaluator
//
// The grammar is the structs of config.go. What the blocks mean is not known here;
// see the packages model and resolve.
package config
