package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// terraform evaluates the documents as one output map, which is its best form: a
// plan of one resource for each document takes several times as much.
func (b *bench) terraform(data peerData) ([]peer, error) {
	if _, err := installed("terraform"); err != nil {
		return nil, err
	}
	directory, err := b.files("terraform", map[string]string{"data.tf": data.asTerraform(), "main.tf": terraformDocuments})
	if err != nil {
		return nil, err
	}
	quiet := []string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE=/dev/null"}
	command := func(args ...string) program {
		return program{name: "terraform " + args[0], args: append([]string{"terraform"}, args...), directory: directory, env: quiet}
	}
	init := command("init", "-backend=false")
	if _, err := init.run(); err != nil {
		return nil, err
	}
	plan := command("plan", "-input=false", "-refresh=false")
	plan.name = "terraform plan, one output map"
	return []peer{
		{program: command("validate"), against: 0, target: 10},
		{program: plan, against: 1, target: 30},
	}, nil
}

// asTerraform is the data as local values.
func (d peerData) asTerraform() string {
	var t strings.Builder
	t.WriteString("locals {\n  messages = {\n")
	for i, text := range d.Messages {
		fmt.Fprintf(&t, "    t%d = { text = %q }\n", i, text)
	}
	t.WriteString("  }\n  numbers = {\n")
	for i, to := range d.Numbers {
		fmt.Fprintf(&t, "    n%d = { to = %q }\n", i, to)
	}
	t.WriteString("  }\n  menus = {\n")
	for i, m := range d.Menus {
		fmt.Fprintf(&t, "    m%d = {\n      options = [\n", i)
		for _, o := range m.Options {
			fmt.Fprintf(&t, "        { label = %q, to = %q },\n", o.Label, o.To)
		}
		t.WriteString("      ]\n    }\n")
	}
	t.WriteString("  }\n  dirs = {\n")
	for _, address := range slices.Sorted(maps.Keys(d.Dirs)) {
		fmt.Fprintf(&t, "    %q = %q\n", address, d.Dirs[address])
	}
	t.WriteString("  }\n}\n")
	return t.String()
}

// terraformDocuments makes each block's entry once and looks it up for every key.
// With the entries made in place, anew for every key, a plan takes half as long again.
const terraformDocuments = `
locals {
  head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n"
  say  = "<Say voice=\"Polly.Joanna\" language=\"en-US\">%s</Say>"
  bye  = "  ${format(local.say, "Thank you for calling. Goodbye.")}\n  <Hangup/>\n</Response>\n"

  gather  = "${local.head}  <Gather action=\"%sdigits-1~%s\" method=\"GET\" numDigits=\"1\" finishOnKey=\"\" timeout=\"5\">\n    ${local.say}\n  </Gather>\n  <Redirect method=\"GET\">%sdigits-1._.xml</Redirect>\n</Response>\n"
  message = "${local.head}  ${local.say}\n  <Hangup/>\n</Response>\n"
  wrong   = "${local.head}  ${format(local.say, "Sorry, that is not one of the options.")}\n${local.bye}"
  silent  = "${local.head}  ${format(local.say, "Sorry, we did not receive a selection.")}\n${local.bye}"

  prompts = { for name, m in local.menus : name => join(" ", [for i, o in m.options : "Press ${i + 1} for ${o.label}."]) }

  lists = { for name, m in local.menus : name => join(".", [for i, o in m.options : i + 1]) }

  # What a call begins with at each block.
  entries = merge(
    { for name, m in local.menus : "menu.${name}" => format(local.gather, "../${local.dirs["menu.${name}"]}/", local.lists[name], local.prompts[name], "../${local.dirs["menu.${name}"]}/") },
    { for name, t in local.messages : "message.${name}" => format(local.message, t.text) },
  )

  documents = merge(flatten([
    [for name, m in local.menus : [
      {
        "${local.dirs["menu.${name}"]}/menu-1.xml"         = format(local.gather, "", local.lists[name], local.prompts[name], "")
        "${local.dirs["menu.${name}"]}/digits-1.other.xml" = local.wrong
        "${local.dirs["menu.${name}"]}/digits-1._.xml"     = local.silent
      },
      { for i, o in m.options : "${local.dirs["menu.${name}"]}/digits-1.${i + 1}.xml" => local.entries[o.to] },
    ]],
    { for name, t in local.messages : "${local.dirs["message.${name}"]}/message-1.xml" => local.entries["message.${name}"] },
    { for name, n in local.numbers : "${local.dirs["number.${name}"]}/answer.xml" => local.entries[n.to] },
  ])...)
}

output "documents" {
  value = local.documents
}
`
