package bundle

// Where a bundle is served. One address may be written in several ways.

import (
	"net/url"
	"strings"
)

// CanonicalURL writes a URL in the one form in which URLs are compared: scheme
// and host in lower case, without the port that the scheme implies, without a
// dot at the end of the host and a slash at the end of the path, and with a path
// in which "." and ".." are resolved. What is no URL with a host stays as it is.
func CanonicalURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	u = new(url.URL).ResolveReference(u)
	u.Scheme = strings.ToLower(u.Scheme)
	host, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), strings.TrimLeft(u.Port(), "0")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && port != map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		host += ":" + port
	}
	u.Host = host
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), "" // which is written anew
	return u.String()
}
