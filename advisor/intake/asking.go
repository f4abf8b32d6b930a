package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Who asks or talks: chats, retrieval and what answers are looked up in.

var (
	// outsiders are people who come to whoever serves them, insiders those who work there.
	outsiders = set("guest customer client visitor player kid child children pupil student learner user citizen resident inhabitant tenant farmer caller patient passenger traveller traveler tourist shopper buyer subscriber fan reader driver parent applicant member people fisherman voter owner candidate donor public anybody everybody teenager donors believers believer gamer")
	insiders  = set("employee staff nurse doctor clerk lawyer attorney solicitor caseworker adjuster technician engineer mechanic officer teacher agent colleague analyst worker inspector pharmacist auditor accountant consultant salesperson rep rangers ranger crew fitter electrician paralegal underwriter midwife volunteer scientist researcher physicist operator surveyor carer supervisor trainee handler controller planner broker dealer caretaker")
	// lore is what answers are looked up in.
	lore = set("database datasheets procedures policy handbook manual guideline protocol procedure regulation legislation law statute ordinance circular standard spec specification drawing catalogue catalog wiki intranet documentation sop runbook playbook faq precedent archive knowledge repository bylaw tariff rulebook wording confluence sharepoint literature faqs pdf pdfs guidance directive norm treaty contract regs rules docs documents datasheet conditions database kb handbooks jurisprudence minutes base opinions constitution curriculum encyclopedia caselaw recipes notion dossier")
	// plainLore is lore enough to be meant wherever it is named beside questions.
	plainLore  = set("faq faqs handbook wiki intranet manual policy guideline legislation ordinance circular sop runbook precedent statute documentation")
	askWords   = set("ask asks asking asked question questions query queries search searches searching consult consults lookup lookups")
	aboutWords = set("about on over in against across through around regarding concerning")
	talkVerbs  = set("talk talks talking speak speaks speaking chat chats chatting converse converses conversing text texts texting message messages write writes interact interacts")
	talkedTo   = set("ai model bot it them us assistant character characters villagers machine llm app npc npcs robot avatar teacher fox coach tutor computer him her")
	personas   = set("teacher coach tutor therapist nurse doctor companion friend buddy girlfriend boyfriend receptionist concierge guide sommelier chef trainer character partner interviewer counsellor counselor advisor adviser helper host waiter clerk pastor priest mentor nanny butler agronomist secretary influencer persona customer patient buddy")
)

func (p *parser) isLore(k int) bool {
	return p.isWord(k) && (lore[stem(p.raw(k))] || lore[p.raw(k)]) && !p.has(k, "per") || p.raw(k) == "law" && p.raw(k-1) == "case" || p.raw(k) == "files" && p.raw(k-1) == "case" || p.raw(k) == "codes" && p.raw(k-1) == "building"
}

// peopleWord reports whether a word is for people: a known one, or a plural that ends like the doer of something ("growers", "dispatchers").
func peopleWord(w string) bool {
	if outsiders[stem(w)] || insiders[stem(w)] {
		return true
	}
	doer := strings.HasSuffix(w, "ers") || strings.HasSuffix(w, "ists") || strings.HasSuffix(w, "ians") || strings.HasSuffix(w, "ants")
	return doer && len(w) > 5 && !things[w]
}

// things end like doers and are none.
var things = set("papers letters orders numbers answers offers folders servers others providers computers headers layers transformers plants variants grants warrants restaurants tenders registers chapters newsletters parameters stickers posters covers trailers printers scanners containers characters quarters timers lists cancers")

// channels are what people write through, rather than what they ask about.
var channels = set("sms email e-mail mail phone whatsapp telegram messenger wechat viber ussd web chat")

// channel shields "over SMS" from being read as what somebody asks about.
func (p *parser) channel(i int) {
	if w := p.raw(i); (w == "over" || w == "via" || w == "by" || w == "through" || w == "on") && channels[p.raw(i+1)] && !p.toks[i+1].claimed {
		p.toks[i].shielded, p.toks[i+1].shielded = true, p.raw(i+1) != "chat"
	}
}

