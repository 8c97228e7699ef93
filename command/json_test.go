package command_test

// The contract of -json: on every command that has the option, one JSON document
// on standard output and nothing else, whatever becomes of the command. Each is
// held to a JSON Schema in docs/schema. The commands are those that the program
// has, so that a new one cannot be forgotten, and every key that a schema names
// has to be seen, so that one that is renamed is noticed.

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ivrc/ivrc/command"
)

// schemaFolder is where the schemas are, from the root of the module.
const schemaFolder = "docs/schema"

// A contract runs commands and holds what they write to the schemas.
type contract struct {
	t         *testing.T
	directory string
	schemas   map[string]*jsonschema.Schema
	documents map[string]any             // the schemas themselves, by name
	seen      map[string]map[string]bool // keys of outputs, by the name of the schema
	ran       map[string]bool            // commands
}

// newContract reads the schemas.
func newContract(t *testing.T) *contract {
	t.Helper()
	c := &contract{t: t, directory: t.TempDir(), schemas: map[string]*jsonschema.Schema{}, documents: map[string]any{}, seen: map[string]map[string]bool{}, ran: map[string]bool{}}
	files, err := filepath.Glob(schemaFolder + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the schemas are %v, %v", files, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	ids := map[string]string{}
	for _, file := range files {
		data, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(data)
		if err := errors.Join(err, data.Close()); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		ids[name], c.documents[name] = document.(map[string]any)["$id"].(string), document
		if err := compiler.AddResource(ids[name], document); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	for name, id := range ids {
		if c.schemas[name], err = compiler.Compile(id); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if want := "https://raw.githubusercontent.com/ivrc/ivrc/main/" + schemaFolder + "/" + name + ".json"; id != want {
			t.Errorf("%s has the $id %s, want %s", name, id, want)
		}
	}
	return c
}

// A jsonRun is a command, how it is to end, and the schema of what it writes.
type jsonRun struct {
	args   string // separated by spaces
	code   int
	schema string
}

// run runs a command that asks for JSON, and checks what it writes.
func (c *contract) run(r jsonRun, program command.Program) {
	c.t.Helper()
	var stdout, stderr strings.Builder
	program.Args, program.Stdin, program.Stdout, program.Stderr = strings.Fields(r.args), strings.NewReader("yes\n"), &stdout, &stderr
	program.Directory, program.Width = c.directory, 80
	program.Terminal, program.Keyboard = true, true // so that a question or a hint would come
	if code := program.Run(c.t.Context()); code != r.code {
		c.t.Errorf("ivrc %s ends with %d, want %d: %s%s", r.args, code, r.code, stdout.String(), stderr.String())
	}
	decoder := json.NewDecoder(strings.NewReader(stdout.String()))
	var document any
	if err := decoder.Decode(&document); err != nil {
		c.t.Errorf("ivrc %s writes no JSON but %q: %v", r.args, stdout.String(), err)
		return
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		c.t.Errorf("ivrc %s writes something behind its JSON: %s", r.args, stdout.String())
	}
	schema := c.schemas[r.schema]
	if schema == nil {
		c.t.Fatalf("there is no schema %q", r.schema)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(stdout.String()))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		c.t.Errorf("ivrc %s: %v\n%s", r.args, err, stdout.String())
	}
	c.ran[program.Args[0]] = true
	if c.seen[r.schema] == nil {
		c.seen[r.schema] = map[string]bool{}
	}
	eachKey(document, func(key string) { c.seen[r.schema][key] = true })
}

// eachKey calls a function with every key of a document.
func eachKey(value any, do func(key string)) {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			do(key)
			eachKey(below, do)
		}
	case []any:
		for _, below := range value {
			eachKey(below, do)
		}
	}
}

// write writes a file below the directory of the contract.
func (c *contract) write(name, text string) {
	c.t.Helper()
	file := filepath.Join(c.directory, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
		c.t.Fatal(err)
	}
}

// edit replaces a text in a file.
func (c *contract) edit(name, old, with string) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.directory, name))
	if err != nil || !strings.Contains(string(text), old) {
		c.t.Fatalf("%s does not hold %q: %v", name, old, err)
	}
	c.write(name, strings.ReplaceAll(string(text), old, with))
}

// jsonCommands are the commands that have -json.
func jsonCommands() []string {
	var names []string
	for _, cmd := range (&command.Program{}).Command().Commands() {
		if cmd.Flags().Lookup("json") != nil {
			names = append(names, cmd.Name())
		}
	}
	return names
}

// unseen are keys that are rare, by schema, and why no run of the tests has them.
var unseen = map[string]map[string]string{
	"validate":   {"numbers_left_out": "needs thousands of numbers"},
	"exhaustive": {"not_walked": "every call of the office is walked"},
	"plan": {
		"voice_application_sid": "is not written of numbers that we answer", "trunk_sid": "is not written of numbers that we answer",
	},
}

// everyKeyIsSeen reports keys of schemas that no output had: their names may have
// changed.
func (c *contract) everyKeyIsSeen() {
	c.t.Helper()
	for name, document := range c.documents {
		if c.seen[name] == nil {
			c.t.Errorf("no run is held to the schema %s", name)
		}
		eachProperty(document, func(key string, schema map[string]any) {
			if schema["additionalProperties"] != false {
				c.t.Errorf("%s lets through any key beside %s", name, key)
			}
			if reason := unseen[name][key]; c.seen[name][key] == (reason != "") {
				c.t.Errorf("%s has the key %s; seen: %v, reason not to be: %q", name, key, c.seen[name][key], reason)
			}
		})
	}
}

// eachProperty calls a function with every property of a schema, and the schema of
// the object that has it.
func eachProperty(value any, do func(key string, schema map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		if properties, ok := value["properties"].(map[string]any); ok {
			for key := range properties {
				do(key, value)
			}
		}
		for _, below := range value {
			eachProperty(below, do)
		}
	case []any:
		for _, below := range value {
			eachProperty(below, do)
		}
	}
}

// Every schema is linked from the page on the command line.
func TestJSONSchemasAreLinked(t *testing.T) {
	page, err := os.ReadFile("docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range newContract(t).documents {
		if !strings.Contains(string(page), "](schema/"+name+".json)") {
			t.Errorf("docs/cli.md does not link docs/schema/%s.json", name)
		}
	}
}
