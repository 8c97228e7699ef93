// Command deploy plays both sides of a deployment, to be measured:
//
//	deploy serve DIR NUMBERS LATENCY                an emulated account whose numbers are deployed
//	deploy plan DIR NUMBERS CHANGED ADDRESS         reads what is live and plans
//	deploy apply DIR NUMBERS CHANGED ADDRESS N      and applies, N numbers at the same time
//
// The account answers every request after LATENCY. Its address is one line on
// standard output; when its standard input ends, how many reads and writes there
// were is another. The store is DIR/store. A plan or an apply writes what it
// measured to DIR/result.json.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/sandbox"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

const base = "https://calls.bench.example"

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) < 4 {
		return errors.New("usage: deploy serve DIR NUMBERS LATENCY, or plan|apply DIR NUMBERS CHANGED ADDRESS [PARALLEL]")
	}
	numbers, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	s := side{directory: args[1], numbers: numbers, parallel: 4}
	if s.store, err = store.Open(ctx, filepath.Join(args[1], "store"), os.Getenv, nil); err != nil {
		return err
	}
	if args[0] == "serve" {
		latency, err := time.ParseDuration(args[3])
		if err != nil {
			return err
		}
		return s.serve(ctx, latency)
	}
	if s.changed, err = strconv.Atoi(args[3]); err != nil {
		return err
	}
	if s.options.Endpoint = "http://" + args[4]; len(args) > 5 {
		if s.parallel, err = strconv.Atoi(args[5]); err != nil {
			return err
		}
	}
	return s.measure(ctx, args[0] == "apply")
}

// A side is one of the two.
type side struct {
	directory string
	store     store.Store
	numbers   int
	changed   int // of them, against what is deployed
	parallel  int
	options   twilio.Options
}

// phones lists phone numbers that nobody has.
func phones(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("+1%03d55501%02d", 201+i/100, i%100))
	}
	return list
}

// flow makes a bundle: each number answers with one document. Those that are
// changed say something else.
func flow(numbers, changed int) *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{}}
	b.Manifest = bundle.Manifest{FormatVersion: bundle.FormatVersion, Compiler: "bench", Project: "bench", Language: "en-US"}
	say := func(text string) []byte {
		return []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <Say>" + text + "</Say>\n</Response>\n")
	}
	b.Data["fallback-1/fallback.xml"] = say("Sorry.")
	b.Manifest.Fallback = "fallback-1/fallback.xml"
	b.Components = append(b.Components, bundle.Component{Directory: "fallback-1", Blocks: []bundle.Block{{Address: "fallback"}}})
	for i, phone := range phones(numbers) {
		words, name := "Good morning.", fmt.Sprintf("n%05d", i)
		if i < changed {
			words = "Good evening."
		}
		directory := fmt.Sprintf("number.%s-%s", name, strings.ToLower(words[5:12]))
		b.Data[directory+"/answer.xml"] = say(words)
		b.Manifest.Numbers = append(b.Manifest.Numbers, bundle.NumberRow{Name: name, PhoneNumber: phone, Answer: directory + "/answer.xml"})
		b.Components = append(b.Components, bundle.Component{Directory: directory, Blocks: []bundle.Block{{
			Address: "number." + name, Messages: []bundle.Message{{Role: "greeting", Text: words}}}}})
	}
	for name, data := range b.Data {
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(name, data))
	}
	slices.SortFunc(b.Manifest.Files, func(x, y bundle.FileRow) int { return strings.Compare(x.Path, y.Path) })
	slices.SortFunc(b.Components, func(x, y bundle.Component) int { return strings.Compare(x.Directory, y.Directory) })
	b.Seal()
	return b
}

// host is the public host, which answers at once.
type host struct{ files map[string][]byte }

func (h host) RoundTrip(r *http.Request) (*http.Response, error) {
	data, ok := h.files[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(bytes.NewReader(data))}, nil
}

// deployment opens the account.
func (s *side) deployment(b *bundle.Bundle) (*deploy.Deployer, error) {
	s.options.Parallel = s.parallel
	account, err := twilio.OpenClient(twilio.Credentials{Account: sandbox.SID, User: sandbox.SID, Password: twilio.NewSecret("sandbox")}, s.options)
	return &deploy.Deployer{Account: account, Public: host{b.Data}, Who: "bench", Parallel: s.parallel, AllowMassChange: true}, err
}

// serve deploys to an account, and then serves it.
func (s *side) serve(ctx context.Context, latency time.Duration) error {
	account := sandbox.New(phones(s.numbers)...)
	s.options.Transport = account
	b := flow(s.numbers, 0)
	d, err := s.deployment(b)
	if err != nil {
		return err
	}
	if err := s.apply(ctx, d, b, nil); err != nil {
		return err
	}
	account.Latency = latency
	before := len(account.Requests())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(listener, account) }()
	fmt.Println(listener.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
	reads := 0
	requests := account.Requests()[before:]
	for _, r := range requests {
		if r.Method == http.MethodGet {
			reads++
		}
	}
	fmt.Println(reads, len(requests)-reads)
	return nil
}

// apply plans and applies a bundle. It notes when the plan was there.
func (s *side) apply(ctx context.Context, d *deploy.Deployer, b *bundle.Bundle, planned func(*deploy.Plan)) error {
	lock, err := store.AcquireLock(ctx, s.store, store.LockRequest{Operation: "apply", Who: "bench"})
	if err != nil {
		return err
	}
	plan, live, err := s.plan(ctx, d, b)
	if err == nil {
		if planned != nil {
			planned(plan)
		}
		err = d.Apply(ctx, lock, live, plan, b)
	}
	return errors.Join(err, lock.Release(ctx))
}

func (s *side) plan(ctx context.Context, d *deploy.Deployer, b *bundle.Bundle) (*deploy.Plan, *deploy.Live, error) {
	live, err := deploy.ReadLive(ctx, &d.Account.Reader, s.store, deploy.Target{Project: "bench", BaseURL: base, Account: sandbox.SID})
	if err != nil {
		return nil, nil, err
	}
	plan, problems, err := live.Plan(ctx, b)
	if err == nil && len(problems) > 0 {
		err = problems[0]
	}
	return plan, live, err
}

// A Result is what was measured.
type Result struct {
	Plan    time.Duration // reading and planning
	Apply   time.Duration // all of it, with the plan
	Writing time.Duration // of the numbers
	Changes int
}

// measure plans, or plans and applies.
func (s *side) measure(ctx context.Context, apply bool) error {
	b := flow(s.numbers, s.changed)
	d, err := s.deployment(b)
	if err != nil {
		return err
	}
	var r Result
	start, recorded := time.Now(), time.Time{}
	planned := func(p *deploy.Plan) { r.Plan, r.Changes = time.Since(start), len(p.Changes) }
	d.Progress = func(e deploy.ApplyEvent) {
		if e.Step == "record" {
			recorded = time.Now()
		} else if e.Step == deploy.KindNumber {
			r.Writing = time.Since(recorded)
		}
	}
	if apply {
		err = s.apply(ctx, d, b, planned)
		r.Apply = time.Since(start)
	} else if p, _, failed := s.plan(ctx, d, b); failed == nil {
		planned(p)
	} else {
		err = failed
	}
	if err != nil {
		return err
	}
	if r.Changes != s.changed {
		return fmt.Errorf("the plan has %d changes, want %d", r.Changes, s.changed)
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.directory, "result.json"), data, 0o644)
}
