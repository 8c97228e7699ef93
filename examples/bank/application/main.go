// The application of examples/bank: accounts and codes from a CSV file, and balances.
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
	"sync"

	"github.com/twilio/twilio-go/client"
)

// A bank knows accounts, each a number, a code and a balance, and which call asks for which.
type bank struct {
	accounts [][]string
	asked    sync.Map // the row of the account, by CallSid
}

func main() {
	file, err := os.Open("accounts.csv")
	if err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	b := &bank{accounts: rows}
	log.Fatal(http.ListenAndServe("127.0.0.1:9000", b.handler(os.Getenv("PUBLIC_URL"), os.Getenv("TWILIO_AUTH_TOKEN"))))
}

// handler answers what Twilio has signed, as it asked for it at a public address.
func (b *bank) handler(public, token string) http.Handler {
	validator := client.NewRequestValidator(token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form := map[string]string{}
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for name := range r.PostForm {
			form[name] = r.PostForm.Get(name)
		}
		if token != "" && !validator.Validate(public+r.URL.RequestURI(), form, r.Header.Get("X-Twilio-Signature")) {
			http.Error(w, "This is not signed by Twilio.", http.StatusForbidden)
			return
		}
		words, result := b.answer(r.URL.Path, form["CallSid"], form["Digits"])
		if digits := form["Digits"]; digits != "" && strings.Contains(r.URL.Query().Get("keys"), digits) {
			words, result = "", digits // a key of the entry
		}
		back := r.URL.Query().Get("return") + "?Result=" + url.QueryEscape(result)
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, `<Response>%s<Redirect method="GET">%s</Redirect></Response>`, words, html.EscapeString(back))
	})
}

// answer is what a caller hears, and the result with which they go back.
func (b *bank) answer(path, call, digits string) (words, result string) {
	row, _ := b.asked.Load(call)
	account, found := row.([]string)
	switch path {
	case "/account":
		for _, row := range b.accounts {
			if row[0] == digits {
				b.asked.Store(call, row)
				return "", "known"
			}
		}
	case "/code":
		if found && account[1] == digits {
			return "", "known"
		}
	case "/balance":
		if found {
			return "<Say>Your balance is " + html.EscapeString(account[2]) + ".</Say>", "done"
		}
	}
	return "", "unknown"
}