// asks reads people who ask: about what is written down somewhere it is retrieval, else a chat.
func (p *parser) asks(i int) {
	w := p.raw(i)
	looks := (w == "look" || w == "looks" || w == "looking") && (p.raw(i+1) == "up" || p.raw(i+2) == "up" || p.raw(i+3) == "up") || w == "find" && p.raw(i+1) == "precedents"
	if !askWords[w] && !looks || p.has(i+1, "engine") {
		return
	}
	const reach = 20
	if (w == "ask" || w == "asks") && p.raw(i+1) == "for" {
		return
	}
	if w == "ask" && p.raw(i+1) == "to" && p.ahead(i+1, func(k int) bool { return p.has(k, "doc") || p.isLore(k) }) { // as in "they want to ask to 30,000 documents"
		p.vote(advisor.RAG, toldDuty, i, i+1)
		return
	}
	if w == "search" && (p.raw(i+1) == "it" || p.raw(i+1) == "them") && p.raw(i+2) == "with" {
		p.vote(advisor.RAG, toldDuty, i, i+2)
		return
	}
	if w == "search" && (p.raw(i+1) == "in" || p.raw(i+1) == "through" || p.raw(i+1) == "across" || p.raw(i+1) == "within") && !p.clauseEnd(i+2) {
		p.vote(advisor.RAG, toldDuty, i, i+1)
		return
	}
	if k := p.inSentence(i+1, reach, func(k int) bool { return p.isLore(k) && (looks || p.led(i, k)) }); k >= 0 {
		p.vote(advisor.RAG, toldDuty, i, k)
		return
	}
	if k := p.inSentence(i+1, 8, func(k int) bool {
		return (p.raw(k) == "them" || p.raw(k) == "those" || p.raw(k) == "it") && (p.raw(k-1) == "over" || p.raw(k-1) == "about" || p.raw(k-1) == "on" || p.raw(k-1) == "against")
	}); k >= 0 {
		for j := range i {
			if p.isLore(j) { // "internal documents. Staff want to ask questions over them"
				p.vote(advisor.RAG, toldDuty, j, k)
				return
			}
		}
	}
	for k := range p.toks {
		if p.isWord(k) && plainLore[stem(p.raw(k))] && w != "search" && !p.has(k, "per") {
			p.vote(advisor.RAG, likelyDuty+1, k, k)
			return
		}
	}
	if by := p.askedBy(i); by >= 0 {
		p.vote(advisor.Chat, likelyDuty, by, i)
	}
}

// plurals are words for several people that do not end in -s.
var plurals = set("people staff personnel children public anybody everybody anyone everyone crew folks")

// led reports whether a word like "about" between i and k leads to the noun at k: "about machine manuals", "over our own case files".
func (p *parser) led(i, k int) bool {
	const reach = 6
	for j := k - 1; j > i && j > k-reach && !p.clauseEnd(j); j-- {
		if w := p.raw(j); w == "their" || w == "his" || w == "her" { // what they ask of themselves
			return false
		} else if aboutWords[w] && !p.isNum(j+1) || w == "to" && (p.raw(j+1) == "our" || p.raw(j+1) == "the") {
			return true
		}
		if p.isNum(j) && !p.isNum(j-1) && p.raw(j-1) != "over" && p.raw(j-1) != "of" {
			return false
		}
	}
	switch p.raw(i) { // "query the fault database"
	case "query", "consult", "consults", "search", "searches":
		return k <= i+4
	}
	return k == i+1 || k == i+2
}

