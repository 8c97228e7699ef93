package twilio

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
)

// Credentials are what it takes to speak for an account.
type Credentials struct {
	Account  string // SID
	User     string // the SID of an API key, or of the account
	Password Secret // the key's secret, or the account's auth token
	Region   string // "ie1"; "" is us1
	Edge     string // "dublin"; set exactly if Region is
}

// A Secret is a text that nothing prints.
type Secret struct{ value string }

// NewSecret keeps a text secret.
func NewSecret(value string) Secret { return Secret{value} }

const hidden = "***"

// String hides the secret.
func (Secret) String() string { return hidden }

// Format hides the secret whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText hides the secret, in JSON too.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// reveal returns the secret, to be sent to Twilio.
func (s Secret) reveal() string { return s.value }

// The forms of credentials. twilio-go refuses anything but letters and digits
// before it asks Twilio, with the codes 21222 and 21224.
var (
	accountPattern = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	keyPattern     = regexp.MustCompile(`^SK[0-9a-fA-F]{32}$`)
	secretPattern  = regexp.MustCompile(`^[0-9A-Za-z]+$`)
	regionPattern  = regexp.MustCompile(`^[a-z]{2}[0-9]$`)
	edgePattern    = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
)

// CredentialsFrom reads the credentials from environment variables. Its errors
// say which variable to set, and never what one holds.
//
// An API key is better than the auth token: it can be restricted and revoked.
// It is taken where both are set.
func CredentialsFrom(env func(name string) string) (Credentials, error) {
	c := Credentials{Account: env("TWILIO_ACCOUNT_SID"), Region: env("TWILIO_REGION"), Edge: env("TWILIO_EDGE")}
	key, secret, token := env("TWILIO_API_KEY"), env("TWILIO_API_SECRET"), env("TWILIO_AUTH_TOKEN")
	switch {
	case c.Account == "":
		return c, errors.New("TWILIO_ACCOUNT_SID is not set: set it to the account's SID (AC and 32 hexadecimal digits), and TWILIO_API_KEY with TWILIO_API_SECRET; or try -sandbox, which needs no account")
	case key != "" && secret == "":
		return c, errors.New("TWILIO_API_KEY is set and TWILIO_API_SECRET is not: set it to the key's secret")
	case key == "" && secret != "":
		return c, errors.New("TWILIO_API_SECRET is set and TWILIO_API_KEY is not: set it to the key's SID (SK and 32 hexadecimal digits)")
	case key == "" && token == "":
		return c, errors.New("there are no credentials: set TWILIO_API_KEY and TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN")
	}
	if c.User, c.Password = key, NewSecret(secret); key == "" {
		c.User, c.Password = c.Account, NewSecret(token)
	}
	return c, c.check()
}

// check refuses credentials that cannot be any.
func (c *Credentials) check() error {
	password := "TWILIO_API_SECRET"
	if c.User == c.Account {
		password = "TWILIO_AUTH_TOKEN"
	}
	switch {
	case !accountPattern.MatchString(c.Account):
		return errors.New("TWILIO_ACCOUNT_SID is not the SID of an account, which is AC and 32 hexadecimal digits")
	case c.User != c.Account && !keyPattern.MatchString(c.User):
		return errors.New("TWILIO_API_KEY is not the SID of an API key, which is SK and 32 hexadecimal digits")
	case !secretPattern.MatchString(c.Password.reveal()):
		return fmt.Errorf("%s contains something other than letters and digits; copy it again, without spaces or quotes", password)
	case (c.Region == "") != (c.Edge == ""):
		return errors.New("TWILIO_REGION and TWILIO_EDGE go together: set both, such as ie1 and dublin, or neither; Twilio has no address for a region alone")
	case c.Region != "" && !regionPattern.MatchString(c.Region):
		return errors.New("TWILIO_REGION is not a region such as us1, ie1 or au1")
	case c.Edge != "" && !edgePattern.MatchString(c.Edge):
		return errors.New("TWILIO_EDGE is not an edge such as ashburn, dublin or sydney")
	}
	return nil
}

// endpoint is where the API answers for these credentials.
// https://www.twilio.com/docs/global-infrastructure/understanding-edge-locations
func (c *Credentials) endpoint() string {
	if c.Region == "" {
		return "https://api.twilio.com"
	}
	return "https://api." + c.Edge + "." + c.Region + ".twilio.com"
}
