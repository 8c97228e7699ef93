package compiler

// Laws of waiting: what a caller hears in a queue, for how long.

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/audio"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/lower"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A wait is what a caller hears from the beginning of a hold to its end.
type wait struct {
	path  string
	queue *bundle.Block // which the caller waits in
	hold  time.Duration // how long the caller is to wait, by the document's name
	parts []waitPart
	total time.Duration
	next  string // the document behind it, if the caller is not in the queue
}

// A waitPart is one thing heard in a wait.
type waitPart struct {
	at        time.Duration
	announces bool
	silence   bool
	sound     []byte // of a Play of the bundle's own
	times     int
}

// eachWait calls check with every wait of a random configuration.
func eachWait(t *testing.T, check func(*rapid.T, *site, *wait)) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		seen := map[string]bool{}
		for _, from := range paths(s.documents) {
			for _, v := range s.documents[from].Verbs {
				enqueue, ok := v.(*twiml.Enqueue)
				if !ok {
					continue
				}
				if path, _ := s.target(from, *enqueue.WaitURL); !seen[path] {
					seen[path] = true
					check(t, s, s.wait(t, path, s.queue(enqueue.Name, path)))
				}
			}
		}
	})
}

// queue describes the queue of a friendly name in the component of a path.
func (s *site) queue(friendly, path string) *bundle.Block {
	_, name, _ := strings.Cut(friendly, "/")
	blocks := s.component(directory(path)).Blocks
	for i := range blocks {
		if blocks[i].Address == "queue."+name {
			return &blocks[i]
		}
	}
	return nil
}

// wait walks through the documents of a wait to its end.
func (s *site) wait(t *rapid.T, path string, q *bundle.Block) *wait {
	w := &wait{path: path, queue: q}
	var seconds int
	if _, err := fmt.Sscanf(path[strings.LastIndexByte(path, '/')+1:], "wait-%d", &seconds); err != nil {
		t.Fatalf("%s: the name of a wait says how long it is: %v", path, err)
	}
	w.hold = time.Duration(seconds) * time.Second
	if next := s.hearAll(t, w, path, "wait-"); next != "" {
		t.Fatalf("%s: the wait does not end in Leave, but goes on at %s", w.path, next)
	}
	return w
}

// waitOutside walks through what a caller hears instead of a hold.
func (s *site) waitOutside(t *rapid.T, path string, hold time.Duration, q *bundle.Block) *wait {
	w := &wait{path: path, queue: q, hold: hold}
	w.next = s.hearAll(t, w, path, "full-")
	return w
}

// hearAll walks through documents whose names begin alike. It returns where the
// last leads, "" where it ends in Leave.
func (s *site) hearAll(t *rapid.T, w *wait, path, name string) string {
	for range 1000 {
		next := ""
		for _, v := range s.documents[path].Verbs {
			switch v := v.(type) {
			case *twiml.Say:
				w.hear(waitPart{announces: true}, twiml.SpeakingTime(v.Language, v.Text))
			case *twiml.Pause:
				w.hear(waitPart{silence: true}, time.Duration(v.Length)*time.Second)
			case *twiml.Play:
				s.play(t, w, path, v)
			case *twiml.Leave:
				return ""
			case *twiml.Redirect:
				next, _ = s.target(path, v.URL)
			default:
				t.Fatalf("%s: a wait holds a %T", path, v)
			}
		}
		if !strings.HasPrefix(next[strings.LastIndexByte(next, '/')+1:], name) {
			return next
		}
		path = next
	}
	t.Fatalf("%s: the wait does not end", w.path)
	return ""
}

func (w *wait) hear(p waitPart, length time.Duration) {
	p.at = w.total
	w.parts = append(w.parts, p)
	w.total += length
}

