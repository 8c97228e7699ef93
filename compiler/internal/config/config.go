package config

// The grammar. These structs are what a configuration may contain, as written:
// attributes are expressions that have not been evaluated yet, and nil where
// they are absent. What they mean is in package model.

import "github.com/hashicorp/hcl/v2"

// Config is the content of all files together.
type Config struct {
	Projects   []ProjectBlock   `hcl:"project,block"`
	Hosting    []HostingBlock   `hcl:"hosting,block"`
	Twilio     []TwilioBlock    `hcl:"twilio,block"`
	Users      []UserBlock      `hcl:"user,block"`
	Messages   []MessageBlock   `hcl:"message,block"`
	Schedules  []ScheduleBlock  `hcl:"schedule,block"`
	Hours      []HoursBlock     `hcl:"hours,block"`
	RingGroups []RingGroupBlock `hcl:"ring_group,block"`
	Queues     []QueueBlock     `hcl:"queue,block"`
	Voicemails []VoicemailBlock `hcl:"voicemail,block"`
	Menus      []MenuBlock      `hcl:"menu,block"`
	Entries    []EntryBlock     `hcl:"entry,block"`
	Callers    []CallersBlock   `hcl:"callers,block"`
	Splits     []SplitBlock     `hcl:"split,block"`
	Numbers    []NumberBlock    `hcl:"number,block"`

	Applications []ApplicationBlock `hcl:"application,block"`
}

// Declarations are the blocks that are evaluated first, because everything
// else may depend on them.
type Declarations struct {
	Variables    []VariableBlock    `hcl:"variable,block"`
	Environments []EnvironmentBlock `hcl:"environment,block"`
	Locals       []LocalsBlock      `hcl:"locals,block"`
	Rest         hcl.Body           `hcl:",remain"`
}

// An EnvironmentBlock is one of the places that the configuration is deployed to.
type EnvironmentBlock struct {
	Name       string         `hcl:"name,label"`
	Range      hcl.Range      `hcl:",def_range"`
	AccountSID *hcl.Attribute `hcl:"account_sid,optional"`
	BaseURL    *hcl.Attribute `hcl:"base_url,optional"`
	Store      *hcl.Attribute `hcl:"store,optional"`
	Variables  *hcl.Attribute `hcl:"variables,optional"`
}

// A VariableBlock declares an input variable.
type VariableBlock struct {
	Name        string            `hcl:"name,label"`
	Range       hcl.Range         `hcl:",def_range"`
	Type        *hcl.Attribute    `hcl:"type,optional"`
	Default     *hcl.Attribute    `hcl:"default,optional"`
	Description *hcl.Attribute    `hcl:"description,optional"`
	Sensitive   *hcl.Attribute    `hcl:"sensitive,optional"`
	Validations []ValidationBlock `hcl:"validation,block"`
}

// A ValidationBlock says which values of a variable are accepted.
type ValidationBlock struct {
	Condition    *hcl.Attribute `hcl:"condition"`
	ErrorMessage *hcl.Attribute `hcl:"error_message"`
}

// A LocalsBlock gives names to values.
type LocalsBlock struct {
	Values hcl.Attributes `hcl:",remain"`
}

// A ProjectBlock names the project and sets its defaults.
type ProjectBlock struct {
	Name        string         `hcl:"name,label"`
	Range       hcl.Range      `hcl:",def_range"`
	Language    *hcl.Attribute `hcl:"language,optional"`
	Voice       *hcl.Attribute `hcl:"voice,optional"`
	Texts       *hcl.Attribute `hcl:"texts,optional"`
	Limits      *hcl.Attribute `hcl:"limits,optional"`
	Record      *hcl.Attribute `hcl:"record,optional"`
	Busy        *hcl.Attribute `hcl:"busy,optional"`
	Unavailable *hcl.Attribute `hcl:"unavailable,optional"`
	Invalid     *hcl.Attribute `hcl:"invalid,optional"`
	NoInput     *hcl.Attribute `hcl:"no_input,optional"`
	Goodbye     *hcl.Attribute `hcl:"goodbye,optional"`
	Salt        *hcl.Attribute `hcl:"salt,optional"`

	Options []CommonKeyBlock `hcl:"option,block"`
}

// A CommonKeyBlock is what a key leads to in every menu.
type CommonKeyBlock struct {
	Key       string         `hcl:"key,label"`
	Range     hcl.Range      `hcl:",def_range"`
	Label     *hcl.Attribute `hcl:"label"`
	Announced *hcl.Attribute `hcl:"announced,optional"`
	Language  *hcl.Attribute `hcl:"language,optional"`
	To        *hcl.Attribute `hcl:"to"`
}

