package sandbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// reopen opens the account of a file.
func reopen(t *testing.T, file string, numbers ...string) *sandbox.Account {
	t.Helper()
	a, err := sandbox.Open(file, numbers...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// An account is the same after it was opened again, and goes on where it was.
func TestFileKeepsTheAccount(t *testing.T) {
	file := filepath.Join(t.TempDir(), "twilio.json")
	a := reopen(t, file, "+14155550100")
	do(t, a, http.MethodPost, numberPath(a, 0), url.Values{"VoiceUrl": {"https://x.example/"}, "VoiceCallerIdLookup": {"true"}})
	do(t, a, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"x"}, "MaxSize": {"7"}})
	do(t, a, http.MethodPost, root+"/Calls.json", url.Values{"To": {"client:bob"}, "From": {"+14155550100"}, "Twiml": {"<Response/>"}})
	b := reopen(t, file, "+14155550100", "+14155550101")
	if diff := cmp.Diff(a.Queues(), b.Queues()) + cmp.Diff(a.Calls(), b.Calls()) + cmp.Diff(a.Numbers(), b.Numbers()[:1]); diff != "" {
		t.Error(diff)
	}
	if got := b.Numbers(); len(got) != 2 || got[1].PhoneNumber != "+14155550101" {
		t.Errorf("got %v", got)
	}
	y := do(t, b, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"y"}})
	if y.body["sid"] == b.Queues()[0].SID {
		t.Error("two queues have one SID")
	}
	if diff := cmp.Diff(b.Queues(), reopen(t, file).Queues()); diff != "" {
		t.Error(diff)
	}
}

// Reading changes no file, and nothing is left beside it.
func TestFileIsWrittenWhenSomethingChanges(t *testing.T) {
	directory := t.TempDir()
	file := filepath.Join(directory, "twilio.json")
	a := reopen(t, file, "+14155550100")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	do(t, a, http.MethodGet, root+"/Queues.json", nil)
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("reading wrote the file: %v", err)
	}
	b := reopen(t, file)
	do(t, b, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"x"}})
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// What another program wrote is not overwritten.
func TestFileOfAnotherProgram(t *testing.T) {
	file := filepath.Join(t.TempDir(), "twilio.json")
	a, b := reopen(t, file, "+14155550100"), reopen(t, file)
	do(t, a, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"x"}})
	got := do(t, b, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"y"}})
	if message := fmt.Sprint(got.body["message"]); got.status != 500 || !strings.Contains(message, "changed by another program") {
		t.Errorf("got %d %v", got.status, message)
	}
	if got := reopen(t, file).Queues(); len(got) != 1 || got[0].Name != "x" {
		t.Errorf("got %v", got)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	directory := t.TempDir()
	good, err := os.ReadFile(func() string { reopen(t, directory+"/good.json", "+14155550100"); return directory + "/good.json" }())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"empty": "", "cut": string(good[:len(good)/2]), "other": "{}",
		"later": strings.Replace(string(good), `"1.0"`, `"2.0"`, 1),
		"lacks": strings.Replace(string(good), `"VoiceUrl"`, `"VoiceURL"`, 1),
	} {
		file := filepath.Join(directory, name+".json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sandbox.Open(file); err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("%s: got %v", name, err)
		}
		if left, err := os.ReadFile(file); err != nil || string(left) != content {
			t.Errorf("%s was changed", name)
		}
	}
	if _, err := sandbox.Open(filepath.Join(directory, "no", "folder.json")); err == nil {
		t.Error("a file was kept in a folder that does not exist")
	}
}
