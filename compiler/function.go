package compiler

// The functions of the language: those of cty's standard library under the
// names that Terraform users know, and the few that read files beside the
// configuration.

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
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
	"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc,
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

// multiplying are the functions whose result can be as large as the product of
// their arguments.
var multiplying = map[string]bool{
	"replace": true, "regex_replace": true, "join": true, "formatlist": true, "setproduct": true,
	"indent": true, "chunklist": true, "format": true,
}

// functions returns the function table of a configuration. Every function's
// result is taken from the budget.
func functions(files fileReader, b *budget) map[string]function.Function {
	table := make(map[string]function.Function, len(library)+3)
	for name, f := range library {
		table[name] = b.limited(name, f)
	}
	table["file"] = files.fileFunction()
	table["fileexists"] = files.existsFunction()
	table[countFunction] = b.counter()
	return table
}

// limited bounds a function by the budget.
func (b *budget) limited(name string, f function.Function) function.Function {
	if name == "try" || name == "can" {
		return f // their arguments are closures, whose evaluation is counted
	}
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      f.Params(),
		VarParam:    f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if err := b.afford(name, args); err != nil {
				return cty.NilType, err
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result, err := f.Call(args)
			if err == nil {
				err = b.spend(result)
			}
			return result, err
		},
	})
}

// afford refuses arguments whose result could be too large to make at all.
func (b *budget) afford(name string, args []cty.Value) error {
	product := 1
	for _, arg := range args {
		if number, ok := huge(arg); ok {
			return fmt.Errorf("the number %s is too large", number)
		}
		elements, text := weigh(arg, maxValueElements)
		if elements > maxValueElements {
			return fmt.Errorf("a list has too many elements")
		}
		if multiplying[name] {
			product *= max(1, elements+text)
		}
		if product > maxTextBytes {
			return fmt.Errorf("the result would be too large")
		}
	}
	if (name == "format" || name == "formatlist") && len(args) > 0 && wideFormat(args[0]) {
		return fmt.Errorf("a width in the format has more than three digits, or is given by a star")
	}
	if name == "pow" && len(args) == 2 && args[1].IsKnown() && !args[1].IsNull() {
		if exponent, _ := args[1].AsBigFloat().Float64(); exponent > 400 || exponent < -400 {
			return fmt.Errorf("the exponent is too large")
		}
	}
	if name == "indent" && len(args) > 0 && args[0].IsKnown() && !args[0].IsNull() {
		if width, _ := args[0].AsBigFloat().Float64(); width > 200 {
			return fmt.Errorf("the indent is too wide")
		}
	}
	return nil
}

// wideFormat reports a format string that asks for very wide output.
func wideFormat(value cty.Value) bool {
	if value.Type() != cty.String || !value.IsKnown() || value.IsNull() {
		return false
	}
	value, _ = value.Unmark()
	for _, verb := range strings.Split(value.AsString(), "%")[1:] {
		digits := 0
		for _, c := range verb {
			if c == '*' {
				return true
			}
			if c < '0' || c > '9' {
				if strings.ContainsRune("+-# .[]", c) {
					digits = 0
					continue
				}
				break
			}
			if digits++; digits > 3 {
				return true
			}
		}
	}
	return false
}

// A fileReader reads the files that a configuration may name: regular files in
// its own directory and below.
type fileReader struct {
	files fs.FS
}

// read reads a file by its slash-separated path.
func (f fileReader) read(name string, limit int) ([]byte, error) {
	clean := path.Clean(name)
	switch {
	case strings.ContainsAny(name, "\\\x00") || strings.Contains(name, ":"):
		return nil, fmt.Errorf("the path holds a character that is not allowed; write it with slashes")
	case path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../"):
		return nil, fmt.Errorf("it lies outside the directory of the configuration")
	case !fs.ValidPath(clean):
		return nil, fmt.Errorf("the path is not valid")
	}
	for dir := path.Dir(clean); dir != "."; dir = path.Dir(dir) {
		if info, err := fs.Lstat(f.files, dir); err == nil && !info.IsDir() {
			return nil, errNotRegular
		}
	}
	data, err := readRegular(f.files, clean, limit)
	if err != nil {
		return nil, fmt.Errorf("%s", cause(err))
	}
	return data, nil
}

func (f fileReader) fileFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			data, err := f.read(args[0].AsString(), maxFileBytes)
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "the file cannot be read: %s", err)
			}
			if !utf8.Valid(data) {
				return cty.NilVal, function.NewArgErrorf(0, "the file is not UTF-8 text")
			}
			return cty.StringVal(string(data)), nil
		},
	})
}

func (f fileReader) existsFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			_, err := f.read(args[0].AsString(), maxFileBytes)
			return cty.BoolVal(err == nil), nil
		},
	})
}

// asText converts a value to a string, if it can be one.
func asText(value cty.Value) (string, bool) {
	text, err := convert.Convert(value, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return "", false
	}
	text, _ = text.Unmark()
	return text.AsString(), true
}
