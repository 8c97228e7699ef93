// The application "payment": it looks an account up in a CSV file, and takes a payment.
package main

import (
	"encoding/csv"
	"fmt"
	"html"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/twilio/twilio-go/client"
)

func main() {
	file, err := os.Open("../accounts.csv")
	if err != nil {
		log.Fatal(err)
	}
	accounts, err := csv.NewReader(file).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:9000", application(accounts, os.Getenv("PUBLIC_URL"), os.Getenv("TWILIO_AUTH_TOKEN"))))
}

// application answers what Twilio has signed, as it asked for it at a public address.
func application(accounts [][]string, public, token string) http.Handler {
	validator := client.NewRequestValidator(token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // what cannot be read is not signed either
		form, query := map[string]string{}, r.URL.Query()
		for name := range r.PostForm {
			form[name] = r.PostForm.Get(name)
		}
		if token != "" && !validator.Validate(public+r.URL.RequestURI(), form, r.Header.Get("X-Twilio-Signature")) {
			http.Error(w, "This is not signed by Twilio.", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		result, digits := "unknown", form["Digits"]
		switch {
		case query.Has("paid"): // Twilio says how the payment has ended
			result = map[bool]string{true: "paid", false: "refused"}[form["Result"] == "success"]
		case digits != "" && strings.Contains(query.Get("keys"), digits):
			result = digits // a key of the entry
		}
		for _, account := range accounts {
			if account[0] == digits {
				fmt.Fprintf(w, `<Response><Pay chargeAmount="%s" action="%s"/></Response>`, account[1], html.EscapeString("?paid=yes&"+r.URL.RawQuery))
				return
			}
		}
		back := query.Get("return") + "?Result=" + url.QueryEscape(result)
		fmt.Fprintf(w, `<Response><Redirect method="GET">%s</Redirect></Response>`, html.EscapeString(back))
	})
}
