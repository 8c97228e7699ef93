package command_test

// Ctrl-C at a pseudo terminal, and signals to a process: the program as users run it.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/ivrc/ivrc/command/commandtest"
)

// soon is how long a program that was ended may take, on a machine that is busy.
// What it would take without the signal is minutes.
const soon = 15 * time.Second

// A typedProgram is ivrc at a pseudo terminal.
type typedProgram struct {
	*exec.Cmd
	keyboard *os.File
	screen   *commandtest.Log
}

// atTerminal starts ivrc at a pseudo terminal.
func atTerminal(t *testing.T, directory string, args ...string) *typedProgram {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("there are no pseudo terminals here: %v", err)
	}
	var number, unlocked uint32
	for request, argument := range map[uintptr]*uint32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &unlocked} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, keyboard.Fd(), request, uintptr(unsafe.Pointer(argument))); errno != 0 {
			t.Skipf("there are no pseudo terminals here: %v", errno)
		}
	}
	side, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudo terminals here: %v", err)
	}
	defer side.Close()
	p := &typedProgram{exec.Command("ivrc", args...), keyboard, commandtest.NewLog()}
	p.Dir, p.Stdin, p.Stdout, p.Stderr = directory, side, side, side
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.Copy(p.screen, keyboard) // until the program has closed the other side
		p.screen.Close()
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		keyboard.Close()
	})
	return p
}

// ends waits for a process to end, and returns its exit code.
func ends(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	late := time.AfterFunc(soon, func() { _ = cmd.Process.Signal(syscall.SIGQUIT) })
	defer late.Stop()
	_ = cmd.Wait() // the code says it
	return cmd.ProcessState.ExitCode()
}

// questions are the commands that ask, and what must be done before.
var questions = map[string][][]string{
	"apply -sandbox":           nil,
	"rollback -sandbox":        {{"apply", "-sandbox", "-auto-approve"}, {"apply", "-sandbox", "-auto-approve", "-var=closed=true"}},
	"force-unlock -sandbox ID": {{"apply", "-sandbox", "-auto-approve"}},
}

// question is what the screen shows when a command asks.
var question = regexp.MustCompile(`Only 'yes' will be accepted`)

// Ctrl-C at a question ends the command at once, and the lock is free: the next apply
// need not wait.
func TestInterruptAtQuestion(t *testing.T) {
	for typed, before := range questions {
		for name, end := range map[string]func(*typedProgram) error{
			"Ctrl-C":  func(p *typedProgram) error { _, err := p.keyboard.Write([]byte{3}); return err },
			"SIGTERM": func(p *typedProgram) error { return p.Process.Signal(syscall.SIGTERM) },
			"SIGHUP":  func(p *typedProgram) error { return p.Process.Signal(syscall.SIGHUP) },
		} {
			t.Run(typed+" "+name, func(t *testing.T) {
				t.Parallel()
				if name == "SIGHUP" && signal.Ignored(syscall.SIGHUP) {
					t.Skip("the tests run under nohup, and so does the program then")
				}
				directory := t.TempDir()
				if err := os.WriteFile(filepath.Join(directory, "main.ivr.hcl"), []byte(twoStates), 0o644); err != nil {
					t.Fatal(err)
				}
				for _, args := range before {
					if out, err := runIn(directory, args...); err != nil {
						t.Fatalf("%v: %s", err, out)
					}
				}
				p := atTerminal(t, directory, strings.Fields(typed)...)
				if _, ok := p.screen.Await(question); !ok {
					t.Fatalf("it does not ask:\n%s", p.screen)
				}
				if err := end(p); err != nil {
					t.Fatal(err)
				}
				if code := ends(t, p.Cmd); code != 1 {
					t.Errorf("it ends with %d:\n%s", code, p.screen)
				}
				if _, ok := p.screen.Await(regexp.MustCompile(`interrupted: nothing was changed`)); !ok {
					t.Errorf("it does not say why it ended:\n%s", p.screen)
				}
				if out, err := runIn(directory, "apply", "-sandbox", "-auto-approve"); err != nil {
					t.Errorf("the lock is not free: %s", out)
				}
			})
		}
	}
}

// twoStates is a configuration with two states, so that there is something to change.
const twoStates = `project "office" {}
hosting { base_url = "https://calls.office.example" }
variable "closed" { default = false }
message "hours" { text = var.closed ? "We are closed." : "We are open from nine to five." }
number "main" {
  phone_number = "+14155550100"
  to           = message.hours
}
`

