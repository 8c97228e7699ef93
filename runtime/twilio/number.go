package twilio

// What an account holds, as far as calls are answered by it.

import (
	"slices"

	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// A PhoneNumber is the voice settings of a number of the account. Two of them
// are equal if Twilio answers calls alike.
type PhoneNumber struct {
	SID                  string `json:"sid"`
	VoiceURL             string `json:"voice_url"`
	VoiceMethod          string `json:"voice_method"`
	FallbackURL          string `json:"voice_fallback_url"`
	FallbackMethod       string `json:"voice_fallback_method"`
	StatusCallback       string `json:"status_callback"`
	StatusCallbackMethod string `json:"status_callback_method"`
	ApplicationSID       string `json:"voice_application_sid,omitempty"` // while set, Twilio ignores VoiceURL
	TrunkSID             string `json:"trunk_sid,omitempty"`             // while set, Twilio ignores VoiceURL
	ReceiveMode          string `json:"voice_receive_mode,omitempty"`    // "voice", or "fax", which answers no calls
}

// An Attribute is one setting of a phone number, under the name that Twilio's
// API gives it.
type Attribute struct{ Name, Value string }

// Attributes lists the settings of a phone number in a fixed order, the SID
// first.
func (n PhoneNumber) Attributes() []Attribute {
	return []Attribute{
		{"sid", n.SID},
		{"voice_url", n.VoiceURL},
		{"voice_method", n.VoiceMethod},
		{"voice_fallback_url", n.FallbackURL},
		{"voice_fallback_method", n.FallbackMethod},
		{"status_callback", n.StatusCallback},
		{"status_callback_method", n.StatusCallbackMethod},
		{"voice_application_sid", n.ApplicationSID},
		{"trunk_sid", n.TrunkSID},
		{"voice_receive_mode", n.ReceiveMode},
	}
}

// Shown is the phone number as it may be shown: its URLs do not say who signs in.
func (n PhoneNumber) Shown() PhoneNumber {
	for _, url := range []*string{&n.VoiceURL, &n.FallbackURL, &n.StatusCallback} {
		*url = terminal.WithoutSecrets(*url)
	}
	return n
}

// A Difference is one setting before and after.
type Difference struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Differences lists the settings that one phone number has and another has not.
func (n PhoneNumber) Differences(after PhoneNumber) []Difference {
	var differences []Difference
	is := n.Attributes()
	for i, a := range after.Attributes() {
		if is[i].Value != a.Value {
			differences = append(differences, Difference{a.Name, is[i].Value, a.Value})
		}
	}
	return differences
}

// A CallQueue is a queue of the account.
type CallQueue struct {
	SID     string `json:"sid,omitempty"`
	MaxSize int    `json:"max_size"` // callers
}

// An Inventory is what an account holds.
type Inventory struct {
	Numbers map[string]PhoneNumber // by E.164
	Queues  map[string]CallQueue   // by friendly name
	Waiting map[string]int         // callers, by the friendly name of the queue
	Twice   []string               // friendly names that several queues have, sorted; Queues has the first of each
}

// inventory reads what Twilio lists.
func inventory(numbers []openapi.ApiV2010IncomingPhoneNumber, queues []openapi.ApiV2010Queue) *Inventory {
	v := &Inventory{Numbers: map[string]PhoneNumber{}, Queues: map[string]CallQueue{}, Waiting: map[string]int{}}
	for i := range numbers {
		v.Numbers[*numbers[i].PhoneNumber] = phoneNumber(&numbers[i])
	}
	for i := range queues {
		name := value(queues[i].FriendlyName)
		v.Waiting[name] += queues[i].CurrentSize
		if _, twice := v.Queues[name]; twice {
			v.Twice = append(v.Twice, name)
			continue
		}
		v.Queues[name] = CallQueue{SID: *queues[i].Sid, MaxSize: queues[i].MaxSize}
	}
	slices.Sort(v.Twice)
	v.Twice = slices.Compact(v.Twice)
	return v
}

// phoneNumber reads the voice settings of a number. Twilio writes an empty
// setting as "" or as null.
func phoneNumber(n *openapi.ApiV2010IncomingPhoneNumber) PhoneNumber {
	return PhoneNumber{
		SID:                  value(n.Sid),
		VoiceURL:             value(n.VoiceUrl),
		VoiceMethod:          value(n.VoiceMethod),
		FallbackURL:          value(n.VoiceFallbackUrl),
		FallbackMethod:       value(n.VoiceFallbackMethod),
		StatusCallback:       value(n.StatusCallback),
		StatusCallbackMethod: value(n.StatusCallbackMethod),
		ApplicationSID:       value(n.VoiceApplicationSid),
		TrunkSID:             value(n.TrunkSid),
		ReceiveMode:          value(n.VoiceReceiveMode),
	}
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