// A HostingBlock says where the bundle is served and by whom.
type HostingBlock struct {
	Range   hcl.Range      `hcl:",def_range"`
	BaseURL *hcl.Attribute `hcl:"base_url,optional"`
	Store   *hcl.Attribute `hcl:"store,optional"`
	Router  *hcl.Attribute `hcl:"router,optional"`

	DecisionsURL *hcl.Attribute `hcl:"decisions_url,optional"`
}

// A TwilioBlock names the account that the numbers belong to.
type TwilioBlock struct {
	Range      hcl.Range      `hcl:",def_range"`
	AccountSID *hcl.Attribute `hcl:"account_sid,optional"`
	Region     *hcl.Attribute `hcl:"region,optional"`
	Edge       *hcl.Attribute `hcl:"edge,optional"`
}

// A UserBlock is somebody who can be rung.
type UserBlock struct {
	Name      string         `hcl:"name,label"`
	Range     hcl.Range      `hcl:",def_range"`
	Phone     *hcl.Attribute `hcl:"phone,optional"`
	SIP       *hcl.Attribute `hcl:"sip,optional"`
	Client    *hcl.Attribute `hcl:"client,optional"`
	FullName  *hcl.Attribute `hcl:"name,optional"`
	Confirm   *hcl.Attribute `hcl:"confirm,optional"`
	Language  *hcl.Attribute `hcl:"language,optional"`
	Extension *hcl.Attribute `hcl:"extension,optional"`
	Outbound  *OutboundBlock `hcl:"outbound,block"`
}

// An OutboundBlock lets a user place calls.
type OutboundBlock struct {
	Number *hcl.Attribute `hcl:"number,optional"`
	Record *hcl.Attribute `hcl:"record,optional"`
}

// A MessageBlock is something that callers hear.
type MessageBlock struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Text     *hcl.Attribute `hcl:"text,optional"`
	Audio    *hcl.Attribute `hcl:"audio,optional"`
	URL      *hcl.Attribute `hcl:"url,optional"`
	Voice    *hcl.Attribute `hcl:"voice,optional"`
	Language *hcl.Attribute `hcl:"language,optional"`
	Duration *hcl.Attribute `hcl:"duration,optional"`
	Parts    *hcl.Attribute `hcl:"parts,optional"`
	Then     *hcl.Attribute `hcl:"then,optional"`
}

// A ScheduleBlock says when somebody is there.
type ScheduleBlock struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	TimeZone *hcl.Attribute `hcl:"time_zone,optional"`
	Week     *hcl.Attribute `hcl:"week,optional"`
	Holidays *hcl.Attribute `hcl:"holidays,optional"`
	Dates    []DateBlock    `hcl:"date,block"`
}

// A DateBlock is a day that is not like its weekday.
type DateBlock struct {
	Date  string         `hcl:"date,label"`
	Range hcl.Range      `hcl:",def_range"`
	Hours *hcl.Attribute `hcl:"hours,optional"`
	Name  *hcl.Attribute `hcl:"name,optional"`
}

// An HoursBlock leads callers by the time.
type HoursBlock struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Schedule *hcl.Attribute `hcl:"schedule,optional"`
	Open     *hcl.Attribute `hcl:"open,optional"`
	Closed   *hcl.Attribute `hcl:"closed,optional"`
	When     []WhenBlock    `hcl:"when,block"`
	On       []OnBlock      `hcl:"on,block"`
}

// A WhenBlock is where callers are led while one of several schedules is open.
type WhenBlock struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Schedule *hcl.Attribute `hcl:"schedule,optional"`
	Language *hcl.Attribute `hcl:"language,optional"`
	To       *hcl.Attribute `hcl:"to,optional"`
}

// An OnBlock is where callers are led on a day with a name.
type OnBlock struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Language *hcl.Attribute `hcl:"language,optional"`
	To       *hcl.Attribute `hcl:"to,optional"`
}

// A RingGroupBlock is a group of users who are rung.
type RingGroupBlock struct {
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
	Whisper       *hcl.Attribute `hcl:"whisper,optional"`
	TimeLimit     *hcl.Attribute `hcl:"time_limit,optional"`
	OnCompleted   *hcl.Attribute `hcl:"on_completed,optional"`
}

