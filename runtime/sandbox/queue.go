package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// The sizes of queues. https://www.twilio.com/docs/voice/api/queue-resource
const (
	defaultMaxSize = 1000
	largestMaxSize = 5000
)

// createQueue makes a queue.
func (a *Account) createQueue(form url.Values) reply {
	name, size, problem := queueForm(form, "", defaultMaxSize)
	if problem.failed() {
		return problem
	}
	if name == "" {
		return failure(http.StatusBadRequest, 20001, "FriendlyName must have 1 to 64 characters")
	}
	if problem := a.nameTaken(name, ""); problem.failed() {
		return problem
	}
	q := a.newQueue(name, size, 0)
	return reply{status: http.StatusCreated, body: q.encode()}
}

func (a *Account) newQueue(name string, size, waiting int) EmulatedQueue {
	now := a.now()
	q := EmulatedQueue{SID: a.nextSID("QU"), Name: name, MaxSize: size, Waiting: waiting, Created: now, Updated: now}
	a.queues.put(now, q.SID, q, q.encode())
	return q
}

// updateQueue renames or sizes a queue.
func (a *Account) updateQueue(id string, form url.Values) reply {
	q, ok := a.queues.latest(id)
	if !ok {
		return a.notFound("/Queues/" + id + ".json")
	}
	var problem reply
	if q.Name, q.MaxSize, problem = queueForm(form, q.Name, q.MaxSize); problem.failed() {
		return problem
	}
	if problem := a.nameTaken(q.Name, id); problem.failed() {
		return problem
	}
	q.Updated = a.now()
	a.queues.put(q.Updated, id, q, q.encode())
	return reply{status: http.StatusOK, body: q.encode()}
}

// deleteQueue deletes a queue in which nobody waits. Which code Twilio answers
// otherwise is not documented.
func (a *Account) deleteQueue(id string) reply {
	q, ok := a.queues.latest(id)
	switch {
	case !ok:
		return a.notFound("/Queues/" + id + ".json")
	case q.Waiting > 0:
		return failure(http.StatusBadRequest, 20001, fmt.Sprintf("Queue %s is not empty", id))
	}
	a.queues.remove(a.now(), id)
	return reply{status: http.StatusNoContent}
}

// nameTaken refuses the name of another queue, with the words of Twilio.
func (a *Account) nameTaken(name, self string) reply {
	for _, q := range a.queues.all() {
		if q.Name == name && q.SID != self && !a.SameNames {
			return failure(http.StatusBadRequest, 22003, fmt.Sprintf("A queue with the name %s already exists", name))
		}
	}
	return reply{}
}

// queueForm reads the name and the size of a queue.
func queueForm(form url.Values, name string, size int) (string, int, reply) {
	for _, parameter := range slices.Sorted(maps.Keys(form)) {
		value := form.Get(parameter)
		switch parameter {
		case "FriendlyName":
			if value == "" || len([]rune(value)) > 64 {
				return "", 0, failure(http.StatusBadRequest, 20001, "FriendlyName must have 1 to 64 characters")
			}
			name = value
		case "MaxSize":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > largestMaxSize {
				return "", 0, failure(http.StatusBadRequest, 20001, fmt.Sprintf("MaxSize must be 1 to %d", largestMaxSize))
			}
			size = n
		default:
			return "", 0, unknownParameter(parameter)
		}
	}
	return name, size, reply{}
}

// encode writes a queue as the API does.
func (q *EmulatedQueue) encode() []byte {
	return marshal(map[string]any{
		"sid": q.SID, "account_sid": SID, "friendly_name": q.Name,
		"uri":      fmt.Sprintf("%s/Queues/%s.json", root, q.SID),
		"max_size": q.MaxSize, "current_size": q.Waiting, "average_wait_time": 0,
		"date_created": rfc2822(q.Created), "date_updated": rfc2822(q.Updated),
	})
}