// askedBy is who asks the question at i: people before the verb or behind "from", -1 nobody.
func (p *parser) askedBy(i int) int {
	const reach = 6
	isPerson := func(k int) bool { return p.isWord(k) && peopleWord(p.raw(k)) }
	if w := p.raw(i); w == "question" || w == "questions" || w == "query" || w == "queries" {
		if from := p.inSentence(i+1, 5, func(k int) bool { return p.raw(k) == "from" || p.raw(k) == "of" && k == i+1 }); from > 0 {
			for k := from + 1; k < from+reach && !p.strongEnd(k); k++ {
				if isPerson(k) && p.raw(k) != stem(p.raw(k)) {
					return k
				}
			}
		}
		if k := i - 1; isPerson(k) && (strings.HasSuffix(p.raw(k), "'s") || strings.HasSuffix(p.raw(k), "s'") || outsiders[stem(p.raw(k))]) {
			return k
		}
		return -1
	}
	if w := p.raw(i); w != "ask" && w != "asks" && w != "asking" {
		return -1
	}
	if w := p.raw(i + 1); w == "for" || w == "us" && p.raw(i+2) == "for" || w == "to" || w == "me" || w == "you" || w == "that" || w == "whether" || w == "if" && p.raw(i+2) == "we" { // "customers ask for an EU vendor"
		return -1
	}
	for k := i - 1; k > i-reach && !p.clauseEnd(k); k-- {
		if isPerson(k) {
			if w := p.raw(k); w == stem(w) && !plurals[w] && !p.has(k-1, "per", "each") && !((p.raw(i) == "ask" && p.raw(i+1) == "about" || p.raw(i) == "asks" && p.raw(i+1) == "by") && p.clauseEnd(k-1)) { // "our client asks for HIPAA"
				return -1
			}
			return k
		}
		if p.has(k, "no") {
			return -1
		}
	}
	return -1
}

// talks reads people who talk to what is served: "guests text us", "the user speaks with an AI teacher".
func (p *parser) talks(i int) {
	if !talkVerbs[p.raw(i)] {
		return
	}
	const back, ahead = 5, 6
	by := -1
	for k := i - 1; k > i-back && !p.clauseEnd(k); k-- {
		if p.isWord(k) && (outsiders[stem(p.raw(k))] || !insiders[stem(p.raw(k))] && peopleWord(p.raw(k))) {
			by = k
			break
		}
	}
	if by < 0 {
		if w := p.raw(i + 1); (w == "to" || w == "with") && strings.HasPrefix(p.raw(i), "talk") && p.isWord(i+2) && outsiders[stem(p.raw(i+2))] { // "something that talks to guests"
			p.vote(advisor.Chat, likelyDuty, i, i+2)
		}
		return
	}
	for k := i + 1; k < i+ahead && !p.clauseEnd(k); k++ {
		to := p.raw(k-1) == "to" || p.raw(k-1) == "with" || k == i+1
		if w := p.raw(i); (w == "talk" || w == "talks" || w == "speak" || w == "speaks" || w == "talking") && k == i+1 && (p.raw(k) == "to" || p.raw(k) == "with") { // "talk to a cartoon fox"
			p.vote(advisor.Chat, likelyDuty, by, k)
			return
		}
		if talkedTo[p.raw(k)] && (to || p.article(k-1) || p.raw(k-1) == "the" || p.raw(k-1) == "our" || p.raw(k-1) == "ai") {
			weight := toldDuty
			if p.raw(k) == "us" {
				weight = likelyDuty
			}
			p.vote(advisor.Chat, weight, by, k)
			return
		}
	}
}

// answersPeople reads "we answer farmers' questions", "replies to customers", "picks up the phone".
func (p *parser) answersPeople(i int) {
	switch w := p.raw(i); w {
	case "answer", "answers", "answering", "reply", "replies", "replying", "respond", "responds", "responding", "help", "helps", "helping", "greets":
	default:
		return
	}
	const ahead = 5
	if p.raw(i+1) == "to" && p.inSentence(i+2, 3, func(k int) bool {
		return p.raw(k) == "messages" || p.raw(k) == "dms" || p.raw(k) == "mails" || p.raw(k) == "emails" || p.raw(k) == "comments" || p.raw(k) == "enquiries"
	}) > 0 {
		p.vote(advisor.Chat, likelyDuty, i, i+1)
		return
	}
	for k := i + 1; k < i+ahead && !p.clauseEnd(k); k++ {
		w := strings.TrimSuffix(stem(p.raw(k)), "'")
		if w == "phone" || p.isWord(k) && outsiders[strings.TrimSuffix(w, "'s")] && !p.has(k, "query", "doc") {
			p.vote(advisor.Chat, likelyDuty, i, k)
			return
		}
		if p.isNum(k) || p.has(k, "no") || p.raw(k) == "for" {
			return
		}
	}
}

