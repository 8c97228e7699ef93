package config

import (
	"reflect"

	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Reference is the value of an expression like menu.main. Two references to
// the same block are equal.
type Reference struct {
	Kind, Name string
}

// Address is how the reference is written: "menu.main".
func (r Reference) Address() string {
	if r.Name == "" {
		return r.Kind
	}
	return r.Kind + "." + r.Name
}

// ends are the destinations that end a call and are no blocks.
var ends = []string{bundle.Hangup, bundle.Reject}

// KindStock is the kind of references to built-in messages, such as
// stock.goodbye. All other kinds are those of blocks.
const KindStock = "stock"

// referenceType is the type of references among values.
var referenceType = cty.Capsule("reference", reflect.TypeFor[Reference]())

// AsReference returns the reference that a value holds.
func AsReference(value cty.Value) (Reference, bool) {
	if value.Type() != referenceType || value.IsNull() || !value.IsKnown() {
		return Reference{}, false
	}
	value, _ = value.Unmark()
	return *value.EncapsulatedValue().(*Reference), true
}

// Describe names a value for a message.
func Describe(value cty.Value) string {
	if ref, ok := AsReference(value); ok {
		return ref.Address()
	}
	switch t := value.Type(); {
	case value.IsNull():
		return "null"
	case t == cty.String:
		return "a string"
	case t == cty.Number:
		return "a number"
	case t == cty.Bool:
		return "true or false"
	case t.IsTupleType(), t.IsListType(), t.IsSetType():
		return "a list"
	}
	return "an object"
}
