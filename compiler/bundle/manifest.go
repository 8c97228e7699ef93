package bundle

// FormatVersion is the version of the manifest that this program writes. Older
// readers ignore the keys that a higher minor number adds, and refuse a manifest
// with a higher major number.
const FormatVersion = "2.0"

// A Manifest says what a bundle is: private/bundle.json.
type Manifest struct {
	FormatVersion string      `json:"format_version"`
	Compiler      string      `json:"compiler"` // the version of ivrc that wrote it
	Digest        string      `json:"digest"`   // of everything in the manifest but itself and Compiler, see [Bundle.Seal]
	Project       string      `json:"project"`
	Language      string      `json:"language"`             // BCP 47, of the built-in texts
	BaseURL       string      `json:"base_url,omitempty"`   // only if a document contains its own address
	TimeZones     string      `json:"time_zones,omitempty"` // the edition of the IANA database of which hours have their offsets; only if there are hours
	Numbers       []NumberRow `json:"numbers"`
	Queues        []QueueRow  `json:"queues,omitempty"`
	Users         []UserRow   `json:"users,omitempty"`
	Fallback      string      `json:"fallback"` // path of the fallback document below public/
	Files         []FileRow   `json:"files"`    // below public/, sorted by path
}

// A NumberRow is a phone number and the document that answers it.
type NumberRow struct {
	Name        string `json:"name"`               // of the block: "main"
	PhoneNumber string `json:"phone_number"`       // E.164
	Answer      string `json:"answer"`             // path below public/ of a document or a decision
	Fallback    string `json:"fallback,omitempty"` // path below public/, if it is not that of the manifest
}

// A QueueRow is a queue at Twilio.
type QueueRow struct {
	Name         string `json:"name"`          // of the block: "sales"
	FriendlyName string `json:"friendly_name"` // at Twilio: "zillum/sales"
	MaxSize      int    `json:"max_size"`      // callers who can wait at once
}

// A UserRow is a person who can be rung.
type UserRow struct {
	Name    string `json:"name"`            // of the block: "alice"
	Label   string `json:"label,omitempty"` // the name that people use, if it is not Name
	Address string `json:"address"`         // as TwiML dials it: E.164, "client:bob" or "sip:carol@zillum.example"

	Language string `json:"language,omitempty"` // in which the user is spoken to, if it is not the project's
}

// A FileRow is one file below public/.
type FileRow struct {
	Path   string  `json:"path"`   // slash-separated, below public/
	SHA256 string  `json:"sha256"` // lower-case hexadecimal
	Size   int     `json:"size"`   // bytes
	Type   string  `json:"type"`   // content type, as served
	Origin *Origin `json:"origin,omitempty"`
}

// An Origin is the place in the source that a document comes from. Lines count from
// the first of the block, so moving a block or renaming a file does not change the
// bundle.
type Origin struct {
	Block string `json:"block"` // address of the outermost block: "menu.main"
	Line  int    `json:"line"`  // 1 is the line of the block's header
}
