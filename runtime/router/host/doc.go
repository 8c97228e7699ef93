// Package host writes the configurations of other servers and services, so that
// they answer the decisions of a call as ivrc serve does.
//
//	h, _ := host.Find("nginx")
//	files, err := h.Files(host.Location{BaseURL: "https://calls.example", Store: "/srv/calls"})
//
// Any server that can choose a file by a parameter of the request can be taught
// the rule of [router.Route]. Its configuration is embedded as a text that looks
// as the file will, in the folder with the name of the host. Tags in it stand for
// the decisions, which come from the same table as those of the router, so a new
// value is added in one place and reaches every host.
//
// All hosts are held to one table of requests, which the tests send to each of
// them and to the router: the same document everywhere. Where a host cannot do
// that, its deviations say so; the tests allow those and nothing else.
package host
