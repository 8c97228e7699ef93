package resolve

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// queues are resolved into nodes.
var queues = nodesOf(
	func(c *config.Config) []config.QueueBlock { return c.Queues },
	func(b config.QueueBlock) *model.QueueNode { return &model.QueueNode{Name: b.Name, At: b.Range} },
	(*resolver).queue,
)

// queue resolves a queue.
func (r *resolver) queue(q *model.QueueNode, b config.QueueBlock) {
	p := r.model.Project
	q.FriendlyName = p.Name + "/" + r.shared + b.Name
	if len(q.FriendlyName) > 63 {
		r.diags.Report("IVR313", b.Range, "At Twilio this queue would be called %q, which has more than 63 characters. Shorten the name of the queue or of the project.", q.FriendlyName)
	}
	q.MaxCallers = model.LimitCallers.Max[model.Phonebridge]
	q.MaxWait, q.RetryEvery, q.Every = 10*time.Minute, time.Minute, 30*time.Second
	q.Agents = r.agents(b.Agents)
	r.integer(b.MaxCallers, &q.MaxCallers, &model.LimitCallers)
	r.duration(b.MaxWait, &q.MaxWait, &model.LimitWait)
	r.duration(b.RetryEvery, &q.RetryEvery, &model.LimitRetry)
	q.Music = r.music(b.Music)
	if b.Announcement != nil && r.eval.Require(b.Range, b.Announcement.Message, "message", "Without it the announcement would say nothing: message = stock.please_hold.") {
		q.Announce = r.messageOr(b.Announcement.Message, nil)
		r.duration(b.Announcement.Every, &q.Every, &model.LimitEvery)
	}
	q.Full = r.messageOrNothing(b.Full, r.stock["queue_full"])
	q.Timeout = r.messageOrNothing(b.TimedOut, r.stock["queue_timeout"])
	q.OnFull = r.destination(b.OnFull)
	q.OnTimeout = r.destination(b.OnTimeout)
	r.queueKeys(q, b)
	r.checkRing(q, b)
	r.checkWait(q, b)
	r.checkAsking(q, b)
	r.idleInQueue(q, b)
}

// checkRing reports a queue whose callers would be led on before the agents have
// been rung once: no ring begins that could not end by max_wait.
func (r *resolver) checkRing(q *model.QueueNode, b config.QueueBlock) {
	s := r.model.Project.Schedule(q)
	if s.Ring == 0 || s.Ring < s.Longest {
		return
	}
	at := b.Range
	if b.MaxWait != nil {
		at = b.MaxWait.Expr.Range()
	}
	advice := ""
	if q.Agents.Sequential && len(q.Agents.Users) > 1 {
		advice = ", or all users together (strategy = \"simultaneous\")"
	}
	r.diags.Report("IVR430", at, "Ringing %s once can take %s, and callers of this queue wait for %s at most, so the wait would be over before it began. Make max_wait longer than %s, or ring for a shorter interval%s.", q.Agents.Address(), script.Duration(s.Ring), script.Duration(s.Longest), script.Duration(s.Ring), advice)
}

// agents resolves who serves a queue: a ring group or a user.
func (r *resolver) agents(a *hcl.Attribute) *model.RingGroupNode {
	e := r.destination(a)
	if e == nil {
		return nil
	}
	g, ok := e.To.(*model.RingGroupNode)
	if !ok {
		r.diags.Report("IVR203", e.At, "The agents of a queue are a ring group or a user, such as ring_group.sales.")
	}
	return g
}

// music resolves a queue's music: "default", or a message with audio or a URL.
func (r *resolver) music(a *hcl.Attribute) *model.MessageNode {
	if a == nil {
		return nil
	}
	value, ok := r.eval.Value(a.Expr)
	if !ok {
		return nil
	}
	if text, ok := config.AsText(value); ok {
		if text != "default" {
			r.diags.Report("IVR421", a.Expr.Range(), "The music is \"default\", or a message with audio or a url, such as message.hold_music.%s", r.diags.DidYouMean(text, []string{"default"}))
		}
		return nil
	}
	m := r.messageOr(a, nil)
	if m != nil && (m.Text != "" || len(m.Parts) > 0) {
		r.diags.Report("IVR203", a.Expr.Range(), "Music is a message with audio or a url. To have a text spoken while callers wait, use announcement.")
		return nil
	}
	return m
}

// shortestMusic is the shortest hold in which silence would be noticed.
const shortestMusic = 10 * time.Second

// firstHold is how long callers are held after the first ring that nobody answered.
func (r *resolver) firstHold(q *model.QueueNode) time.Duration {
	s := r.model.Project.Schedule(q)
	length, _ := s.Hold(s.Ring)
	return length
}

// checkWait reports audio whose length is needed and not known, and audio that
// does not fit between announcements.
func (r *resolver) checkWait(q *model.QueueNode, b config.QueueBlock) {
	at := b.Range
	if b.Music != nil {
		at = b.Music.Expr.Range()
	}
	if q.Music != nil && q.Music.URL != "" && q.Music.Duration == 0 {
		r.diags.Report("IVR412", at, "How long this music lasts must be known, or callers could not be told on time that they are not forgotten. Add duration to the message, or use audio instead of url.")
		q.Music = nil
	}
	if q.Announce == nil {
		if hold := r.firstHold(q); q.Music != nil && q.Music.URL != "" && q.Music.Duration > hold && hold >= shortestMusic {
			r.diags.Report("IVR424", at, "This music lasts %s, and callers wait for %s until the agents are rung again. Music at a URL cannot be cut, so they would wait in silence. Use audio instead of url: a file is cut as needed.", script.Duration(q.Music.Duration), script.Duration(hold))
			q.Music = nil
		}
		return
	}
	if slices.ContainsFunc(q.Announce.Each(), func(m *model.MessageNode) bool { return m.URL != "" && m.Duration == 0 }) {
		r.diags.Report("IVR412", b.Announcement.Message.Expr.Range(), "How long this announcement lasts must be known. Add duration to the message, or use audio instead of url.")
		q.Announce = nil
		return
	}
	length := model.AnnouncementTime(q.Announce)
	if length+time.Second > q.Every {
		r.diags.Report("IVR424", b.Announcement.Message.Expr.Range(), "This announcement takes about %s, and the next one begins %s after it began, so callers would hear nothing else. Shorten it, or make every longer.", script.Duration(length.Round(time.Second)), script.Duration(q.Every))
		q.Announce = nil
	} else if q.Music != nil && q.Music.URL != "" && q.Music.Duration > q.Every-length {
		r.diags.Report("IVR424", at, musicTooLong, script.Duration(q.Music.Duration), script.Duration((q.Every - length).Truncate(time.Second)))
		q.Music = nil
	}
}

// musicTooLong says why music at a URL does not fit between announcements.
const musicTooLong = "This music lasts %s, longer than the %s that are left between two announcements, and music " +
	"at a URL cannot be cut, so the announcements would come late. Use audio instead of url: a " +
	"file is cut at the announcements."
