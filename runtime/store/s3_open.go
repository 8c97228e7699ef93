package store

// How object storage is found: its location, and the credentials that the
// environment has for it.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/ivrc/ivrc/runtime/quote"
	"github.com/ivrc/ivrc/runtime/retry"
)

// amazon is where buckets are if no endpoint is said.
const amazon = "https://s3.amazonaws.com"

// An s3Place is a location, read.
type s3Place struct {
	bucket   string
	prefix   string // "" or "main/"
	endpoint *url.URL
	region   string // "" where the store is to be asked
	said     string // the region that the location itself says, or ""
}

// openS3 opens object storage. It asks for credentials, but not yet the store.
func openS3(ctx context.Context, location string, env func(string) string, transport http.RoundTripper) (Store, error) {
	place, err := parseS3(location, env)
	if err != nil {
		return nil, err
	}
	secure := place.endpoint.Scheme == "https"
	if transport == nil {
		if transport, err = minio.DefaultTransport(secure); err != nil {
			return nil, err
		}
	}
	keys, err := findKeys(ctx, env, &http.Client{Transport: transport})
	if err != nil {
		return nil, &Error{Call: "open", Store: place.String(), Answer: quote.Line(err.Error()), Cause: ctx.Err()}
	}
	client, err := minio.NewCore(place.endpoint.Host, &minio.Options{
		Creds: keys.kept, Secure: secure, Region: place.region,
		Transport: s3Listener{transport}, MaxRetries: 1,
	})
	if err != nil {
		return nil, &Error{Call: "open", Store: place.String(), Answer: quote.Line(err.Error())}
	}
	client.SetAppInfo("ivrc", "1")
	return &s3Store{
		client: client, bucket: place.bucket, prefix: place.prefix, location: place.String(), keys: keys,
		plainSum: s3utils.IsGoogleEndpoint(*place.endpoint), pause: retry.Sleep, patience: s3Patience,
	}, nil
}

// String writes a place as a location. It is the same for everybody who means
// the same place, because plans and locks compare it; so it does not tell a
// region that only this environment says.
func (p *s3Place) String() string {
	location := "s3://" + p.bucket
	if p.prefix != "" {
		location += (&url.URL{Path: "/" + strings.TrimSuffix(p.prefix, "/")}).EscapedPath()
	}
	query := url.Values{}
	if p.endpoint.String() != amazon {
		query.Set("endpoint", p.endpoint.String())
	}
	if p.said != "" {
		query.Set("region", p.said)
	}
	if len(query) == 0 {
		return location
	}
	return location + "?" + strings.NewReplacer("%3A", ":", "%2F", "/").Replace(query.Encode())
}

// parseS3 reads a location. Its errors do not repeat it, because people put
// credentials into locations.
func parseS3(location string, env func(string) string) (*s3Place, error) {
	u, err := url.Parse(location)
	if err != nil {
		return nil, errors.New("the store's location cannot be read; it has the form s3://BUCKET/PREFIX?endpoint=URL&region=REGION")
	}
	query, err := url.ParseQuery(u.RawQuery)
	switch {
	case u.User != nil:
		return nil, errors.New("the store's location contains credentials, which everybody who sees a plan would see; remove them, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE")
	case err != nil, u.Fragment != "":
		return nil, errors.New("what follows ? in the store's location cannot be read; it has the form endpoint=URL&region=REGION")
	case s3utils.CheckValidBucketName(u.Host) != nil:
		return nil, fmt.Errorf("%s is not the name of a bucket; a store's location has the form s3://BUCKET/PREFIX", quote.Line(u.Host))
	}
	for name := range query {
		if name != "endpoint" && name != "region" {
			return nil, errors.New("after ?, the store's location may contain endpoint=… and region=…, and nothing else; credentials belong in the environment")
		}
	}
	p := &s3Place{bucket: u.Host, prefix: strings.Trim(u.Path, "/"), said: query.Get("region")}
	if p.prefix != "" {
		if err := checkKey(p.prefix); err != nil || len(p.prefix) > 100 {
			return nil, fmt.Errorf("%s is not a prefix of keys", quote.Line(p.prefix))
		}
		p.prefix += "/"
	}
	said := cmp.Or(query.Get("endpoint"), env("AWS_ENDPOINT_URL_S3"), env("AWS_ENDPOINT_URL"), amazon)
	if p.endpoint, err = parseEndpoint(said); err != nil {
		return nil, err
	}
	p.region = cmp.Or(p.said, env("AWS_REGION"), env("AWS_DEFAULT_REGION"))
	if p.region == "" && !s3utils.IsAmazonEndpoint(*p.endpoint) {
		p.region = "us-east-1" // what others call the only one they have
	}
	return p, nil
}

