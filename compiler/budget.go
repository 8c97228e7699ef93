package compiler

// The evaluation budget. HCL has no loops without an end, but 265 bytes of
// nested for expressions can cost minutes and gigabytes. Where an expression
// can multiply work, its operands are wrapped in calls of counting functions,
// so that the work is counted while it is done:
//
//	[for x in A : f(x)]   the elements of A         at most 10,000 in all
//	                      times the length of f(x)  at most 10,000,000 steps in all
//	                      the elements of each f(x) at most 1,000,000 in all
//	A[*].name             the elements of A
//	"… ${A} …"            the bytes of A            at most 16 MiB in all
//	A == B, A ? B : C     the elements of A, B, C   as steps
//	f(A, B)               arguments and result      as steps; see afford
//
// The budget is one for the whole configuration.

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A budget is what is left of the work that a configuration may cause.
type budget struct {
	elements int   // that for expressions, splats and dynamic blocks may still go through
	steps    int   // of about 100 ns that evaluation may still take
	made     int   // elements that loops and functions may still make
	text     int   // bytes that templates and functions may still make
	failed   error // why the expression at hand cannot be evaluated
	spent    error // why evaluation stopped, once it has
	reported bool  // spent has been reported
}

func newBudget() *budget {
	return &budget{elements: maxElements, steps: maxSteps, made: maxMadeElements, text: maxTextBytes}
}

// left returns an error once anything is used up.
func (b *budget) left() error {
	switch {
	case b.spent != nil:
	case b.elements < 0:
		b.spent = fmt.Errorf("all loops together go through more than %d elements", maxElements)
	case b.steps < 0:
		b.spent = errors.New("all expressions together take too long")
	case b.made < 0:
		b.spent = fmt.Errorf("all expressions together make more than %d elements", maxMadeElements)
	case b.text < 0:
		b.spent = fmt.Errorf("all expressions together make more than %d bytes of text", maxTextBytes)
	}
	return b.spent
}

// look takes the cost of going through a value once, and refuses numbers that
// would take long to compute with.
func (b *budget) look(value cty.Value) (size, error) {
	s := weigh(value, maxValueElements)
	if s.number != "" {
		b.failed = fmt.Errorf("the number %s is larger, or smaller, than any that a call flow can need", s.number)
		return s, b.failed
	}
	b.steps -= s.steps()
	return s, b.left()
}

// loop takes a list that is gone through in some steps for each element.
func (b *budget) loop(list cty.Value, steps int) error {
	if list.IsNull() || !list.IsKnown() || !list.CanIterateElements() {
		return nil
	}
	list, _ = list.Unmark()
	n := list.LengthInt()
	b.elements -= n
	if b.elements >= 0 {
		b.steps -= n * steps
	}
	return b.left()
}

// keep takes a value that an expression made.
func (b *budget) keep(value cty.Value) error {
	s, err := b.look(value)
	if err != nil {
		return err
	}
	b.made -= s.elements
	b.text -= s.text
	return b.left()
}

// A size is how large a value is.
type size struct {
	elements int    // at all depths
	text     int    // bytes
	number   string // a number that is too large, shortened
}

// steps is the cost of going through a value of a size.
func (s size) steps() int { return 1 + s.elements + s.text/32 }

// weigh measures a value. It stops counting at the limit, because lists that
// name each other can hold more elements than the machine has memory without
// needing any themselves.
func weigh(value cty.Value, limit int) size {
	var s size
	s.add(value, limit)
	return s
}

func (s *size) add(value cty.Value, limit int) {
	if !value.IsKnown() || value.IsNull() {
		return
	}
	value, _ = value.Unmark()
	switch t := value.Type(); {
	case t == cty.String:
		text := value.AsString()
		s.text += len(text)
		if long(text) {
			s.number = text[:20] + "..."
		}
	case t == cty.Number:
		if number := value.AsBigFloat(); huge(number) {
			s.number = number.Text('g', 5)
		}
	case t.IsCollectionType(), t.IsTupleType(), t.IsObjectType():
		for it := value.ElementIterator(); s.elements <= limit && it.Next(); {
			_, element := it.Element()
			s.elements++
			s.add(element, limit)
		}
	}
}