// play adds a Play to a wait.
func (s *site) play(t *rapid.T, w *wait, from string, v *twiml.Play) {
	p := waitPart{times: 1, announces: v.URL == w.announcement(s)}
	if v.Loop != nil {
		p.times = *v.Loop
	}
	length, elsewhere := s.draft.sounds[v.URL]
	if !elsewhere {
		path, _ := s.target(from, v.URL)
		p.sound = s.Data[path]
		clip, err := audio.Read(p.sound)
		if err != nil {
			t.Fatalf("%s plays %s: %v", from, path, err)
		}
		length = clip.Duration
	}
	w.hear(p, time.Duration(p.times)*length)
}

// announcement is the address of the announcement, where it is a sound.
func (w *wait) announcement(s *site) string {
	for _, m := range w.queue.Messages {
		switch {
		case m.Role != "announcement":
		case m.Audio != "":
			return draftURL + m.Audio
		default:
			return m.URL
		}
	}
	return ""
}

// ambiguous reports a queue whose announcement is its music, too.
func (w *wait) ambiguous(s *site) bool {
	music := setting(w.queue, "music")
	a := w.announcement(s)
	return a != "" && (a == music || a == draftURL+music)
}

// Law: a caller hears a wait for as long as it should be, within a second, and
// never longer. A wait ends in Leave.
func TestLawWaitIsAsLongAsTheHold(t *testing.T) {
	eachWait(t, func(t *rapid.T, s *site, w *wait) {
		if w.total > w.hold+mp3Frame || w.total <= w.hold-time.Second {
			t.Fatalf("%s takes %v", w.path, w.total)
		}
	})
}

// Law: the announcements come every so often, from the beginning to the end of a
// wait. None comes late; music that cannot be cut to the very end makes one come
// early by less than a second.
func TestLawAnnouncementsAreOnTime(t *testing.T) {
	eachWait(t, func(t *rapid.T, s *site, w *wait) {
		text := setting(w.queue, "announcement")
		if text == "" || w.ambiguous(s) {
			return
		}
		every, err := time.ParseDuration(strings.TrimPrefix(text, "every "))
		if err != nil {
			t.Fatal(err)
		}
		due := time.Duration(0)
		for _, p := range w.parts {
			if !p.announces {
				continue
			}
			if early := due - p.at; early < -mp3Frame || early >= time.Second {
				t.Fatalf("%s: an announcement comes after %v, due at %v", w.path, p.at, due)
			}
			due += every
		}
		if due < w.total-every {
			t.Fatalf("%s: nothing is announced from %v to the end at %v", w.path, due-every, w.total)
		}
	})
}

// Law: music of our own goes on where it stopped for an announcement, and begins
// again at its end, of which less than 200 ms may be left out. There is never
// silence.
func TestLawMusicGoesOn(t *testing.T) {
	eachWait(t, func(t *rapid.T, s *site, w *wait) {
		music := s.music(w)
		if music == nil || w.ambiguous(s) {
			return
		}
		clip, err := audio.Read(music)
		if err != nil {
			t.Fatal(err)
		}
		whole := wavSamples(music)
		skip := int(lower.AudibleRest * time.Duration(len(whole)) / clip.Duration)
		at := 0
		for _, p := range w.parts {
			if p.silence {
				t.Fatalf("%s: silence after %v", w.path, p.at)
			}
			if p.sound == nil || p.announces {
				continue
			}
			for range p.times {
				piece := wavSamples(p.sound)
				if !bytes.HasPrefix(whole[at:], piece) && len(whole)-at <= skip {
					at = 0
				}
				if !bytes.HasPrefix(whole[at:], piece) {
					t.Fatalf("%s: after %v the music does not go on at %d of %d bytes", w.path, p.at, at, len(whole))
				}
				at += len(piece)
			}
		}
	})
}

// music is the sound of a queue's music where it is a WAV file of our own.
func (s *site) music(w *wait) []byte {
	music := setting(w.queue, "music")
	if music == "default" {
		return audio.HoldMusic()
	}
	for _, data := range s.draft.audio {
		if c, err := model.NewAudioFile(data); err == nil && c.Path == music && c.Extension == "wav" {
			return data
		}
	}
	return nil
}