// parseEndpoint reads the address of an S3 API.
func parseEndpoint(said string) (*url.URL, error) {
	if !strings.Contains(said, "://") {
		said = "https://" + said
	}
	u, err := url.Parse(said)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		strings.Trim(u.Path, "/") != "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("the endpoint of the store has the form https://HOST, without a path and without credentials")
	}
	u.Path = ""
	return u, nil
}

// A keyring gives the library its credentials, renews them when they expire,
// and keeps them out of what people read.
type keyring struct {
	source string // for people
	kept   *credentials.Credentials
	credentials.Provider
	client *http.Client // for credentials that are fetched, so that only the store's own answers are listened to

	mutex   sync.Mutex
	secrets []string
}

// RetrieveWithCredContext is asked by the library for new credentials.
func (k *keyring) RetrieveWithCredContext(c *credentials.CredContext) (credentials.Value, error) {
	own := credentials.CredContext{Client: k.client}
	if c != nil {
		own.Context, own.Endpoint = c.Context, c.Endpoint
	}
	value, err := k.Provider.RetrieveWithCredContext(&own)
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.secrets = append(k.secrets, value.AccessKeyID, value.SecretAccessKey, value.SessionToken)
	return value, err
}

// redact takes credentials out of a text.
func (k *keyring) redact(text string) string {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	for _, secret := range k.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}

// keysPatience is how long the services of a machine may take that give it
// credentials. Where there are none, nothing answers at all.
const keysPatience = 5 * time.Second

// findKeys finds the credentials that AWS's own tools would take, and fetches
// them once, so that what is missing is said before anything else happens.
func findKeys(ctx context.Context, env func(string) string, client *http.Client) (*keyring, error) {
	ctx, cancel := context.WithTimeout(ctx, keysPatience)
	defer cancel()
	id, secret := env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY")
	role := &credentials.IAM{Region: env("AWS_REGION")}
	role.Container.CredentialsFullURI = env("AWS_CONTAINER_CREDENTIALS_FULL_URI")
	role.Container.CredentialsRelativeURI = env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
	profile := &credentials.FileAWSCredentials{Profile: env("AWS_PROFILE")}
	switch {
	case (id == "") != (secret == ""):
		return nil, errors.New("only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set; set both")
	case id != "":
		value := credentials.Value{AccessKeyID: id, SecretAccessKey: secret, SessionToken: env("AWS_SESSION_TOKEN"), SignerType: credentials.SignatureV4}
		return takeKeys(ctx, client, "from AWS_ACCESS_KEY_ID", &credentials.Static{Value: value})
	case env("AWS_WEB_IDENTITY_TOKEN_FILE") != "":
		role.EKSIdentity.TokenFile = env("AWS_WEB_IDENTITY_TOKEN_FILE")
		role.EKSIdentity.RoleARN = env("AWS_ROLE_ARN")
		role.EKSIdentity.RoleSessionName = env("AWS_ROLE_SESSION_NAME")
		role.Endpoint = env("AWS_ENDPOINT_URL_STS")
		return takeKeys(ctx, client, "from the web identity token in AWS_WEB_IDENTITY_TOKEN_FILE", role)
	case profile.Profile != "":
		return takeKeys(ctx, client, "of the profile "+quote.Line(profile.Profile), profile)
	}
	if keys, err := takeKeys(ctx, client, "of the profile default", profile); err == nil {
		return keys, nil
	}
	if !strings.EqualFold(env("AWS_EC2_METADATA_DISABLED"), "true") || role.Container.CredentialsFullURI+role.Container.CredentialsRelativeURI != "" {
		if keys, err := takeKeys(ctx, client, "of the role of this machine", role); err == nil {
			return keys, nil
		}
	}
	return nil, errors.New("there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; in a pipeline, AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN")
}

// takeKeys fetches credentials from one source.
func takeKeys(ctx context.Context, client *http.Client, source string, from credentials.Provider) (*keyring, error) {
	k := &keyring{source: source, Provider: from, client: client}
	k.kept = credentials.New(k)
	value, err := k.kept.GetWithContext(&credentials.CredContext{Context: ctx})
	if err == nil && (value.AccessKeyID == "" || value.SecretAccessKey == "") {
		err = errors.New("there are none")
	}
	if err != nil {
		return nil, fmt.Errorf("the credentials %s cannot be loaded: %s", source, k.redact(err.Error()))
	}
	return k, nil
}
