package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/ivrc/ivrc/runtime/disk"
)

// maxKept bounds what is read as an account, in bytes. A number takes a kilobyte.
const maxKept = 64 << 20

// fileVersion is the version of the form in which accounts are kept.
const fileVersion = "1.0"

// kept is an account as its file holds it.
type kept struct {
	FormatVersion string           `json:"format_version"`
	Account       string           `json:"account"`
	Serial        int              `json:"serial"`
	Numbers       []EmulatedNumber `json:"numbers"`
	Queues        []EmulatedQueue  `json:"queues"`
	Calls         []EmulatedCall   `json:"calls"`
	CallerIDs     []string         `json:"caller_ids,omitempty"` // verified
}

// Open returns the account that a JSON file keeps, or a new one that it will
// keep, and buys the numbers that it lacks. Every change is in the file before
// it is answered. Only one program at a time may have the account open; a change
// by another one is noticed, and then refused as an error 500. What [Account.Add],
// Edit, Remove and Wait do is kept together with the next change.
func Open(file string, numbers ...string) (*Account, error) {
	a := New()
	a.file = file
	data, err := disk.Read(file, maxKept)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if err := a.load(data); err != nil {
			return nil, fmt.Errorf("%s: %w; remove it to begin with a new account", file, err)
		}
		a.saved = data
	}
	a.Add(numbers...)
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a, a.save()
}

// load reads what a file holds.
func (a *Account) load(data []byte) error {
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return fmt.Errorf("is not an emulated account: %w", err)
	}
	if major, _, _ := strings.Cut(k.FormatVersion, "."); major != "1" || k.Account != SID {
		return errors.New("is not an emulated account of this version")
	}
	a.serial, a.calls = k.Serial, k.Calls
	for _, n := range k.Numbers {
		for _, setting := range settings {
			if _, has := n.Settings[setting.parameter]; !has {
				return fmt.Errorf("lacks the setting %s of the number %s", setting.parameter, n.PhoneNumber)
			}
		}
		a.numbers.put(time.Time{}, n.SID, n, n.encode())
	}
	a.Verify(k.CallerIDs...)
	for _, q := range k.Queues {
		a.queues.put(time.Time{}, q.SID, q, q.encode())
	}
	return nil
}

// save writes the account to its file, if it has one and something changed.
func (a *Account) save() error {
	if a.file == "" {
		return nil
	}
	data, err := json.MarshalIndent(kept{fileVersion, SID, a.serial, a.numbers.all(), a.queues.all(), a.calls, a.verified.all()}, "", "  ")
	if err != nil {
		return err
	}
	if data = append(data, '\n'); bytes.Equal(data, a.saved) {
		return nil
	}
	if found, err := disk.Read(a.file, maxKept); (err == nil || a.saved != nil) && !bytes.Equal(found, a.saved) {
		return fmt.Errorf("%s was changed by another program", a.file)
	}
	if err := disk.Write(a.file, data, disk.Private); err != nil {
		return err
	}
	a.saved = data
	return nil
}
