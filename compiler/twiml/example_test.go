package twiml_test

import (
	"fmt"

	"github.com/ivrc/ivrc/compiler/twiml"
)

func ExampleResponse_Append() {
	r := twiml.Response{Verbs: []twiml.Verb{
		&twiml.Gather{Action: "digits-1", Method: "GET", NumDigits: 1, FinishOnKey: new(""), Prompt: []twiml.Verb{
			&twiml.Say{Language: "en-US", Text: "For sales & support, press 1."},
		}},
		&twiml.Redirect{Method: "GET", URL: "menu-2.xml"},
	}}
	fmt.Printf("%s", r.Append(nil, nil))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Response>
	//   <Gather action="digits-1" method="GET" numDigits="1" finishOnKey="">
	//     <Say language="en-US">For sales &amp; support, press 1.</Say>
	//   </Gather>
	//   <Redirect method="GET">menu-2.xml</Redirect>
	// </Response>
}

func ExampleDecode() {
	_, faults := twiml.Decode([]byte(`<Response>
  <gather numDigits="1"/>
  <Dial timeout="2">+14155550100</Dial>
</Response>`))
	for _, f := range faults {
		fmt.Println(f.Code, f.Line, f.Message)
	}
	_, faults = twiml.Decode([]byte(`<Response><Say>Sales & support</Say></Response>`))
	fmt.Println(faults[0].Code, faults[0].Fatal, faults[0].Message)
	// Output:
	// 12200 2 Twilio knows no <gather> and skips it; write Gather
	// 13212 3 timeout of <Dial> is "2", not a whole number from 5 to 600; Twilio treats it as absent
	// 12100 true the document is not well-formed XML: invalid character entity & (no semicolon); write & as &amp;
}
