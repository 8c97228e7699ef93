package compiler

import (
	"cmp"
	"fmt"
	"slices"
)

// voicemail is the k-th time that a caller is asked for a message.
func (d *blockSpec) voicemail(k int) []string {
	end := d.at(fmt.Sprintf("record-%d", k))
	line := recordsLine(d.length("max_length"), end)
	var rest []string
	if silence := d.length("silence"); silence > 0 {
		rest = append(rest, fmt.Sprintf("Timeout %d", int(silence.Seconds())))
	}
	switch finish := d.setting("finish"); finish {
	case "":
	case "none":
		rest = append(rest, "FinishOnKey ")
	default:
		rest = append(rest, "FinishOnKey "+finish)
	}
	callback := d.setting("callback")
	if callback != "" {
		rest = append(rest, "RecordingCallback "+callback, "RecordingCallbackMethod POST")
	}
	if d.setting("transcribe") == "yes" {
		rest = append(rest, "Transcribe true")
		if callback != "" {
			rest = append(rest, "TranscribeCallback "+callback)
		}
	}
	return append(d.says("greeting"), line+with(rest), goesLine(end+".empty.xml"))
}

// promiseRecord is what follows the k-th recording.
func (d *blockSpec) promiseRecord(k int, answer string, does []string) []string {
	if answer == "empty" && k < cmp.Or(d.number("attempts"), 1) {
		return append(d.says("again"), d.voicemail(k+1)...)
	}
	on, said := "recorded", d.says("recorded")
	if answer == "empty" {
		said = d.says("nothing_recorded")
		if d.exit("empty") != nil {
			on = "empty"
		}
	}
	e := d.exit(on)
	if e.To == "hangup" && !e.Silent && len(said) == 0 {
		said = d.says("goodbye")
	}
	return slices.Concat(said, d.enter(e, does))
}