// personaAt reads what is served as somebody: "an AI coach", "a virtual nurse", "NPCs", "our own ChatGPT".
func (p *parser) personaAt(i int) {
	switch w := p.raw(i); {
	case (w == "ai" || w == "virtual" || w == "digital") && personas[stem(p.raw(i+1))] && !((p.raw(i+2) == "for" || p.raw(i+2) == "in") && p.has(i+3, "reason")):
		p.vote(advisor.Chat, toldDuty, i, i+1)
	case w == "ai" && p.isWord(i+2) && personas[stem(p.raw(i+2))] && p.isWord(i+1) && !p.toks[i+1].glue: // "AI language partner"
		p.vote(advisor.Chat, likelyDuty, i, i+2)
	case w == "gpt" && p.toks[i].entity != nil: // a model
	case (w == "messages" || w == "message" || w == "questions" || w == "enquiries" || w == "inquiries") && outsiders[stem(p.raw(i-1))] && p.isWord(i-1) && p.raw(i-1) != "user" && p.raw(i-1) != "users":
		p.vote(advisor.Chat, likelyDuty-1, i-1, i)
	case w == "questions" && (p.raw(i-1) == "hr" || p.raw(i-1) == "helpdesk" || p.raw(i-1) == "product"):
		p.vote(advisor.Chat, likelyDuty-1, i-1, i)
	case w == "phone" && (p.raw(i+1) == "ordering" || p.raw(i+1) == "orders" || p.raw(i+1) == "bookings" || p.raw(i+1) == "line"), w == "ordering" && p.raw(i+1) == "by":
		p.vote(advisor.Chat, likelyDuty, i, i+1)
	case w == "kiosk", w == "kiosks", w == "personal" && p.has(i+1, "chat"), w == "buddy", w == "support" && (p.raw(i-1) == "line" || p.isNum(i-1) && (p.raw(i-2) == "tier" || p.raw(i-2) == "level") || p.raw(i-1) == "level" || p.raw(i-1) == "tier"):
		p.vote(advisor.Chat, likelyDuty+1, i, i)
	case w == "send" || w == "sends" || w == "submit" || w == "write" || w == "text":
		if p.isWord(i-1) && !insiders[stem(p.raw(i-1))] && peopleWord(p.raw(i-1)) && p.ahead(i, func(k int) bool {
			return p.raw(k) == "question" || p.raw(k) == "questions" || p.raw(k) == "messages" && p.inSentence(k, 7, func(j int) bool { return p.raw(j) == "reply" || p.raw(j) == "answer" }) > 0
		}) {
			p.vote(advisor.Chat, likelyDuty, i-1, i)
		}
	case (w == "interrogate" || w == "interrogates") && p.peopleBefore(i), w == "roleplay", w == "role" && p.isSign(i+1, "-") && strings.HasPrefix(p.raw(i+2), "play"), (w == "inbound" || w == "incoming" || w == "phone") && p.raw(i+1) == "calls":
		p.vote(advisor.Chat, likelyDuty, i, i+1)
	case (w == "gets" || w == "get" || w == "receives") && p.article(i+1) && (p.raw(i+2) == "reply" || p.raw(i+3) == "reply" || p.raw(i+2) == "answer" || p.raw(i+3) == "answer") && p.peopleBefore(i):
		p.vote(advisor.Chat, likelyDuty-1, i, i+2)
	case w == "chat" && (p.raw(i+1) == "window" || p.raw(i+1) == "widget" || p.raw(i+1) == "interface" || p.raw(i+1) == "box"), w == "npc" || w == "npcs", (w == "dungeon" || w == "game") && (p.raw(i+1) == "master" || p.raw(i+1) == "masters"), w == "tutoring" && !p.has(i-1, "reason"), w == "homework" && p.raw(i+1) == "helper":
		p.vote(advisor.Chat, likelyDuty+1, i, i)
	case w == "chatgpt" && p.kindWanted(i), w == "gpt" && (p.raw(i-1) == "own" || p.raw(i-1) == "internal" || p.raw(i-1) == "private" || p.raw(i-1) == "company"):
		p.vote(advisor.Chat, toldDuty, i, i)
	}
}

// peopleBefore reports whether people stand before token i in its sentence.
func (p *parser) peopleBefore(i int) bool {
	for k := i - 1; !p.strongEnd(k); k-- {
		if p.isWord(k) && outsiders[stem(p.raw(k))] {
			return true
		}
	}
	return false
}

