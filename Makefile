# What people and pipelines run. Go, make and git are all that is needed, and for
# make race a C compiler; servers, browsers and other programs are used where they
# are present.

GO ?= go

.PHONY: demo test race deep hosts soak soak-serve check bench fuzz golden docs pictures site tools \
	release release-snapshot release-check release-twice

# Build the program, compile the example, and call it: both people in sales are
# busy, the caller waits in the queue, and leaves a message. Then deploy a copy of
# it to an emulated account and a local directory, change the menu, and see what
# callers would notice.
demo:
	$(GO) build -o ivrc .
	./ivrc validate examples/zillum
	./ivrc build -o dist examples/zillum
	./ivrc simulate -press '1, speak 20s' -callee alice=busy -callee bob=busy examples/zillum
	rm -rf demo && mkdir demo && cp examples/zillum/main.ivr.hcl demo
	./ivrc plan -sandbox -out=demo/calls.plan demo
	./ivrc apply -config=demo -sandbox demo/calls.plan
	sed 's/label = "Sales"/label = "Sales and orders"/' examples/zillum/main.ivr.hcl > demo/main.ivr.hcl
	./ivrc plan -sandbox demo

# All tests. Those that could try thousands of cases try a sample, which is the same
# on every machine. The time limit is for tests that hang; a busy machine does not
# meet it.
TEST := $(GO) test -vet=off -timeout 60m
test:
	$(GO) vet ./...
	$(TEST) -ldflags=-w ./...

# The tests of everything that does several things at once, under the race detector.
# It needs a C compiler. The tests in ALONE are left out: they take long, and nothing
# happens at once in them that does not in others. The compiler does nothing at once
# but read files, which one law of it tries with several numbers of processors.
ALONE := AlteredPlan CallTestsOnRealServers Canaries ClockOfHosts DamagedObjects \
	DoubleKills EveryReadIsBounded ForgedPlans HostileNames OutputIsBounded \
	RequestsOfAnApply SensitiveMistakes SensitiveValues Table.* TwoDeployments
race:
	$(TEST) -race -ldflags=-w -skip '^Test($(shell echo '$(ALONE)' | tr ' ' '|'))$$' ./command ./runtime/...
	$(TEST) -race -ldflags=-w -run '^TestLawSameBytes$$' ./compiler

# The tests of which make test tries a sample, with every case where that takes a
# minute at most: each request at which an apply can be killed, a thousand callers at
# once, and the program as the Containerfile builds it. Of the rest, such as the orders
# of two applies, altered bundles, hostile input and histories at random, it tries more
# than make test; make soak tries as many as a night allows, and takes hours. The
# tests are in the files that ask deep.Or how much to try; it also tells rapid, for
# the laws of the compiler.
IVRC_DEEP ?= 1
DEEP_FILES = $(shell grep -rl 'deep[.]Or' --include='*_test.go' .)
DEEP_TESTS = $(shell grep -ho '^func Test[A-Za-z0-9_]*' $(DEEP_FILES) | cut -c6- | paste -sd'|' -)
deep:
	@test -n '$(DEEP_FILES)'
	IVRC_DEEP=$(IVRC_DEEP) $(TEST) -ldflags=-w -run '^($(DEEP_TESTS)|TestLaw.*)$$' $(sort $(dir $(DEEP_FILES)))

# The hosts of ivrc router: their servers, runtimes and matchers are installed
# where they are missing, and asked the same table of requests.
IVRC_HOSTS ?= $(HOME)/.cache/ivrc-hosts
HOSTS := runtime/router/host/testdata/hosts
hosts:
	.ci/servers npm
	$(MAKE) $(IVRC_HOSTS)/package-lock.json
	IVRC_HOSTS=$(IVRC_HOSTS) $(GO) test -count 1 -v -run '^Test(Table|Cloudfront|PlainBucket)' ./command ./runtime/router/host

$(IVRC_HOSTS)/package-lock.json: $(HOSTS)/package.json $(HOSTS)/package-lock.json
	mkdir -p $(IVRC_HOSTS)
	cp $^ $(IVRC_HOSTS)
	cd $(IVRC_HOSTS) && npm ci --ignore-scripts --no-audit --no-fund || { rm $@; exit 1; }

