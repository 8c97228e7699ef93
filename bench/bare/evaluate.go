package main

// From sources to nodes: every block with its attributes evaluated. A reference
// such as menu.m1 has its address as its value, a text.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A node is one block of the configuration.
type node struct {
	kind, name string
	texts      []string // what callers hear or dial of it
	leadsTo    []string // the addresses that it names
	block      *hclsyntax.Block
}

func (n *node) address() string { return n.kind + "." + n.name }

// An attribute is what is evaluated of a block of some kind: a text that ends up
// in documents, an address or several, or a setting that is evaluated only.
type attribute struct {
	name string
	role role
}

type role int

const (
	text role = iota
	address
	setting
)

var attributes = map[string][]attribute{
	"project":    {},
	"hosting":    {{"base_url", setting}},
	"user":       {{"phone", text}},
	"message":    {{"text", text}},
	"ring_group": {{"users", address}, {"interval", setting}, {"unavailable", address}},
	"queue":      {{"agents", address}, {"max_wait", setting}, {"on_timeout", address}},
	"menu":       {{"attempts", setting}},
	"option":     {{"label", text}, {"to", address}},
	"number":     {{"phone_number", text}, {"to", address}},
}

// read parses the sources and evaluates them.
func read(directory string) ([]*node, error) {
	names, err := filepath.Glob(filepath.Join(directory, "*.ivr.hcl"))
	if err != nil {
		return nil, err
	}
	var nodes []*node
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, diags := hclsyntax.ParseConfig(source, name, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, diags
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			n := &node{kind: block.Type, block: block}
			if len(block.Labels) > 0 {
				n.name = block.Labels[0]
			}
			nodes = append(nodes, n)
		}
	}
	context := shared(nodes)
	for _, n := range nodes {
		if err := n.evaluate(n.block, context); err != nil {
			return nil, err
		}
		n.block = nil // so that the syntax tree can go
	}
	return nodes, nil
}

// shared is the one context that all expressions are evaluated in.
func shared(nodes []*node) *hcl.EvalContext {
	kinds := map[string]map[string]cty.Value{"stock": {"offline": cty.StringVal("message.stock.offline")}}
	for _, n := range nodes {
		if kinds[n.kind] == nil {
			kinds[n.kind] = map[string]cty.Value{}
		}
		kinds[n.kind][n.name] = cty.StringVal(n.address())
	}
	context := &hcl.EvalContext{Variables: map[string]cty.Value{}}
	for kind, names := range kinds {
		context.Variables[kind] = cty.ObjectVal(names)
	}
	return context
}

// evaluate evaluates the attributes of a block and of the blocks inside it.
func (n *node) evaluate(block *hclsyntax.Block, context *hcl.EvalContext) error {
	known, ok := attributes[block.Type]
	if !ok {
		return fmt.Errorf("%s: a block %s was not expected", block.TypeRange, block.Type)
	}
	seen := 0
	for _, a := range known {
		given := block.Body.Attributes[a.name]
		if given == nil {
			continue
		}
		seen++
		value, diags := given.Expr.Value(context)
		if diags.HasErrors() {
			return diags
		}
		switch {
		case a.role == text:
			n.texts = append(n.texts, value.AsString())
		case a.role == address && value.Type() == cty.String:
			n.leadsTo = append(n.leadsTo, value.AsString())
		case a.role == address:
			for it := value.ElementIterator(); it.Next(); {
				_, element := it.Element()
				n.leadsTo = append(n.leadsTo, element.AsString())
			}
		}
	}
	if seen != len(block.Body.Attributes) {
		return fmt.Errorf("%s: an attribute of this block was not expected", block.TypeRange)
	}
	for _, inner := range block.Body.Blocks {
		if err := n.evaluate(inner, context); err != nil {
			return err
		}
	}
	return nil
}

// An evaluated configuration finds its nodes by address.
type evaluated map[string]*node

func byAddress(nodes []*node) evaluated {
	all := make(evaluated, len(nodes))
	for _, n := range nodes {
		all[n.address()] = n
	}
	return all
}

// shape tells nodes apart whose documents differ in more than values: the kinds
// of a node and of all that it leads to, and which ring groups among them have their
// telephones in another order than documents, which ring the lowest number first.
func (all evaluated) shape(n *node) string {
	var b strings.Builder
	b.WriteString(n.kind)
	all.mark(&b, n)
	for _, to := range n.leadsTo {
		kind, _, _ := strings.Cut(to, ".")
		b.WriteString(" " + kind)
		all.mark(&b, all[to])
	}
	return b.String()
}

// mark writes a mark for a ring group, or the queue of one, whose users are not in
// the order of their numbers.
func (all evaluated) mark(b *strings.Builder, n *node) {
	if n != nil && n.kind == "queue" {
		n = all[n.leadsTo[0]]
	}
	if n != nil && n.kind == "ring_group" && all[n.leadsTo[0]].texts[0] > all[n.leadsTo[1]].texts[0] {
		b.WriteByte('\'')
	}
}
