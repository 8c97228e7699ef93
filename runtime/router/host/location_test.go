package host_test

import (
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/router/host"
)

// What comes from a configuration of ours cannot become more than a name in that
// of a host.
func TestPlacesThatNoConfigurationCanHold(t *testing.T) {
	for _, p := range []host.Location{
		{Store: "/srv/my calls"},
		{Store: "/srv/calls;}"},
		{Store: "/srv/$host"},
		{Store: "/srv/calls\nautoindex on;"},
		{Store: "s3://calls'/ivr"},
		{Store: "s3://calls/iv\"r"},
		{BaseURL: "https://calls.example/a;b"},
		{BaseURL: "https://calls.example/{a}"},
		{BaseURL: "https://calls.example/a'b"},
		{DecisionsURL: "https://decide.example/</Redirect>"},
		{BaseURL: "https://calls.example/a b"},
	} {
		for _, h := range host.All() {
			if files, err := h.Files(p); err == nil || !strings.Contains(err.Error(), "cannot stand in a configuration") || files != nil {
				t.Errorf("%s: %+v gives %d files and the error %v", h.Name, p, len(files), err)
			}
		}
	}
}

// The same location gives the same configuration, and another store or address is in
// it.
func TestPlaces(t *testing.T) {
	for name, want := range map[string][]string{
		"nginx":           {"root /srv/calls/public;", "location /ivr/ {", "server_name calls.zillum.example;"},
		"caddy":           {"root * /srv/calls/public", "handle_path /ivr/* {"},
		"apache":          {`Alias "/ivr/" "/srv/calls/public/"`},
		"netlify":         {`path: '/ivr/*'`, `publish = "site"`},
		"vercel":          {`"source": "/ivr/:component/:decision(`, `"outputDirectory": "site"`, "middleware(request)"},
		"twiml-bin":       {`https://calls.zillum.example/ivr/{{at}}.`, `https://decide.zillum.example/here?asked=1`},
		"twilio-function": {`https://calls.zillum.example/ivr/' + document`},
	} {
		h, _ := host.Find(name)
		p := host.Location{BaseURL: "https://calls.zillum.example/ivr/", Store: "dir:/srv/calls", DecisionsURL: "https://decide.zillum.example/here"}
		first, second := configuration(t, h, p), configuration(t, h, p)
		if first != second {
			t.Errorf("%s: two configurations for one location", name)
		}
		for _, w := range want {
			if !strings.Contains(first, w) {
				t.Errorf("%s: the configuration does not hold %q", name, w)
			}
		}
	}
	h, _ := host.Find("cloudfront")
	for store, want := range map[string]string{
		"s3://zillum": "origin path /public\n", "s3://zillum/ivr/": "origin path /ivr/public\n", "s3://zillum/ivr?region=eu": "origin path /ivr/public\n",
	} {
		if text := configuration(t, h, host.Location{Store: store}); !strings.Contains(text, want) {
			t.Errorf("%s: the configuration does not hold %q", store, want)
		}
	}
}

// configuration is all files of a host.
func configuration(t *testing.T, h host.Host, p host.Location) string {
	t.Helper()
	files, err := h.Files(p)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range files {
		text.Write(f.Text)
	}
	return text.String()
}
