package compiler

// The grammar. These structs are what a configuration may contain, as written:
// attributes are expressions that have not been evaluated yet, and nil where
// they are absent. What they mean is in model.go.

import (
	"github.com/hashicorp/hcl/v2"
)

// config is the content of all files together.
type config struct {
	Projects   []projectConfig   `hcl:"project,block"`
	Hosting    []hostingConfig   `hcl:"hosting,block"`
	Twilio     []twilioConfig    `hcl:"twilio,block"`
	Users      []userConfig      `hcl:"user,block"`
	Messages   []messageConfig   `hcl:"message,block"`
	RingGroups []ringGroupConfig `hcl:"ring_group,block"`
	Queues     []queueConfig     `hcl:"queue,block"`
	Voicemails []voicemailConfig `hcl:"voicemail,block"`
	Menus      []menuConfig      `hcl:"menu,block"`
	Numbers    []numberConfig    `hcl:"number,block"`
}

// declarations are the blocks that are evaluated first, because everything
// else may depend on them.
type declarations struct {
	Variables []variableConfig `hcl:"variable,block"`
	Locals    []localsConfig   `hcl:"locals,block"`
	Rest      hcl.Body         `hcl:",remain"`
}

type variableConfig struct {
	Name        string             `hcl:"name,label"`
	Range       hcl.Range          `hcl:",def_range"`
	Type        *hcl.Attribute     `hcl:"type,optional"`
	Default     *hcl.Attribute     `hcl:"default,optional"`
	Description *hcl.Attribute     `hcl:"description,optional"`
	Sensitive   *hcl.Attribute     `hcl:"sensitive,optional"`
	Validations []validationConfig `hcl:"validation,block"`
}

type validationConfig struct {
	Condition    *hcl.Attribute `hcl:"condition"`
	ErrorMessage *hcl.Attribute `hcl:"error_message"`
}

type localsConfig struct {
	Values hcl.Attributes `hcl:",remain"`
}

type projectConfig struct {
	Name        string         `hcl:"name,label"`
	Range       hcl.Range      `hcl:",def_range"`
	Language    *hcl.Attribute `hcl:"language,optional"`
	Voice       *hcl.Attribute `hcl:"voice,optional"`
	Limits      *hcl.Attribute `hcl:"limits,optional"`
	Record      *hcl.Attribute `hcl:"record,optional"`
	Busy        *hcl.Attribute `hcl:"busy,optional"`
	Unavailable *hcl.Attribute `hcl:"unavailable,optional"`
	Invalid     *hcl.Attribute `hcl:"invalid,optional"`
	NoInput     *hcl.Attribute `hcl:"no_input,optional"`
	Goodbye     *hcl.Attribute `hcl:"goodbye,optional"`
	Salt        *hcl.Attribute `hcl:"salt,optional"`
}

type hostingConfig struct {
	Range   hcl.Range      `hcl:",def_range"`
	BaseURL *hcl.Attribute `hcl:"base_url,optional"`
	Store   *hcl.Attribute `hcl:"store,optional"`
	Router  *hcl.Attribute `hcl:"router,optional"`

	DecisionsURL *hcl.Attribute `hcl:"decisions_url,optional"`
}

type twilioConfig struct {
	Range      hcl.Range      `hcl:",def_range"`
	AccountSID *hcl.Attribute `hcl:"account_sid,optional"`
	Region     *hcl.Attribute `hcl:"region,optional"`
	Edge       *hcl.Attribute `hcl:"edge,optional"`
}

type userConfig struct {
	Name     string          `hcl:"name,label"`
	Range    hcl.Range       `hcl:",def_range"`
	Phone    *hcl.Attribute  `hcl:"phone,optional"`
	SIP      *hcl.Attribute  `hcl:"sip,optional"`
	Client   *hcl.Attribute  `hcl:"client,optional"`
	FullName *hcl.Attribute  `hcl:"name,optional"`
	Confirm  *hcl.Attribute  `hcl:"confirm,optional"`
	Outbound *outboundConfig `hcl:"outbound,block"`
}

type outboundConfig struct {
	Number *hcl.Attribute `hcl:"number,optional"`
	Record *hcl.Attribute `hcl:"record,optional"`
}

type messageConfig struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Text     *hcl.Attribute `hcl:"text,optional"`
	Audio    *hcl.Attribute `hcl:"audio,optional"`
	URL      *hcl.Attribute `hcl:"url,optional"`
	Voice    *hcl.Attribute `hcl:"voice,optional"`
	Language *hcl.Attribute `hcl:"language,optional"`
	Duration *hcl.Attribute `hcl:"duration,optional"`
}

