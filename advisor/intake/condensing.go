package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Summaries and forms: what is made of a document.

// shortForms are what a summary is called in the trades.
var shortForms = set("headnote teaser roundup rollup takeaway gist briefing recap synopsis wrap-up wrapup highlight")

// shortens reads summaries that are called otherwise: "minutes of council meetings", "a 60-word brief", "turn 40 pages into half a page",
// "one paragraph per case file".
func (p *parser) shortens(i int) {
	switch w := p.raw(i); {
	case w == "minutes" && p.minutesOf(i):
		p.vote(advisor.Summarization, toldDuty+1, i, i)
	case shortForms[stem(w)], w == "synthesis" && !strings.HasPrefix(p.raw(i+1), "route"), w == "wrap" && p.isSign(i+1, "-") && (p.raw(i+2) == "up" || p.raw(i+2) == "ups"), w == "one" && p.isSign(i+1, "-") && strings.HasPrefix(p.raw(i+2), "pager"), strings.HasPrefix(w, "compress") && p.inSentence(i, 8, func(k int) bool { return p.raw(k) == "into" || p.raw(k) == "to" }) > 0, w == "happened" && p.ahead(i, func(k int) bool { return meetings[stem(p.raw(k))] }), w == "show" && p.raw(i+1) == "notes", w == "handover" && strings.HasPrefix(p.raw(i+1), "note"), w == "executive" && p.raw(i+1) == "brief", w == "key" && p.raw(i+1) == "points":
		if w != "highlights" || !p.clauseEnd(i+1) {
			p.vote(advisor.Summarization, toldDuty, i, i+1)
		}
	case w == "brief" && (p.article(i-1) || p.has(i-1, "wordunit", "pageunit")), w == "abstract" || w == "abstracts" || w == "overview" || w == "overviews", w == "short" && (p.raw(i+1) == "version" || p.raw(i+1) == "resume"), w == "bullet" && strings.HasPrefix(p.raw(i+1), "point"):
		if p.raw(i+1) == "of" || p.raw(i+1) == "for" || p.raw(i+1) == "from" || p.raw(i+2) == "from" || p.raw(i+2) == "of" || p.has(i-1, "wordunit", "pageunit") {
			p.vote(advisor.Summarization, likelyDuty+1, i, i+1)
		}
	case clinical[p.raw(i-1)] && (w == "note" || w == "notes") && !p.numberBefore(i) && p.spoken():
		p.vote(advisor.Summarization, toldDuty-1, i-1, i)
	case (w == "memo" || w == "note" || w == "brief" || w == "overview" || w == "sheet" || w == "digest" || w == "report") && p.isWord(i-1) && p.raw(i-1) == "page" && (p.numberBefore(i-1) || p.article(i-2) || p.raw(i-3) == "half" || numberWords[p.raw(i-3)] > 0):
		p.vote(advisor.Summarization, toldDuty-1, i-1, i)
	case (w == "note" || w == "notes") && p.raw(i+1) == "is" && p.inSentence(max(0, i-12), 12, func(k int) bool { return k < i && stem(p.raw(k)) == "transcript" }) >= 0:
		p.vote(advisor.Summarization, likelyDuty+1, i, i)
	case w == "page" && p.article(i-1) && p.inSentence(i+1, 5, func(k int) bool { return p.has(k, "per") }) > 0 && p.docAhead(i+2):
		p.vote(advisor.Summarization, likelyDuty+1, i, i+1)
	case (w == "paragraph" || w == "bullets" || w == "lines" || w == "sentences") && (p.has(i+1, "per", "each") || p.raw(i+1) == "for") && p.docAhead(i):
		p.vote(advisor.Summarization, likelyDuty+1, i, i+1)
	case w == "in" && p.lengthAhead(i) && !p.has(i-1, "query", "answerw") && !p.wordBetween(i-6, i, "answer", "answers", "reply", "replies", "respond") && p.docNear(max(0, i-3), i):
		p.vote(advisor.Summarization, likelyDuty, i, i+2)
	case w == "bullet" && strings.HasPrefix(p.raw(i+1), "point") && p.numberBefore(i) && (p.isSign(i-2, ">") || p.has(i-2, "doc") || p.raw(i-2) == "into" || p.raw(i-2) == "in" || p.raw(i-2) == "to"):
		p.vote(advisor.Summarization, likelyDuty+1, i, i+1)
	case (w == "cut" || w == "shortened" || w == "trimmed" || w == "reduced") && (p.raw(i+1) == "to" && p.isNum(i+2) || p.raw(i+2) == "to" && p.isNum(i+3)) && p.ahead(i+1, func(k int) bool { return p.has(k, "wordunit") }):
		p.vote(advisor.Summarization, toldDuty-1, i, i+2)
	case w == "to" && p.lengthAhead(i) && p.isWord(i-1) && p.plural(i-1) && p.has(i-1, "doc", "chats", "query"):
		p.vote(advisor.Summarization, toldDuty-1, i-1, i)
	case (w == "into" || w == "to" || w == "in") && p.lengthAhead(i) && p.turnedBefore(i):
		p.vote(advisor.Summarization, toldDuty, i, i+2)
	}
}

