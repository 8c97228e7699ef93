package host_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// Real servers, with the configuration that ivrc router writes and the least
// around it.

func TestTableNginx(t *testing.T) { tableNginx(t, "nginx", "") }

// The same with njs, which can look at a clock.
func TestTableNginxNJS(t *testing.T) {
	module := "/usr/lib/nginx/modules/ngx_http_js_module.so"
	if _, err := os.Stat(module); err != nil {
		t.Skip("njs is not installed; make hosts installs it")
	}
	tableNginx(t, "nginx-njs", "load_module "+module+";\nenv FAKETIME_TIMESTAMP_FILE;\nenv FAKETIME_NO_CACHE;")
}

func tableNginx(t *testing.T, name, first string) {
	program := installed(t, "nginx", "/usr/sbin/nginx")
	below(t, func(t *testing.T, prefix string) {
		d := daemon{address: freeAddress(t), folder: readable(t)}
		location := host.Location{BaseURL: "https://calls.zillum.example" + prefix, Store: filepath.Dir(writeSample(t))}
		h := configure(t, name, d.folder, location)
		writeFile(t, filepath.Join(d.folder, "nginx.conf"), []byte(strings.NewReplacer("FIRST", first, "DIR", d.folder, "ADDRESS", d.address).Replace(`
FIRST
daemon off;
pid DIR/pid;
error_log stderr crit;
events {}
http {
  access_log off;
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
`)))
		rows, environment, set := table(prefix), []string(nil), func(time.Time) {}
		if h.Clock() {
			var clock fakeTime
			clock, environment = newFakeTime(t)
			rows = append(tableWithClock(prefix), damagedRows(prefix, deep.Or(300, 3000, 12_000))...)
			set = func(at time.Time) { clock.set(t, at) }
		}
		d.start(t, environment, program, "-p", d.folder, "-e", "stderr", "-c", filepath.Join(d.folder, "nginx.conf"))
		compare(t, h.Deviations(), rows, overHTTP(t, d.address, rows, set))
	})
}

func TestTableCaddy(t *testing.T) {
	program := installed(t, "caddy")
	below(t, func(t *testing.T, prefix string) {
		d := daemon{address: freeAddress(t), folder: readable(t)}
		location := host.Location{BaseURL: "https://calls.zillum.example" + prefix, Store: filepath.Dir(writeSample(t))}
		h := configure(t, "caddy", d.folder, location)
		writeFile(t, filepath.Join(d.folder, "Caddyfile"), []byte(strings.NewReplacer("DIR", d.folder, "PORT", port(d.address)).Replace(`
{
	admin off
	auto_https off
}
:PORT {
	bind 127.0.0.1
	import DIR/ivrc.caddy
}
`)))
		environment := []string{"XDG_CONFIG_HOME=" + d.folder, "XDG_DATA_HOME=" + d.folder, "HOME=" + d.folder}
		d.start(t, environment, program, "run", "--config", filepath.Join(d.folder, "Caddyfile"), "--adapter", "caddyfile")
		rows := table(prefix)
		compare(t, h.Deviations(), rows, overHTTP(t, d.address, rows))
	})
}

func TestTableApache(t *testing.T) {
	program := installed(t, "apache2", "/usr/sbin/apache2")
	below(t, func(t *testing.T, prefix string) {
		d := daemon{address: freeAddress(t), folder: readable(t)}
		location := host.Location{BaseURL: "https://calls.zillum.example" + prefix, Store: filepath.Dir(writeSample(t))}
		h := configure(t, "apache", d.folder, location)
		writeFile(t, filepath.Join(d.folder, "apache.conf"), []byte(strings.NewReplacer("DIR", d.folder, "ADDRESS", d.address).Replace(`
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
<Directory />
  Require all denied
</Directory>
Listen ADDRESS
<VirtualHost *>
  Include DIR/ivrc.conf
</VirtualHost>
`)))
		d.start(t, nil, program, "-D", "FOREGROUND", "-f", filepath.Join(d.folder, "apache.conf"))
		rows := table(prefix)
		compare(t, h.Deviations(), rows, overHTTP(t, d.address, rows))
	})
}

// port is the port of an address.
func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }
