// Package calltest reads call tests. The files beside a configuration, its evaluator
// and its model go in; plain data comes out, in which every name is resolved. See the
// package compiler/calltest for that data.
package calltest
