package compiler

// Waiting. A wait document is a finite chain of announcements and music that
// ends in Leave after a length of time that the compiler computes, because the
// document cannot look at a clock. With an announcement of 4 s every 30 s, a
// hold of 60 s is
//
//	0s  announcement   4s  music 0–26s   30s  announcement   34s  music 26–52s   60s  Leave
//
// The music is cut at the announcements, and goes on where it stopped.

import (
	"fmt"
	"sync"
	"time"

	"github.com/ivrc/ivrc/compiler/audio"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// How many verbs, and bytes of what they say, a wait document holds at most; a
// longer wait goes on in another document.
const (
	waitVerbs = 120
	waitBytes = maxDocument / 4 // of a text; escaped, one is five times as long at most
)

// waitName names the n-th document of a wait.
func waitName(length time.Duration, n int) string {
	if n == 0 {
		return fmt.Sprintf("wait-%d", length/time.Second)
	}
	return fmt.Sprintf("wait-%d-%d", length/time.Second, n+1)
}

// wait lowers the documents of a wait of a length.
func (w *waiting) wait(length time.Duration) {
	verbs := append(w.hear(length), &twiml.Leave{})
	for n := 0; len(verbs) > 0; n++ {
		end := firstPart(verbs)
		part := verbs[:end:end]
		if verbs = verbs[end:]; len(verbs) > 0 {
			part = append(part, &twiml.Redirect{Method: get, URL: w.s.link(waitName(length, n+1) + ".xml")})
		}
		w.s.add(waitName(length, n), &step{part, w.q.at})
	}
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
func (w *waiting) hear(length time.Duration) []twiml.Verb {
	var verbs []twiml.Verb
	music := &player{lowering: w.lowering, music: w.music()}
	announcing := announcementTime(w.q.announce)
	for at := time.Duration(0); at < length; {
		stretch := length - at
		if w.q.announce != nil && announcing < stretch {
			w.s.describeAnnouncement(w.q)
			verbs = append(verbs, w.say(w.q.announce)...)
			at += announcing
			stretch = min(w.q.every-announcing, length-at)
		}
		verbs = append(verbs, music.play(stretch)...)
		at += stretch
	}
	return verbs
}

// announcementTime is how long an announcement takes.
func announcementTime(m *message) time.Duration {
	if m == nil {
		return 0
	}
	if m.text != "" {
		return twiml.SpeakingTime(m.language, m.text)
	}
	return m.duration
}

// music is the queue's music as a clip, or as a URL.
func (w *waiting) music() *message {
	if w.q.music != nil {
		return w.q.music
	}
	return &message{audio: defaultMusic(), duration: defaultMusic().Duration, at: w.q.at}
}

// defaultMusic is the hold music of queues that name none. It is the same for
// all of them, and reading and naming its half a megabyte takes as long as
// lowering a hundred menus.
var defaultMusic = sync.OnceValue(func() *clip {
	c, err := newClip(audio.HoldMusic())
	if err != nil {
		panic("compiler: the default hold music is not audio: " + err.Error())
	}
	return c
})

// A player plays music for one stretch after another.
type player struct {
	*lowering
	music *message
	at    time.Duration // where in the music the next stretch begins
	owed  time.Duration // how long music is still to be played, to be on time
}

// play plays music for a stretch. Music at a URL cannot be cut: it is played as
// often as it fits, and silence fills the rest. What is too short to be filled is
// made up for in the next stretch.
func (p *player) play(stretch time.Duration) []twiml.Verb {
	p.owed += stretch
	if p.music.audio == nil {
		return p.playURL()
	}
	var verbs []twiml.Verb
	whole := p.music.audio.Duration
	for p.owed > audibleRest {
		if p.at == 0 && p.owed >= whole {
			verbs = append(verbs, p.repeat(p.say(p.music)[0].(*twiml.Play), whole))
			continue
		}
		to := p.at + min(p.owed, whole-p.at)
		part := p.cut(p.at, to)
		if part == nil {
			break // reported
		}
		verbs = append(verbs, &twiml.Play{URL: "audio:" + part.path})
		p.owed -= part.Duration // which is a little more or less, because MP3 has frames
		if p.at = to; whole-p.at < audibleRest {
			p.at = 0
		}
	}
	return verbs
}

// audibleRest is the shortest piece of music worth a file.
const audibleRest = 200 * time.Millisecond

// playURL plays the music at a URL.
func (p *player) playURL() []twiml.Verb {
	var verbs []twiml.Verb
	for p.owed >= p.music.duration {
		verbs = append(verbs, p.repeat(&twiml.Play{URL: p.music.url}, p.music.duration))
	}
	if seconds := p.owed / time.Second; seconds > 0 {
		verbs = append(verbs, &twiml.Pause{Length: int(seconds)})
		p.owed -= seconds * time.Second
	}
	return verbs
}

// mostLoops is how often one Play can repeat its sound
// (https://www.twilio.com/docs/voice/twiml/play#loop).
const mostLoops = 1000

// repeat plays a sound of a length as often as it fits into what is owed, and
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
func (p *player) cut(from, to time.Duration) *clip {
	p.needBaseURL(p.music.at, "Twilio fetches hold music by its absolute address")
	part := piece{p.music.audio.path, from, to}
	if c, done := p.pieces[part]; done {
		return c
	}
	data, err := p.music.audio.Cut(from, to)
	if err != nil {
		return p.refuse(err)
	}
	c, err := newClip(data)
	if err != nil {
		return p.refuse(err)
	}
	p.pieces[part] = c
	p.flow.clips[c.path] = data
	return c
}

// refuse reports music that cannot be cut.
func (p *player) refuse(err error) *clip {
	p.diags.report("IVR411", p.music.at, "The music cannot be cut at the announcements: %s.", err)
	return nil
}

// checkWait reports audio whose length is needed and not known, and audio that
// does not fit between announcements.
func (r *resolver) checkWait(q *queue, b queueConfig) {
	at := b.Range
	if b.Music != nil {
		at = b.Music.Expr.Range()
	}
	if q.music != nil && q.music.url != "" && q.music.duration == 0 {
		r.diags.report("IVR412", at, "How long this music lasts must be known, or callers could not be told on time that they are not forgotten. Add duration to the message, or use audio instead of url.")
		q.music = nil
	}
	if q.announce == nil {
		if hold := q.hold(); q.music != nil && q.music.url != "" && q.music.duration > hold && hold >= shortestHold {
			r.diags.report("IVR424", at, "This music lasts %s, and callers wait for %s until the agents are rung again. Music at a URL cannot be cut, so they would wait in silence. Use audio instead of url: a file is cut as needed.", script.Duration(q.music.duration), script.Duration(hold))
			q.music = nil
		}
		return
	}
	if q.announce.url != "" && q.announce.duration == 0 {
		r.diags.report("IVR412", b.Announcement.Message.Expr.Range(), "How long this announcement lasts must be known. Add duration to the message, or use audio instead of url.")
		q.announce = nil
		return
	}
	length := announcementTime(q.announce)
	if length+time.Second > q.every {
		r.diags.report("IVR424", b.Announcement.Message.Expr.Range(), "This announcement takes about %s, and the next one begins %s after it began, so callers would hear nothing else. Shorten it, or make every longer.", script.Duration(length.Round(time.Second)), script.Duration(q.every))
		q.announce = nil
	} else if q.music != nil && q.music.url != "" && q.music.duration > q.every-length {
		r.diags.report("IVR424", at, "This music lasts %s, longer than the %s that are left between two announcements, and music at a URL cannot be cut, so the announcements would come late. Use audio instead of url: a file is cut at the announcements.", script.Duration(q.music.duration), script.Duration((q.every - length).Truncate(time.Second)))
		q.music = nil
	}
}
