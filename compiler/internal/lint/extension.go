package lint

import (
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// extensions finds extensions that callers who dial slowly do not reach, and menus
// that keep callers waiting after a key.
func (l *linter) extensions(m *model.MenuNode) {
	if len(m.Extensions) == 0 || m.Kind == bundle.KindEntry {
		return
	}
	between := script.Duration(m.ExtensionTimeout)
	for _, k := range m.Keys() {
		var hidden []*model.Extension
		for _, e := range m.Extensions {
			l.graph.Steps++
			if string(k) != e.Digits && strings.HasPrefix(e.Digits, string(k)) {
				hidden = append(hidden, e)
			}
		}
		if len(hidden) > 0 {
			first := hidden[0]
			l.diags.Report(diagnostic.FindBegins.Code, first.At, "%s with %s, which %s knows, too. Callers who let more than %s pass behind %s do not reach %s. Choose extensions that begin otherwise.", begin(hidden), k, m.Address(), between, k, first.To.Address())
		}
	}
	if diagnostic.FindPending.Over(m.ExtensionTimeout) {
		l.diags.Report(diagnostic.FindPending.Code, m.At, "Callers of %s who press the key of an option hear nothing for %s, because the digits of an extension could follow. Make extension_timeout shorter; %s are enough to dial.", m.Address(), between, script.Duration(time.Duration(diagnostic.FindPending.Threshold)*time.Second))
	}
}

// begin says which extensions begin with something.
func begin(hidden []*model.Extension) string {
	if len(hidden) == 1 {
		return "The extension " + hidden[0].Digits + " begins"
	}
	return fmt.Sprintf("%d extensions, %s the first, begin", len(hidden), hidden[0].Digits)
}
