package twiml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Documents that Twilio's XML reader refuses, and what is said about them.
var refused = []struct {
	name, doc string
	code      int
	line      int
	message   string // a part of it
}{
	{"empty", "", 11770, 1, "empty"},
	{"blank", " \n", 12100, 1, "no element"},
	{"only a comment", "<!-- -->", 12100, 1, "no element"},
	{"too large", "<Response>" + strings.Repeat(" ", 64*1024-20) + "</Response>", 11750, 1, "65537 bytes"},
	{"blank before the declaration", " <?xml version=\"1.0\"?><Response/>", 12100, 1, "white space"},
	{"line break before the declaration", "\n<?xml version=\"1.0\"?><Response/>", 12100, 1, "white space"},
	{"byte-order mark before the declaration", "\ufeff<?xml version=\"1.0\"?><Response/>", 12100, 1, "byte-order mark"},
	{"byte-order mark", "\ufeff<Response/>", 12100, 1, "byte-order mark"},
	{"comment before the declaration", "<!-- -->\n<?xml version=\"1.0\"?><Response/>", 12100, 2, "nothing may precede it"},
	{"declaration without an end", "<?xml version=\"1.0\"><Response/>", 12100, 1, "declaration is malformed"},
	{"declaration without a version", "<?xml encoding=\"UTF-8\"?><Response/>", 12100, 1, "declaration is malformed"},
	{"empty declaration", "<?xml?><Response/>", 12100, 1, "declaration is malformed"},
	{"nothing but the beginning of one", "<?xml", 12100, 1, "declaration is malformed"},
	{"declaration in the wrong order", "<?xml version=\"1.0\" standalone=\"no\" encoding=\"UTF-8\"?><Response/>", 12100, 1, "declaration is malformed"},
	{"declaration with something else", "<?xml version=\"1.0\" charset=\"UTF-8\"?><Response/>", 12100, 1, "declaration is malformed"},
	{"declaration with an end of a tag", "<?xml version=\"1.0\">encoding=\"UTF-8\"?><Response/>", 12100, 1, "declaration is malformed"},
	{"instruction without a space", "<Response/>\n<?pi;?>", 12100, 2, "instruction <?pi"},
	{"declaration without spaces", "<?xml version=\"1.0\"encoding=\"UTF-8\"?><Response/>", 12100, 1, "declaration is malformed"},
	{"standalone that is neither yes nor no", "<?xml version=\"1.0\" standalone=\"1\"?><Response/>", 12100, 1, "declaration is malformed"},
	{"version of XML", "<?xml version=\"1.1\"?><Response/>", 12101, 1, "\"1.1\""},
	{"another encoding", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Response/>", 12100, 1, "does not document"},
	{"Latin-1 with an accent", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Response><Say>Ol\xe1</Say></Response>", 12100, 1, "does not document"},
	{"not UTF-8", "<Response>\n<Say>Ol\xe1</Say></Response>", 12100, 2, "byte 18"},
	{"control character", "<Response><Say>\x07</Say></Response>", 12100, 1, "byte 15"},
	{"control character in a comment", "<Response><!-- \x07 --></Response>", 12100, 1, "byte 15"},
	{"not a character", "<Response>\uffff</Response>", 12100, 1, "byte 10"},
	{"reference to a control character", "<Response><Say>&#7;</Say></Response>", 12100, 1, "well-formed"},
	{"reference to half a pair", "<Response><Say>&#xD83D;</Say></Response>", 12100, 1, "not a character"},
	{"reference to half a pair in an attribute", "<Response><Say voice=\"&#55357;\">a</Say></Response>", 12100, 1, "not a character"},
	{"unescaped &", "<Response>\n<Say>Sales & support</Say></Response>", 12100, 2, "&amp;"},
	{"entity of HTML", "<Response><Say>&nbsp;</Say></Response>", 12100, 1, "&amp;"},
	{"unescaped <", "<Response><Say>1 < 2</Say></Response>", 12100, 1, "well-formed"},
	{"unescaped < in an attribute", "<Response><Gather hints=\"<\"/></Response>", 12100, 1, "well-formed"},
	{"]]> in text", "<Response><Say>]]></Say></Response>", 12100, 1, "well-formed"},
	{"-- in a comment", "<Response><!-- -- --></Response>", 12100, 1, "well-formed"},
	{"document type", "<!DOCTYPE Response><Response/>", 12100, 1, "document type"},
	{"entity of its own", "<!DOCTYPE Response [<!ENTITY a \"b\">]><Response>&a;</Response>", 12100, 1, "document type"},
	{"second root", "<Response/>\n<Response/>", 12100, 2, "second root"},
	{"text before the root", "x<Response/>", 12100, 1, "outside the root"},
	{"text after the root", "<Response/>\nx", 12100, 1, "outside the root"},
	{"reference after the root", "<Response/>&#32;", 12100, 1, "outside the root"},
	{"CDATA after the root", "<Response/><![CDATA[]]>", 12100, 1, "outside the root"},
	{"element without an end", "<Response>\n<Say>Hello</Response>", 12100, 2, "</Response> ends <Say> of line 2"},
	{"end in another case", "<Response><Say>Hello</say></Response>", 12100, 1, "also in case"},
	{"end without an element", "<Response/></Response>", 12100, 1, "was never started"},
	{"document that stops", "<Response>\n<Gather>", 12100, 2, "<Gather> is not ended"},
	{"document that stops in a tag", "<Response><Gather", 12100, 1, "well-formed"},
	{"attribute without quotes", "<Response><Pause length=1/></Response>", 12100, 1, "well-formed"},
	{"attribute without a value", "<Response><Pause length/></Response>", 12100, 1, "well-formed"},
	{"attribute twice", "<Response>\n<Say loop=\"1\" loop=\"2\">a</Say></Response>", 12100, 2, "loop twice"},
	{"attributes without a space", "<Response>\n<Say voice='man'loop='2'>a</Say></Response>", 12100, 2, "no space"},
	{"root that is not Response", "<?xml version=\"1.0\"?>\n<Say>a</Say>", 12102, 2, "<Say>"},
	{"root in another case", "<response/>", 12102, 1, "<response>"},
	{"root with a prefix", "<a:Response xmlns:a=\"urn:a\"/>", 12102, 1, "<a:Response>"},
	{"HTML", "<html><body>Not found</body></html>", 12102, 1, "<html>"},
	{"version of Response", "<Response version=\"3\"/>", 12101, 1, "version of <Response>"},
	// What is not well-formed hides what is only wrong.
	{"well-formedness comes first", "<Response><Bla/><Say>&</Say></Response>", 12100, 1, "&amp;"},
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			r, faults := Decode([]byte(tt.doc))
			if len(r.Verbs) > 0 {
				t.Errorf("got %d verbs of a document that is refused", len(r.Verbs))
			}
			if len(faults) != 1 {
				t.Fatalf("got %v, want one fault", faults)
			}
			f := faults[0]
			if f.Code != tt.code || f.Line != tt.line || !f.Fatal || !strings.Contains(f.Message, tt.message) {
				t.Errorf("got %+v, want %d in line %d, fatal, with %q", f, tt.code, tt.line, tt.message)
			}
		})
	}
}

