package compiler

import (
	"maps"
	"slices"
	"strings"
)

// What callers hear where the configuration says nothing. Each language is one
// block of the table below, so that somebody who speaks it can read it from top
// to bottom as a caller hears it, without knowing Go.
//
// The register is that of a telephone announcer of the country: formal, short,
// without exclamation, and without a gender for the caller or the staff where
// the language allows that. Messages that can be followed by a queue, a
// voicemail or the end of the call (Busy, Unavailable, QueueFull, QueueTimeout)
// therefore neither ask to call again nor say goodbye.

// texts are what callers hear in one language where the configuration says
// nothing.
type texts struct {
	Language string // BCP 47: "en-US"
	Name     string // of the language in English, for messages of the compiler
	Voice    string // the default voice

	// Prompt is read once for each option of a menu, Repeat and Back once after
	// the options. ${key} is a digit, Star or Pound; ${menu} the option's label.
	Prompt, Repeat, Back string
	Star, Pound          string // how the keys * and # are called aloud

	Invalid string // after a key that is no option
	NoInput string // after silence
	Goodbye string // before the end of a call

	Busy        string // every user of the ring group was busy
	Unavailable string // nobody answered
	Offline     string // the number is switched off; the call ends

	Greeting string // of a voicemail, before the tone
	Recorded string // after the caller's message; the call ends

	PleaseHold   string // from time to time in a queue; short, as it interrupts the music
	QueueFull    string // more callers are waiting than may
	QueueTimeout string // the caller has waited for the longest wait

	Confirm      string // to a user who answered, before the caller is connected
	ConfirmAgain string // to a user who has not pressed 1 yet
	Accepted     string // to a user who has pressed 1
	NoCaller     string // to an agent, when nobody waits in the queue; the call ends

	Recording string // before a conversation that is recorded
	Fallback  string // when a document cannot be had; the call ends
}

// languageOf returns the texts of the language with the given BCP 47 tag. As in
// BCP 47, upper and lower case are the same; en is not en-US.
func languageOf(tag string) (*texts, bool) {
	for i := range languages {
		if strings.EqualFold(languages[i].Language, tag) {
			return &languages[i], true
		}
	}
	return nil, false
}

// stockNames lists the names of the built-in messages, which are the same in
// every language.
func stockNames() []string {
	return slices.Sorted(maps.Keys(languages[0].stock()))
}

// languageTags lists the tags that [languageOf] knows, sorted.
func languageTags() []string {
	tags := make([]string, len(languages))
	for i := range languages {
		tags[i] = languages[i].Language
	}
	return tags
}

// stock returns the built-in messages that a configuration can name, as in
// stock.please_hold.
func (t *texts) stock() map[string]string {
	return map[string]string{
		"busy":          t.Busy,
		"goodbye":       t.Goodbye,
		"greeting":      t.Greeting,
		"invalid":       t.Invalid,
		"no_input":      t.NoInput,
		"offline":       t.Offline,
		"please_hold":   t.PleaseHold,
		"queue_full":    t.QueueFull,
		"queue_timeout": t.QueueTimeout,
		"recorded":      t.Recorded,
		"recording":     t.Recording,
		"unavailable":   t.Unavailable,
	}
}