// huge reports a number of more than a hundred digits.
func huge(number *big.Float) bool {
	exponent := number.MantExp(nil)
	return number.IsInf() || exponent > 333 || number.Sign() != 0 && exponent < -333
}

// long reports a text that may be a number of very many digits, which takes
// seconds to convert.
func long(text string) bool {
	return len(text) > 400 && strings.Trim(text, "0123456789.eE+-_ \t\r\n") == ""
}

// The names of the counting functions. No configuration can spell them, and they
// are near no name that it can spell.
const (
	loopFunction = "(goes through a list)"
	keepFunction = "(makes a value)"
	lookFunction = "(looks at a value)"
)

// bound wraps every operand of a body's expressions that can multiply work in a
// call of a counting function.
func (b *budget) bound(body *hclsyntax.Body) { _ = hclsyntax.VisitAll(body, bounded) }

// boundExpression is bound for one expression.
func (b *budget) boundExpression(expr hclsyntax.Expression) { _ = hclsyntax.VisitAll(expr, bounded) }

func bounded(node hclsyntax.Node) hcl.Diagnostics {
	switch e := node.(type) {
	case *hclsyntax.ForExpr:
		e.CollExpr = counted(loopFunction, e.CollExpr, 1+written(e)/4)
		e.ValExpr = counted(keepFunction, e.ValExpr, 0)
	case *hclsyntax.SplatExpr:
		e.Source = counted(loopFunction, e.Source, 1+written(e)/4)
	case *hclsyntax.TemplateExpr:
		for i, part := range e.Parts {
			e.Parts[i] = counted(keepFunction, part, 0)
		}
	case *hclsyntax.TemplateJoinExpr:
		e.Tuple = counted(keepFunction, e.Tuple, 0)
	case *hclsyntax.BinaryOpExpr:
		e.LHS, e.RHS = counted(lookFunction, e.LHS, 0), counted(lookFunction, e.RHS, 0)
	case *hclsyntax.ConditionalExpr:
		e.TrueResult, e.FalseResult = counted(lookFunction, e.TrueResult, 0), counted(lookFunction, e.FalseResult, 0)
	case *hclsyntax.Block:
		// Each block that a dynamic block makes has a copy of every attribute.
		if list := e.Body.Attributes["for_each"]; e.Type == "dynamic" && list != nil {
			list.Expr = counted(loopFunction, list.Expr, 30*items(e.Body)+written(e)/16)
		}
	}
	return nil
}

// written is how many bytes of the source a part of the syntax tree takes.
func written(part hclsyntax.Node) int {
	at := part.Range()
	return at.End.Byte - at.Start.Byte
}

// items counts the attributes and blocks in a body, at all depths.
func items(body *hclsyntax.Body) int {
	n := len(body.Attributes)
	for _, block := range body.Blocks {
		n += 1 + items(block.Body)
	}
	return n
}

// counted wraps an operand, unless it is written out in the source.
func counted(name string, e hclsyntax.Expression, steps int) hclsyntax.Expression {
	if _, literal := e.(*hclsyntax.LiteralValueExpr); literal {
		return e
	}
	at := e.Range()
	call := &hclsyntax.FunctionCallExpr{
		Name: name, Args: []hclsyntax.Expression{e},
		NameRange: at, OpenParenRange: at, CloseParenRange: at,
	}
	if name == loopFunction {
		call.Args = append(call.Args, &hclsyntax.LiteralValueExpr{Val: cty.NumberIntVal(int64(steps)), SrcRange: at})
	}
	return call
}

// counters are the counting functions, which return their first argument.
func (b *budget) counters() map[string]function.Function {
	counter := func(count func(args []cty.Value) error, more ...function.Parameter) function.Function {
		return function.New(&function.Spec{
			Params: append([]function.Parameter{{
				Name: "value", Type: cty.DynamicPseudoType,
				AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
			}}, more...),
			Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], count(args) },
		})
	}
	return map[string]function.Function{
		lookFunction: counter(func(args []cty.Value) error { _, err := b.look(args[0]); return err }),
		keepFunction: counter(func(args []cty.Value) error { return b.keep(args[0]) }),
		loopFunction: counter(func(args []cty.Value) error {
			steps, _ := args[1].AsBigFloat().Int64()
			return b.loop(args[0], int(steps))
		}, function.Parameter{Name: "steps", Type: cty.Number}),
	}
}
