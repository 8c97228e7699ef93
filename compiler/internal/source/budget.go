package source

// The evaluation budget. HCL has no loops without an end, but 265 bytes of
// nested for expressions can cost minutes and gigabytes. Where an expression
// can multiply work, its operands are wrapped, so that the work is counted while
// it is done:
//
//	[for x in A : f(x)]   the elements of A         at most 10,000 in all
//	                      times the length of f(x)  at most 10,000,000 steps in all
//	                      the elements of each f(x) at most 1,000,000 in all
//	A[*].name             the elements of A
//	"… ${A} …"            the bytes of A            at most 16 MiB in all
//	A == B, A ? B : C     the elements of A, B, C   as steps
//	f(A...)               the elements of A         as steps
//	f(A, B)               arguments and result      as steps; see package config, cost.go
//
// The elements of a type count where no value stands for them: of null, of what is
// unknown, of an empty list. The budget is one for the whole configuration. What it
// does not foresee is ended by the ceiling that whoever compiles sets.

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A Budget is what is left of the work that a configuration may cause.
type Budget struct {
	elements int   // that for expressions, splats and dynamic blocks may still go through
	Steps    int   // of about 100 ns that evaluation may still take
	made     int   // elements that loops and functions may still make
	text     int   // bytes that templates and functions may still make
	Failed   error // why the expression at hand cannot be evaluated
	Spent    error // why evaluation stopped, once it has
	Reported bool  // spent has been reported

	Progress *Progress // of the compilation; may be nil
}

// NewBudget returns the budget of one configuration.
func NewBudget() *Budget {
	return &Budget{elements: MaxElements, Steps: MaxSteps, made: maxMadeElements, text: maxTextBytes}
}

// Left returns an error once anything is used up.
func (b *Budget) Left() error {
	switch {
	case b.Spent != nil:
	case b.elements < 0:
		b.Spent = fmt.Errorf("all loops together go through more than %d elements", MaxElements)
	case b.Steps < 0:
		b.Spent = errors.New("all expressions together take too long")
	case b.made < 0:
		b.Spent = fmt.Errorf("all expressions together make more than %d elements", maxMadeElements)
	case b.text < 0:
		b.Spent = fmt.Errorf("all expressions together make more than %d bytes of text", maxTextBytes)
	}
	return b.Spent
}

// look takes the cost of going through a value, and refuses numbers that would
// take long to compute with.
func (b *Budget) look(value cty.Value) error {
	_, err := b.Measure(value)
	return err
}

// Measure takes the cost of going through a value, and returns its size.
func (b *Budget) Measure(value cty.Value) (Size, error) {
	s := Weigh(value, MaxValueElements)
	if s.number != "" {
		b.Failed = fmt.Errorf("the number %s is larger, or smaller, than any that a call flow can need", s.number)
		return s, b.Failed
	}
	b.Steps -= s.steps()
	return s, b.Left()
}

// Unify takes the cost of finding a type for a value and others, which compares
// the types of the elements of a tuple in pairs.
func (b *Budget) Unify(value cty.Value) error {
	s, err := b.Measure(value)
	b.Steps -= s.pairs / 16
	return errors.Join(err, b.Left())
}

// ArgumentSteps is the cost of an argument of a call beside that of its value.
const ArgumentSteps = 10

// spread takes a list whose elements become arguments.
func (b *Budget) spread(list cty.Value) error {
	s, err := b.Measure(list)
	b.Steps -= ArgumentSteps * s.Elements
	return errors.Join(err, b.Left())
}

// Loop takes a list that is gone through in some steps for each element.
func (b *Budget) Loop(list cty.Value, steps int) error {
	list, _ = list.Unmark()
	if list.IsNull() || !list.IsKnown() || !list.CanIterateElements() {
		return nil
	}
	n := list.LengthInt()
	b.elements -= n
	if b.elements >= 0 {
		b.Steps -= n * steps
	}
	return b.Left()
}

// Keep takes a value that an expression made.
func (b *Budget) Keep(value cty.Value) error {
	s, err := b.Measure(value)
	if err != nil {
		return err
	}
	b.made -= s.Elements
	b.text -= s.Text
	return b.Left()
}

// A Size is how large a value is.
type Size struct {
	Elements int    // at all depths
	holders  int    // values that hold others, at all depths
	Text     int    // bytes
	pairs    int    // of elements of a tuple, at all depths
	number   string // a number that is too large, shortened
}

// steps is the cost of going through a value of a size. The libraries do so
// several times for each operation.
func (s Size) steps() int { return 1 + 20*s.Elements + s.Text/32 }

// Weigh measures a value. It stops counting at the limit, because lists that
// name each other can hold more elements than the machine has memory without
// needing any themselves.
func Weigh(value cty.Value, limit int) Size {
	var s Size
	s.Add(value, limit)
	return s
}

// Add adds the size of a value, up to about a limit of elements.
func (s *Size) Add(value cty.Value, limit int) {
	value, _ = value.Unmark()
	if !value.IsKnown() || value.IsNull() {
		s.addType(value.Type(), limit)
		return
	}
	switch t := value.Type(); {
	case t == cty.String:
		text := value.AsString()
		s.Text += len(text)
		if long(text) {
			s.number = text[:20] + "..."
		}
	case t == cty.Number:
		if number := value.AsBigFloat(); huge(number) {
			s.number = number.Text('g', 5)
		}
	case t.IsCollectionType(), t.IsTupleType(), t.IsObjectType():
		s.holders++
		if t.IsTupleType() {
			s.pairs += t.Length() * t.Length()
		}
		if t.IsCollectionType() && value.LengthInt() == 0 {
			s.addType(t, limit)
		}
		for it := value.ElementIterator(); s.Elements <= limit && it.Next(); {
			_, element := it.Element()
			s.Elements++
			s.Add(element, limit)
		}
	}
}

