package command

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/internal/deep"
)

// maxProgram is the most that the program may weigh, without symbols.
const maxProgram = 20_000_000

// TestContainerfile runs what the Containerfile runs to build the program: it is
// static, because the image has no libraries, and no larger than it may be. The
// image of the compiler is of the version that the module needs.
func TestContainerfile(t *testing.T) {
	text, err := os.ReadFile("Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	needed := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)
	image := regexp.MustCompile(`(?m)^FROM docker\.io/library/golang:(\S+) AS build$`).FindSubmatch(text)
	if needed == nil || image == nil || string(needed[1]) != string(image[1]) {
		t.Errorf("go.mod needs Go %s, and the Containerfile builds with %s", needed[1], image[1])
	}
	if deep.Or(0, 1) == 0 || runtime.GOOS != "linux" {
		t.Skip("make deep builds the program, on Linux")
	}
	command := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*) && mkdir -p /out/cache$`).FindSubmatch(text)
	if command == nil {
		t.Fatal("the Containerfile does not build as this test expects")
	}
	name := filepath.Join(t.TempDir(), "ivrc")
	build := exec.Command("sh", "-c", strings.Replace(string(command[1]), "/out/ivrc", name, 1))
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	program, err := elf.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	if libraries, err := program.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program needs libraries: %q, %v", libraries, err)
	}
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the program is not static")
		}
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxProgram {
		t.Errorf("the program has %d bytes, the most are %d", info.Size(), maxProgram)
	}
	t.Logf("%d bytes", info.Size())
}
