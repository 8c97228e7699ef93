package model

import "github.com/hashicorp/hcl/v2"

// Project is what the project block says, which is what everything else falls back
// to: the language and its texts, the voice, the limits, the messages.
type Project struct {
	Name     string
	Texts    *Texts
	Language string
	Voice    string
	Profile  Profile
	Record   bool
	Salt     string
	At       hcl.Range

	Busy, Unavailable, Goodbye *MessageNode
	Invalid, NoInput           []*MessageNode // see Outcomes

	Home *Project // of calls in another language: the project in its own; otherwise nil
}

// speech is a text in the project's voice.
func (p *Project) speech(text string) *MessageNode {
	return &MessageNode{Text: text, Voice: p.Voice, Language: p.Language}
}

// Said is one of the built-in texts as a message.
func (p *Project) Said(builtin string) *MessageNode {
	m := p.speech(p.Texts.Builtin(builtin))
	m.Builtin = builtin
	return m
}

// A hosting says where the bundle is served.
type hosting struct {
	BaseURL      string // ends in a slash, or empty
	DecisionsURL string // where decisions are answered, if not beside the documents
	At           hcl.Range

	Deployment Deployment // what the hosting and twilio blocks say
}
