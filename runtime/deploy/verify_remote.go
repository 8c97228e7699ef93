package deploy

// Verification of a router at an address of its own: a TwiML Bin or a Twilio
// Function. It is asked as a link in a document asks it, and must lead to the
// document by redirects of TwiML. A Function that answers Twilio and nobody else
// refuses the request, which at least shows that it is there.

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// mostHops is how many documents a router may need: a TwiML Bin asks itself once.
const mostHops = 2

// mostTwiML is more than the answer of a router has.
const mostTwiML = 64 << 10

// checkRemote asks the router for a decision.
func (v *verification) checkRemote(ctx context.Context, c check) error {
	address := c.decision.Link(v.decisionsURL) + "&CallSid=CA00000000000000000000000000000000&" + c.query
	for range mostHops {
		next, err := v.redirect(ctx, address)
		switch {
		case err != nil || next == "":
			return err
		case next == v.baseURL+"/"+c.path, c.decision.Clock && slices.ContainsFunc(c.decision.Answers(), func(answer string) bool {
			return next == v.baseURL+"/"+c.decision.Document(answer)
		}):
			return nil
		case !strings.HasPrefix(next, v.decisionsURL+"?"):
			return fmt.Errorf("the router leads to %q: it was made for another address, or its version is different; see ivrc router", next)
		}
		address = next
	}
	return errors.New("the router leads to itself: its version is different; see ivrc router")
}

// redirect asks the router and returns where it leads. That is "" if the router
// answers nobody but Twilio.
func (v *verification) redirect(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := v.client.Do(request)
	if err != nil {
		return "", passingError{fmt.Errorf("the router cannot be asked: %w", errors.Unwrap(err))}
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusBadRequest, http.StatusForbidden:
		return "", nil
	case http.StatusNotFound:
		return "", errors.New("there is no router at hosting.decisions_url; see ivrc router")
	default:
		return "", fmt.Errorf("the router answers %d", response.StatusCode)
	}
	var answer struct {
		XMLName  xml.Name `xml:"Response"`
		Redirect []string `xml:"Redirect"`
	}
	if err := xml.NewDecoder(io.LimitReader(response.Body, mostTwiML)).Decode(&answer); err != nil || len(answer.Redirect) == 0 {
		return "", errors.New("hosting.decisions_url does not answer with a TwiML redirect; see ivrc router")
	}
	return strings.TrimSpace(answer.Redirect[0]), nil
}
