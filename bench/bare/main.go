// Command bare is the lower bound that ivrc is measured against: a program that
// parses the same sources once with hclsyntax, evaluates every attribute in one
// shared context, appends the same documents and writes the same files. It
// checks nothing, proves nothing and reports nothing.
//
// What it does not have to find out is handed to it in a table: the directories
// (which contain hashes), the digest of the whole, and the documents as texts
// with holes for evaluated values. The table is learned from one bundle:
//
//	bare learn SOURCES BUNDLE TABLE     learn the table from a bundle that ivrc built
//	bare build SOURCES TABLE BUNDLE     build the bundle; this is what is measured
//
// It understands the synthetic configurations of package model, and no others.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

func main() {
	debug.SetGCPercent(400) // the best for this program: without collecting, it takes 8 % longer
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: bare learn SOURCES BUNDLE TABLE | bare build SOURCES TABLE BUNDLE")
		os.Exit(2)
	}
	var err error
	switch os.Args[1] {
	case "learn":
		err = learn(os.Args[2], os.Args[3], os.Args[4])
	case "build":
		err = build(os.Args[2], os.Args[3], os.Args[4])
	default:
		err = fmt.Errorf("there is no command %q", os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
