package simulator_test

import (
	"context"
	"fmt"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// A caller reaches nobody in sales, waits in the queue and leaves a message.
func Example() {
	office := app{
		"/": `<Gather numDigits="1" action="key" method="GET"><Say>Press 1 for sales.</Say></Gather>
		      <Say>Goodbye.</Say>`,
		"/key?Digits=1": `<Dial action="dialled" method="GET" timeout="15">
		                    <Number url="whisper" method="GET">+14155550101</Number><Client>bob</Client>
		                  </Dial>`,
		"/whisper":                          `<Gather numDigits="1" action="accepted" method="GET"><Say>Press 1 to accept.</Say></Gather><Hangup/>`,
		"/dialled?DialCallStatus=no-answer": `<Enqueue waitUrl="wait" waitUrlMethod="GET" action="left" method="GET">sales</Enqueue>`,
		"/wait":                             `<Say>Please hold.</Say><Pause length="30"/><Leave/>`,
		"/left?QueueResult=leave":           `<Say>Please leave a message.</Say><Record action="thanks" method="GET"/>`,
		"/thanks":                           `<Say>Thank you.</Say>`,
	}
	caller, _ := script.Parse("1, speak 10s")
	alice, _ := script.ParseCallee("decline:3s")
	transcripts, err := simulator.Run(context.Background(), simulator.Scenario{
		Handler: office,
		Numbers: map[string]simulator.Webhooks{"+14155550100": {VoiceURL: "/", VoiceMethod: "GET"}},
		People:  map[string]simulator.Person{"+14155550101": simulator.Respond(alice)},
		Calls:   []simulator.Call{{From: "+14155550199", To: "+14155550100", Person: simulator.Follow(caller)}},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, t := range transcripts {
		fmt.Print(t.Text(simulator.TextOptions{
			Names: map[string]string{"+14155550101": "Alice", "client:bob": "Bob"},
		}))
	}
	// Output:
	// Call from +14155550199 to +14155550100
	//
	//  0:00.0  caller  calls +14155550100
	//  0:00.0  caller  is answered
	//  0:00.0  caller  is asked for one key
	//  0:00.0  caller  hears "Press 1 for sales."
	//  0:01.9  caller  presses 1
	//  0:01.9  caller  is being connected to Alice, Bob
	//  0:01.9  Alice   rings
	//  0:01.9  Bob     rings
	//  0:04.9  Alice   answers
	//  0:04.9  Alice   is asked for one key
	//  0:04.9  Alice   hears "Press 1 to accept."
	//  0:04.9  Alice   hangs up
	//  0:04.9  Alice   does not accept
	//  0:21.9  Bob     does not answer
	//  0:21.9  caller  enters the queue sales
	//  0:21.9  caller  hears "Please hold."
	//  0:23.1  caller  hears nothing for 0:30.0
	//  0:53.1  caller  leaves the queue after 0:31.2 (leave)
	//  0:53.1  caller  hears "Please leave a message."
	//  0:55.0  caller  hears a tone
	//  0:56.0  caller  is recorded
	//  0:56.0  caller  speaks for 0:10.0
	//  1:11.0  caller  has recorded 0:10.0
	//  1:11.0  caller  hears "Thank you."
	//  1:12.0          the call is over: the document has no more verbs
	//
	// Twilio does not document:
	//   - who wins when several telephones ring and have a whisper; assumed: the first
	//     whose whisper ends; the others ring on until then
	//   - whose DialCallStatus is reported when several telephones rang and nobody was
	//     connected; assumed: that of the last to end
	//   - whether Leave requests the action of the Enqueue or runs the next verb;
	//     assumed: the action is requested
}
