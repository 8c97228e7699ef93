package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Positions says in which file and on which line each block begins.
type Positions map[string]hcl.Range

// Of returns the position of an origin as people write it, "main.ivr.hcl:12",
// and "" if the block is not known.
func (p Positions) Of(o *bundle.Origin) string {
	if o == nil {
		return ""
	}
	at, ok := p[o.Block]
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%d", at.Filename, at.Start.Line+o.Line-1)
}

// Block returns the position of a block, such as "menu.main.2", as people write
// it, "main.ivr.hcl:12", and "" if the block is not known.
func (p Positions) Block(address string) string {
	return p.Of(&bundle.Origin{Block: address, Line: 1})
}

// Inner adds where a block inside of another begins, such as "menu.main.2", the
// menu of an option. Origins count lines from the outermost block, so it comes
// after the bundle.
func (p Positions) Inner(address string, at hcl.Range) {
	if _, known := p[address]; !known && at.Filename != "" {
		p[address] = at
	}
}

// Positions is where the named blocks of a configuration begin.
func (c *Config) Positions() Positions {
	positions := Positions{}
	c.eachBlock(func(kind, name string, at hcl.Range) { positions[kind+"."+name] = at })
	for _, b := range c.Projects {
		positions["project"] = b.Range
	}
	return positions
}
