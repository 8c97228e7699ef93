// Package lint finds what callers would find hard. The graph of all calls goes in;
// warnings come out, each with its threshold and its reason in one table,
// [diagnostic.LintRules]. A finding is worth nothing if it is raised where nobody
// suffers, so each looks for the harm itself.
package lint