type ringGroupConfig struct {
	Name          string         `hcl:"name,label"`
	Range         hcl.Range      `hcl:",def_range"`
	Users         *hcl.Attribute `hcl:"users"`
	Strategy      *hcl.Attribute `hcl:"strategy,optional"`
	Interval      *hcl.Attribute `hcl:"interval,optional"`
	Cycles        *hcl.Attribute `hcl:"cycles,optional"`
	Record        *hcl.Attribute `hcl:"record,optional"`
	CallerID      *hcl.Attribute `hcl:"caller_id,optional"`
	Busy          *hcl.Attribute `hcl:"busy,optional"`
	Unavailable   *hcl.Attribute `hcl:"unavailable,optional"`
	OnBusy        *hcl.Attribute `hcl:"on_busy,optional"`
	OnUnavailable *hcl.Attribute `hcl:"on_unavailable,optional"`
}

type queueConfig struct {
	Name         string              `hcl:"name,label"`
	Range        hcl.Range           `hcl:",def_range"`
	Agents       *hcl.Attribute      `hcl:"agents,optional"`
	MaxCallers   *hcl.Attribute      `hcl:"max_callers,optional"`
	MaxWait      *hcl.Attribute      `hcl:"max_wait,optional"`
	RetryEvery   *hcl.Attribute      `hcl:"retry_every,optional"`
	Music        *hcl.Attribute      `hcl:"music,optional"`
	Announcement *announcementConfig `hcl:"announcement,block"`
	OnFull       *hcl.Attribute      `hcl:"on_full,optional"`
	OnTimeout    *hcl.Attribute      `hcl:"on_timeout,optional"`
}

type announcementConfig struct {
	Message *hcl.Attribute `hcl:"message"`
	Every   *hcl.Attribute `hcl:"every,optional"`
}

type voicemailConfig struct {
	Name       string         `hcl:"name,label"`
	Range      hcl.Range      `hcl:",def_range"`
	Greeting   *hcl.Attribute `hcl:"greeting,optional"`
	MaxLength  *hcl.Attribute `hcl:"max_length,optional"`
	Transcribe *hcl.Attribute `hcl:"transcribe,optional"`
	Callback   *hcl.Attribute `hcl:"callback,optional"`
}

type menuConfig struct {
	Name  string    `hcl:"name,label"`
	Range hcl.Range `hcl:",def_range"`
	Body  menuBody  `hcl:",remain"`
}

// menuBody is what a menu may contain, whether it has a name or stands inside
// an option.
type menuBody struct {
	Welcome     *hcl.Attribute `hcl:"welcome,optional"`
	Prompt      *hcl.Attribute `hcl:"prompt,optional"`
	AudioPrompt *hcl.Attribute `hcl:"audio_prompt,optional"`
	Timeout     *hcl.Attribute `hcl:"timeout,optional"`
	Attempts    *hcl.Attribute `hcl:"attempts,optional"`
	Invalid     *hcl.Attribute `hcl:"invalid,optional"`
	NoInput     *hcl.Attribute `hcl:"no_input,optional"`
	OnFailure   *hcl.Attribute `hcl:"on_failure,optional"`
	Back        *hcl.Attribute `hcl:"back,optional"`
	Repeat      *hcl.Attribute `hcl:"repeat,optional"`
	Options     []optionConfig `hcl:"option,block"`
}

type optionConfig struct {
	Key   string            `hcl:"key,label"`
	Range hcl.Range         `hcl:",def_range"`
	Label *hcl.Attribute    `hcl:"label"`
	To    *hcl.Attribute    `hcl:"to,optional"`
	Menu  *inlineMenuConfig `hcl:"menu,block"`
}

type inlineMenuConfig struct {
	Range hcl.Range `hcl:",def_range"`
	Body  menuBody  `hcl:",remain"`
}

type numberConfig struct {
	Name        string         `hcl:"name,label"`
	Range       hcl.Range      `hcl:",def_range"`
	PhoneNumber *hcl.Attribute `hcl:"phone_number"`
	To          *hcl.Attribute `hcl:"to,optional"`
	Take        *hcl.Attribute `hcl:"take,optional"`
	Status      *hcl.Attribute `hcl:"status,optional"`
	Offline     *hcl.Attribute `hcl:"offline,optional"`
	Anonymous   *hcl.Attribute `hcl:"anonymous,optional"`
	Record      *hcl.Attribute `hcl:"record,optional"`
	Fallback    *hcl.Attribute `hcl:"fallback,optional"`
	Adopt       *hcl.Attribute `hcl:"adopt,optional"`
}
