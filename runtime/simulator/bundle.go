package simulator

import (
	"cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// NumbersOf returns the numbers of a bundle as deploying it sets them at Twilio,
// by E.164 number.
func NumbersOf(m *bundle.Manifest) map[string]Webhooks {
	numbers := make(map[string]Webhooks, len(m.Numbers))
	for _, n := range m.Numbers {
		numbers[n.PhoneNumber] = Webhooks{
			VoiceURL: n.Answer, VoiceMethod: "GET",
			FallbackURL: cmp.Or(n.Fallback, m.Fallback), FallbackMethod: "GET",
		}
	}
	return numbers
}

// QueuesOf returns the sizes of a bundle's queues, by friendly name.
func QueuesOf(m *bundle.Manifest) map[string]int {
	queues := make(map[string]int, len(m.Queues))
	for _, q := range m.Queues {
		queues[q.FriendlyName] = q.MaxSize
	}
	return queues
}
