package store

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestS3Places(t *testing.T) {
	none := map[string]string{}
	for _, c := range []struct {
		location string
		env      map[string]string
		want     string
	}{
		{"s3://ivr-prod", none, "s3://ivr-prod"},
		{"s3://ivr-prod/", none, "s3://ivr-prod"},
		{"s3://ivr-prod/main/site/", none, "s3://ivr-prod/main/site"},
		{"s3://ivr-prod?region=eu-central-1", none, "s3://ivr-prod?region=eu-central-1"},
		{"s3://ivr-prod", map[string]string{"AWS_REGION": "eu-west-1"}, "s3://ivr-prod"},
		{"s3://ivr-prod?region=eu-west-1", map[string]string{"AWS_REGION": "eu-west-2"}, "s3://ivr-prod?region=eu-west-1"},
		{"s3://ivr-prod/main?endpoint=store.example:9000", none, "s3://ivr-prod/main?endpoint=https://store.example:9000"},
		{"s3://ivr-prod/main?endpoint=http://store.example/&region=auto", none, "s3://ivr-prod/main?endpoint=http://store.example&region=auto"},
		{"s3://ivr-prod", map[string]string{"AWS_ENDPOINT_URL": "https://a.example", "AWS_ENDPOINT_URL_S3": "https://b.example"}, "s3://ivr-prod?endpoint=https://b.example"},
		{"s3://ivr-prod?endpoint=https://s3.amazonaws.com", none, "s3://ivr-prod"},

		{"s3://canary:canary@ivr-prod", none, "contains credentials"},
		{"s3://ivr-prod?secret_access_key=canary", none, "and nothing else; credentials belong in the environment"},
		{"s3://ivr-prod#canary", none, "cannot be read"},
		{"s3://ivr-prod?region=%zz-canary", none, "cannot be read"},
		{"s3://ivr-prod/%zz-canary", none, "cannot be read"},
		{"s3://ivr-prod?endpoint=https://canary:canary@store.example", none, "without credentials"},
		{"s3://ivr-prod?endpoint=https://store.example/canary", none, "without a path"},
		{"s3://ivr-prod?endpoint=ftp://store.example", none, "https://HOST"},
		{"s3://ivr-prod", map[string]string{"AWS_ENDPOINT_URL": "http://"}, "https://HOST"},
		{"s3://", none, "is not the name of a bucket"},
		{"s3://x", none, "x is not the name of a bucket"},
		{"s3:///main", none, "is not the name of a bucket"},
		{"s3://ivr-prod/../other", none, "../other is not a prefix"},
		{"s3://ivr-prod/.hidden", none, ".hidden is not a prefix"},
	} {
		p, err := parseS3(c.location, func(name string) string { return c.env[name] })
		if err == nil {
			if got := p.String(); got != c.want {
				t.Errorf("%s is %s, want %s", c.location, got, c.want)
			}
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want %q", c.location, err, c.want)
		}
	}
}

// TestS3PlaceRoundTrip reads what String writes, which plans keep.
func TestS3PlaceRoundTrip(t *testing.T) {
	none := func(string) string { return "" }
	for _, location := range []string{"s3://ivr", "s3://ivr/a/b?endpoint=http://127.0.0.1:9000&region=r", "s3://ivr?region=eu-west-1"} {
		p, err := parseS3(location, none)
		if err != nil || p.String() != location {
			t.Errorf("%s is written as %v (%v)", location, p, err)
		}
	}
}

// A noted transport answers every request alike and keeps the last one.
type noted struct {
	status int
	body   string
	last   *http.Request
}

func (n *noted) RoundTrip(r *http.Request) (*http.Response, error) {
	n.last = r
	return &http.Response{StatusCode: n.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(n.body)), Request: r}, nil
}

// TestS3Hosts looks at the addresses of requests.
func TestS3Hosts(t *testing.T) {
	for location, want := range map[string]string{
		"s3://ivr-prod/main?region=eu-central-1":                   "https://ivr-prod.s3.dualstack.eu-central-1.amazonaws.com/main/private/x.json",
		"s3://ivr-prod/main":                                       "https://ivr-prod.s3.dualstack.eu-west-2.amazonaws.com/main/private/x.json",
		"s3://ivr-prod?endpoint=https://store.example:9000":        "https://store.example:9000/ivr-prod/private/x.json",
		"s3://ivr-prod?endpoint=https://storage.googleapis.com":    "https://ivr-prod.storage.googleapis.com/private/x.json",
		"s3://ivr.prod/main?endpoint=http://[::1]:9000&region=r-1": "http://[::1]:9000/ivr.prod/main/private/x.json",
	} {
		n := &noted{status: 404, body: "<Error><Code>NoSuchKey</Code></Error>"}
		s, err := Open(t.Context(), location, envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret, "AWS_DEFAULT_REGION": "eu-west-2"}), n)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Get(t.Context(), "private/x.json"); !errors.Is(err, ErrNotFound) || n.last.URL.String() != want {
			t.Errorf("%s asks %s (%v)", location, n.last.URL, err)
		}
		_, _ = s.Put(t.Context(), "private/x.json", []byte("x"), PutOptions{})
		google := strings.Contains(location, "google")
		if sum := n.last.Header.Get("x-amz-checksum-sha256"); (sum == "") != google {
			t.Errorf("%s is sent the checksum %q", location, sum)
		}
	}
}

func envOf(m map[string]string) func(string) string {
	return func(name string) string { return m[name] }
}

