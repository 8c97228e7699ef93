package testscripts

// Commands for testscripts about deploying: what plans print holds hashes,
// times and names of machines, and somebody has to change things at Twilio.

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// varying is what differs from one run, version or machine to the next: hashes
// in paths, digests of releases, times, and who runs the program.
var varying = regexp.MustCompile(`(?m)\b[a-z2-7]{26}\b|\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b|\S+@\S+$`)

// scriptMask keeps what the last command printed in a file, with … for what
// varies, to be compared:
//
//	mask stdout|stderr FILE
func scriptMask(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 2, "mask stdout|stderr FILE")
	text := varying.ReplaceAllString(ts.ReadFile(args[0]), "…")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// scriptAddresses prints what answers each number of an emulated account:
//
//	addresses FILE
func scriptAddresses(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 1, "addresses FILE")
	var account struct {
		Numbers []sandbox.EmulatedNumber `json:"numbers"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &account))
	for _, n := range account.Numbers {
		s := n.Settings
		fmt.Fprintf(ts.Stdout(), "%s %s %s, or %s %s\n", n.PhoneNumber, s["VoiceMethod"], s["VoiceUrl"], s["VoiceFallbackMethod"], s["VoiceFallbackUrl"])
	}
}

// scriptAge makes every file in a store older, and what the releases in it say
// of their times:
//
//	age DIR DURATION
func scriptAge(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 2, "age DIR DURATION")
	by, err := time.ParseDuration(args[1])
	ts.Check(err)
	at := regexp.MustCompile(`"at": "([^"]+)"`)
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if filepath.Base(filepath.Dir(path)) == "applied" {
			text := ts.ReadFile(path)
			found := at.FindStringSubmatch(text)[1]
			then, err := time.Parse(time.RFC3339Nano, found)
			ts.Check(err)
			text = strings.Replace(text, found, then.Add(-by).Format(time.RFC3339Nano), 1)
			ts.Check(os.WriteFile(path, []byte(text), 0o644))
		}
		info, err := entry.Info()
		ts.Check(err)
		then := info.ModTime().Add(-by)
		return os.Chtimes(path, then, then)
	}))
}

// scriptConsole changes settings of a number in the emulated account of a
// configuration, as somebody does in Twilio's console:
//
//	console DIR PHONE SETTING=VALUE ...
func scriptConsole(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) < 3, "console DIR PHONE SETTING=VALUE ...")
	file := filepath.Join(args[0], ".ivrc/sandbox.json")
	var account map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &account))
	found := false
	for _, entry := range account["numbers"].([]any) {
		number := entry.(map[string]any)
		if number["phone_number"] != args[1] {
			continue
		}
		found = true
		for _, setting := range args[2:] {
			name, value, _ := strings.Cut(setting, "=")
			number["settings"].(map[string]any)[name] = value
		}
	}
	if !found {
		ts.Fatalf("the account has no number %s", args[1])
	}
	data, err := json.Marshal(account)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(file), data, 0o644))
}
