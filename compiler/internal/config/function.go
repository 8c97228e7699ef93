package config

// The functions of the language: those of cty's standard library under the
// names that Terraform users know, and the few that read files beside the
// configuration.

import (
	"errors"
	"fmt"
	"maps"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// library are the pure functions.
var library = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc,
	"max": stdlib.MaxFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc,
	"signum": stdlib.SignumFunc, "chomp": stdlib.ChompFunc, "format": stdlib.FormatFunc,
	"formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc, "join": stdlib.JoinFunc,
	"lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc,
	"regex_replace": stdlib.RegexReplaceFunc, "replace": stdlib.ReplaceFunc, "split": stdlib.SplitFunc,
	"strlen": stdlib.StrlenFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc,
	"title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
	"trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
	"chunklist": stdlib.ChunklistFunc, "coalesce": stdlib.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc,
	"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc,
	"distinct": distinctFunction(), "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc,
	"index": stdlib.IndexFunc, "keys": stdlib.KeysFunc, "length": stdlib.LengthFunc, "lookup": stdlib.LookupFunc,
	"merge": stdlib.MergeFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc,
	"setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
	"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc,
	"sort": stdlib.SortFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
	"csvdecode": stdlib.CSVDecodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc,
	"yamldecode": yaml.YAMLDecodeFunc, "formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc,
	"try": tryfunc.TryFunc, "can": tryfunc.CanFunc,
	"tostring": stdlib.MakeToFunc(cty.String), "tonumber": stdlib.MakeToFunc(cty.Number),
	"tobool": stdlib.MakeToFunc(cty.Bool), "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
	"tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
}

// functions returns the function table of a configuration.
func functions(files source.Directory, b *source.Budget) map[string]function.Function {
	table := make(map[string]function.Function, len(library)+3)
	for name, f := range library {
		table[name] = limited(b, name, f)
	}
	table["file"] = limited(b, "file", fileFunction(files))
	table[bundle.Reject] = rejectFunction()
	table["ical"] = limited(b, "ical", icalFunction(files))
	table["fileexists"] = limited(b, "fileexists", existsFunction(files))
	return table
}

// limited bounds a function by the budget.
func limited(b *source.Budget, name string, f function.Function) function.Function {
	if name == "try" || name == "can" {
		return f // their arguments are closures, whose evaluation is counted
	}
	spec := &function.Spec{
		Description: f.Description(),
		Type:        function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (result cty.Value, err error) {
			defer withoutStack(&err)
			args, marks := unmarkedArguments(args)
			for i, arg := range args {
				parameter := f.VarParam()
				if i < len(f.Params()) {
					parameter = &f.Params()[i]
				}
				if args[i], err = convertTo(b, arg, parameter.Type); err != nil {
					return cty.NilVal, function.NewArgError(i, err)
				}
			}
			if err := chargeCall(b, name, args); err != nil {
				return cty.NilVal, err
			}
			if result, err = f.Call(args); err != nil {
				return cty.NilVal, err
			}
			return result.WithMarks(marks), b.Keep(result)
		},
	}
	for _, p := range f.Params() {
		spec.Params = append(spec.Params, AnyParameter(p))
	}
	if p := f.VarParam(); p != nil {
		rest := AnyParameter(*p)
		spec.VarParam = &rest
	}
	return function.New(spec)
}

// withoutStack replaces the error of a function that panicked, which holds the stack
// of the program, and catches a panic that the library did not.
func withoutStack(err *error) {
	caught := recover()
	if panicked := (function.PanicError{}); caught != nil || errors.As(*err, &panicked) {
		*err = errors.New("the function has no result for these arguments")
	}
}

// unmarkedArguments are arguments without marks, and the marks, which whatever is
// made of them has.
func unmarkedArguments(args []cty.Value) ([]cty.Value, cty.ValueMarks) {
	plain, all := make([]cty.Value, len(args)), cty.ValueMarks{}
	for i, arg := range args {
		var marks cty.ValueMarks
		plain[i], marks = arg.UnmarkDeep()
		maps.Copy(all, marks)
	}
	return plain, all
}

// AnyParameter is a parameter that takes whatever is given.
func AnyParameter(p function.Parameter) function.Parameter {
	p.Type = cty.DynamicPseudoType
	p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
	return p
}

// convertTo converts a value to a type. The library compares the types of all
// elements of a tuple in pairs to find one for the list that it becomes; there
// is nothing to find where they are the same.
func convertTo(b *source.Budget, value cty.Value, wanted cty.Type) (cty.Value, error) {
	list := wanted.IsListType() || wanted.IsSetType()
	if t := value.Type(); list && t.IsTupleType() && value.IsWhollyKnown() && !value.IsNull() && alike(t.TupleElementTypes()) {
		value = cty.ListVal(value.AsValueSlice())
	} else if !wanted.IsPrimitiveType() && wanted != cty.DynamicPseudoType {
		if err := b.Unify(value); err != nil {
			return cty.NilVal, err
		}
	}
	return convert.Convert(value, wanted)
}

// alike reports whether types are all the same.
func alike(types []cty.Type) bool {
	for _, t := range types {
		if !t.Equals(types[0]) {
			return false
		}
	}
	return len(types) > 0
}

// distinctFunction is the standard library's for lists of lists and objects. For
// texts, numbers and truth values, which that compares in pairs, it remembers
// what it has seen.
func distinctFunction() function.Function {
	return function.New(&function.Spec{
		Description: stdlib.DistinctFunc.Description(),
		Params:      stdlib.DistinctFunc.Params(),
		Type:        func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			if !t.ElementType().IsPrimitiveType() || !args[0].IsWhollyKnown() {
				return stdlib.Distinct(args[0])
			}
			seen := map[string]bool{}
			var list []cty.Value
			for it := args[0].ElementIterator(); it.Next(); {
				_, element := it.Element()
				text, known := AsText(element)
				if mark := fmt.Sprint(known, text); !seen[mark] {
					seen[mark] = true
					list = append(list, element)
				}
			}
			if len(list) == 0 {
				return cty.ListValEmpty(t.ElementType()), nil
			}
			return cty.ListVal(list), nil
		},
	})
}

// rejectFunction says what a caller hears who is not answered: reject("busy") is the
// busy tone.
func rejectFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "reason", Type: cty.String}},
		Type:   function.StaticReturnType(referenceType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			switch args[0].AsString() {
			case "rejected":
				return cty.CapsuleVal(referenceType, &Reference{Kind: bundle.Reject}), nil
			case "busy":
				return cty.CapsuleVal(referenceType, &Reference{bundle.Reject, "busy"}), nil
			}
			return cty.NilVal, function.NewArgErrorf(0, "the reason is \"busy\", with which callers hear the busy tone, or \"rejected\"")
		},
	})
}

func fileFunction(f source.Directory) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			data, err := f.Read(args[0].AsString(), source.MaxFileBytes)
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "the file cannot be read: %s", err)
			}
			if !utf8.Valid(data) {
				return cty.NilVal, function.NewArgErrorf(0, "the file is not UTF-8 text")
			}
			return cty.StringVal(string(source.Plain(data))), nil
		},
	})
}

func existsFunction(f source.Directory) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			_, err := f.Read(args[0].AsString(), source.MaxFileBytes)
			return cty.BoolVal(err == nil), nil
		},
	})
}

// AsText converts a value to a string, if it can be one.
func AsText(value cty.Value) (string, bool) {
	text, err := convert.Convert(value, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return "", false
	}
	text, _ = text.Unmark()
	return text.AsString(), true
}