// services are those that give credentials to machines and pipelines.
func services(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("WebIdentityToken") != "token-canary" || r.FormValue("RoleArn") != "arn:aws:iam::1:role/ivr" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>`)
			return
		}
		fmt.Fprint(w, `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
			<AccessKeyId>AKIAROLE</AccessKeyId><SecretAccessKey>role-secret-canary</SecretAccessKey>
			<SessionToken>session-canary</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
			</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`)
	})
	mux.HandleFunc("GET /task", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"AccessKeyId":"AKIATASK","SecretAccessKey":"task-secret-canary","Token":"session-canary","Expiration":"2099-01-01T00:00:00Z","Code":"Success"}`)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// TestS3Credentials takes credentials from everywhere where they can be.
func TestS3Credentials(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"credentials": "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = default-secret-canary\n[half]\naws_access_key_id = AKIAHALF\n[broken]\n",
		"token":       "token-canary",
		"other":       "other-canary",
		"none":        "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := services(t).URL
	file := func(name string) string { return filepath.Join(dir, name) }
	role := map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": file("token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/ivr", "AWS_ENDPOINT_URL_STS": at}
	for _, c := range []struct {
		name  string
		files string // of profiles
		env   map[string]string
		want  string // the access key that is used, or what the error says
	}{
		{"environment", "credentials", map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret-canary"}, "AKIAENV"},
		{"half of the environment", "credentials", map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV"}, "AWS_SECRET_ACCESS_KEY is set; set both"},
		{"pipeline", "credentials", role, "AKIAROLE"},
		{"pipeline, refused", "none", with(role, "AWS_WEB_IDENTITY_TOKEN_FILE", file("other")), "from the web identity token in AWS_WEB_IDENTITY_TOKEN_FILE cannot be loaded"},
		{"pipeline, no token", "none", with(role, "AWS_WEB_IDENTITY_TOKEN_FILE", file("missing")), "no such file"},
		{"profile", "credentials", map[string]string{"AWS_PROFILE": "default"}, "AKIADEFAULT"},
		{"no profile said", "credentials", nil, "AKIADEFAULT"},
		{"missing profile", "credentials", map[string]string{"AWS_PROFILE": "other"}, "the credentials of the profile other cannot be loaded"},
		{"half a profile", "credentials", map[string]string{"AWS_PROFILE": "half"}, "of the profile half cannot be loaded"},
		{"empty profile", "credentials", map[string]string{"AWS_PROFILE": "broken"}, "of the profile broken cannot be loaded: there are none"},
		{"container", "none", map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": at + "/task"}, "AKIATASK"},
		{"nothing", "none", nil, "there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file(c.files)) // the library reads these itself
			t.Setenv("AWS_CONFIG_FILE", file("none"))
			testCredentials(t, with(c.env, "AWS_EC2_METADATA_DISABLED", "true"), c.want)
		})
	}
}

// with is a copy of a map with one more row.
func with(m map[string]string, key, value string) map[string]string {
	n := map[string]string{key: value}
	for k, v := range m {
		if k != key {
			n[k] = v
		}
	}
	return n
}

// testCredentials opens a store, and looks at what it signs with. A store that
// repeats credentials in its errors is not repeated.
func testCredentials(t *testing.T, env map[string]string, want string) {
	f := newFakeS3(t)
	s, err := Open(t.Context(), "s3://ivr?endpoint="+f.URL, envOf(env), nil)
	if err != nil {
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%v, want %q", err, want)
		}
		return
	}
	_, err = s.List(t.Context(), "")
	if log := f.log(); len(log) != 1 || !strings.Contains(log[0].Header.Get("Authorization"), "Credential="+want+"/") {
		t.Errorf("signed with %v, want %s", log, want)
	}
	if err == nil || !strings.Contains(err.Error(), "Allow s3:ListBucket on the bucket to these credentials (") {
		t.Errorf("the error is %v", err)
	}
	secret := strings.ToLower(strings.TrimPrefix(want, "AKIA")) + "-secret-canary"
	if text := s.(*s3Store).keys.redact(fmt.Sprintf("<%s> <%s>", want, secret)); text != "<***> <***>" {
		t.Errorf("of the credentials is told: %s", text)
	}
	if strings.Contains(s.String(), want) {
		t.Errorf("the location is told as %s", s)
	}
}

// A located transport answers where the bucket is, or that it may not say, and
// everything else as noted.
type located struct {
	noted
	region string
}

func (l *located) RoundTrip(r *http.Request) (*http.Response, error) {
	switch {
	case !r.URL.Query().Has("location"):
		return l.noted.RoundTrip(r)
	case l.region == "":
		return (&noted{status: 403, body: "<Error><Code>AccessDenied</Code></Error>"}).RoundTrip(r)
	}
	return (&noted{status: 200, body: "<LocationConstraint>" + l.region + "</LocationConstraint>"}).RoundTrip(r)
}

// TestS3Region asks for the region that nobody has said, and does without an
// answer.
func TestS3Region(t *testing.T) {
	for region, want := range map[string]string{"eu-west-3": "ivr-prod.s3.dualstack.eu-west-3.amazonaws.com", "": "ivr-prod.s3.dualstack.us-east-1.amazonaws.com"} {
		l := &located{noted{status: 404, body: "<Error><Code>NoSuchKey</Code></Error>"}, region}
		s, err := Open(t.Context(), "s3://ivr-prod", envOf(map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret}), l)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Get(t.Context(), "private/x.json"); !errors.Is(err, ErrNotFound) || l.last.URL.Host != want {
			t.Errorf("in the region %q, %v is asked (%v)", region, l.last.URL, err)
		}
	}
}
