package lower

// Waiting. A wait document is a finite chain of announcements and music that
// ends in Leave after a duration that the compiler computes, because the
// document cannot look at a clock. With an announcement of 4 s every 30 s, a
// hold of 60 s is
//
//	0s  announcement   4s  music 0–26s   30s  announcement   34s  music 26–52s   60s  Leave
//
// The music is cut at the announcements, and goes on where it stopped.

import (
	"sync"
	"time"

	"github.com/ivrc/ivrc/compiler/audio"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// How many verbs, and bytes of what they say, a wait document holds at most; a
// longer wait goes on in another document.
const (
	waitVerbs = 120
	waitBytes = maxDocument / 4 // of a text; escaped, one is five times as long at most
)

// wait lowers the documents of a wait of a length.
func (w *queueLowering) wait(length time.Duration) {
	if w.waits[length] {
		return
	}
	w.waits[length] = true
	name := func(part int) string { return bundle.WaitName(length, part) }
	for i, part := range w.parts(append(w.hear(length), &twiml.Leave{}), name) {
		w.s.add(name(i+1), part)
	}
}

// waitOutside is what a caller hears instead of a hold who does not fit into the
// queue any more: the same, for the same time, and then the call goes on as after
// the hold.
func (w *queueLowering) waitOutside(began, length time.Duration) *step {
	next := &twiml.Redirect{Method: get, URL: w.s.answer(bundle.HoldName(began), bundle.LeaveAnswer)}
	name := func(part int) string { return bundle.FullName(began, part) }
	parts := w.parts(append(w.hear(length), next), name)
	for i, part := range parts[1:] {
		w.s.add(name(i+2), part)
	}
	return parts[0]
}

// parts divides what is heard among as many documents as it needs, each of which
// leads to the next by its name.
func (w *queueLowering) parts(verbs []twiml.Verb, name func(part int) string) []*step {
	var parts []*step
	for len(verbs) > 0 {
		end := firstPart(verbs)
		part := verbs[:end:end]
		if verbs = verbs[end:]; len(verbs) > 0 {
			part = append(part, &twiml.Redirect{Method: get, URL: w.s.document(name(len(parts) + 2))})
		}
		parts = append(parts, &step{part, w.q.At})
	}
	return parts
}

// firstPart is how many of the verbs of a wait fit into one document.
func firstPart(verbs []twiml.Verb) int {
	bytes := 0
	for i, v := range verbs {
		if say, ok := v.(*twiml.Say); ok {
			bytes += len(say.Text)
		}
		if i > 0 && (i == waitVerbs || bytes > waitBytes) {
			return i
		}
	}
	return len(verbs)
}

// hear is what a caller hears during a wait.
func (w *queueLowering) hear(length time.Duration) []twiml.Verb {
	var verbs []twiml.Verb
	music := &player{lowering: w.lowering, music: w.music()}
	announcing := model.AnnouncementTime(w.q.Announce)
	for at := time.Duration(0); at < length; {
		stretch := length - at
		if w.q.Announce != nil && announcing < stretch {
			w.s.describeAnnouncement(w.q)
			verbs = append(verbs, w.say(w.q.Announce)...)
			at += announcing
			stretch = min(w.q.Every-announcing, length-at)
		}
		verbs = append(verbs, music.play(stretch)...)
		at += stretch
	}
	return verbs
}

// music is the queue's music as a clip, or as a URL.
func (w *queueLowering) music() *model.MessageNode {
	if w.q.Music != nil {
		return w.q.Music
	}
	return &model.MessageNode{Audio: defaultMusic(), Duration: defaultMusic().Duration, At: w.q.At}
}

// defaultMusic is the hold music of queues that name none. It is the same for
// all of them, and reading and naming its half a megabyte takes as long as
// lowering a hundred menus.
var defaultMusic = sync.OnceValue(func() *model.AudioFile {
	c, err := model.NewAudioFile(audio.HoldMusic())
	if err != nil {
		panic("compiler: the default hold music is not audio: " + err.Error())
	}
	return c
})

// A player plays music for one stretch after another.
type player struct {
	*lowering
	music *model.MessageNode
	at    time.Duration // where in the music the next stretch begins
	owed  time.Duration // how long music is still to be played, to be on time
}

// play plays music for a stretch. Music at a URL cannot be cut: it is played as
// often as it fits, and silence fills the rest. What is too short to be filled is
// made up for in the next stretch.
func (p *player) play(stretch time.Duration) []twiml.Verb {
	p.owed += stretch
	if p.music.Audio == nil {
		return p.playURL()
	}
	var verbs []twiml.Verb
	whole := p.music.Audio.Duration
	for p.owed > AudibleRest {
		if p.at == 0 && p.owed >= whole {
			verbs = append(verbs, p.repeat(p.say(p.music)[0].(*twiml.Play), whole))
			continue
		}
		to := p.at + min(p.owed, whole-p.at)
		part := p.cut(p.at, to)
		if part == nil {
			break // reported
		}
		verbs = append(verbs, &twiml.Play{URL: "audio:" + part.Path})
		p.owed -= part.Duration // which is a little more or less, because MP3 has frames
		if p.at = to; whole-p.at < AudibleRest {
			p.at = 0
		}
	}
	return verbs
}

// AudibleRest is the shortest piece of music worth a file.
const AudibleRest = 200 * time.Millisecond

// playURL plays the music at a URL.
func (p *player) playURL() []twiml.Verb {
	var verbs []twiml.Verb
	for p.owed >= p.music.Duration {
		verbs = append(verbs, p.repeat(&twiml.Play{URL: p.music.URL}, p.music.Duration))
	}
	if seconds := p.owed / time.Second; seconds > 0 {
		verbs = append(verbs, &twiml.Pause{Length: int(seconds)})
		p.owed -= seconds * time.Second
	}
	return verbs
}

// mostLoops is how often one Play can repeat its audio
// (https://www.twilio.com/docs/voice/twiml/play#loop).
const mostLoops = 1000

// repeat plays audio of a duration as often as it fits into what is owed, and
// one Play can repeat it.
func (p *player) repeat(play *twiml.Play, length time.Duration) *twiml.Play {
	times := min(int(p.owed/length), mostLoops)
	p.owed -= time.Duration(times) * length
	if times > 1 {
		play.Loop = &times
	}
	return play
}

// A piece is a part of a clip.
type piece struct {
	path     string
	from, to time.Duration
}

// cut makes a part of the music a file of its own. It is nil where that failed.
func (p *player) cut(from, to time.Duration) *model.AudioFile {
	p.needBaseURL(p.music.At, "Twilio fetches hold music by its absolute address")
	part := piece{p.music.Audio.Path, from, to}
	if c, done := p.pieces[part]; done {
		return c
	}
	data, err := p.music.Audio.Cut(from, to)
	if err != nil {
		return p.refuse(err)
	}
	c, err := model.NewAudioFile(data)
	if err != nil {
		return p.refuse(err)
	}
	p.pieces[part] = c
	p.flow.clips[c.Path] = data
	return c
}

// refuse reports music that cannot be cut.
func (p *player) refuse(err error) *model.AudioFile {
	p.diags.Report("IVR411", p.music.At, "The music cannot be cut at the announcements: %s.", err)
	return nil
}