// A QueueBlock is where callers wait for agents.
type QueueBlock struct {
	Name         string             `hcl:"name,label"`
	Range        hcl.Range          `hcl:",def_range"`
	Agents       *hcl.Attribute     `hcl:"agents,optional"`
	MaxCallers   *hcl.Attribute     `hcl:"max_callers,optional"`
	MaxWait      *hcl.Attribute     `hcl:"max_wait,optional"`
	RetryEvery   *hcl.Attribute     `hcl:"retry_every,optional"`
	Music        *hcl.Attribute     `hcl:"music,optional"`
	Announcement *AnnouncementBlock `hcl:"announcement,block"`
	Full         *hcl.Attribute     `hcl:"full,optional"`
	TimedOut     *hcl.Attribute     `hcl:"timed_out,optional"`
	Options      []QueueKeyBlock    `hcl:"option,block"`
	OnFull       *hcl.Attribute     `hcl:"on_full,optional"`
	OnTimeout    *hcl.Attribute     `hcl:"on_timeout,optional"`
}

// A QueueKeyBlock is a key with which a waiting caller leaves the queue.
type QueueKeyBlock struct {
	Key      string         `hcl:"key,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Label    *hcl.Attribute `hcl:"label"`
	Language *hcl.Attribute `hcl:"language,optional"`
	To       *hcl.Attribute `hcl:"to"`
}

// An AnnouncementBlock is what waiting callers hear from time to time.
type AnnouncementBlock struct {
	Message *hcl.Attribute `hcl:"message"`
	Every   *hcl.Attribute `hcl:"every,optional"`
}

// A VoicemailBlock records what a caller says.
type VoicemailBlock struct {
	Name       string         `hcl:"name,label"`
	Range      hcl.Range      `hcl:",def_range"`
	Greeting   *hcl.Attribute `hcl:"greeting,optional"`
	MaxLength  *hcl.Attribute `hcl:"max_length,optional"`
	Silence    *hcl.Attribute `hcl:"silence,optional"`
	Finish     *hcl.Attribute `hcl:"finish,optional"`
	Attempts   *hcl.Attribute `hcl:"attempts,optional"`
	Recorded   *hcl.Attribute `hcl:"recorded,optional"`
	Then       *hcl.Attribute `hcl:"then,optional"`
	OnEmpty    *hcl.Attribute `hcl:"on_empty,optional"`
	Transcribe *hcl.Attribute `hcl:"transcribe,optional"`
	Callback   *hcl.Attribute `hcl:"callback,optional"`

	NothingRecorded *hcl.Attribute `hcl:"nothing_recorded,optional"`
}

// A MenuBlock is a menu with a name.
type MenuBlock struct {
	Name  string    `hcl:"name,label"`
	Range hcl.Range `hcl:",def_range"`
	Body  MenuBody  `hcl:",remain"`
}

// MenuBody is what a menu may contain, whether it has a name or stands inside
// an option.
type MenuBody struct {
	Welcome     *hcl.Attribute `hcl:"welcome,optional"`
	Prompt      *hcl.Attribute `hcl:"prompt,optional"`
	AudioPrompt *hcl.Attribute `hcl:"audio_prompt,optional"`
	Timeout     *hcl.Attribute `hcl:"timeout,optional"`
	Attempts    *hcl.Attribute `hcl:"attempts,optional"`
	Invalid     *hcl.Attribute `hcl:"invalid,optional"`
	NoInput     *hcl.Attribute `hcl:"no_input,optional"`
	OnSilence   *hcl.Attribute `hcl:"on_silence,optional"`
	OnInvalid   *hcl.Attribute `hcl:"on_invalid,optional"`
	OnFailure   *hcl.Attribute `hcl:"on_failure,optional"`
	Back        *hcl.Attribute `hcl:"back,optional"`
	Repeat      *hcl.Attribute `hcl:"repeat,optional"`
	Extensions  *hcl.Attribute `hcl:"extensions,optional"`

	ExtensionTimeout *hcl.Attribute `hcl:"extension_timeout,optional"`

	Options []OptionBlock `hcl:"option,block"`
}

// An OptionBlock is what a key of a menu leads to.
type OptionBlock struct {
	Key       string           `hcl:"key,label"`
	Range     hcl.Range        `hcl:",def_range"`
	Label     *hcl.Attribute   `hcl:"label,optional"`
	None      *hcl.Attribute   `hcl:"none,optional"`
	Announced *hcl.Attribute   `hcl:"announced,optional"`
	Language  *hcl.Attribute   `hcl:"language,optional"`
	To        *hcl.Attribute   `hcl:"to,optional"`
	Menu      *InlineMenuBlock `hcl:"menu,block"`
}

// An InlineMenuBlock is a menu inside an option.
type InlineMenuBlock struct {
	Range hcl.Range `hcl:",def_range"`
	Body  MenuBody  `hcl:",remain"`
}

// An EntryBlock asks callers for digits.
type EntryBlock struct {
	Name      string          `hcl:"name,label"`
	Range     hcl.Range       `hcl:",def_range"`
	Prompt    *hcl.Attribute  `hcl:"prompt"`
	Finish    *hcl.Attribute  `hcl:"finish,optional"`
	Timeout   *hcl.Attribute  `hcl:"timeout,optional"`
	Attempts  *hcl.Attribute  `hcl:"attempts,optional"`
	Invalid   *hcl.Attribute  `hcl:"invalid,optional"`
	NoInput   *hcl.Attribute  `hcl:"no_input,optional"`
	OnSilence *hcl.Attribute  `hcl:"on_silence,optional"`
	OnInvalid *hcl.Attribute  `hcl:"on_invalid,optional"`
	OnFailure *hcl.Attribute  `hcl:"on_failure,optional"`
	To        *hcl.Attribute  `hcl:"to,optional"`
	Digits    *hcl.Attribute  `hcl:"digits,optional"`
	Secret    *hcl.Attribute  `hcl:"secret,optional"`
	Codes     []CodeBlock     `hcl:"code,block"`
	Options   []EntryKeyBlock `hcl:"option,block"`
}

// A CodeBlock is what the right digits of an entry lead to.
type CodeBlock struct {
	Digits string         `hcl:"digits,label"`
	Range  hcl.Range      `hcl:",def_range"`
	Label  *hcl.Attribute `hcl:"label,optional"`
	To     *hcl.Attribute `hcl:"to"`
}

// An EntryKeyBlock is what a key leads to that callers may press instead of digits.
type EntryKeyBlock struct {
	Key      string         `hcl:"key,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Label    *hcl.Attribute `hcl:"label"`
	Language *hcl.Attribute `hcl:"language,optional"`
	To       *hcl.Attribute `hcl:"to"`
}

