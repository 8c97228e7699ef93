package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/bench/model"
)

// served is one round of load on a server.
type served struct {
	requests   int
	cpu, wall  time.Duration
	half, most string // latency: the median and the 99th percentile
}

func (s served) microseconds() float64 { return float64(s.cpu.Microseconds()) / float64(s.requests) }

// serve measures the CPU time of a request.
func (b *bench) serve() error {
	for _, name := range []string{"wrk", "taskset"} {
		if _, err := installed(name); err != nil {
			return err
		}
	}
	out := b.path("served")
	defer os.RemoveAll(out)
	sources, err := b.sources(model.Shape{Menus: 450, Options: 9, Files: 50})
	if err != nil {
		return err
	}
	documents, err := b.count(sources, out)
	if err != nil {
		return err
	}
	script, paths, err := b.requests(out)
	if err != nil {
		return err
	}
	b.section("Serving", "The same "+model.Thousands(documents)+" documents from every server. GET …/digits-1~1.2.…?… with the 28 parameters of a call, for "+
		model.Thousands(len(paths))+" different\ndocuments, over 32 connections that are kept alive; no TLS.\n"+
		"Every server runs on core "+serverCore+" (one process, one worker, GOMAXPROCS=1), wrk with one thread on core "+loadCore+".\n"+
		"They are asked in turn, in "+fmt.Sprint(min(b.rounds, 3))+" rounds. CPU time of the server from /proc/PID/stat.\n\n"+
		"\"nginx if, rewrite\" is what people write: `if ($arg_Digits) { rewrite … }`, sendfile on, no access log unless it says so.\n"+
		"\"map, try_files\" chooses the file with a map of the closed list; \"ivrc router\" is the configuration that\n"+
		"`ivrc router` writes, which does all that `ivrc serve` does: repeated parameters, other decisions, refusals. The\n"+
		"shorter ones do less. Caddy has no access log.")
	servers := b.servers(out)
	for _, s := range servers {
		if err := s.start(b); err != nil {
			return err
		}
		defer s.stop()
	}
	for _, path := range []string{paths[0], paths[len(paths)/2], strings.Replace(paths[7], "Digits=", "Digit=", 1)} {
		if err := agree(servers, path); err != nil {
			return err
		}
	}
	for range min(b.rounds, 3) {
		for _, s := range servers {
			result, err := s.load(b, script)
			if err != nil {
				return err
			}
			s.results = append(s.results, result)
		}
	}
	b.served(servers)
	return nil
}

// memory measures what 10,000 and 100,000 documents take.
func (b *bench) memory() error {
	b.section("Memory of serving", "The heap after a collection, with the documents' contents, in a process that serves a bundle;\nand the resident memory of `ivrc serve` when it has answered some seconds of requests.")
	var rows [][]string
	for _, menus := range []int{450, 4500} {
		out := b.path("remembered")
		sources, err := b.sources(model.Shape{Menus: menus, Options: 9, Files: 200})
		if err != nil {
			return err
		}
		if _, err := b.count(sources, out); err != nil {
			return err
		}
		documents, bytes, resident, err := b.remembered(out)
		if err := errors.Join(err, os.RemoveAll(out)); err != nil {
			return err
		}
		each := float64(bytes) / float64(documents)
		rows = append(rows, []string{model.Thousands(documents), number(each), megabytes(int64(bytes) / 1000), megabytes(resident)})
		b.atMost("heap of a document, of "+model.Thousands(documents), each, 500, " B")
		if menus == 4500 {
			b.atMost("resident memory of ivrc serve with "+model.Thousands(documents)+" documents", float64(resident)/1000, 120, " MB")
		}
	}
	b.table([]string{"documents", "heap bytes a document", "heap MB", "resident MB"}, rows)
	return nil
}

// remembered measures the memory of serving a bundle; resident is in kB.
func (b *bench) remembered(out string) (documents, bytes int, resident int64, err error) {
	said, err := exec.Command(b.bin("heap"), out).Output()
	if err == nil {
		_, err = fmt.Sscanf(string(said), "%d\t%d", &documents, &bytes)
	}
	if err != nil {
		return 0, 0, 0, err
	}
	s := &server{name: "ivrc serve", port: 18108, command: []string{b.bin("ivrc"), "serve", "-unsigned", "-access-log=false", "-listen", "127.0.0.1:18108", out}}
	if err := s.start(b); err != nil {
		return 0, 0, 0, err
	}
	defer s.stop()
	_, paths, err := b.requests(out)
	if err != nil {
		return 0, 0, 0, err
	}
	for i := range 20_000 {
		if _, err := fetch(s.url(paths[i%len(paths)])); err != nil {
			return 0, 0, 0, err
		}
	}
	return documents, bytes, s.memory(), nil
}

