package explorer_test

import (
	"context"
	"fmt"

	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// A phone application whose second menu nobody has finished: the walk tells the
// shortest call that shows it.
func ExampleExplore() {
	office := app{
		"/": `<Gather numDigits="1" action="key" method="GET"><Say>Press 1 for sales.</Say></Gather>
		      <Say>Goodbye.</Say>`,
		"/key":          `<Say>That is not an option.</Say>`,
		"/key?Digits=1": `<Dial action="dialled" method="GET" timeout="20"><Client>bob</Client></Dial>`,
		"/dialled":      `<Hangup/>`,
	}
	report, err := explorer.Explore(context.Background(), explorer.Survey{
		Handler: office,
		Numbers: map[string]simulator.Webhooks{"+14155550100": {VoiceURL: "/", VoiceMethod: "GET"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d states, %s calls, %d violation\n\n", report.States, report.Numbers[0].Calls, len(report.Violations))
	for _, f := range report.Violations[:1] {
		fmt.Printf("%s: %s\n-press '%s' -callee %v\n\n", f.Law, f.Text, f.Press, f.Callees)
		fmt.Print(f.Call.Text(simulator.TextOptions{}))
	}
	// Output:
	// 8 states, 38 calls, 1 violation
	//
	// audible: everybody is busy, and the caller is cut off without a word
	// -press '1' -callee map[client:bob:busy]
	//
	// Call from +14155550199 to +14155550100
	//
	//  0:00.0  caller      calls +14155550100
	//  0:00.0  caller      is answered
	//  0:00.0  caller      is asked for one key
	//  0:00.0  caller      hears "Press 1 for sales."
	//  0:01.9  caller      presses 1
	//  0:01.9  caller      is being connected to client:bob
	//  0:02.9  client:bob  is busy
	//  0:02.9              the call is over: everybody is busy, and the caller is cut
	//                      off without a word
}
