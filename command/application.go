package command

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// What applications do in calls that are played: what -application says, or what is
// really served at a local address.
//
//	-application account=known                     the caller comes back with this result
//	-application 'account=fails:late then known'   first it fails
//	-application account=http://127.0.0.1:9000     it is asked there

// applicationFlag adds -application.
func applicationFlag(f *pflag.FlagSet, given *[]string, what string) {
	f.StringArrayVar(given, "application", nil, what)
}

// outcomeFlag adds -outcome.
func outcomeFlag(f *pflag.FlagSet, given *[]string) {
	f.StringArrayVar(given, "outcome", nil, "how a Pay or a Connect of an application ends, as `VERB=WHAT`: Pay=success, or 'Pay=validation-error then success'; repeatable")
}

// outcomes reads how verbs end that reach out of a call.
func outcomes(given []string) (map[string][]string, error) {
	all := map[string][]string{}
	for _, text := range given {
		verb, ends, _ := strings.Cut(text, "=")
		known := simulator.Outcomes(verb)
		if known == nil {
			return nil, fmt.Errorf("-outcome: name a verb, Pay or Connect, and not %q", verb)
		}
		all[verb] = strings.Split(ends, " then ")
		for _, end := range all[verb] {
			if end == "" || verb == "Pay" && !slices.Contains(known, end) {
				return nil, fmt.Errorf("-outcome: a %s ends with %s, and not with %q", verb, strings.Join(known, ", "), end)
			}
		}
	}
	return all, nil
}

// applications reads what applications of a bundle do. Those with an address are
// asked there: whatever is requested from the origin of such an application goes to
// the origin of that address.
func applications(b *bundle.Bundle, given []string) (map[string]script.Application, func(*url.URL) http.RoundTripper, error) {
	addresses := map[string]string{}
	for _, block := range b.Blocks() {
		if block.Kind() == bundle.KindApplication {
			addresses[bundle.NameOf(block.Address)] = block.Setting("url")
		}
	}
	played := map[string]script.Application{}
	asked := map[string]*url.URL{} // by origin
	for _, text := range given {
		name, does, _ := strings.Cut(text, "=")
		address, known := addresses[name]
		if !known {
			return nil, nil, fmt.Errorf("-application: there is no application %q", name)
		}
		if strings.HasPrefix(does, "http://") || strings.HasPrefix(does, "https://") {
			local, err := url.Parse(does)
			if err != nil || local.Host == "" {
				return nil, nil, fmt.Errorf("-application %s: %q is no address", name, does)
			}
			public, err := url.Parse(address)
			if err != nil {
				return nil, nil, err
			}
			asked[public.Scheme+"://"+public.Host] = local
			continue
		}
		turns, err := script.ParseApplication(does)
		if err != nil {
			return nil, nil, fmt.Errorf("-application %s: %w", name, err)
		}
		for _, turn := range turns {
			if turn.Fails == "" && !slices.Contains(resultsOf(b, name), turn.Result) {
				return nil, nil, fmt.Errorf("-application %s: there is no result %q; the results are %s", name, turn.Result, strings.Join(resultsOf(b, name), ", "))
			}
		}
		played[name] = turns
	}
	if len(asked) == 0 {
		return played, nil, nil
	}
	return played, func(u *url.URL) http.RoundTripper {
		if local := asked[u.Scheme+"://"+u.Host]; local != nil {
			return localTransport{local}
		}
		return nil
	}, nil
}

// resultsOf lists the results of an application.
func resultsOf(b *bundle.Bundle, name string) []string {
	var names []string
	for _, block := range b.Blocks() {
		if block.Address != bundle.KindApplication+"."+name {
			continue
		}
		for _, e := range block.Exits {
			if e.On != "failure" {
				names = append(names, e.On)
			}
		}
	}
	return names
}

// A localTransport asks for a path at a local address.
type localTransport struct{ at *url.URL }

// RoundTrip makes the request.
func (t localTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	local := r.Clone(r.Context())
	local.Host = r.URL.Host // as Twilio would have asked
	local.URL.Scheme, local.URL.Host = t.at.Scheme, t.at.Host
	return http.DefaultTransport.RoundTrip(local)
}
