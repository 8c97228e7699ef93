package source

import (
	"sync"

	"github.com/hashicorp/hcl/v2"
)

// A Progress says how far a compilation has come, to whoever waits for it in
// another goroutine and may have to give up. Its zero value is ready to use; a nil
// one keeps nothing.
type Progress struct {
	lock sync.Mutex
	now  Stage
}

// A Stage is where a compilation is.
type Stage struct {
	Pass      int       // 1, and one more for each state of the variables that call tests set
	Evaluated bool      // the expressions have values, and documents are made of them
	At        hcl.Range // what is read or evaluated
}

// Stage returns where the compilation is.
func (p *Progress) Stage() Stage {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.now
}

// Begin begins to read a configuration.
func (p *Progress) Begin() {
	p.set(func(s *Stage) { *s = Stage{Pass: s.Pass + 1} })
}

// Reach says what is read or evaluated now.
func (p *Progress) Reach(at hcl.Range) {
	p.set(func(s *Stage) { s.Evaluated, s.At = false, at })
}

// Evaluated says that nothing is left to be evaluated in the configuration whose
// first file has a name.
func (p *Progress) Evaluated(first string) {
	p.set(func(s *Stage) { s.Evaluated, s.At = true, StartOf(first) })
}

func (p *Progress) set(change func(*Stage)) {
	if p != nil {
		p.lock.Lock()
		change(&p.now)
		p.lock.Unlock()
	}
}
