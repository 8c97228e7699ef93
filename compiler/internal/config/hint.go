package config

// Hints for those who come from Terraform, or from a programming language: what they
// write by habit, and what is written here instead. A word is looked up wherever it
// is not known, as a block, an attribute, a name or a function.

import "strings"

const (
	noModules  = "A configuration is all files of one directory that end in .ivr.hcl; there are no modules. Split it into files, and feed dynamic blocks with local values or a CSV file."
	noProvider = "No provider is declared, and there is no state: ivrc plan and ivrc apply find the account in the environment, and the hosting block says where calls are answered."
	repeats    = "To make a block for each of several values, write a dynamic block around its content; it may stand at the top level, too."
	elements   = "Inside a dynamic block the element is named after the block or its iterator: option.key, option.value."
	variables  = "A variable block declares one variable, which is read as var.name."
	noOrder    = "Blocks need no order: they are found by their names."
	paths      = "A path is relative to the directory of the configuration."
)

// hints are looked up by the word. What ends in a dot is a sentence; anything else
// is what is meant.
var hints = map[string]string{
	// Blocks and attributes of Terraform, which begin references, too.
	"module": noModules, "source": noModules, "resource": "Each kind of block stands by itself, without resource in front: menu \"main\" { … }.",
	"data": "Data comes from variables, local values, and files that file, csvdecode or jsondecode read.", "provider": noProvider, "terraform": noProvider,
	"backend": noProvider, "required_providers": noProvider, "output": "There are no outputs; the manifest of the bundle and ivrc build -json say what was built.",
	"vars": variables, "variables": variables, "import": "A number that Twilio has already is taken over with adopt = true.",
	"moved": "Blocks may be renamed at any time: no state remembers them.", "removed": "Remove the block; ivrc apply then lets go what it stood for.",
	"check": "What must happen in a call stands in a call test, a file that ends in .ivrtest.hcl.", "assert": "What must happen in a call stands in a call test, a file that ends in .ivrtest.hcl.",
	"lifecycle": noOrder, "depends_on": noOrder, "provisioner": "Nothing runs when something is deployed.",
	"count": repeats, "for_each": repeats, "each": elements, "self": "A block cannot read itself; give the value a name in a locals block.",
	"path": paths, "abspath": paths, "locals": "local", "include": noModules, "template": noModules,

	// Values of other languages.
	"True": "true", "TRUE": "true", "yes": "true", "Yes": "true", "on": "true", "False": "false", "FALSE": "false", "no": "false", "No": "false", "off": "false",
	"None": "null", "nil": "null", "NULL": "null", "Null": "null", "undefined": "null", "none": "null",
	"and": "Write &&, || and ! for and, or and not.", "or": "Write &&, || and ! for and, or and not.", "not": "Write &&, || and ! for and, or and not.",

	// Functions.
	"uppercase": "upper", "toupper": "upper", "upcase": "upper", "ucase": "upper", "lowercase": "lower", "tolower": "lower", "downcase": "lower", "lcase": "lower",
	"capitalize": "title", "titlecase": "title", "strip": "trimspace", "len": "length", "size": "length", "strcontains": "can(regex(\"…\", text))",
	"includes": "contains", "has": "contains", "startswith": "can(regex(\"^…\", text))", "endswith": "can(regex(\"…$\", text))", "substring": "substr", "concatenate": "concat", "append": "concat",
	"str": "tostring", "string": "tostring", "int": "tonumber", "float": "tonumber", "number": "tonumber", "bool": "tobool", "list": "tolist", "map": "tomap", "set": "toset",
	"printf": "format", "sprintf": "format", "unique": "distinct", "uniq": "distinct", "sum": "Write the numbers with + between them.", "one": "element(list, 0)", "first": "element(list, 0)",
	"ifelse": "condition ? a : b", "if": "condition ? a : b", "iif": "condition ? a : b", "default": "coalesce", "ternary": "condition ? a : b",
	"matchkeys": "[for x in list : x if …]", "filter": "[for x in list : x if …]", "transpose": "{ for k, v in map : v => k... }",
	"templatefile": "file", "filebase64": "file", "fileset": "Name each file; a list of files can stand in a CSV file.", "read": "file", "include_file": "file",
	"timestamp": "No function knows the time: the same input gives the same bundle.", "now": "No function knows the time: the same input gives the same bundle.",
	"uuid": "No function gives chance: the same input gives the same bundle.", "random": "No function gives chance: the same input gives the same bundle.",
	"env": "Declare a variable; IVRC_VAR_name in the environment sets it.", "getenv": "Declare a variable; IVRC_VAR_name in the environment sets it.", "get_env": "Declare a variable; IVRC_VAR_name in the environment sets it.",
	"sensitive": "Declare the variable with sensitive = true.", "nonsensitive": "Declare the variable with sensitive = true, or without.",
}

// hint returns what is said of a word that is not known here, "" if nothing is.
func hint(word string) string {
	meant := hints[word]
	switch {
	case meant == "":
		return ""
	case meant[len(meant)-1] == '.' && len(meant) > len("…."):
		return " " + meant
	case !strings.ContainsAny(meant, `" `):
		return ` Did you mean "` + meant + `"?`
	}
	return " Did you mean " + meant + "?"
}
