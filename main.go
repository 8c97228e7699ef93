// Command ivrc compiles telephone menus written in HCL into static TwiML
// documents, and serves, simulates and draws them.
package main

import (
	"os"

	"github.com/ivrc/ivrc/command"
)

func main() { os.Exit(command.Main()) }
