package store

// A real S3 server, versitygw, built from the module in s3test. That takes
// minutes the first time, so it is only done if IVRC_S3_TEST is 1; once it is
// built, and as long as its source stays the same, every test run uses it.

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

const (
	realKey    = "ivrctest"
	realSecret = "ivrctestsecret"
	realBuild  = 9 * time.Minute
)

func TestStoreRealS3(t *testing.T) {
	endpoint := startRealS3(t)
	n := 0
	storeSuite(t, func(t *testing.T) Store {
		n++
		return openRealS3(t, endpoint, fmt.Sprintf("s3://ivr-test/suite-%d", n))
	})
}

// TestRealS3Refusals asks a real store for what it must refuse.
func TestRealS3Refusals(t *testing.T) {
	endpoint := startRealS3(t)
	s := openRealS3(t, endpoint, "s3://ivr-test/main")
	put(t, s, "public/a.xml", "<Response/>", PutOptions{Type: "text/xml; charset=utf-8", CacheControl: "public, max-age=60", IfAbsent: true})
	address := endpoint + "/ivr-test/main/public/a.xml"
	if status, _ := askEverybody(t, address); status != http.StatusForbidden {
		t.Errorf("a private bucket answers %d to everybody", status)
	}
	policy := `{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::ivr-test/main/public/*"]}]}`
	if err := s.client.SetBucketPolicy(t.Context(), "ivr-test", policy); err != nil {
		t.Fatal(err)
	}
	status, header := askEverybody(t, address+"?Digits=1")
	if status != 200 || header.Get("Content-Type") != "text/xml; charset=utf-8" || header.Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("a public object is served as %d, %v", status, header)
	}
	wrong := *s
	wrong.bucket = "ivr-other"
	if _, err := wrong.List(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "Create the bucket, or correct its name") {
		t.Errorf("a bucket that does not exist: %v", err)
	}
	env := map[string]string{"AWS_ACCESS_KEY_ID": realKey, "AWS_SECRET_ACCESS_KEY": "another"}
	other, err := Open(t.Context(), s.String(), envOf(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.List(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "The secret does not belong to the access key") {
		t.Errorf("a wrong secret: %v", err)
	}
}

// request is what everybody can ask.
func request(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// askEverybody asks as everybody can.
func askEverybody(t *testing.T, address string) (int, http.Header) {
	t.Helper()
	r, err := http.DefaultClient.Do(request(t, address))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	return r.StatusCode, r.Header
}

// openRealS3 opens a bucket of a real server, and makes it if need be.
func openRealS3(t *testing.T, endpoint, location string) *s3Store {
	t.Helper()
	env := map[string]string{"AWS_ACCESS_KEY_ID": realKey, "AWS_SECRET_ACCESS_KEY": realSecret}
	opened, err := Open(t.Context(), location+"?endpoint="+endpoint, envOf(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*s3Store)
	err = s.client.MakeBucket(t.Context(), s.bucket, minio.MakeBucketOptions{})
	if code := minio.ToErrorResponse(err).Code; err != nil && code != "BucketAlreadyOwnedByYou" {
		t.Fatal(err)
	}
	return s
}

// startRealS3 starts a server for a test, and returns its address.
func startRealS3(t *testing.T) string {
	t.Helper()
	server := exec.Command(realS3(t), t.TempDir())
	alive, err := server.StdinPipe() // it ends with its input, however this test ends
	if err != nil {
		t.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		alive.Close()
		_ = server.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return lines.Text()
		}
	}
	t.Fatal("the S3 server ended before it answered")
	return ""
}

// realS3 returns the path of the server, or skips the test.
func realS3(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("there is no folder for what is built: ", err)
	}
	program := filepath.Join(cache, "ivrc-s3test", realDigest(t), "s3test")
	if _, err := os.Stat(program); err == nil {
		return program
	}
	if os.Getenv("IVRC_S3_TEST") != "1" {
		t.Skip("the S3 server is not built; IVRC_S3_TEST=1 builds it, once, in a few minutes")
	}
	ctx, cancel := context.WithTimeout(t.Context(), realBuild)
	defer cancel()
	unfinished := fmt.Sprintf("%s.%d", program, os.Getpid())
	build := exec.CommandContext(ctx, "go", "build", "-C", "s3test", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", unfinished, ".")
	build.Env = append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("the S3 server cannot be built here: %v\n%s", err, out)
	}
	if err := os.Rename(unfinished, program); err != nil {
		t.Fatal(err)
	}
	return program
}

// realDigest names what the server is built from and for.
func realDigest(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, name := range []string{"main.go", "go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("s3test", name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the module of the S3 server is not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}
