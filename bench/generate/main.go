// Command generate writes a synthetic configuration, to look at or to measure
// by hand:
//
//	go run ./generate -menus 1000 -files 200 DIR
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/ivrc/ivrc/bench/model"
)

func main() {
	shape := model.Shape{}
	flag.IntVar(&shape.Menus, "menus", 1000, "how many menus, a multiple of five")
	flag.IntVar(&shape.Options, "options", 9, "options of each menu, 9 or 1")
	flag.IntVar(&shape.Files, "files", 1, "over how many files they are spread")
	flag.Parse()
	if flag.NArg() != 1 || shape.Menus < 5 {
		fmt.Fprintln(os.Stderr, "usage: generate [-menus N] [-options 9|1] [-files N] DIR")
		os.Exit(2)
	}
	err := os.MkdirAll(flag.Arg(0), 0o755)
	if err == nil {
		err = shape.Write(flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
