package diagnostic

// The table of everything that the compiler reports. Codes are stable: a code
// is never used for anything else, and a rule that goes keeps its row's number
// free.
//
//	1xx reading and syntax   2xx values and names   3xx limits
//	4xx meaning              5xx what callers would suffer   6xx warnings
//	7xx call tests

import "slices"

// rules is sorted by code, the findings among them.
var rules = withFindings([]Rule{
	{"IVR101", "Invalid syntax", false, "The file is not HCL, so nothing in it can be read. The message names what was expected and where."},
	{"IVR105", "Character that cannot be spoken", false, "Control characters, invisible direction marks and damaged text would break the document that Twilio reads, and the call with it. Remove the character; it is often pasted from a word processor."},
	{"IVR106", "No configuration", false, "The directory holds no configuration file."},
	{"IVR107", "Unknown attribute or block", false, "A misspelt attribute would silently have no effect, and callers would not get what the file says. Compare with the language reference."},
	{"IVR108", "Missing attribute", false, "The block cannot work without it."},
	{"IVR109", "Name used twice", false, "Two blocks of one kind with the same name cannot be told apart, and callers would reach only one of them."},
	{"IVR110", "Invalid name", false, "Names become part of addresses: letters, digits, - and _, at most 64, beginning with a letter."},
	{"IVR111", "Attribute or block given twice", false, "Two values for one thing contradict each other; only one could be what callers get."},
	{"IVR112", "Unreadable file", false, "Only regular files in the configuration's directory are read; links, devices and missing files are not."},
	{"IVR113", "No project", false, "The project's name marks the queues at Twilio as its own, so that deploying never touches another project's."},
	{"IVR115", "Too many mistakes", false, "After a hundred mistakes the others are only counted. Often all have one cause."},

	{"IVR201", "Expression that cannot be evaluated", false, "The value is not known, so neither is what callers would meet."},
	{"IVR202", "Unknown name", false, "A call cannot be led to a block that does not exist."},
	{"IVR203", "Wrong kind of value", false, "The attribute expects something else: a destination, a message, a string, a number, a duration."},
	{"IVR204", "Variable without a value", false, "A variable without a default needs a value from -var, a file of values, or the environment."},
	{"IVR205", "Value that a variable refuses", false, "The value does not fit the variable's type, or one of its validations fails."},
	{"IVR206", "Local values in a cycle", false, "A local value that depends on itself has no value."},
	{"IVR208", "Value for an unknown variable", false, "The value would have no effect; most often the name is misspelt."},
	{"IVR209", "Invalid duration", false, "Durations are strings with a unit, in whole seconds: \"20s\", \"10m\", \"1m30s\"."},
	{"IVR210", "Iterator that hides blocks", false, "A dynamic block without an iterator names its element like the blocks that it makes, which could then not be referred to inside it."},

	{"IVR301", "Invalid key", false, "Callers press the keys 1 to 9; with limits = \"twilio\" also 0, * and #."},
	{"IVR302", "Too many options", false, "Callers do not remember more options than a keypad has number keys."},
	{"IVR303", "Menu too deep", false, "Callers lose their way in deeper menus."},
	{"IVR304", "Recorded prompt in a menu with submenus", false, "A recording goes on saying what the keys did before the menu was changed."},
	{"IVR305", "Too many cycles", false, "Ringing the same people again and again keeps the caller from a voicemail or a queue."},
	{"IVR306", "Too many users rung at once", false, "Twilio rings at most ten at once."},
	{"IVR307", "Queue size out of range", false, "Twilio holds at most 5,000 callers in a queue; few teams can serve more than 25."},
	{"IVR308", "Longest wait out of range", false, "Callers who wait longer hang up, or are cut off when the call reaches Twilio's limit."},
	{"IVR309", "Announcement interval out of range", false, "A waiting caller who hears no voice for long thinks that nobody is coming."},
	{"IVR310", "Ring interval out of range", false, "Twilio takes timeouts from 5 to 600 seconds."},
	{"IVR311", "Text too long to be spoken", false, "Twilio refuses longer texts with error 13521, and the caller would hear nothing."},
	{"IVR312", "Document too large", false, "Twilio refuses documents of more than 64 kB with error 11750, and the call would fail."},
	{"IVR313", "Queue name too long", false, "Twilio refuses queue names of more than 63 characters (errors 14205 and 14213)."},
	{"IVR314", "File too large", false, "A file of more than 1 MiB is data, not a call flow."},
	{"IVR315", "Configuration too large", false, "All files together hold at most 16 MiB."},
	{"IVR316", "Expression too deep or too long", false, "Deeply nested input can exhaust the machine that compiles it."},
	{"IVR317", "Evaluation too large", false, "A few lines can describe more values than any machine can hold. All loops together go through at most 10,000 elements."},
	{"IVR318", "Number of attempts out of range", false, "Callers give up after a few attempts; lead them to people instead."},
	{"IVR319", "Menu timeout out of range", false, "Too short, and callers cannot think; too long, and they believe the line is dead."},
	{"IVR320", "Length of a voicemail out of range", false, "Twilio records 2 seconds to 4 hours."},
	{"IVR321", "Retry interval out of range", false, "Agents whose telephones never stop ringing cannot work; callers for whom nobody is rung again wait in vain."},
	{"IVR322", "Ring group that rings too long", false, "Callers hear nothing but ringing, and hang up before the last users are tried."},
	{"IVR323", "Too many documents", false, "Each attempt at a menu and each ring of a queue is a set of documents. A bundle holds at most 600,000 of them."},
	{"IVR324", "Compilation stopped", false, "A few lines can take more time or memory than any machine has. Whatever is not counted beforehand is stopped, long after every call flow that we know is compiled, so that nothing else on the machine suffers."},

	{"IVR401", "Key used twice", false, "A caller who presses the key could reach only one of the two."},
	{"IVR402", "Menu without options", false, "Callers of such a menu could go nowhere."},
	{"IVR403", "Option without a single destination", false, "An option leads to exactly one place: to, or a menu block."},
	{"IVR404", "User without a single address", false, "A user is rung in exactly one way: phone, sip or client."},
	{"IVR405", "Impossible phone number", false, "No call could ever reach this number."},
	{"IVR406", "Invalid SIP address", false, "No call could ever reach this address."},
	{"IVR407", "Invalid Voice SDK identity", false, "No call could ever reach this identity."},
	{"IVR408", "Message without a single content", false, "A message is exactly one of text, audio and url."},
	{"IVR409", "Invalid URL", false, "Twilio could not request this address, and the call would fail."},
	{"IVR410", "Audio file cannot be read", false, "Callers would hear nothing. Files are read from the directory of the configuration only."},
	{"IVR411", "Audio file that Twilio cannot play", false, "Callers would hear nothing (error 13420). Twilio plays WAV and MP3."},
	{"IVR412", "Audio of unknown length", false, "The length of a wait is computed from the lengths of what is played in it."},
	{"IVR413", "Unknown language or voice", false, "Twilio would refuse to speak, and callers would hear nothing (errors 13511 and 13512)."},
	{"IVR414", "Prompt without key or option", false, "Callers would not hear which key to press, or what for."},
	{"IVR415", "Ring group without users", false, "Every caller would be told at once that nobody is available."},
	{"IVR416", "User listed twice", false, "The same telephone would be rung twice."},
	{"IVR417", "Queue that nobody serves", false, "Callers would wait, and nobody could ever take their call."},
	{"IVR418", "Number without a single purpose", false, "A number either answers callers (to) or takes them from a queue (take)."},
	{"IVR419", "Phone number used twice", false, "A call can be answered in one way only."},
	{"IVR420", "Base URL needed", false, "Twilio fetches audio by absolute addresses."},
	{"IVR421", "Unknown choice", false, "The attribute takes one of a few values."},
	{"IVR422", "Empty text", false, "The caller would hear nothing."},
	{"IVR423", "Back key without a single meaning", false, "Callers who go back expect the menu that they came from."},
	{"IVR424", "Audio that does not fit into the wait", false, "Announcements would come late, or callers wait in silence."},
	{"IVR425", "Address of the router needed", false, "Twilio asks the router where a call goes on; a router at an address of its own must be named in the documents, and must know theirs."},
	{"IVR426", "Something that the router cannot do", false, "Callers would be led wrongly, or not at all. Each host's page says what it cannot do."},
	{"IVR427", "User who is one of the configuration's own numbers", false, "The call flow would ring itself: callers are connected to a machine, and each call can place the next without end."},
	{"IVR430", "Queue whose wait is shorter than a ring", false, "max_wait is a maximum: no caller waits longer. If it takes as long to ring the agents once, the wait would be over before it began."},
	{"IVR440", "Voice that does not speak the language", false, "Twilio may say nothing at all (error 13512): callers would wait in silence for a menu that nobody reads to them."},
	{"IVR441", "Text that a call's language lacks", false, "There is nothing to say to these callers, or only something in a language that they have not chosen."},
	{"IVR442", "Built-in texts that cannot be used", false, "A call in a language needs every text that the configuration does not give; one that is missing would leave callers in silence."},
	{"IVR470", "List that does not fit into an address", false, "A host compares callers with the list in the address of a document. Longer addresses are refused on the way, and the call would fail."},
	{"IVR471", "Answered call that is to be rejected", false, "Twilio hangs up then: the caller would believe that the line broke down, and call again."},
	{"IVR472", "List of callers that says nothing, or two things", false, "Callers who are listed in two places could be led to one of them only."},

	{"IVR460", "Hours that cannot be read", false, "Nobody could tell when callers are to be led to whom."},
	{"IVR461", "Hours that overlap", false, "One of the two was meant to be something else, and callers would meet somebody, or nobody, at the wrong time."},
	{"IVR462", "Impossible date", false, "A day that never comes would never be kept."},
	{"IVR463", "Unknown time zone", false, "Opening hours are those of a place, and the same moment is another time elsewhere. Time zones have the names of the IANA database."},
	{"IVR464", "Unknown or doubled day of the week", false, "On that day, callers would find everything closed, or hours that were meant for another day."},
	{"IVR465", "Branch that is never taken", false, "No caller could ever come there, at any time of any day."},
	{"IVR466", "Day given twice", false, "A day can have only one of two hours, and nothing says which callers would meet."},
	{"IVR467", "Hours without a single meaning", false, "The parts of the block contradict each other, so that nobody can say where callers are to be led."},
	{"IVR468", "Hours that do not fit into an address", false, "The host reads the hours from the address that it is asked at, and an address has an end."},
	{"IVR469", "Host without a clock", false, "The host cannot tell the time when it answers, so callers would be told that a document is missing."},
	{"IVR474", "Shares that are not sixteen sixteenths", false, "Some calls would have no way on, or two."},
	{"IVR475", "Share out of range", false, "Calls are shared out in sixteenths; a share of none is no share, and one of all is no split."},
	{"IVR480", "Invalid extension", false, "Callers who dial an extension press its digits one after the other, and a key alone is an option."},
	{"IVR481", "Time between two digits out of range", false, "Too short, and callers who dial slowly reach somebody else; too long, and everybody who presses a single key waits."},
	{"IVR482", "Too many extensions or codes", false, "Extensions and codes stand in an address, which hosts and Twilio refuse if it is very long."},
	{"IVR484", "Number of digits out of range", false, "Nobody enters more digits without a mistake."},
	{"IVR485", "Entry without a code that callers can enter", false, "Callers would be asked for digits, and whatever they press is wrong."},
	{"IVR486", "Application that calls cannot come back from", false, "A call that is handed over goes on with one of the results, which hosts compare with those in an address."},
	{"IVR494", "Silence that ends a message out of range", false, "Too short, and callers who pause to think are cut off; too long, and those who have said everything wait."},

	{"IVR501", "Caller who never reaches an end", false, "A caller who stays silent, or finds everybody busy, would be led in circles until Twilio ends the call after four hours."},
	{"IVR502", "Call cut off without a word", false, "The caller would believe that the line broke down, and call again."},
	{"IVR503", "Call longer than Twilio's limit", false, "Twilio ends every call after four hours. The caller would be cut off in the middle of the music, or of a message."},

	{"IVR601", "Block that no call can reach", true, "Nobody will ever hear it; often a reference was forgotten."},
	{"IVR605", "Phone number that is not assigned", true, "The number can exist, but its range is not in use as far as is known. It may be new, or a typing error."},
	{"IVR606", "Agents' line that anybody can call", true, "Whoever calls the number is connected to waiting callers. Use a number that is published nowhere."},
	{"IVR607", "Store that the router does not read", true, "Numbers are moved when the store has the new documents. If the router reads them elsewhere, callers would meet documents that are not there."},
	{"IVR608", "Ignore comment without effect", true, "Warnings are ignored one by one and with a reason, so that the next reader knows why."},
	{"IVR609", "Confirmation through a redirect", true, "Twilio lists the verbs that the question to a user may be made of, and Redirect, with which a router elsewhere answers, is not among them. If Twilio refuses it, the user is connected without having accepted, or not at all."},
	{"IVR610", "Transcription in another language", true, "Twilio transcribes American English only."},
	{"IVR611", "Too many warnings", true, "After a hundred warnings the others are only counted."},
	{"IVR621", "Unknown voice", true, "Since July 2024 an unknown voice in a menu fails the call, which goes to the fallback (error 13321); elsewhere Twilio reports error 13511. The list is that of Twilio's library, and a voice can be newer than the list."},
	{"IVR622", "Language without a voice", true, "Languages with built-in texts have a voice of their own. In any other, the settings of the account decide who speaks, if anybody can."},
	{"IVR623", "Markup or placeholder in a text", true, "Texts are spoken as they are written: markup is not obeyed, and nothing fills in a placeholder, so callers hear brackets and names of variables."},
	{"IVR625", "Setting that cannot do what it says", true, "Whoever reads the file believes that callers get what it says, and they get something else."},
	{"IVR626", "Queue that is served in two ways", true, "Callers for whom agents are rung lose their place in the queue, and an agents' line takes whoever is first in it. The one who has waited longest can be passed over again and again."},
	{"IVR630", "No number", true, "Without a number block nobody can call. This is how the last number is let go: apply gives it back to whoever answered it before."},
	{"IVR640", "Text in another language than the call's", true, "Callers who have chosen a language may not understand any other, and this is what they hear."},
	{"IVR673", "Numbers of people in an address", true, "Addresses are written into logs, by the host, by Twilio and on the way. Numbers of people are personal data."},

	{"IVR701", "No call test", false, "There is nothing to run, and a pipeline that runs nothing would be green."},
	{"IVR702", "Call test that cannot fail", false, "A test says what has to happen in a call. One that says only what the caller does is green whatever callers meet."},
	{"IVR703", "Not a step", false, "The lists of a call test hold steps, and callees holds what callees do. Anything else would have no effect, and the test would say less than it seems to."},
	{"IVR704", "Wrong argument of a step", false, "The step could never happen as it is written, or would mean something else."},
	{"IVR705", "Step after the end of the call", false, "When the call is over, nothing more can happen in it."},
	{"IVR706", "Action where an expectation is needed", false, "What must not happen, or must happen in time, is something that callers experience, not something that they do."},
	{"IVR707", "Caller who shows and withholds a number", false, "A caller can do only one of the two, and is treated accordingly."},
	{"IVR708", "Nothing to repeat a call test for", false, "A test that is made for each element of an empty list is never run."},
	{"IVR709", "Times that contradict each other", false, "No call can satisfy both."},
	{"IVR710", "Number of waiting callers out of range", false, "Twilio holds at most 5,000 callers in a queue."},
	{"IVR711", "Variables of a call test that cannot be tested", false, "Whoever sets the variables like that gets a configuration that does not compile, and callers would keep the old one."},
	{"IVR712", "Call test without a time", false, "The call comes to opening hours, so the test would pass by day and fail by night."},
})

// RuleOf returns the rule with a code.
func RuleOf(code string) Rule {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Code == code })
	return rules[i]
}

// Rules returns the table of everything that the compiler can report, by code.
func Rules() []Rule { return slices.Clone(rules) }