// languages is sorted by tag. The voices are standard voices of Amazon Polly,
// which Twilio offers to every account
// (https://www.twilio.com/docs/voice/twiml/say/text-speech).
//
// In German a digit before a full stop is an ordinal number: a voice may read
// "die 1." as "die Erste". The key therefore never ends a German sentence.
var languages = []texts{
	{
		Language:     "de-DE",
		Name:         "German (Germany)",
		Voice:        "Polly.Vicki",
		Prompt:       "Drücken Sie die ${key} für ${menu}.",
		Repeat:       "Drücken Sie die ${key}, um die Auswahl noch einmal zu hören.",
		Back:         "Drücken Sie die ${key}, um zum vorherigen Menü zurückzukehren.",
		Star:         "Sterntaste",
		Pound:        "Rautetaste",
		Invalid:      "Diese Auswahl ist leider nicht möglich.",
		NoInput:      "Wir haben leider keine Eingabe erhalten.",
		Goodbye:      "Vielen Dank für Ihren Anruf. Auf Wiederhören.",
		Busy:         "Zurzeit sind leider alle Leitungen besetzt.",
		Unavailable:  "Wir können Ihren Anruf zurzeit leider nicht entgegennehmen.",
		Offline:      "Diese Rufnummer ist zurzeit nicht erreichbar. Bitte rufen Sie später noch einmal an.",
		Greeting:     "Bitte hinterlassen Sie nach dem Signalton eine Nachricht.",
		Recorded:     "Vielen Dank. Ihre Nachricht wurde aufgezeichnet. Auf Wiederhören.",
		PleaseHold:   "Bitte warten Sie. Wir sind gleich für Sie da.",
		QueueFull:    "Unsere Warteschleife ist zurzeit leider voll.",
		QueueTimeout: "Bitte entschuldigen Sie die Wartezeit. Wir können Ihren Anruf zurzeit leider nicht entgegennehmen.",
		Confirm:      "Sie haben einen Anruf. Drücken Sie die 1, um ihn anzunehmen.",
		ConfirmAgain: "Drücken Sie die 1, um den Anruf anzunehmen.",
		Accepted:     "Sie werden verbunden.",
		NoCaller:     "Zurzeit wartet niemand in der Leitung. Auf Wiederhören.",
		Recording:    "Dieses Gespräch kann aufgezeichnet werden.",
		Fallback:     "Es liegt leider eine technische Störung vor. Bitte rufen Sie in einigen Minuten noch einmal an.",
	},
	{
		Language:     "en-GB",
		Name:         "English (United Kingdom)",
		Voice:        "Polly.Amy",
		Prompt:       "For ${menu}, press ${key}.",
		Repeat:       "To hear this again, press ${key}.",
		Back:         "To go back, press ${key}.",
		Star:         "star",
		Pound:        "hash",
		Invalid:      "Sorry, that is not one of the options.",
		NoInput:      "Sorry, we did not receive your choice.",
		Goodbye:      "Thank you for calling. Goodbye.",
		Busy:         "We are sorry, all our lines are engaged at the moment.",
		Unavailable:  "We are sorry, there is nobody available to take your call at the moment.",
		Offline:      "This number is not in service at the moment. Please call again later.",
		Greeting:     "Please leave your message after the tone.",
		Recorded:     "Thank you. Your message has been recorded. Goodbye.",
		PleaseHold:   "Please hold. We will be with you shortly.",
		QueueFull:    "We are sorry, too many callers are waiting at the moment.",
		QueueTimeout: "We are sorry to have kept you waiting. There is nobody available to take your call at the moment.",
		Confirm:      "You have a call. Press 1 to accept.",
		ConfirmAgain: "Press 1 to accept the call.",
		Accepted:     "Connecting the call.",
		NoCaller:     "No callers are waiting at the moment. Goodbye.",
		Recording:    "This call may be recorded.",
		Fallback:     "We are sorry, we are having technical difficulties. Please call again in a few minutes.",
	},
	{
		Language:     "en-US",
		Name:         "English (United States)",
		Voice:        "Polly.Joanna",
		Prompt:       "Press ${key} for ${menu}.",
		Repeat:       "Press ${key} to hear this again.",
		Back:         "Press ${key} to go back.",
		Star:         "star",
		Pound:        "pound",
		Invalid:      "Sorry, that is not one of the options.",
		NoInput:      "Sorry, we did not receive a selection.",
		Goodbye:      "Thank you for calling. Goodbye.",
		Busy:         "We are sorry, all our lines are busy at the moment.",
		Unavailable:  "We are sorry, no one is available to take your call at the moment.",
		Offline:      "This number is not in service at the moment. Please call again later.",
		Greeting:     "Please leave a message after the tone.",
		Recorded:     "Thank you. Your message has been recorded. Goodbye.",
		PleaseHold:   "Please hold. We will be with you shortly.",
		QueueFull:    "We are sorry, too many callers are waiting at the moment.",
		QueueTimeout: "We are sorry to have kept you waiting. No one is available to take your call at the moment.",
		Confirm:      "You have a call. Press 1 to accept.",
		ConfirmAgain: "Press 1 to accept the call.",
		Accepted:     "Connecting the call.",
		NoCaller:     "No callers are waiting at the moment. Goodbye.",
		Recording:    "This call may be recorded.",
		Fallback:     "We are sorry, we have a technical difficulty. Please call again in a few minutes.",
	},
	{
		Language:     "es-ES",
		Name:         "Spanish (Spain)",
		Voice:        "Polly.Lucia",
		Prompt:       "Para ${menu}, pulse ${key}.",
		Repeat:       "Para volver a escuchar las opciones, pulse ${key}.",
		Back:         "Para volver al menú anterior, pulse ${key}.",
		Star:         "asterisco",
		Pound:        "almohadilla",
		Invalid:      "La opción elegida no es válida.",
		NoInput:      "No hemos recibido ninguna selección.",
		Goodbye:      "Gracias por su llamada. Adiós.",
		Busy:         "Lo sentimos, todas nuestras líneas están ocupadas en este momento.",
		Unavailable:  "Lo sentimos, en este momento no podemos atender su llamada.",
		Offline:      "Este número no está en servicio en este momento. Por favor, llame más tarde.",
		Greeting:     "Por favor, deje su mensaje después de la señal.",
		Recorded:     "Gracias. Su mensaje ha quedado grabado. Adiós.",
		PleaseHold:   "Por favor, espere. Le atenderemos en breve.",
		QueueFull:    "Lo sentimos, en este momento hay demasiadas llamadas en espera.",
		QueueTimeout: "Disculpe la espera. En este momento no podemos atender su llamada.",
		Confirm:      "Tiene una llamada. Pulse 1 para aceptarla.",
		ConfirmAgain: "Pulse 1 para aceptar la llamada.",
		Accepted:     "Conectando la llamada.",
		NoCaller:     "En este momento no hay llamadas en espera. Adiós.",
		Recording:    "Esta llamada puede ser grabada.",
		Fallback:     "Lo sentimos, tenemos dificultades técnicas. Por favor, vuelva a llamar dentro de unos minutos.",
	},
	{
		Language:     "es-MX",
		Name:         "Spanish (Mexico)",
		Voice:        "Polly.Mia",
		Prompt:       "Para ${menu}, marque ${key}.",
		Repeat:       "Para escuchar de nuevo las opciones, marque ${key}.",
		Back:         "Para regresar al menú anterior, marque ${key}.",
		Star:         "asterisco",
		Pound:        "numeral",
		Invalid:      "La opción que marcó no es válida.",
		NoInput:      "No recibimos su selección.",
		Goodbye:      "Gracias por llamar. Hasta luego.",
		Busy:         "Lo sentimos, por el momento todas nuestras líneas están ocupadas.",
		Unavailable:  "Lo sentimos, por el momento no podemos atender su llamada.",
		Offline:      "Por el momento, este número está fuera de servicio. Por favor, llame más tarde.",
		Greeting:     "Por favor, deje su mensaje después del tono.",
		Recorded:     "Gracias. Su mensaje ha sido grabado. Hasta luego.",
		PleaseHold:   "Por favor, permanezca en la línea.",
		QueueFull:    "Lo sentimos, por el momento hay demasiadas llamadas en espera.",
		QueueTimeout: "Disculpe la espera. Por el momento no podemos atender su llamada.",
		Confirm:      "Tiene una llamada. Marque 1 para aceptarla.",
		ConfirmAgain: "Marque 1 para aceptar la llamada.",
		Accepted:     "Enlazando la llamada.",
		NoCaller:     "Por el momento no hay llamadas en espera. Hasta luego.",
		Recording:    "Esta llamada podrá ser grabada.",
		Fallback:     "Lo sentimos, tenemos dificultades técnicas. Por favor, vuelva a llamar en unos minutos.",
	},
	{
		Language:     "fr-CA",
		Name:         "French (Canada)",
		Voice:        "Polly.Chantal",
		Prompt:       "Pour ${menu}, appuyez sur la touche ${key}.",
		Repeat:       "Pour réentendre les choix, appuyez sur la touche ${key}.",
		Back:         "Pour revenir au menu précédent, appuyez sur la touche ${key}.",
		Star:         "étoile",
		Pound:        "carré",
		Invalid:      "Ce choix n'est pas valide.",
		NoInput:      "Nous n'avons pas reçu votre choix.",
		Goodbye:      "Merci d'avoir appelé. Au revoir.",
		Busy:         "Veuillez nous excuser. Toutes nos lignes sont occupées en ce moment.",
		Unavailable:  "Veuillez nous excuser. Nous ne pouvons pas répondre à votre appel en ce moment.",
		Offline:      "Ce numéro n'est pas en service en ce moment. Veuillez rappeler plus tard.",
		Greeting:     "Veuillez laisser votre message après le timbre sonore.",
		Recorded:     "Merci. Votre message a été enregistré. Au revoir.",
		PleaseHold:   "Veuillez rester en ligne. Merci.",
		QueueFull:    "Veuillez nous excuser. Trop d'appels sont en attente en ce moment.",
		QueueTimeout: "Veuillez nous excuser pour l'attente. Nous ne pouvons pas répondre à votre appel en ce moment.",
		Confirm:      "Vous avez un appel. Appuyez sur la touche 1 pour l'accepter.",
		ConfirmAgain: "Appuyez sur la touche 1 pour accepter l'appel.",
		Accepted:     "Nous vous mettons en communication.",
		NoCaller:     "Aucun appel n'est en attente en ce moment. Au revoir.",
		Recording:    "Cet appel pourrait être enregistré.",
		Fallback:     "Nous éprouvons des difficultés techniques. Veuillez nous excuser et rappeler dans quelques minutes.",
	},
	{
		Language:     "fr-FR",
		Name:         "French (France)",
		Voice:        "Polly.Lea",
		Prompt:       "Pour ${menu}, tapez ${key}.",
		Repeat:       "Pour réécouter les choix, tapez ${key}.",
		Back:         "Pour revenir au menu précédent, tapez ${key}.",
		Star:         "étoile",
		Pound:        "dièse",
		Invalid:      "Votre choix n'est pas valide.",
		NoInput:      "Nous n'avons pas reçu votre choix.",
		Goodbye:      "Merci de votre appel. Au revoir.",
		Busy:         "Veuillez nous excuser. Toutes nos lignes sont actuellement occupées.",
		Unavailable:  "Veuillez nous excuser. Nous ne pouvons pas prendre votre appel pour le moment.",
		Offline:      "Ce numéro n'est pas en service actuellement. Veuillez rappeler plus tard.",
		Greeting:     "Veuillez laisser votre message après le bip sonore.",
		Recorded:     "Merci. Votre message a été enregistré. Au revoir.",
		PleaseHold:   "Veuillez patienter, nous allons vous répondre.",
		QueueFull:    "Veuillez nous excuser. Trop d'appels sont actuellement en attente.",
		QueueTimeout: "Veuillez nous excuser pour l'attente. Nous ne pouvons pas prendre votre appel pour le moment.",
		Confirm:      "Vous avez un appel. Tapez 1 pour le prendre.",
		ConfirmAgain: "Tapez 1 pour prendre l'appel.",
		Accepted:     "Mise en relation.",
		NoCaller:     "Aucun appel n'est actuellement en attente. Au revoir.",
		Recording:    "Cet appel est susceptible d'être enregistré.",
		Fallback:     "Nous rencontrons un problème technique. Veuillez nous excuser et rappeler dans quelques minutes.",
	},
	{
		Language:     "it-IT",
		Name:         "Italian (Italy)",
		Voice:        "Polly.Bianca",
		Prompt:       "Per ${menu}, prema ${key}.",
		Repeat:       "Per riascoltare le opzioni, prema ${key}.",
		Back:         "Per tornare al menu precedente, prema ${key}.",
		Star:         "asterisco",
		Pound:        "cancelletto",
		Invalid:      "La scelta non è valida.",
		NoInput:      "Non abbiamo ricevuto alcuna scelta.",
		Goodbye:      "Grazie per aver chiamato. Arrivederci.",
		Busy:         "Siamo spiacenti, al momento tutte le linee sono occupate.",
		Unavailable:  "Siamo spiacenti, al momento non possiamo rispondere alla chiamata.",
		Offline:      "Questo numero al momento non è attivo. La preghiamo di richiamare più tardi.",
		Greeting:     "La preghiamo di lasciare un messaggio dopo il segnale acustico.",
		Recorded:     "Grazie. Il messaggio è stato registrato. Arrivederci.",
		PleaseHold:   "Attenda in linea. Risponderemo al più presto.",
		QueueFull:    "Siamo spiacenti, al momento ci sono troppe chiamate in attesa.",
		QueueTimeout: "Ci scusiamo per l'attesa. Al momento non possiamo rispondere alla chiamata.",
		Confirm:      "C'è una chiamata per lei. Prema 1 per accettarla.",
		ConfirmAgain: "Prema 1 per accettare la chiamata.",
		Accepted:     "Collegamento in corso.",
		NoCaller:     "Al momento non ci sono chiamate in attesa. Arrivederci.",
		Recording:    "Questa chiamata potrebbe essere registrata.",
		Fallback:     "Siamo spiacenti, si è verificato un problema tecnico. La preghiamo di richiamare tra qualche minuto.",
	},
	{
		Language:     "ja-JP",
		Name:         "Japanese (Japan)",
		Voice:        "Polly.Mizuki",
		Prompt:       "${menu}をご希望の方は、${key}を押してください。",
		Repeat:       "もう一度お聞きになる場合は、${key}を押してください。",
		Back:         "前のメニューに戻る場合は、${key}を押してください。",
		Star:         "こめじるし",
		Pound:        "シャープ",
		Invalid:      "恐れ入りますが、お選びいただいた番号は正しくありません。",
		NoInput:      "恐れ入りますが、ご入力を確認できませんでした。",
		Goodbye:      "お電話ありがとうございました。失礼いたします。",
		Busy:         "申し訳ございません。ただいま電話が大変混み合っております。",
		Unavailable:  "申し訳ございません。ただいま電話に出ることができません。",
		Offline:      "おかけになった番号は、ただいまご利用いただけません。恐れ入りますが、後ほどおかけ直しください。",
		Greeting:     "発信音の後に、メッセージをお話しください。",
		Recorded:     "メッセージをお預かりしました。お電話ありがとうございました。失礼いたします。",
		PleaseHold:   "そのままお待ちください。",
		QueueFull:    "申し訳ございません。ただいまお待ちの方が多く、おつなぎできません。",
		QueueTimeout: "お待たせして申し訳ございません。ただいまお電話をおつなぎすることができません。",
		Confirm:      "お電話が入っています。お受けになる場合は、1を押してください。",
		ConfirmAgain: "お電話をお受けになる場合は、1を押してください。",
		Accepted:     "おつなぎします。",
		NoCaller:     "ただいまお待ちの方はいらっしゃいません。失礼いたします。",
		Recording:    "この通話は録音させていただく場合がございます。",
		Fallback:     "申し訳ございません。ただいま技術的な問題が発生しております。数分後におかけ直しください。",
	},
	{
		Language:     "nl-NL",
		Name:         "Dutch (Netherlands)",
		Voice:        "Polly.Lotte",
		Prompt:       "Voor ${menu}, toets ${key}.",
		Repeat:       "Om de keuzes nogmaals te horen, toets ${key}.",
		Back:         "Voor het vorige menu, toets ${key}.",
		Star:         "sterretje",
		Pound:        "hekje",
		Invalid:      "Deze keuze is helaas niet mogelijk.",
		NoInput:      "Wij hebben geen keuze ontvangen.",
		Goodbye:      "Hartelijk dank voor het bellen. Tot ziens.",
		Busy:         "Helaas zijn al onze lijnen op dit moment bezet.",
		Unavailable:  "Helaas kunnen wij uw oproep op dit moment niet beantwoorden.",
		Offline:      "Dit nummer is op dit moment niet bereikbaar. Wij verzoeken u later terug te bellen.",
		Greeting:     "U kunt na de toon een bericht inspreken.",
		Recorded:     "Dank u wel. Uw bericht is opgenomen. Tot ziens.",
		PleaseHold:   "Blijft u aan de lijn. U wordt zo geholpen.",
		QueueFull:    "Helaas zijn er op dit moment te veel wachtenden.",
		QueueTimeout: "Onze excuses voor het wachten. Helaas kunnen wij uw oproep op dit moment niet beantwoorden.",
		Confirm:      "U hebt een oproep. Toets 1 om deze aan te nemen.",
		ConfirmAgain: "Toets 1 om de oproep aan te nemen.",
		Accepted:     "U wordt doorverbonden.",
		NoCaller:     "Er zijn op dit moment geen wachtenden. Tot ziens.",
		Recording:    "Dit gesprek kan worden opgenomen.",
		Fallback:     "Er is helaas een technische storing. Wij verzoeken u over enkele minuten terug te bellen.",
	},
	{
		Language:     "pt-BR",
		Name:         "Portuguese (Brazil)",
		Voice:        "Polly.Camila",
		Prompt:       "Para ${menu}, digite ${key}.",
		Repeat:       "Para ouvir novamente, digite ${key}.",
		Back:         "Para voltar ao menu anterior, digite ${key}.",
		Star:         "asterisco",
		Pound:        "jogo da velha",
		Invalid:      "A opção digitada não é válida.",
		NoInput:      "Não recebemos a sua escolha.",
		Goodbye:      "Agradecemos a sua ligação. Até logo.",
		Busy:         "Pedimos desculpas. No momento, todas as nossas linhas estão ocupadas.",
		Unavailable:  "Pedimos desculpas. No momento, não é possível atender a sua ligação.",
		Offline:      "No momento, este número está fora de serviço. Por favor, ligue mais tarde.",
		Greeting:     "Por favor, deixe a sua mensagem após o sinal.",
		Recorded:     "A sua mensagem foi gravada. Agradecemos a sua ligação. Até logo.",
		PleaseHold:   "Por favor, aguarde. Atenderemos em breve.",
		QueueFull:    "Pedimos desculpas. No momento, há muitas ligações em espera.",
		QueueTimeout: "Pedimos desculpas pela espera. No momento, não é possível atender a sua ligação.",
		Confirm:      "Você tem uma ligação. Digite 1 para aceitar.",
		ConfirmAgain: "Digite 1 para aceitar a ligação.",
		Accepted:     "Conectando a ligação.",
		NoCaller:     "No momento, não há ligações em espera. Até logo.",
		Recording:    "Esta ligação poderá ser gravada.",
		Fallback:     "Pedimos desculpas. Estamos com dificuldades técnicas. Por favor, ligue novamente em alguns minutos.",
	},
	{
		Language:     "pt-PT",
		Name:         "Portuguese (Portugal)",
		Voice:        "Polly.Ines",
		Prompt:       "Para ${menu}, prima ${key}.",
		Repeat:       "Para ouvir novamente, prima ${key}.",
		Back:         "Para voltar ao menu anterior, prima ${key}.",
		Star:         "asterisco",
		Pound:        "cardinal",
		Invalid:      "A opção escolhida não é válida.",
		NoInput:      "Não recebemos a sua escolha.",
		Goodbye:      "Agradecemos o seu contacto. Até breve.",
		Busy:         "Pedimos desculpa. De momento, todas as nossas linhas estão ocupadas.",
		Unavailable:  "Pedimos desculpa. De momento, não nos é possível atender a sua chamada.",
		Offline:      "De momento, este número está fora de serviço. Por favor, volte a ligar mais tarde.",
		Greeting:     "Por favor, deixe a sua mensagem após o sinal.",
		Recorded:     "A sua mensagem foi gravada. Agradecemos o seu contacto. Até breve.",
		PleaseHold:   "Por favor, aguarde em linha.",
		QueueFull:    "Pedimos desculpa. De momento, há demasiadas chamadas em espera.",
		QueueTimeout: "Pedimos desculpa pela espera. De momento, não nos é possível atender a sua chamada.",
		Confirm:      "Tem uma chamada. Prima 1 para aceitar.",
		ConfirmAgain: "Prima 1 para aceitar a chamada.",
		Accepted:     "A estabelecer a ligação.",
		NoCaller:     "De momento, não há chamadas em espera. Até breve.",
		Recording:    "Esta chamada poderá ser gravada.",
		Fallback:     "Pedimos desculpa. Estamos com dificuldades técnicas. Por favor, volte a ligar dentro de alguns minutos.",
	},
}