// addType adds what a type holds. It is gone through with every value of the type,
// even if that is null.
func (s *Size) addType(t cty.Type, limit int) {
	switch {
	case s.Elements > limit:
	case t.IsCollectionType():
		s.Elements++
		s.addType(t.ElementType(), limit)
	case t.IsTupleType():
		for _, element := range t.TupleElementTypes() {
			s.Elements++
			s.addType(element, limit)
		}
	case t.IsObjectType():
		for _, element := range t.AttributeTypes() {
			s.Elements++
			s.addType(element, limit)
		}
	}
}

// Fill takes the cost of giving a value the defaults of a type, which may hold as
// much as the type for each value that holds others.
func (b *Budget) Fill(value cty.Value, t cty.Type) error {
	var s Size
	s.addType(t, MaxValueElements)
	b.Steps -= 5 * (1 + Weigh(value, MaxValueElements).holders) * s.Elements
	return b.Left()
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

// Bound wraps every operand of a body's expressions that can multiply work.
func (b *Budget) Bound(body *hclsyntax.Body) { _ = hclsyntax.VisitAll(body, b.wrap) }

// BoundExpression is bound for one expression.
func (b *Budget) BoundExpression(expr hclsyntax.Expression) { _ = hclsyntax.VisitAll(expr, b.wrap) }

// wrap wraps the operands of one node of the syntax tree.
func (b *Budget) wrap(node hclsyntax.Node) hcl.Diagnostics {
	switch e := node.(type) {
	case *hclsyntax.ForExpr:
		e.CollExpr = b.looped(e.CollExpr, written(e))
		e.ValExpr = b.counted(e.ValExpr, b.Keep)
	case *hclsyntax.SplatExpr:
		e.Source = b.looped(e.Source, written(e))
	case *hclsyntax.TemplateExpr:
		for i, part := range e.Parts {
			e.Parts[i] = b.counted(part, b.Keep)
		}
	case *hclsyntax.TemplateJoinExpr:
		e.Tuple = b.counted(e.Tuple, b.Keep)
	case *hclsyntax.BinaryOpExpr:
		e.LHS, e.RHS = b.counted(e.LHS, b.look), b.counted(e.RHS, b.look)
	case *hclsyntax.FunctionCallExpr:
		if last := len(e.Args) - 1; e.ExpandFinal {
			e.Args[last] = b.counted(e.Args[last], b.spread)
		}
	case *hclsyntax.ConditionalExpr:
		e.TrueResult, e.FalseResult = b.counted(e.TrueResult, b.Unify), b.counted(e.FalseResult, b.Unify)
	case *hclsyntax.Block:
		// Each block that a dynamic block makes has a copy of every attribute.
		if list := e.Body.Attributes["for_each"]; e.Type == "dynamic" && list != nil {
			list.Expr = b.looped(list.Expr, 30*items(e.Body)+written(e)/4)
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

// A countedExpr is an operand whose values are counted. To HCL it is the operand
// in parentheses, inside which it finds names and other operands.
type countedExpr struct {
	*hclsyntax.ParenthesesExpr
	budget *Budget
	count  func(cty.Value) error
}

// counted wraps an operand, unless it is written out in the source.
func (b *Budget) counted(e hclsyntax.Expression, count func(cty.Value) error) hclsyntax.Expression {
	if _, literal := e.(*hclsyntax.LiteralValueExpr); literal {
		return e
	}
	return countedExpr{&hclsyntax.ParenthesesExpr{Expression: e, SrcRange: e.Range()}, b, count}
}

// looped wraps the list that an expression goes through in some steps for each
// element.
func (b *Budget) looped(e hclsyntax.Expression, steps int) hclsyntax.Expression {
	return b.counted(e, func(list cty.Value) error { return b.Loop(list, steps) })
}

// Value evaluates the operand. What is reported when that costs too much is
// never shown; see overspent.
func (e countedExpr) Value(context *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if e.budget.Spent != nil {
		return cty.DynamicVal, e.refuse(e.budget.Spent)
	}
	e.budget.Progress.Reach(e.Range())
	value, diags := e.Expression.Value(context)
	if diags.HasErrors() {
		return value, diags
	}
	if err := e.count(value); err != nil {
		return cty.DynamicVal, e.refuse(err)
	}
	return value, diags
}

func (e countedExpr) refuse(why error) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Evaluation too large", Detail: why.Error(), Subject: e.Range().Ptr(), Expression: e}}
}

// UnwrapExpression lets HCL see the operand as it was written.
func (e countedExpr) UnwrapExpression() hcl.Expression { return e.Expression }

// Unwrapped is an expression as it was written, without parentheses and what
// counts its values.
func Unwrapped(expr hcl.Expression) hcl.Expression {
	for {
		switch e := expr.(type) {
		case countedExpr:
			expr = e.Expression
		case *hclsyntax.ParenthesesExpr:
			expr = e.Expression
		default:
			return expr
		}
	}
}