// clinical are the notes that are made of what was said.
var clinical = set("soap clinical visit progress session consultation encounter call meeting")

// spoken reports whether the request speaks of what people said.
func (p *parser) spoken() bool {
	for i := range p.toks {
		switch stem(p.raw(i)) {
		case "transcript", "recording", "dictation", "conversation":
			return true
		}
	}
	return false
}

// minutesOf reports whether minutes are a record rather than a time: "minutes of the meeting", "want minutes".
func (p *parser) minutesOf(i int) bool {
	switch p.raw(i - 1) {
	case "want", "wants", "write", "writes", "draft", "drafts", "produce", "board", "council", "meeting", "and", "the", "their", "our", "as", "need", "into":
		if p.isNum(i-2) || numberWords[p.raw(i-2)] > 0 {
			return false
		}
		return !(p.raw(i-1) == "the" || p.raw(i-1) == "and" || p.raw(i-1) == "into" || p.raw(i-1) == "council" || p.raw(i-1) == "board") || p.ahead(i, func(k int) bool { return meetings[stem(p.raw(k))] })
	}
	return !p.numberBefore(i) && !p.article(i-1) && p.raw(i-1) != "some" && p.raw(i-1) != "few" && p.raw(i-1) != "in" && p.raw(i-1) != "within" && (p.raw(i+1) == "of" || p.raw(i+1) == "from") && p.ahead(i, func(k int) bool { return meetings[stem(p.raw(k))] })
}

var meetings = set("meeting council board recording hearing session committee call assembly transcript")

// lengthAhead reports whether a short length follows: "two pages", "five bullets", "half a page".
func (p *parser) lengthAhead(i int) bool {
	for k := i + 1; k < i+6 && !p.clauseEnd(k); k++ {
		switch stem(p.raw(k)) {
		case "page", "paragraph", "line", "bullet", "sentence":
			return p.numberBefore(k) || p.article(k-1) || p.raw(k-2) == "half" || numberWords[p.raw(k-1)] > 0
		}
		if !p.toks[k].glue && !p.isNum(k) && numberWords[p.raw(k)] == 0 && p.raw(k) != "half" && p.raw(k) != "single" && p.raw(k) != "short" && p.raw(k) != "bullet" {
			return false
		}
	}
	return false
}

func (p *parser) turnedBefore(i int) bool {
	const reach = 9
	for k := i - 1; k > i-reach && !p.strongEnd(k); k-- {
		switch p.raw(k) {
		case "turn", "turned", "turns", "turning", "shorten", "boil", "boiled", "bring", "reduce", "compress", "compressed", "cut", "trim", "trimmed", "history":
			return true
		}
	}
	return false
}

