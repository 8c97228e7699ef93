// The application "assistant": it hands callers to an assistant, and takes them back.
package main

import (
	"fmt"
	"html"
	"log"
	"net/http"
	"os"

	"github.com/twilio/twilio-go/client"
)

func main() {
	log.Fatal(http.ListenAndServe("127.0.0.1:9001", application(os.Getenv("ASSISTANT_URL"), os.Getenv("PUBLIC_URL"), os.Getenv("TWILIO_AUTH_TOKEN"))))
}

// application answers with the assistant, which is a server of WebSockets at an address
// such as wss://assistant.utility.example/talk.
func application(assistant, public, token string) http.Handler {
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
		if !query.Has("over") {
			fmt.Fprintf(w, `<Response><Connect action="%s"><ConversationRelay url="%s"/></Connect></Response>`,
				html.EscapeString("?over=yes&"+r.URL.RawQuery), html.EscapeString(assistant))
			return
		}
		result := "answered"
		if form["SessionStatus"] == "failed" || form["HandoffData"] == "person" {
			result = "person" // who helps also where the assistant fails
		}
		fmt.Fprintf(w, `<Response><Redirect method="GET">%s</Redirect></Response>`, html.EscapeString(query.Get("return")+"?Result="+result))
	})
}
