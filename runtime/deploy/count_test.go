package deploy

import (
	"fmt"
	"net/http"
	"testing"
)

// A plan and an apply of three changes among ten thousand numbers ask Twilio
// twice for ten pages of numbers and two of queues, to plan and before the first
// write, and once for each write of a changed number.
func TestRequestsOfAnApply(t *testing.T) {
	numbers := phones(10_000)
	th := newFakeWorld(numbers...)
	for i := range 1_001 {
		th.account.Wait(fmt.Sprintf("elsewhere/%d", i), 0)
	}
	b := testBundle(numbers[:20], nil, "words")
	if err := th.process(t, "a").apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for _, phone := range numbers[:3] {
		if err := th.account.Edit(phone, map[string][]string{"VoiceUrl": {"https://elsewhere.example/"}}); err != nil {
			t.Fatal(err)
		}
	}
	asked := len(th.account.Requests())
	if err := th.process(t, "b").apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	reads, writes := 0, 0
	for _, r := range th.account.Requests()[asked:] {
		if r.Method == http.MethodGet {
			reads++
		} else {
			writes++
		}
	}
	if reads != 2*(10+2) || writes != 3 {
		t.Errorf("%d reads and %d writes, want 24 and 3", reads, writes)
	}
	if err := th.answered(b); err != nil {
		t.Error(err)
	}
}
