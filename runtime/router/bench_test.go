package router_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// sink is a response that goes nowhere and can be used again.
type sink struct {
	header http.Header
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(p []byte) (int, error) { s.bytes += len(p); return len(p), nil }

// around is what Twilio sends with a request.
const around = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid=CA00000000000000000000000000000002" +
	"&CallStatus=in-progress&Called=%2B14155550100&CalledCity=SAN+FRANCISCO&CalledCountry=US&CalledState=CA&CalledZip=94103" +
	"&Caller=%2B14155550199&CallerCity=&CallerCountry=US&CallerState=&CallerZip=&Direction=inbound&From=%2B266696687" +
	"&FromCity=&FromCountry=US&FromState=&FromZip=&To=%2B14155550100&ToCity=SAN+FRANCISCO&msg=Gather+End"

// target is a decision as Twilio requests it.
var target = "/menu.main-b/digits-1~1.2.3?" + around + "&Digits=3"

func TestARequestAllocatesNothing(t *testing.T) {
	h := router.New(sampleBundle(t))
	for _, target := range []string{target, "/menu.main-b/menu-1.xml?" + around, "/number.main-a/from?" + around} {
		r := httptest.NewRequest("GET", target, nil)
		w := &sink{header: http.Header{}}
		allocations := testing.AllocsPerRun(100, func() {
			clear(w.header)
			h.ServeHTTP(w, r)
		})
		if allocations != 0 || w.bytes == 0 {
			t.Errorf("%.40s: %.1f allocations, %d bytes written", target, allocations, w.bytes)
		}
	}
}

// manyDocuments is a bundle of n different documents in menus of 13 answers.
func manyDocuments(n int) *bundle.Bundle {
	b := &bundle.Bundle{Data: make(map[string][]byte, n)}
	answers := strings.Fields("0 1 2 3 4 5 6 7 8 9 pound star _")
	for i := range n {
		p := fmt.Sprintf("menu.main-%026d/digits-1.%s.xml", i/len(answers), answers[i%len(answers)])
		b.Data[p] = fmt.Appendf(nil, "<Response><Say>%0220d</Say></Response>\n", i)
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(p, b.Data[p]))
	}
	return b
}

// heap returns the bytes in use after a collection.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func TestADocumentCostsLittleMemory(t *testing.T) {
	const n = 100_000
	before := heap()
	h := router.New(manyDocuments(n))
	each := (heap()-before)/n - 256 // the size class of the contents, 253 bytes
	t.Logf("%d bytes a document beyond its contents", each)
	if each > 500 {
		t.Errorf("a document costs %d bytes beyond its contents, want at most 500", each)
	}
	runtime.KeepAlive(h)
}

func TestEqualDocumentsShareMemory(t *testing.T) {
	const n, size = 1000, 10_000
	b := &bundle.Bundle{Data: map[string][]byte{}}
	for i := range n {
		p := fmt.Sprintf("menu.main-%d/menu-1.xml", i)
		b.Data[p] = []byte(strings.Repeat("x", size))
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(p, b.Data[p]))
	}
	before := heap()
	h := router.New(b)
	b = nil
	if freed := before - heap(); freed < (n-1)*size {
		t.Errorf("%d equal documents of %d bytes free only %d", n, size, freed)
	}
	runtime.KeepAlive(h)
}

func BenchmarkRoute(b *testing.B) {
	b.ReportAllocs()
	query := target[strings.IndexByte(target, '?')+1:]
	for b.Loop() {
		router.Route("/menu.main-b/digits-1~1.2.3", query)
	}
}

func BenchmarkHandler(b *testing.B) {
	h := router.New(sampleBundle(b))
	for name, target := range map[string]string{
		"decision": target,
		"from":     "/number.main-a/from?" + around + "&From=%2B14155550199",
		"document": "/menu.main-b/menu-1.xml?" + around,
		"audio":    "/audio/a.mp3",
		"missing":  "/menu.main-b/menu-9.xml?" + around,
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", target, nil)
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}

func BenchmarkSignature(b *testing.B) {
	h, err := router.Signature{Tokens: []string{token, "second"}, PublicURL: "https://ivr.example"}.Require(nothing{})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", target, http.NoBody)
	r.Header.Set("X-Twilio-Signature", sign(token, "https://ivr.example"+target))
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

func BenchmarkNew(b *testing.B) {
	many := manyDocuments(100_000)
	for b.Loop() {
		router.New(many)
	}
}