// An ApplicationBlock is a program of the team's own that calls are handed to.
type ApplicationBlock struct {
	Name      string         `hcl:"name,label"`
	Range     hcl.Range      `hcl:",def_range"`
	URL       *hcl.Attribute `hcl:"url"`
	OnFailure *hcl.Attribute `hcl:"on_failure"`
	Results   []ResultBlock  `hcl:"result,block"`
}

// A ResultBlock is where a call goes on after an answer of an application.
type ResultBlock struct {
	Name     string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Language *hcl.Attribute `hcl:"language,optional"`
	To       *hcl.Attribute `hcl:"to"`
}

// A NumberBlock is a number that callers dial.
type NumberBlock struct {
	Name        string         `hcl:"name,label"`
	Range       hcl.Range      `hcl:",def_range"`
	PhoneNumber *hcl.Attribute `hcl:"phone_number"`
	Language    *hcl.Attribute `hcl:"language,optional"`
	To          *hcl.Attribute `hcl:"to,optional"`
	Take        *hcl.Attribute `hcl:"take,optional"`
	Status      *hcl.Attribute `hcl:"status,optional"`
	Offline     *hcl.Attribute `hcl:"offline,optional"`
	Anonymous   *hcl.Attribute `hcl:"anonymous,optional"`
	Record      *hcl.Attribute `hcl:"record,optional"`
	Fallback    *hcl.Attribute `hcl:"fallback,optional"`
	Adopt       *hcl.Attribute `hcl:"adopt,optional"`
}

// A CallersBlock leads callers on by who is calling.
type CallersBlock struct {
	Name      string         `hcl:"name,label"`
	Range     hcl.Range      `hcl:",def_range"`
	Withheld  *hcl.Attribute `hcl:"withheld,optional"`
	From      []FromBlock    `hcl:"from,block"`
	Otherwise *hcl.Attribute `hcl:"otherwise"`
}

// A FromBlock is where some callers are led.
type FromBlock struct {
	Label    string         `hcl:"name,label"`
	Range    hcl.Range      `hcl:",def_range"`
	Prefixes *hcl.Attribute `hcl:"prefixes,optional"`
	Numbers  *hcl.Attribute `hcl:"numbers,optional"`
	Language *hcl.Attribute `hcl:"language,optional"`
	To       *hcl.Attribute `hcl:"to"`
}

// A SplitBlock shares calls out.
type SplitBlock struct {
	Name   string       `hcl:"name,label"`
	Range  hcl.Range    `hcl:",def_range"`
	Shares []ShareBlock `hcl:"share,block"`
}

// A ShareBlock is where some of the calls are led.
type ShareBlock struct {
	Label string         `hcl:"name,label"`
	Range hcl.Range      `hcl:",def_range"`
	Parts *hcl.Attribute `hcl:"parts"`
	To    *hcl.Attribute `hcl:"to"`
}
