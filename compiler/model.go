package compiler

// The model: what a configuration means. Names are bound, values are of their
// Go types, and every way on from a block is an exit that knows where in the
// source it was written.

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/audio"
)

// A model is a whole configuration.
type model struct {
	project *project
	hosting hosting
	users   []*user // sorted by name, like all lists of the model
	numbers []*number
	nodes   []node // everything that a call can be led to, sorted by address
}

type project struct {
	name     string
	texts    *texts
	language string
	voice    string
	profile  profile
	record   bool
	salt     string
	at       hcl.Range

	busy, unavailable, invalid, noInput, goodbye *message
}

// A hosting says where the bundle is served.
type hosting struct {
	baseURL      string // ends in a slash, or empty
	decisionsURL string // where decisions are answered, if not beside the documents
	at           hcl.Range

	deployment Deployment // what the hosting and twilio blocks say
}

// A user is somebody who can be rung.
type user struct {
	name     string
	label    string // how people call them: the attribute name, or ""
	kind     string // "phone", "sip" or "client"
	address  string // E.164, a SIP address, or an identity
	confirm  bool
	callerID string // of the calls that the user places, E.164
	record   bool   // those calls
	outbound bool   // has an outbound block: the user calls, even if nobody rings them
	at       hcl.Range
}

// A message is something that callers hear: a text, a file, or a URL.
type message struct {
	name     string // of the block, "" where a text stands in place
	text     string
	voice    string
	language string
	audio    *clip
	url      string
	duration time.Duration // of audio and, where it is given, of a URL
	at       hcl.Range
	used     bool // something plays it
}

// A clip is an audio file, named by its content.
type clip struct {
	audio.Clip
	data []byte
	path string // below public/: "audio/<hash>.wav"
}

// A node is something that a call can be led to. The set is closed: menu,
// ringGroup, queue, voicemail, message, hangup and agentsLine.
type node interface {
	address() string
	position() hcl.Range
}

// An exit is one way on from a node.
type exit struct {
	to node
	at hcl.Range
}

type menu struct {
	name        string // "main", or "main.2" for the menu inside its option 2
	at          hcl.Range
	welcome     *message
	audioPrompt *message
	timeout     time.Duration
	attempts    int
	invalid     *message
	noInput     *message
	onFailure   *exit
	back        key
	backTo      *menu
	repeat      key
	options     []*option // in the order of the keypad
}

// A key is a key of the telephone: "1", "*", or "" for none.
type key string

type option struct {
	key      key
	label    string
	prompt   string // what announces it
	position hcl.Range
	exit
}

type ringGroup struct {
	name          string
	kind          string // "ring_group", or "user" for a user who is rung alone
	at            hcl.Range
	users         []*user
	sequential    bool
	interval      time.Duration
	cycles        int
	record        *bool // nil: as the number says
	callerID      string
	busy          *message
	unavailable   *message
	onBusy        *exit
	onUnavailable *exit
}

type queue struct {
	name       string
	friendly   string // at Twilio: "zillum/sales"
	at         hcl.Range
	agents     *ringGroup // nil: agents call a number that takes callers
	maxCallers int
	maxWait    time.Duration
	retryEvery time.Duration
	music      *message // nil: the default hold music
	announce   *message // nil: none
	every      time.Duration
	full       *message
	timeout    *message
	used       bool // a call can reach it
	onFull     *exit
	onTimeout  *exit
}

type voicemail struct {
	name       string
	at         hcl.Range
	greeting   *message
	recorded   *message
	maxLength  time.Duration
	transcribe bool
	callback   string
}

// hangup is the end of a call.
type hangup struct{}

// An agentsLine connects who calls it to the caller who waits longest.
type agentsLine struct {
	queue  *queue
	record bool
	idle   *message // nobody came
	at     hcl.Range
}

type number struct {
	name      string
	phone     string // E.164
	at        hcl.Range
	to        *exit
	offline   *message // nil while the number is online
	anonymous *exit
	record    bool
	fallback  *message
	adopt     bool // take it from a TwiML app or a trunk
}

func (m *menu) address() string       { return kindMenu + "." + m.name }
func (g *ringGroup) address() string  { return g.kind + "." + g.name }
func (q *queue) address() string      { return kindQueue + "." + q.name }
func (v *voicemail) address() string  { return kindVoicemail + "." + v.name }
func (m *message) address() string    { return kindMessage + "." + m.name }
func (hangup) address() string        { return kindHangup }
func (a *agentsLine) address() string { return "agents." + a.queue.name }

func (m *menu) position() hcl.Range       { return m.at }
func (g *ringGroup) position() hcl.Range  { return g.at }
func (q *queue) position() hcl.Range      { return q.at }
func (v *voicemail) position() hcl.Range  { return v.at }
func (m *message) position() hcl.Range    { return m.at }
func (hangup) position() hcl.Range        { return hcl.Range{} }
func (a *agentsLine) position() hcl.Range { return a.at }

// rounds is how often somebody is rung, one round after the other.
func (g *ringGroup) rounds() int {
	if g.sequential {
		return g.cycles * len(g.users)
	}
	return g.cycles
}

// round is who is rung at the same time in the i-th round, from 0.
func (g *ringGroup) round(i int) []*user {
	if !g.sequential {
		return g.users
	}
	k := i % len(g.users)
	return g.users[k : k+1 : k+1]
}

// duration is how long the group rings when nobody answers.
func (g *ringGroup) duration() time.Duration { return time.Duration(g.rounds()) * g.interval }

// takes is the agents' line that a number is, if it is one.
func takes(n *number) (*agentsLine, bool) {
	if n.to == nil {
		return nil, false
	}
	line, ok := n.to.to.(*agentsLine)
	return line, ok
}