const hello = "<Response><Say>a</Say></Response>"

func say(text string) []Verb {
	return []Verb{&Say{Text: text}}
}

// Documents that are unusual and right.
var unusual = []struct {
	name, doc string
	want      []Verb
}{
	{"no declaration", hello, say("a")},
	{"blank without a declaration", "\n " + hello, say("a")},
	{"declaration", `<?xml version="1.0" encoding="UTF-8"?>` + hello, say("a")},
	{"declaration in single quotes and lower case", `<?xml version='1.0'  encoding = 'utf-8'	standalone='yes' ?>` + hello, say("a")},
	{"ASCII in another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?>` + hello, say("a")},
	{"comments and instructions", "<!-- a --><?pi?>" + hello + "<?pi b?>\n<!-- c -->\n", say("a")},
	{"just not too large", "<Response>" + strings.Repeat(" ", 64*1024-21) + "</Response>", nil},
	{"white space around a text", "<Response><Say>\r\n\t a b\n</Say></Response>", say("a b")},
	{"no-break space is not white space", "<Response><Say>\u00a0a</Say></Response>", say("\u00a0a")},
	{"line ends", "<Response><Say>a\r\nb\rc&#13;d</Say></Response>", say("a\nb\nc\rd")},
	{"CDATA", "<Response><Say><![CDATA[<a> & &#xD83D;]]> b</Say></Response>", say("<a> & &#xD83D; b")},
	{"a comment within a text", "<Response><Say>a<!-- b -->c</Say></Response>", say("ac")},
	{"references", "<Response><Say>&lt;&amp;&gt;&quot;&apos;&#33;&#x1F44B;</Say></Response>", say("<&>\"'!👋")},
	{"empty element with an end", "<Response><Play digits=\"1\"></Play></Response>", []Verb{&Play{Digits: "1"}}},
	{"line breaks in an attribute", "<Response><Gather hints=\"a,\r\n\tb&#10;c\"\n method='GET'/></Response>", []Verb{&Gather{Hints: "a,  b\nc", Method: "GET"}}},
	{"> in an attribute", "<Response><Gather hints='a > \"b\" / c'/></Response>", []Verb{&Gather{Hints: "a > \"b\" / c"}}},
	{"attributes of XML", `<Response xmlns:xsi="urn:x" xsi:noNamespaceSchemaLocation="t.xsd" version="2010-04-01"><Say xml:space="preserve">a</Say></Response>`, say("a")},
	{"deep speech", "<Response><Say>" + strings.Repeat("<p>", 9000) + "a" + strings.Repeat("</p>", 9000) + "</Say></Response>", say("a")},
}

func TestDecodeAccepts(t *testing.T) {
	for _, tt := range unusual {
		t.Run(tt.name, func(t *testing.T) {
			r, faults := Decode([]byte(tt.doc))
			if len(faults) > 0 {
				t.Errorf("got faults %v", faults)
			}
			if diff := cmp.Diff(tt.want, r.Verbs); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
