package main

// The servers. All of them serve the same folder by the same rule: the answer to
// …/digits-1~1.2.3?Digits=3 is …/digits-1.3.xml.

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A server is a program that answers requests on a core of its own.
type server struct {
	name    string
	command []string
	env     []string
	port    int
	process *exec.Cmd
	log     *os.File
	results []served
}

// The cores: servers run on the first, the load comes from the second.
const serverCore, loadCore = "0", "1"

// start starts the server and waits until it answers.
func (s *server) start(b *bench) error {
	var err error
	if s.log, err = os.Create(b.path(strings.ReplaceAll(s.name, " ", "-") + ".log")); err != nil {
		return err
	}
	s.process = exec.Command("taskset", append([]string{"-c", serverCore}, s.command...)...)
	s.process.Env = append(append(os.Environ(), "GOMAXPROCS=1"), s.env...)
	s.process.Stderr = s.log
	if err := s.process.Start(); err != nil {
		return err
	}
	for range 200 {
		if _, err := fetch(s.url("/")); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	said, _ := os.ReadFile(s.log.Name())
	return fmt.Errorf("%s does not answer:\n%s", s.name, said)
}

// stop ends the server.
func (s *server) stop() {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
	}
	s.log.Close()
}

func (s *server) url(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", s.port, path) }

// cpu is the CPU time that the server has used, from /proc/PID/stat: user and
// system time in hundredths of a second, the 14th and 15th field.
func (s *server) cpu() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name of the program may hold spaces
	fields := strings.Fields(rest)
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("/proc/PID/stat is not as expected: %s", stat)
	}
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}

// memory is the resident memory of the server in kB.
func (s *server) memory() int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, _ := strconv.ParseInt(fields[0], 10, 64)
	return kB
}

// servers are those that are installed. Out is the bundle's folder.
func (b *bench) servers(out string) []*server {
	list := []*server{
		{name: "ivrc serve", port: 18101, command: []string{b.bin("ivrc"), "serve", "-unsigned", "-listen", "127.0.0.1:18101", out}},
		{name: "ivrc serve, no access log", port: 18102, command: []string{b.bin("ivrc"), "serve", "-unsigned", "-access-log=false", "-listen", "127.0.0.1:18102", out}},
	}
	if _, err := installed("nginx"); err == nil {
		list = append(list,
			b.nginx("nginx if, rewrite", 18103, out, "off", "on", nginxIf),
			b.nginx("nginx if, rewrite, access log", 18104, out, b.path("access.log"), "on", nginxIf),
			b.nginx("nginx map, try_files", 18105, out, "off", "on", nginxTry),
			b.nginx("nginx map, try_files, sendfile off", 18106, out, "off", "off", nginxTry))
	} else {
		b.note("%s", err)
	}
	if _, err := installed("caddy"); err == nil {
		list = append(list, b.caddy(caddyRewrite, 18107, out, caddySimple))
		if rule, err := b.routed("caddy", 18109, out); err == nil {
			list = append(list, b.caddy(caddyRouted, 18109, out, "import "+rule+"/ivrc.caddy"))
		} else {
			b.note("%s", err)
		}
	} else {
		b.note("%s", err)
	}
	if rule, err := b.routed("nginx", 18110, out); err == nil && len(list) > 2 {
		s := b.nginx("nginx, ivrc router", 18110, out, "off", "on", "\ninclude "+rule+"/ivrc-server.conf;")
		text, err := os.ReadFile(b.path("nginx18110", "nginx.conf"))
		if err == nil { // its maps, and no root but its own
			changed := strings.NewReplacer("root "+out+"/public;", "", "charset utf-8;", "include "+rule+"/ivrc-maps.conf;", "add_header Cache-Control \"public, max-age=31536000, immutable\";", "").Replace(string(text))
			err = os.WriteFile(b.path("nginx18110", "nginx.conf"), []byte(changed), 0o644)
		}
		if err == nil {
			list = append(list, s)
		}
	}
	return list
}

// The two Caddys.
const (
	caddyRewrite = "caddy rewrite, file_server"
	caddyRouted  = "caddy, ivrc router"
)