var (
	fillVerbs  = set("scan scans scanning fill fills filling filled populate populates key keys keying enter enters entering copy copies copying transfer transfers transferring put puts putting capture captures record type")
	filledIn   = set("emr his lims form erp crm database fields table template spreadsheet record records system declaration tms sap ehr excel sheet columns registry dms pms wms")
	backVerbs  = set("gives give returns return outputs output come comes produce produces back out")
	fieldForms = set("codes fields json record records xml csv hl7 fhir")
)

// fillsIn reads "fills a defect form", "copies all in the system", "gives back the fields", "a list of risky clauses".
func (p *parser) fillsIn(i int) {
	const ahead = 12
	w := p.raw(i)
	switch {
	case (w == "mentioned" || w == "named" || w == "contained" || w == "stated") && p.raw(i+1) == "in" && p.docAhead(i) && p.wordBetween(i-8, i, "want", "need", "get", "find", "all"):
		p.vote(advisor.Extraction, likelyDuty+1, i, i+1)
	case w == "from" && p.isWord(i-1) && drawn[p.raw(i-1)] && p.docAhead(i):
		p.vote(advisor.Extraction, likelyDuty+1, i-1, i)
	case (w == "to" || w == "into" || p.isSign(i-1, ">")) && (fieldForms[p.raw(i+1)] && !strings.HasPrefix(p.raw(i+1), "record") || !p.isWord(i-1) && fieldForms[w]) && p.inSentence(max(0, i-7), 7, func(k int) bool { return k < i && p.has(k, "doc") }) >= 0:
		p.vote(advisor.Extraction, likelyDuty+1, i, i+1)
	case fillVerbs[w]:
		for k := i + 1; k < i+ahead && !p.strongEnd(k); k++ {
			if filledIn[p.raw(k)] && !p.has(k-1, "no") && (strings.HasPrefix(w, "fill") || strings.HasPrefix(w, "popul") || p.wordBetween(i, k, "in", "into", "to")) {
				p.vote(advisor.Extraction, toldDuty-1, i, k)
				return
			}
		}
	case (w == "recognise" || w == "recognize" || w == "digitise" || w == "digitize") && (p.has(i-3, "doc") || p.ahead(i, func(k int) bool { return p.has(k, "doc") }) || p.has(i-4, "doc") || p.inSentence(max(0, i-8), 8, func(k int) bool { return p.has(k, "doc") }) >= 0):
		p.vote(advisor.Extraction, toldDuty-1, i, i)
	case (w == "pulled" || w == "taken" || w == "lifted" || w == "picked") && p.raw(i+1) == "out":
		p.vote(advisor.Extraction, likelyDuty+1, i, i+1)
	case w == "out" && p.raw(i+1) == "of" && p.docAhead(i+1) && p.wordBetween(i-5, i, "data", "terms", "values", "information", "details", "facts"),
		w == "by" && p.raw(i+1) == "hand" && p.wordBetween(i-8, i, "types", "type", "typed", "copies", "enters", "keys"):
		p.vote(advisor.Extraction, toldDuty-1, i, i+1)
	case w == "capture" && (p.raw(i-1) == "data" || p.has(i-1, "doc")), w == "tabulate", w == "tabulates", w == "tabulating", w == "typing" && p.raw(i-1) == "the", w == "key" && p.raw(i+1) == "in", w == "retype", w == "retyping":
		p.vote(advisor.Extraction, toldDuty-1, i, i)
	case backVerbs[w]:
		for k := i + 1; k < i+6 && !p.clauseEnd(k); k++ {
			if fieldForms[p.raw(k)] && (p.raw(k) != "record" && p.raw(k) != "records" || p.raw(k-1) == "structured") {
				p.vote(advisor.Extraction, likelyDuty+1, i, k)
				return
			}
		}
	case w == "structured" && (p.raw(i+1) == "record" || p.raw(i+1) == "records" || p.raw(i+1) == "output" || p.raw(i+1) == "data"):
		p.vote(advisor.Extraction, likelyDuty+1, i, i+1)
	case w == "list" || w == "lists":
		for k := i + 1; k < i+6 && !p.clauseEnd(k); k++ {
			if stem(p.raw(k)) == "clause" || stem(p.raw(k)) == "obligation" || stem(p.raw(k)) == "deadline" || stem(p.raw(k)) == "risk" {
				p.vote(advisor.Extraction, likelyDuty+1, i, k)
				return
			}
		}
	}
}

