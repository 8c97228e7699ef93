package command_test

// Examples on real servers: built, put where nginx, Caddy or Apache reads it,
// served with what ivrc router writes and the least around it, and called by its
// call tests and by the walk through every call. Servers that are missing are
// skipped; make hosts installs them.

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A realServer is a server that answers for a bundle.
type realServer struct {
	host          string // as ivrc router names it
	program       string
	configuration string // what stands around the generated part
	args          []string
}

var realServers = []realServer{
	{"serve", "ivrc", "", []string{"serve", "-listen", "ADDRESS", "-base-url", "http://ADDRESS", "DIR/store"}},
	{"nginx", "nginx", `
daemon off;
pid DIR/pid;
error_log stderr crit;
events {}
http {
  access_log DIR/access.log;
  client_body_temp_path DIR/1;
  proxy_temp_path DIR/2;
  fastcgi_temp_path DIR/3;
  uwsgi_temp_path DIR/4;
  scgi_temp_path DIR/5;
  include DIR/ivrc-maps.conf;
  server {
    listen ADDRESS;
    include DIR/ivrc-server.conf;
  }
}
`, []string{"-p", "DIR", "-e", "stderr", "-c", "DIR/server.conf"}},
	{"caddy", "caddy", `
{
	admin off
	auto_https off
}
http://ADDRESS {
	log {
		output file DIR/access.log
	}
	import DIR/ivrc.caddy
}
`, []string{"run", "--config", "DIR/server.conf", "--adapter", "caddyfile"}},
	{"apache", "apache2", `
ServerRoot /usr/lib/apache2
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule alias_module modules/mod_alias.so
LoadModule dir_module modules/mod_dir.so
LoadModule rewrite_module modules/mod_rewrite.so
LoadModule headers_module modules/mod_headers.so
ServerName 127.0.0.1
User www-data
Group www-data
DefaultRuntimeDir DIR
PidFile DIR/pid
ErrorLog DIR/error.log
LogFormat "%r %>s" all
CustomLog DIR/access.log all
<Directory />
  Require all denied
</Directory>
Listen ADDRESS
<VirtualHost *>
  Include DIR/ivrc.conf
</VirtualHost>
`, []string{"-D", "FOREGROUND", "-f", "DIR/server.conf"}},
}

func TestCallTestsOnRealServers(t *testing.T) {
	for _, s := range realServers {
		t.Run(s.host, func(t *testing.T) {
			s.installed(t)
			for _, example := range []string{"zillum", "office"} {
				folder, address := readable(t), freeAddress(t)
				base, source := "http://"+address, filepath.Join(folder, example)
				if err := os.CopyFS(source, os.DirFS("examples/"+example)); err != nil {
					t.Fatal(err)
				}
				hosting := "base_url = \"" + base + "\"\n  store = \"" + folder + "/store\"\n  router = \"" + s.host + "\"\n"
				if example == "office" { // which is served nowhere
					replaceIn(t, filepath.Join(source, "main.ivr.hcl"), `project "office" {`, "hosting {\n"+hosting+"}\nproject \"office\" {")
				} else {
					replaceIn(t, filepath.Join(source, "main.ivr.hcl"), `base_url = "https://calls.zillum.example"`, hosting)
				}
				stop := s.serve(t, folder, address, source)
				if said := ivrc(t, "test", "-url", base, source); !strings.Contains(said, " passed, 0 failed.") {
					t.Error(said)
				}
				if said := ivrc(t, "test", "-exhaustive", "-url", base, source); !strings.Contains(said, "Success! Every call keeps every law.") {
					t.Error(said)
				}
				stop()
			}
		})
	}
}

// installed skips the test if the server is not on this machine.
func (s realServer) installed(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath(s.program); err != nil {
		t.Skipf("%s is not installed; make hosts installs it", s.program)
	}
}

// serve builds a configuration and starts the server, with what ivrc router writes.
func (s realServer) serve(t *testing.T, folder, address, source string) (stop func() string) {
	t.Helper()
	ivrc(t, "build", "-o", folder+"/store", source)
	if s.host != "serve" {
		ivrc(t, "router", s.host, "-o", folder, source)
	}
	return s.start(t, folder, address)
}

// ivrc runs the program, which must succeed, and returns what it prints.
func ivrc(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.Command("ivrc", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("ivrc %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// start runs the server until it is stopped or the test ends, and waits until it listens.
// Who stops it learns what it has said.
func (s realServer) start(t *testing.T, folder, address string) (stop func() string) {
	t.Helper()
	place := strings.NewReplacer("DIR", folder, "ADDRESS", address)
	if err := os.WriteFile(folder+"/server.conf", []byte(place.Replace(s.configuration)), 0o644); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, a := range s.args {
		args = append(args, place.Replace(a))
	}
	cmd := exec.Command(s.program, args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Env = append(os.Environ(), "HOME="+folder, "XDG_CONFIG_HOME="+folder, "XDG_DATA_HOME="+folder)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	stop = sync.OnceValue(func() string {
		_ = cmd.Process.Signal(os.Interrupt)
		<-ended
		return said.String()
	})
	t.Cleanup(func() { stop() })
	for {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return stop
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v\n%s", s.program, err, said.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// readable is a folder that servers can read which do not run as who tests.
func readable(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for f := folder; strings.HasPrefix(f, os.TempDir()) && f != os.TempDir(); f = filepath.Dir(f) {
		if err := os.Chmod(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// replaceIn replaces a text that stands in a file.
func replaceIn(t *testing.T, name, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	if err := os.WriteFile(name, bytes.Replace(text, []byte(old), []byte(replacement), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}
