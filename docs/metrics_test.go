package docs

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/runtime/router"
)

// makeMetrics lists what a server with every option says of itself: names, kinds,
// labels and help as it writes them.
func makeMetrics(t *testing.T, _ string) string {
	directory := t.TempDir()
	roots := commandtest.WriteCertificate(t, directory)
	commandtest.Run(t, "build", "-o", filepath.Join(directory, "dist"), "examples/zillum")
	server, err := commandtest.Serve(directory, nil, "-env", "production", "-metrics", "127.0.0.1:0", "-tls-cert", "cert.pem", "-tls-key", "key.pem", "dist")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	request, err := http.NewRequest(http.MethodGet, strings.Replace(server.URL, "http:", "https:", 1)+router.HealthPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := commandtest.Trusting(t, roots).RoundTrip(request) // so that there is a request to count
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	text := server.Metrics(t)
	var rows [][]string
	for _, head := range regexp.MustCompile(`(?m)^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)\n(.*)$`).FindAllStringSubmatch(text, -1) {
		var labels []string
		for _, label := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(head[4], -1) {
			if label[1] != "le" { // every histogram has it
				labels = append(labels, "`"+label[1]+"`")
			}
		}
		rows = append(rows, []string{"`" + head[1] + "`", head[3], strings.Join(labels, ", "), head[2]})
	}
	return markdown("metric | type | labels | ", rows...)
}