// routed writes the configuration that ivrc itself writes for a host, and returns
// its folder.
func (b *bench) routed(host string, port int, out string) (string, error) {
	directory := b.path("routed" + host)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", err
	}
	text := fmt.Sprintf(`
project "bench" {}
hosting {
  base_url = "http://127.0.0.1:%d"
  store    = %q
  router   = %q
}
number "front" {
  phone_number = "+14155550110"
  to           = message.hours
}
message "hours" { text = "We are open from nine to five." }
`, port, out, host)
	if err := os.WriteFile(directory+"/main.ivr.hcl", []byte(text), 0o644); err != nil {
		return "", err
	}
	said, err := exec.Command(b.bin("ivrc"), "router", host, "-o", directory+"/etc", directory).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: ivrc router %s: %s", errSkipped, host, said)
	}
	return directory + "/etc", nil
}

// The rule in nginx, as people write it. Any value of Digits gets into a path.
const nginxIf = `
    location / {
      if ($arg_Digits) { rewrite ^(/.+/digits-[^./~]+)(?:~[^/]*)?$ $1.$arg_Digits.xml break; }
      rewrite ^(/.+/digits-[^./~]+)(?:~[^/]*)?$ $1._.xml break;
    }`

// The rule in nginx with all keys, by whether there is a file.
const nginxTry = `
    location ~ "^(?<stem>/.+/digits-[^./~]+)(?:~[^/]*)?$" {
      try_files $stem.$answer.xml $stem.other.xml =404;
    }`

// nginx is nginx with one worker and nothing but what is needed.
func (b *bench) nginx(name string, port int, out, accessLog, sendfile, rule string) *server {
	directory := b.path(fmt.Sprint("nginx", port))
	_ = os.MkdirAll(directory, 0o755)
	text := strings.NewReplacer("DIR", directory, "PORT", strconv.Itoa(port), "OUT", out, "LOG", accessLog, "SENDFILE", sendfile, "RULE", rule).Replace(`
daemon off;
master_process off;
pid DIR/pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log LOG;
  sendfile SENDFILE;
  tcp_nopush on;
  keepalive_requests 100000000;
  client_body_temp_path DIR/1;
  proxy_temp_path DIR/2;
  fastcgi_temp_path DIR/3;
  uwsgi_temp_path DIR/4;
  scgi_temp_path DIR/5;
  types { text/xml xml; audio/wav wav; }
  charset utf-8;
  map $arg_Digits $answer { default _; "~^[0-9]$" $arg_Digits; "*" star; "~*^%2a$" star; "%23" pound; }
  server {
    listen 127.0.0.1:PORT;
    root OUT/public;
    add_header Cache-Control "public, max-age=31536000, immutable";RULE
  }
}
`)
	_ = os.WriteFile(directory+"/nginx.conf", []byte(text), 0o644)
	return &server{name: name, port: port, command: []string{"nginx", "-p", directory, "-e", "stderr", "-c", directory + "/nginx.conf"}}
}

// The rule in Caddy, as people write it: a parameter that is there twice, or
// encoded in another way, is not told apart.
const caddySimple = `
	root * OUT/public
	map {query.Digits} {answer} {
		~^[0-9]$ "${0}"
		"*" star
		"#" pound
		default _
	}
	@decision path_regexp d ^(/.+/digits-[^./~]+)(?:~[^/]*)?$
	rewrite @decision {re.d.1}.{answer}.xml
	header Content-Type "text/xml; charset=utf-8"
	header Cache-Control "public, max-age=31536000, immutable"
	file_server`

// caddy is Caddy without an access log.
func (b *bench) caddy(name string, port int, out, rule string) *server {
	directory := b.path(fmt.Sprint("caddy", port))
	_ = os.MkdirAll(directory, 0o755)
	text := strings.NewReplacer("RULE", rule, "PORT", strconv.Itoa(port)).Replace(`
{
	admin off
	auto_https off
}
http://127.0.0.1:PORT {
RULE
}
`)
	_ = os.WriteFile(directory+"/Caddyfile", []byte(strings.ReplaceAll(text, "OUT", out)), 0o644)
	return &server{name: name, port: port,
		command: []string{"caddy", "run", "--config", directory + "/Caddyfile", "--adapter", "caddyfile"},
		env:     []string{"XDG_CONFIG_HOME=" + directory, "XDG_DATA_HOME=" + directory, "HOME=" + directory}}
}
