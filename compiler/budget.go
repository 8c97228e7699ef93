package compiler

// The evaluation budget. HCL has no loops without an end, but 265 bytes of
// nested for expressions can cost minutes and gigabytes. Where an expression
// can multiply work, its operands are wrapped, so that the work is counted
// while it is done:
//
//	[for x in A : …]      the elements of A        at most 10,000 in all
//	A[*].name             the elements of A
//	"… ${A} …"            the bytes of A           at most 4 MiB in all
//	A + B, A * B          the size of the numbers  at most 10^100
//	f(A, B)               the sizes of arguments and result; see functions
//
// The budget is one for the whole configuration.

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A budget is what is left of the work that a configuration may cause.
type budget struct {
	elements int   // that for expressions, splats and functions may still go through
	text     int   // bytes that templates and functions may still produce
	spent    error // why evaluation stopped, once it has
	reported bool  // spent has been reported
}

// spend takes a value that is gone through, or was made, from the budget: its
// elements and the bytes of the texts in it.
func (b *budget) spend(value cty.Value) error {
	elements, text := weigh(value, maxValueElements)
	if value.IsKnown() && !value.IsNull() && value.CanIterateElements() && elements <= maxValueElements {
		elements = value.LengthInt()
	}
	b.elements -= elements
	b.text -= text
	switch {
	case b.elements < 0:
		b.spent = fmt.Errorf("all lists together go through more than %d elements", maxElements)
	case b.text < 0:
		b.spent = fmt.Errorf("all texts together are longer than %d bytes", maxTextBytes)
	}
	if number, ok := huge(value); ok {
		b.spent = fmt.Errorf("the number %s is larger than any that a call flow can need", number)
	}
	return b.spent
}

// weigh counts the elements of a value at all depths, and the bytes of text. It
// stops counting at the limit, because lists that name each other can hold
// more elements than the machine has memory without needing any themselves.
func weigh(value cty.Value, limit int) (elements, text int) {
	if !value.IsKnown() || value.IsNull() {
		return 0, 0
	}
	value, _ = value.Unmark()
	switch t := value.Type(); {
	case t == cty.String:
		return 0, len(value.AsString())
	case t.IsCollectionType(), t.IsTupleType(), t.IsObjectType():
		for it := value.ElementIterator(); it.Next() && elements <= limit; {
			_, element := it.Element()
			n, bytes := weigh(element, limit-elements)
			elements += n + 1
			text += bytes
		}
	}
	return elements, text
}

// countFunction is the name of the function that wraps operands. No
// configuration can spell it.
const countFunction = "(count)"

// bound wraps every operand of a body's expressions that can multiply work in a
// call of the counting function.
func (b *budget) bound(body *hclsyntax.Body) {
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		switch e := node.(type) {
		case *hclsyntax.ForExpr:
			e.CollExpr = counted(e.CollExpr)
		case *hclsyntax.SplatExpr:
			e.Source = counted(e.Source)
		case *hclsyntax.TemplateExpr:
			for i, part := range e.Parts {
				e.Parts[i] = counted(part)
			}
		case *hclsyntax.BinaryOpExpr:
			e.LHS, e.RHS = counted(e.LHS), counted(e.RHS)
		}
		return nil
	})
}

// counted wraps an operand, unless it is written out in the source.
func counted(e hclsyntax.Expression) hclsyntax.Expression {
	if _, literal := e.(*hclsyntax.LiteralValueExpr); literal {
		return e
	}
	at := e.Range()
	return &hclsyntax.FunctionCallExpr{
		Name: countFunction, Args: []hclsyntax.Expression{e},
		NameRange: at, OpenParenRange: at, CloseParenRange: at,
	}
}

// counter is the counting function: it returns its argument.
func (b *budget) counter() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType,
			AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
		}},
		Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], b.spend(args[0]) },
	})
}

// huge reports a number of more than a hundred digits, shortened.
func huge(value cty.Value) (string, bool) {
	if value.Type() != cty.Number || !value.IsKnown() || value.IsNull() {
		return "", false
	}
	value, _ = value.Unmark()
	number := value.AsBigFloat()
	if number.IsInf() || number.MantExp(nil) > 333 || number.Sign() != 0 && number.MantExp(nil) < -333 {
		return number.Text('g', 5), true
	}
	return "", false
}