// drawn is what is taken out of documents where it stands before "from".
var drawn = set("attributes figures values clauses obligations dates amounts deadlines fees addresses parties prices ingredients coordinates items facts entities fields terms")

// fieldNouns are what forms and documents have fields for.
var fieldNouns = set("status stage diagnosis drug dose kpi reading date amount total vendor supplier vat tax price quantity qty address party term deadline fee clause obligation iban figure weight volume plate dosage dose medication symptom currency sku grade delivery sender recipient signature place time name number merchant attribute value side-effect premium deductible diagnosis invoice-number buyer seller skill employer expiry birthdate dob coordinates")

// enumeratedFields reads a list of fields beside what they are taken from: "I only want date, vendor, amount, vat", "pull price/grade/delivery".
func (p *parser) enumeratedFields() {
	const most, gap = 9, 4
	for i := range p.toks {
		if !p.fieldNoun(i) {
			continue
		}
		n, last := 1, i
		for k := i + 1; k < i+most && k-last <= gap && !p.strongEnd(k); k++ {
			if p.isNum(k) {
				break
			}
			if p.fieldNoun(k) && p.listedTogether(last+1, k) {
				n, last = n+1, k
			}
		}
		if into := p.raw(last+1) == "into" || p.raw(last+1) == "in"; n >= 2 && into && p.ahead(last+1, func(k int) bool { return filledIn[p.raw(k)] }) {
			p.vote(advisor.Extraction, toldDuty-1, i, last)
			return
		}
		if taken := p.takenBefore(i, last); n >= 2 && taken || n >= 3 && p.docNear(i, last) {
			p.vote(advisor.Extraction, toldDuty-1, i, last)
			return
		}
	}
}

func (p *parser) fieldNoun(k int) bool {
	return p.isWord(k) && fieldNouns[stem(p.raw(k))] && p.toks[k].entity == nil && !p.numberBefore(k)
}

// listedTogether reports whether only a comma, a slash or "and" parts the words from a to b.
func (p *parser) listedTogether(a, b int) bool {
	sep := false
	for k := a; k < b; k++ {
		switch w := p.raw(k); {
		case w == "," || w == "/" || w == "and" || w == "&" || w == "or":
			sep = true
		case !p.isWord(k):
			return false
		}
	}
	return sep
}

// takenBefore reports whether a verb of taking leads to the noun at i: "pull the key dates", "I only want date".
func (p *parser) takenBefore(i, last int) bool {
	const reach = 7
	for k := i - 1; k > i-reach && !p.strongEnd(k); k-- {
		w := p.raw(k)
		if takingVerbs[w] || p.has(k, "extract") || w == "want" || w == "need" || w == "collect" || w == "list" || w == "copy" || w == "key" || w == "gives" || w == "returns" || w == "wants" || w == "needs" {
			return p.docNear(k, i) || p.raw(last+1) == "from" || p.raw(last+1) == "out"
		}
	}
	return false
}

func (p *parser) docNear(from, to int) bool {
	const reach = 25
	for k := max(0, from-reach); k <= to+reach && k < len(p.toks); k++ {
		if p.has(k, "doc") && p.isWord(k) && !fieldNouns[stem(p.raw(k))] {
			return true
		}
	}
	return false
}