soak:
	$(MAKE) deep IVRC_DEEP=full TEST='$(TEST) -timeout 24h -v'

# Ten minutes of a server under siege, with a release every second.
soak-serve:
	$(GO) test ./command -run 'TestSoak$$' -soak 10m -timeout 30m -v

# What a reviewer checks by eye otherwise: formatting, module files, whether it
# compiles for other systems, tests.
check:
	@test -z "$$(gofmt -l .)" || { echo "not formatted:"; gofmt -l .; exit 1; }
	$(GO) run . fmt -check -recursive examples
	$(GO) mod verify
	$(GO) mod tidy -diff
	GOOS=windows $(GO) vet ./...
	GOOS=darwin $(GO) vet ./...
	$(MAKE) test

bench:
	cd bench && $(GO) run .

# Each fuzz target for a while; FUZZTIME=10m for a long night. Before Go 1.27 a target
# can fail by the clock at its end, without an input (https://go.dev/issue/75804): that
# is tried again, once.
FUZZTIME ?= 20s
fuzz:
	@log=$$(mktemp); trap 'rm -f '$$log EXIT; \
	run() { $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package 2>&1 | tee $$log; ! grep -q '^\(--- \)\{0,1\}FAIL' $$log; }; \
	for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			run || { grep -q 'context deadline exceeded' $$log && ! grep -q 'Failing input' $$log && run; } || exit 1; \
		done; \
	done

# Rewrite every golden file and script from what the code does now. Read the
# difference before committing it.
golden:
	$(GO) test $$(grep -rl '"update"' --include=*_test.go . | xargs -n1 dirname | sort -u) -update

# Rewrite the pages that are made from code.
docs:
	$(GO) test ./docs -update

# The pictures of the page of ivrc graph that README.md shows, taken with Chromium.
BROWSER := chromium --headless --no-sandbox --disable-gpu --disable-sync --no-first-run --disable-background-networking \
	--hide-scrollbars --virtual-time-budget=15000 --window-size=1400,760
pictures:
	@page=$$(mktemp -d) && trap 'rm -rf '$$page EXIT && \
		$(GO) run . graph -format html -o $$page/flow.html examples/zillum && \
		$(BROWSER) --user-data-dir=$$page/light --screenshot=docs/pictures/call.png \
			"file://$$page/flow.html#number=%2B14155550100+main&step=answer&step=1&step=busy" && \
		$(BROWSER) --user-data-dir=$$page/dark --force-dark-mode --blink-settings=preferredColorScheme=0 \
			--screenshot=docs/pictures/flow-dark.png "file://$$page/flow.html"

# The documents as a website, in site. Versions that are there already stay.
VERSION ?= devel
site:
	cd tools && $(GO) run ./site -version '$(VERSION)'

# The programs that make a release and the website. They are a module of their own, so
# that what they need is not needed by ivrc.
tools:
	cd tools && $(GO) mod tidy -diff && $(GO) vet ./... && $(GO) test -count 1 ./...

# Everything that a release consists of, in dist: from the tag VERSION, or, to try it,
# from the current commit. What is not committed is not in it. docs/release.md says what
# comes of it.
RELEASE := $(GO) run ./release
release:
	rm -rf dist
	cd tools && $(RELEASE) -version '$(VERSION)'

release-snapshot:
	rm -rf dist
	cd tools && $(RELEASE) -snapshot
	$(MAKE) release-check

# Open what is in dist as people do: check the digests, unpack the archives and
# packages, run the program, compare the bill of materials with the programs, push the
# image to a registry of the test's own.
release-check:
	cd tools && IVRC_RELEASE='$(CURDIR)/dist' $(GO) test -count 1 -run Release ./release

# Make a snapshot again, from a checkout elsewhere and with nothing compiled before: it
# has the same bytes.
release-twice: release-snapshot
	@again=$$(mktemp -d) && trap 'chmod -R u+w '$$again'; rm -rf '$$again EXIT && \
		(cd tools && GOCACHE=$$again/cache $(RELEASE) -snapshot -to $$again/dist) && \
		diff -r dist $$again/dist && echo "the same bytes"
