package pipelines

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

// An evaluation reads one expression of GitHub Actions, as far as the workflow
// needs them: texts, names, ==, !=, && and ||.
// https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
type evaluation struct {
	tokens []string
	ctx    map[string]any
}

var token = regexp.MustCompile(`'[^']*'|&&|\|\||==|!=|[A-Za-z_][\w.-]*|\S`)

// evaluate evaluates an expression; without one, a job runs.
func evaluate(text string, ctx map[string]any) (any, error) {
	if strings.TrimSpace(text) == "" {
		return true, nil
	}
	e := &evaluation{token.FindAllString(text, -1), ctx}
	value, err := e.either()
	if err == nil && len(e.tokens) > 0 {
		err = fmt.Errorf("%q is not understood", e.tokens[0])
	}
	return value, err
}

// next takes a token if it is the one that is wanted.
func (e *evaluation) next(want string) bool {
	if len(e.tokens) == 0 || e.tokens[0] != want {
		return false
	}
	e.tokens = e.tokens[1:]
	return true
}

func (e *evaluation) either() (any, error) {
	left, err := e.both()
	for err == nil && e.next("||") {
		var right any
		if right, err = e.both(); !truthy(left) {
			left = right
		}
	}
	return left, err
}

func (e *evaluation) both() (any, error) {
	left, err := e.compared()
	for err == nil && e.next("&&") {
		var right any
		if right, err = e.compared(); truthy(left) {
			left = right
		}
	}
	return left, err
}

func (e *evaluation) compared() (any, error) {
	left, err := e.value()
	if err != nil {
		return nil, err
	}
	equal := e.next("==")
	if !equal && !e.next("!=") {
		return left, nil
	}
	right, err := e.value()
	return strings.EqualFold(words(left), words(right)) == equal, err
}

func (e *evaluation) value() (any, error) {
	if len(e.tokens) == 0 {
		return nil, fmt.Errorf("something is missing at the end")
	}
	text := e.tokens[0]
	e.tokens = e.tokens[1:]
	switch {
	case text[0] == '\'':
		return strings.Trim(text, "'"), nil
	case text == "true" || text == "false":
		return text == "true", nil
	}
	path := strings.Split(text, ".")
	if _, known := e.ctx[path[0]]; !known {
		return nil, fmt.Errorf("%q is not understood", text)
	}
	return at(e.ctx, path...), nil
}

// truthy is what GitHub takes for true.
func truthy(value any) bool { return value != nil && value != false && value != "" }

func TestEvaluate(t *testing.T) {
	ctx := map[string]any{"github": map[string]any{"event_name": "push", "ref": "refs/heads/main"}, "inputs": map[string]any(nil)}
	for expression, want := range map[string]any{
		"":                            true,
		"github.event_name":           "push",
		"github.event_name == 'PUSH'": true,
		"github.event_name != 'push'": false,
		"github.event_name == 'x' || github.event_name == 'push' && github.ref == 'refs/heads/x'": false,
		"inputs.allow || false": false,
		"inputs.dir || '.'":     ".",
		"github.event.number":   nil,
	} {
		if got, err := evaluate(expression, ctx); err != nil || got != want {
			t.Errorf("%s is %v, %v; want %v", expression, got, err, want)
		}
	}
	for _, wrong := range []string{"githib.ref", "github.ref ==", "github.ref github.ref"} {
		if got, err := evaluate(wrong, ctx); err == nil {
			t.Errorf("%s is %v, want an error", wrong, got)
		}
	}
}

// jq plays gojq: a filter, and a file or standard input.
func jq(args []string) error {
	if len(args) == 0 || len(args) > 2 || strings.HasPrefix(args[0], "-") {
		return fmt.Errorf("gojq %v: this stand-in takes a filter and a file", args)
	}
	name := "/dev/stdin"
	if len(args) == 2 {
		name = args[1]
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return filter(args[0], data)
}

// filter writes what a filter of jq makes of a JSON document. Filters see the
// environment, as they do in gh.
func filter(text string, data []byte) error {
	query, err := gojq.Parse(text)
	if err != nil {
		return err
	}
	code, err := gojq.Compile(query, gojq.WithEnvironLoader(os.Environ))
	if err != nil {
		return err
	}
	var input any
	if err := json.Unmarshal(data, &input); err != nil {
		return err
	}
	for results := code.Run(input); ; {
		result, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := result.(error); failed {
			return err
		}
		text, err := gojq.Marshal(result)
		if err != nil {
			return err
		}
		fmt.Println(string(text))
	}
}