// kindWanted reports whether ChatGPT is said to be the kind of thing that is wanted, rather than what is used or paid today.
func (p *parser) kindWanted(i int) bool {
	switch p.raw(i - 1) {
	case "own", "a", "internal", "private", "company", "in-house", "inhouse", "like", "local", "secure", "corporate", "our":
		return p.raw(i+1) != "seat" && p.raw(i+1) != "seats" && p.raw(i+1) != "licence" && p.raw(i+1) != "subscription"
	}
	w := p.raw(i + 1)
	if p.isSign(i+1, "-") {
		w = p.raw(i + 2)
	}
	return w == "clone" || w == "like" || w == "style" || w == "alternative" || w == "replacement" || w == "lookalike"
}

var retrieved = set("text texts passage passages chunk chunks snippet snippets docs documents cases articles tokens context contexts material paragraphs results")

// retrieves reads what is fetched for an answer: "retrieved passages", "6 chunks", "looked up and pasted in".
func (p *parser) retrieves(i int) {
	switch w := p.raw(i); {
	case (w == "retrieved" || w == "retrieve" || w == "retrieves") && p.ahead(i, func(k int) bool { return retrieved[p.raw(k)] || p.has(k, "doc") }):
		p.vote(advisor.RAG, 9, i, i)
	case (w == "citations" || w == "citation" || w == "cites") && p.inSentence(max(0, i-8), 16, func(k int) bool { return strings.HasPrefix(p.raw(k), "answer") }) >= 0,
		(w == "look" || w == "looks" || w == "looking") && p.raw(i+1) == "for" && (p.raw(i+2) == "similar" || p.raw(i+2) == "past" || p.raw(i+2) == "earlier" || p.raw(i+2) == "relevant"),
		w == "based" && p.raw(i+1) == "on" && p.ahead(i+1, p.isLore), strings.HasPrefix(w, "answer") && p.raw(i+1) == "from" && p.ahead(i+1, p.isLore):
		p.vote(advisor.RAG, toldDuty-1, i, i+1)
	case strings.HasPrefix(w, "rerank") && p.inSentence(i, 5, func(k int) bool { return strings.HasPrefix(p.raw(k), "answer") }) > 0:
		p.vote(advisor.RAG, toldDuty, i, i)
	case w == "searchable":
		p.vote(advisor.RAG, toldDuty, i, i)
	case w == "passages" && (p.raw(i-1) == "text" || p.raw(i-1) == "relevant"):
		p.vote(advisor.RAG, toldDuty, i, i)
	case w == "chunk" || w == "chunks" || w == "passages" || w == "snippets" || w == "fragments" || w == "excerpts":
		if p.numberBefore(i) {
			p.vote(advisor.RAG, likelyDuty+2, i, i)
		}
	case w == "knows" && (p.raw(i+1) == "our" || p.raw(i+1) == "the" || p.raw(i+1) == "all") && p.ahead(i, func(k int) bool { return p.isLore(k) || p.raw(k) == "sheets" }):
		p.vote(advisor.RAG, toldDuty, i, i)
	case (w == "index" || w == "indexed") && p.inSentence(i, 14, func(k int) bool { return p.raw(k) == "ask" || p.raw(k) == "questions" || p.raw(k) == "search" }) > 0:
		p.vote(advisor.RAG, toldDuty, i, i)
	case w == "looked" && p.raw(i+1) == "up" && p.inSentence(i, 6, func(k int) bool { return p.raw(k) == "pasted" || p.raw(k) == "added" }) > 0:
		p.vote(advisor.RAG, toldDuty, i, i+1)
	case (w == "legal" || w == "literature" || w == "case" || w == "law" || w == "precedent" || w == "patent" || w == "document") && (p.raw(i+1) == "search" || p.raw(i+1) == "research"):
		p.vote(advisor.RAG, 8, i, i+1)
	case w == "multistep" && p.raw(i+1) == "search":
		p.vote(advisor.Agent, toldDuty+1, i, i+1)
	case w == "search" && (p.raw(i+1) == "helper" || p.raw(i+1) == "assistant" || p.raw(i+1) == "box"):
		p.vote(advisor.RAG, 8, i, i+1)
	}
}
