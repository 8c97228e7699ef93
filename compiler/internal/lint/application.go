package lint

import (
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// askedAgain finds an application whose failure leads back to the entry whose digits it
// gets. No attempt is counted there, because the fallback that Twilio asks cannot know
// which one it was.
func (l *linter) askedAgain(a *model.ApplicationNode) {
	met := map[model.Node]bool{}
	for on := a.OnFailure; on != nil && on.To != nil && !met[on.To]; {
		met[on.To] = true
		l.graph.Steps++
		switch to := on.To.(type) {
		case *model.MessageNode:
			on = to.Then
		case *model.ApplicationNode:
			on = to.OnFailure
		case *model.MenuNode:
			if to.Open != nil && to.Open.To == model.Node(a) {
				l.diags.Report(diagnostic.FindAskedAgain.Code, a.OnFailure.At, "Callers of %s enter digits, and when %s fails, they come there again and are asked as if for the first time, as often as they enter something. Lead them to somebody, or to a message that says to call later.", to.Address(), a.Address())
			}
			return
		default:
			return
		}
	}
}