// served reports what the servers did.
func (b *bench) served(servers []*server) {
	find := func(name string) *server {
		i := slices.IndexFunc(servers, func(s *server) bool { return s.name == name })
		if i < 0 {
			return nil
		}
		return servers[i]
	}
	times := func(s, other *server) float64 {
		var ratios []float64
		for i := range s.results {
			ratios = append(ratios, s.results[i].microseconds()/other.results[i].microseconds())
		}
		return median(ratios)
	}
	var rows [][]string
	for _, s := range servers {
		var us, rate []float64
		for _, r := range s.results {
			us, rate = append(us, r.microseconds()), append(rate, float64(r.requests)/r.wall.Seconds())
		}
		last := s.results[len(s.results)-1]
		rows = append(rows, []string{s.name, number(median(us)), number(times(s, servers[0])), model.Thousands(int(median(rate))), last.half, last.most, megabytes(s.memory())})
	}
	b.table([]string{"server", "CPU µs a request", "× ivrc serve", "requests/s", "p50", "p99", "MB"}, rows)
	if nginx := find("nginx if, rewrite"); nginx != nil {
		b.atMost("CPU a request, ivrc without log / nginx (if, rewrite; no log)", times(servers[1], nginx), 1.3, " ×")
		b.atMost("CPU a request, ivrc serve / nginx (if, rewrite; access log)", times(servers[0], find("nginx if, rewrite, access log")), 1.3, " ×")
	}
	if caddy := find(caddyRouted); caddy != nil {
		b.atLeast("CPU a request, Caddy (ivrc router) / ivrc without log", times(caddy, servers[1]), 4, " ×")
	} else if caddy := find(caddyRewrite); caddy != nil {
		b.atLeast("CPU a request, Caddy (rewrite) / ivrc without log", times(caddy, servers[1]), 4, " ×")
	}
}

// query is what Twilio sends with a request, but for the key.
const query = "AccountSid=AC00000000000000000000000000000000&ApiVersion=2010-04-01&CallSid=CA00000000000000000000000000000000" +
	"&CallStatus=in-progress&CallToken=%257B%2522parentCallInfoToken%2522%253A%2522eyJhbGciOiJFUzI1NiJ9%2522%257D" +
	"&Called=%2B14155550100&CalledCity=SAN+FRANCISCO&CalledCountry=US&CalledState=CA&CalledZip=94105" +
	"&Caller=%2B14155550123&CallerCity=OAKLAND&CallerCountry=US&CallerState=CA&CallerZip=94612" +
	"&Direction=inbound&FinishedOnKey=&From=%2B14155550123&FromCity=OAKLAND&FromCountry=US&FromState=CA&FromZip=94612" +
	"&msg=Gather&To=%2B14155550100&ToCity=SAN+FRANCISCO&ToCountry=US&ToState=CA&Digits="

// requests writes a script for wrk, and returns the paths that it asks for.
func (b *bench) requests(out string) (script string, paths []string, err error) {
	entries, err := os.ReadDir(out + "/public")
	if err != nil {
		return "", nil, err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "menu.") {
			for key := 1; key <= 9; key++ {
				paths = append(paths, fmt.Sprintf("/%s/digits-1~1.2.3.4.5.6.7.8.9?%s%d", entry.Name(), query, key))
			}
		}
	}
	script, err = b.script("keys", paths)
	return script, paths, err
}

// script writes a script for wrk that asks for paths, and returns its name.
func (b *bench) script(name string, paths []string) (string, error) {
	list := b.path(name + "-paths")
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o644); err != nil {
		return "", err
	}
	script := b.path(name + ".lua")
	// The requests are formatted in init, because only there the host is known.
	text := fmt.Sprintf(`
local paths, i = {}, 0
init = function(args)
  for line in io.lines(%q) do paths[#paths + 1] = wrk.format("GET", line) end
end
request = function()
  i = i + 1
  return paths[(i * 7919) %% #paths + 1]
end
`, list)
	return script, os.WriteFile(script, []byte(text), 0o644)
}

// summary finds the numbers in what wrk writes.
var summary = regexp.MustCompile(`(?s)\n +50%\s+(\S+).*99%\s+(\S+).*?(\d+) requests in ([\d.]+)(m?s),`)

// load asks a server for some seconds.
func (s *server) load(b *bench, script string) (served, error) {
	seconds := "5s"
	if b.quick {
		seconds = "2s"
	}
	before, err := s.cpu()
	if err != nil {
		return served{}, err
	}
	said, err := exec.Command("taskset", "-c", loadCore, "wrk", "-t1", "-c32", "-d"+seconds, "--latency", "-s", script, s.url("/")).CombinedOutput()
	if err != nil {
		return served{}, fmt.Errorf("wrk: %w\n%s", err, said)
	}
	after, err := s.cpu()
	if err != nil {
		return served{}, err
	}
	found := summary.FindSubmatch(said)
	if found == nil || strings.Contains(string(said), "Non-2xx") || strings.Contains(string(said), "Socket errors") {
		return served{}, fmt.Errorf("%s did not answer everything:\n%s", s.name, said)
	}
	r := served{cpu: after - before, half: string(found[1]), most: string(found[2])}
	r.requests, _ = strconv.Atoi(string(found[3]))
	r.wall, err = time.ParseDuration(string(found[4]) + string(found[5]))
	return r, err
}

// fetch gets a document.
func fetch(url string) (string, error) {
	response, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return fmt.Sprintf("%d %s\n%s", response.StatusCode, response.Header.Get("Content-Type"), body), err
}

// agree checks that all servers answer alike.
func agree(servers []*server, path string) error {
	want := ""
	for i, s := range servers {
		got, err := fetch(s.url(path))
		switch {
		case err != nil:
			return err
		case i == 0:
			want = got
			if !strings.HasPrefix(got, "200 ") {
				return fmt.Errorf("%s answers %s", s.name, got)
			}
		case got != want:
			return fmt.Errorf("%s answers %s with\n%s\nand %s with\n%s", s.name, path, got, servers[0].name, want)
		}
	}
	return nil
}
