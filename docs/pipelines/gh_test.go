package pipelines

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readComments reads the comments of the pull request.
func readComments(file string) ([]comment, error) {
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []comment
	return all, json.Unmarshal(data, &all)
}

func writeComments(file string, all []comment) error {
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// robot is who writes comments with the token of a workflow.
const robot = "github-actions[bot]"

// gitHubCLI plays "gh api" for the comments of one pull request.
// https://cli.github.com/manual/gh_api
func gitHubCLI(args []string) error {
	if os.Getenv("GH_TOKEN") == "" {
		return fmt.Errorf("gh: set GH_TOKEN")
	}
	if len(args) == 0 || args[0] != "api" {
		return fmt.Errorf("gh %v: this stand-in only knows api", args)
	}
	request, err := parseAPI(args[1:])
	if err != nil {
		return err
	}
	all, err := readComments(os.Getenv("COMMENTS"))
	if err != nil {
		return err
	}
	list := "repos/" + repository + "/issues/" + number + "/comments"
	switch method, path := request.method, request.path; {
	case method == "GET" && strings.HasPrefix(path, list+"?per_page="):
		return request.list(all, strings.TrimPrefix(path, list+"?per_page="))
	case utf8.RuneCountInString(request.body) > 65536:
		return fmt.Errorf("gh: Validation Failed (HTTP 422): body is too long (maximum is 65536 characters)")
	case method == "POST" && path == list:
		c := comment{ID: len(all) + 1, Body: request.body}
		c.User.Login = robot
		return writeComments(os.Getenv("COMMENTS"), append(all, c))
	case method == "PATCH":
		id, err := strconv.Atoi(strings.TrimPrefix(path, "repos/"+repository+"/issues/comments/"))
		i := slices.IndexFunc(all, func(c comment) bool { return c.ID == id })
		if err != nil || i < 0 {
			return fmt.Errorf("gh: Not Found (HTTP 404): %s", path)
		}
		all[i].Body = request.body
		return writeComments(os.Getenv("COMMENTS"), all)
	}
	return fmt.Errorf("gh: Not Found (HTTP 404): %s %s", request.method, request.path)
}

// An apiRequest is what the arguments of "gh api" ask for.
type apiRequest struct {
	method, path, filter, body string
	everyPage                  bool
}

func parseAPI(args []string) (apiRequest, error) {
	r := apiRequest{method: "GET"}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch arg {
		case "--paginate":
			r.everyPage = true
		case "--silent":
		case "--method", "--jq", "--field":
			if len(args) == 0 {
				return r, fmt.Errorf("gh: %s needs a value", arg)
			}
			value := args[0]
			args = args[1:]
			switch arg {
			case "--method":
				r.method = value
			case "--jq":
				r.filter = value
			default:
				file, ok := strings.CutPrefix(value, "body=@")
				data, err := os.ReadFile(file)
				if !ok || err != nil {
					return r, fmt.Errorf("gh: --field %s: %v", value, err)
				}
				r.body = string(data)
			}
		default:
			if strings.HasPrefix(arg, "-") || r.path != "" {
				return r, fmt.Errorf("gh: %q is not expected", arg)
			}
			r.path = arg
		}
	}
	return r, nil
}

// list writes the comments, page by page.
func (r apiRequest) list(all []comment, perPage string) error {
	size, err := strconv.Atoi(perPage)
	if err != nil || size > 100 {
		return fmt.Errorf("gh: per_page=%s", perPage)
	}
	for page := range slices.Chunk(all, size) {
		data, err := json.Marshal(page)
		if err != nil {
			return err
		}
		if err := filter(r.filter, data); err != nil || !r.everyPage {
			return err
		}
	}
	return nil
}