// runIn runs ivrc in a directory.
func runIn(directory string, args ...string) (string, error) {
	cmd := exec.Command("ivrc", args...)
	cmd.Dir = directory
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// A busyRun is a command that computes or waits for a long time.
type busyRun struct {
	args string
	json bool
}

// busyRuns work on the configuration of busyOffice.
var busyRuns = []busyRun{
	{"validate busy", false},
	{"validate -json busy", true},
	{"build busy", false},
	{"plan -sandbox -format=json busy", true},
	{"apply -sandbox -auto-approve -json busy", true},
	{"simulate -press 1 busy", false},
	{"test -exhaustive -json busy", true},
	{"graph busy", false},
	{"docs -json busy", true},
	{"serve -listen 127.0.0.1:0 busy", false},
}

// busyOffice is a configuration of six thousand numbers, which takes seconds to
// compile.
func busyOffice(t *testing.T, directory string) {
	t.Helper()
	if err := os.Mkdir(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	for f := range 3 {
		var text strings.Builder
		if f == 0 {
			text.WriteString("project \"busy\" {}\nhosting { base_url = \"https://calls.busy.example\" }\nuser \"x\" { phone = \"+12015550199\" }\n")
		}
		for i := f * 2000; i < (f+1)*2000; i++ {
			fmt.Fprintf(&text, "number \"n%d\" {\n  phone_number = \"+1%d55501%02d\"\n  to           = menu.m%d\n}\n", i, 202+i/99, i%99, i)
			fmt.Fprintf(&text, "menu \"m%d\" {\n  option \"1\" {\n    label = \"one\"\n    to    = user.x\n  }\n}\n", i)
		}
		if err := os.WriteFile(filepath.Join(directory, fmt.Sprintf("f%d.ivr.hcl", f)), []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The first signal ends a command at once, in the middle of a compilation, too. One
// that was asked for JSON writes the error as JSON.
func TestInterruptAtWork(t *testing.T) {
	directory := t.TempDir()
	busyOffice(t, filepath.Join(directory, "busy"))
	for i, run := range busyRuns {
		t.Run(run.args, func(t *testing.T) {
			cmd := exec.Command("ivrc", strings.Fields(run.args)...)
			var stdout, stderr bytes.Buffer
			cmd.Dir, cmd.Stdout, cmd.Stderr = directory, &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			const begun, all = 200 * time.Millisecond, 2 * time.Second
			for used(t, cmd.Process.Pid) < begun {
				time.Sleep(5 * time.Millisecond)
			}
			if err := cmd.Process.Signal([]syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]); err != nil {
				t.Fatal(err)
			}
			run.interrupted(t, ends(t, cmd), stdout.String(), stderr.String())
			if computed := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); computed > all {
				t.Errorf("it goes on to compute for %s", computed)
			}
		})
	}
}

// interrupted checks how a run ended.
func (r busyRun) interrupted(t *testing.T, code int, stdout, stderr string) {
	t.Helper()
	if code != 1 || stderr != "Error: interrupted\n" {
		t.Errorf("it ends with %d: %s", code, stderr)
	}
	var document struct{ Error string }
	if err := json.Unmarshal([]byte(stdout), &document); r.json && (err != nil || document.Error != "interrupted") {
		t.Errorf("it writes no JSON but %q: %v", stdout, err)
	}
	if !r.json && stdout != "" {
		t.Errorf("it writes %q", stdout)
	}
}

// used says how long a process has computed, with its children. It must not have
// ended; they may have.
func used(t *testing.T, pid int) time.Duration {
	t.Helper()
	total, err := cpuTimeOf(pid)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Skipf("processes cannot be looked at here: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range threads {
		children, _ := os.ReadFile(name)
		for _, child := range strings.Fields(string(children)) {
			if id, err := strconv.Atoi(child); err == nil {
				more, _ := cpuTimeOf(id)
				total += more
			}
		}
	}
	return total
}

// cpuTimeOf reads how long a process has computed. It fails if the process has ended.
func cpuTimeOf(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if fields[0] == "Z" || err1 != nil || err2 != nil {
		return 0, fmt.Errorf("it ended by itself: %s", text)
	}
	return time.Duration(user+system) * 10 * time.Millisecond, nil // USER_HZ is 100
}

// A command that waits for somebody to type ends, too: here one whose input is never
// complete.
func TestInterruptWhileReading(t *testing.T) {
	cmd := exec.Command("ivrc", "fmt", "-")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdin.Write(bytes.Repeat([]byte("# is read\n"), 20_000)); err != nil { // more than a pipe holds
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	busyRun{}.interrupted(t, ends(t, cmd), stdout.String(), stderr.String())
}

// At a call that is played at the keyboard, Ctrl-C hangs up and ends.
func TestInterruptPlayedCall(t *testing.T) {
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "main.ivr.hcl"), []byte(officeConfiguration), 0o644); err != nil {
		t.Fatal(err)
	}
	p := atTerminal(t, directory, "simulate")
	if _, ok := p.screen.Await(regexp.MustCompile(`hears "Press 1 for`)); !ok {
		t.Fatalf("nothing is asked:\n%s", p.screen)
	}
	if _, err := p.keyboard.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	if code := ends(t, p.Cmd); code != 1 {
		t.Errorf("it ends with %d:\n%s", code, p.screen)
	}
}
