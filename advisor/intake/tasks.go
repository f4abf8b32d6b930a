package intake

import (
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

func task(v advisor.Task, strength int, note string) func(*parser, span) {
	return func(p *parser, s span) {
		weight := strength
		if p.namesNoTask(s) {
			return
		}
		if stem(p.raw(s.to)) == "route" && !p.docAhead(s.to) && s.from == s.to { // requests are routed to models, too
			return
		}
		switch {
		case v == advisor.Agent && s.from == s.to && p.callCentre():
			return
		case p.inPassing(s):
			weight = 3
		case strength < 8 && p.doneTo(s):
			weight++
		}
		for k := s.from; k < s.to; k++ { // "internal docs search"
			if p.raw(k) == "internal" && (p.has(k+1, "doc") || p.has(k+1, "knowledge") && p.raw(k+1) != "knowledge") {
				p.sensitivity(advisor.Internal, s)
			}
		}
		s = p.object(s)
		p.claim(s.from, s.to)
		p.tasks = append(p.tasks, taskVote{v, weight, note, s})
	}
}

// callCentre reports whether the agents of a request are people: "a call centre with 350 agents".
func (p *parser) callCentre() bool {
	for i := range p.toks {
		if w := p.raw(i); (w == "centre" || w == "center" || w == "centres" || w == "centers") && (p.raw(i-1) == "call" || p.raw(i-1) == "contact" || p.raw(i-1) == "support" || p.raw(i-1) == "service") {
			return true
		}
	}
	return false
}

// namesNoTask reports whether a word for a task is something else here: "tl;dr:" before a list, models that requests are routed to.
func (p *parser) namesNoTask(s span) bool {
	if s.from != s.to {
		return false
	}
	switch p.raw(s.from) {
	case "reason", "reasons": // "any reason to leave?", "for legal reasons", but "must reason over cases"
		w := p.raw(s.to + 1)
		if b := p.raw(s.from - 1); (b == "to" || b == "must" || b == "should") && w != "why" { // "the model has to reason long"
			return false
		}
		return w != "about" && w != "over" && w != "through" && w != "across"
	case "reasoning": // "~2k reasoning, 900 in"
		if p.raw(s.from-1) == "of" && (stem(p.raw(s.from-2)) == "paragraph" || stem(p.raw(s.from-2)) == "line" || stem(p.raw(s.from-2)) == "sentence") {
			return true
		}
		return (p.isNum(s.from-1) || p.isNum(s.from-2) && p.toks[s.from-1].glued) && !p.has(s.to+1, "query", "doc")
	case "research": // "research assistant"
		return p.has(s.to+1, "chat")
	case "extract":
		return p.raw(s.to+1) == "of" || p.article(s.from-1) || p.raw(s.from-1) == "the"
	case "classified":
		w := p.raw(s.to + 1)
		return w == "as" && (p.raw(s.to+2) == "secret" || p.raw(s.to+2) == "confidential") || w == "environment" || w == "network" || w == "material" || p.raw(s.from-1) == "is" && (p.clauseEnd(s.to+1) || w == "and")
	case "proof": // "GDPR proof"
		return true
	case "screen":
		return p.raw(s.from-1) == "on" || p.raw(s.from-1) == "the" || p.raw(s.from-1) == "a"
	case "bot": // who is spoken to
		return s.from == 0
	case "tldr", "tl;dr":
		return p.isSign(s.to+1, ":")
	case "routing":
		beside := func(k int) bool { return p.has(k, "doc", "chats", "query") && p.isWord(k) }
		return !p.docAhead(s.to) && !beside(s.from-1) && p.raw(s.to+1) != "to" && p.raw(s.to+1) != "into" && !p.has(s.to+1, "classify")
	case "draft":
		if w := stem(p.raw(s.to + 1)); w == "law" || w == "bill" || w == "act" || w == "contract" || w == "decision" {
			return true
		}
		return p.raw(s.from-1) == "the" && (p.raw(s.from-2) == "in" || p.raw(s.from-2) == "of")
	case "copy":
		return p.raw(s.to+1) == "from" || p.raw(s.to+1) == ")"
	case "spam":
		return p.raw(s.from-1) == "for" && p.raw(s.from-2) == "sorry"
	}
	return false
}

// passing are nouns that name what a task yields or works on as often as the task itself: "extract order number and intent".
var passing = set("rerank reranking intent intents sentiment tag tags label labels category categories score scores route routes flag flags rank screen fields json structured digest digests abstracts " +
	"math maths research analysis analyses analytical analytics logic quantitative scientific simulation github sql orchestration")

// codeNumber reports whether a code is a number or a sign that stands for something, rather than a program: "an HS code", "structured codes",
// "visitors scan a code".
func (p *parser) codeNumber(s span) bool {
	if w := p.raw(s.from); w == "codes" || p.codesThings(s.from) {
		return true
	} else if w != "code" || p.has(s.from+1, "chat") {
		return false
	}
	if w := p.raw(s.from + 1); w == "list" || w == "book" || w == "table" || w == "system" {
		return true
	}
	if k := s.from - 1; p.isWord(k) && !p.toks[k].glue && len(p.raw(k)) > 1 && !languages[p.raw(k)] && !codeKinds[p.raw(k)] && !p.has(k, "write", "code") { // "laundry code", but "C code"
		return true
	}
	for k := s.from - 1; k >= s.from-4 && !p.clauseEnd(k); k-- {
		switch w := p.raw(k); {
		case w == "scan" || w == "scans" || w == "a" || w == "an" || w == "per" || w == "each" || w == "right" || w == "correct" || w == "wrong":
			return true
		case !p.isWord(k):
			return false
		}
	}
	return false
}

// codeKinds are what may stand before a code that is a program.
var codeKinds = set("source legacy python java javascript typescript sql cobol app application software production machine existing backend frontend mainframe embedded firmware clean internal proprietary generated generate review reviews explain fix refactor of for")

// inPassing reports whether a task is only such a noun; "tag 3,000 hours" and "score each of them" are tasks.
func (p *parser) inPassing(s span) bool {
	found := false
	for i := s.from; i <= s.to; i++ {
		if !p.has(i, "summarize", "classify", "extract", "code", "reason", "agent", "rag", "chat", "calling", "write") {
			continue
		}
		if found = true; !passing[p.raw(i)] {
			return false
		}
	}
	if !found {
		return false
	}
	if stem(p.raw(s.to)) == "route" || p.numberBefore(s.from) { // requests are routed to models, too; "60k abstracts"
		return true
	}
	switch p.raw(s.to + 1) {
	case "the", "each", "every", "all", "our", "them", "these", "incoming", "my":
		return false
	}
	return !p.isNum(s.to+1) || p.lengthFollows(s.to+1) // "Label 90 tokens in"
}

// doneTo reports whether a task is said by a participle: "every call is summarised".
func (p *parser) doneTo(s span) bool {
	for i := s.from; i <= s.to; i++ {
		if p.has(i, "summarize", "classify", "extract") && strings.HasSuffix(p.raw(i), "ed") {
			return true
		}
	}
	return false
}

// object extends a task by what it is done to: "summarise legal contracts", "ticket triage".
func (p *parser) object(s span) span {
	isNoun := func(i int) bool { return p.has(i, "doc", "chats", "query", "data") && !p.isClaimed(i) }
	for i := s.to + 1; i <= s.to+5 && !p.clauseEnd(i) && !p.isNum(i) && p.toks[i].entity == nil && !p.has(i, "no", "per") && !p.shieldedVerb(i) && !p.tells(i); i++ {
		if isNoun(i) && p.toks[i].kind == word {
			for k := s.to + 1; k <= i; k++ {
				if p.isClaimed(k) {
					return s
				}
			}
			s.to = i
			break
		}
	}
	if i := s.from - 1; i >= 0 && isNoun(i) && p.isWord(i) && !p.numberBefore(i) {
		s.from = i
	}
	return s
}

// tells reports whether a word beside a task says something of its own.
func (p *parser) tells(i int) bool {
	return p.has(i, "sensitive", "public", "internal", "private", "personal", "regulated", "nonsens", "phi", "hipaa", "gdpr", "pci", "soc", "soc2", "patientw", "health", "cardhold",
		"credit", "eu", "eucountry", "us", "overnight", "batch", "latency", "p95", "budget", "grow", "onprem", "selfhost", "hard", "easy", "cached")
}

func (p *parser) shieldedVerb(i int) bool { return p.toks[i].shielded }

func taskRules(t *ruleTable) {
	for _, named := range []struct {
		concept string
		task    advisor.Task
	}{{"chat", advisor.Chat}, {"rag", advisor.RAG}, {"summarize", advisor.Summarization}, {"classify", advisor.Classification}, {"extract", advisor.Extraction},
		{"code", advisor.Coding}, {"reason", advisor.Reasoning}, {"agent", advisor.Agent}, {"batch", advisor.Batch}} {
		c, v := named.concept, named.task
		t.add(rule{act: func(p *parser, s span) { p.tasks = append(p.tasks, taskVote{v, labelled, "", s}) }}, "=task "+c, "=task =type "+c)
	}
	chat := task(advisor.Chat, 4, "")
	t.add(rule{act: chat}, "person? support chat|agent", "=customer|=client|=user support", "=virtual|=voice|=sales|=shopping agent|chat", "=virtual|=digital|=ai =receptionist|=employee|=colleague|=guide|=butler", "chat support|=app|=application|=tool|=use?", "support =desk|=portal", "=conversational aiword|chat?", "support =automation")
	t.add(rule{act: task(advisor.Chat, 4, "")}, "=help =desk chat?")
	t.add(rule{act: task(advisor.RAG, 9, "")},
		"rag chat?|=app?|=pipeline?|=system?|=application?", "rag", "internal doc|knowledge|data =qa|rag|=search", "internal? knowledge search|searchw|rag|chat|assistant|query answering?", "searchw =over|=across|=in|=on knowledge|doc|data", "query over|about|=on|=against|=across|=from internal|=our? knowledge|doc|data", "=question|=questions|=query|=search|=searches answering =over|=on|=about? knowledge|doc?", "chat =with|=over|=about|=on|=across internal|=our? knowledge|doc", "knowledge =base? answering|chat|=q&a|=bot", "doc searchw|=q&a|=qa", "=semantic|=enterprise searchw", "answering query? =from|=over|=using|=about|=based internal|=our? knowledge|doc", "=ask =questions|query? =over|=about|=of|=to? knowledge|doc", "=over|=about|=against|=across internal|=our? doc? knowledge", "=qa =bot|=over|=on|=about|=system|=assistant|=tool|=app|=pipeline", "doc|knowledge =qa")
	t.add(rule{act: task(advisor.Classification, 7, "")}, "classify", "=ticket|=email|doc classify", "=ticket|=email|=mail|doc =sorting", "=sentiment reason", "=coded =output|=result", "=intent|=spam|=fraud|=topic|=content|=toxicity classify", "classify =task|=job?", "=fraud|=spam|=plagiarism|=eligibility|=safety|=compliance|=policy|=content|=sanctions|=abuse|=toxicity|=rules =check|=checks|=screening|=checking|=surveillance", "=safety|=content|=spam|=profanity =safety? =filter|=filters")
	t.add(rule{act: task(advisor.Extraction, 6, "")}, "extract", "data =points =out|=from", "=named =entity|=entities =recognition?", "=entity|=entities =recognition", "doc extract", "doc =processing|=understanding|=parsing", "=invoice|=form|=document =processing|=reading")
	t.add(rule{act: task(advisor.Summarization, 7, "")}, "summarize", "doc summarize", "=meeting =minutes|=notes", "=minutes =from|=of =board? =meetings|=meeting", "wordunit =abstract|=abstracts|=synopsis", "summarize =task?")
	coding := task(advisor.Coding, 7, "")
	t.add(rule{act: func(p *parser, s span) {
		if !p.codeNumber(span{s.from, s.from}) {
			coding(p, s)
		}
	}}, "code", "code chat|=assistant|=assist|=review|=reviews|=generation|=completion|=completions|=copilot|=help|=tasks|=questions|=suggestions|=search")
	t.add(rule{act: coding}, "=sql code|write chat|=bot?", "=verilog|=vhdl|=cobol|=python|=java|=typescript|=javascript chat", "=developer|=dev|=devs chat|=copilot|=assistant", "=software =engineering|=development", "=pull|=merge =request|=requests =review|=reviews|=summaries?", "=review|=reviewing|=reviews =pull|=merge =requests", "chat =for code|=developers|=devs|=engineers", "=unit =tests|=test =generation?", "=github =copilot =alternative|=replacement?", "=pr|=prs =review|=reviews", "=bug =fixing|=fixes")
	t.add(rule{act: task(advisor.Reasoning, 6, "")}, "reason", "=complex|=deep|hard reason", "=chain =of =thought", "=math =tutoring|=tutor", "=ai? =tutor =for|=in reason", "=model|=llm =should|=must|=needs|=has =to? =really? =think", "=reasoned doc|answerw|=table|=comparison|=verdict")
	t.add(rule{act: task(advisor.Reasoning, 5, "")}, "=data|doc|=financial|=document|=market|=risk|=legal reason", "reason")
	t.add(rule{act: task(advisor.Agent, 8, "")},
		"=ai|=llm|=autonomous|=multi|=browser|=research agent|=agents", "agent workflow?|=loop|=loops|=tasks?|=pipeline?|=system?|=systems?", "tool calling", "multistep agent|workflow|searchw|=tasks?", "=agents =with tool", "workflow =task?")
	t.add(rule{act: task(advisor.Chat, 3, "is no task type of its own; the token counts assumed are those of a chat")}, "write", "write doc|=copy|=content|=posts|=text", "=marketing|=product|=sales|=ad write|=copy|=descriptions", "=content =generation|=creation|write", "doc write", "=text|=email =generation", "doc =replies|=reply|=drafting", "=creative write", "=product =description =generation|write?", "=auto =reply|=replies")
	reasoning := task(advisor.Reasoning, 6, "")
	t.add(rule{act: func(p *parser, s span) {
		if w := p.spans[advisor.FieldHardShare]; len(w) == 0 || s.from-w[0].to > 3 { // else an example of what is hard
			reasoning(p, s)
		}
	}}, "=like|=e.g.|=eg|=such =as? reason")
	t.add(rule{act: func(p *parser, s span) { p.toks[s.to].void = true }}, "=in =summary") // of the request
	t.add(rule{},
		"# =agents", "=our|=human =agents", "chat =logs|=transcripts|=history|=histories", "agent =per|=pro|=each|=every", "=per|=each|=every agent", "# support =agent|=agents", "support|=call|=phone|=human|=sales|=field|=claims =agents", "=agents =type|=enter|=paste|=read|=get|=see|=click", "=agents in|=on|=at|=ask|=use|=each|=send|=take|=handle|=answer", "reason # =k? token|=tokens", "reason token|=tokens", "=chain =of =thought =of? #", "=writes #", "=agents =in =call", "write =latency|=speed", "batch =size|=discount|=api|=pricing", "code =of =conduct|=word|=red", "=support =for|=of", "=tag =line", "=intent =to", "score|=label =on =benchmarks", "=market reason =firm", "=research =and =development|=team|=lab", "=routing =layer", "summarize =the? =costs|=cost|=options|=findings|=recommendation|=result|=results", "=search engine|=volume", "code =base =is",
		"=per|=pro classify|summarize|extract|code|=analysis", "=hi|=hello|=hey|=dear|=thanks|=thank|=yo|=morning =bot", "=question =for =the =bot", "=i|=we write =from|=to|=on|=you|=because", "=center|=centre|=quality =qa", "=in =scope", "=llm|=model =routing|=router", "=detect =language", "=know|=knows|=knowing|=speaks|=learned|=studied|=can|=could code", "token extract", "=function =of", "=cost reason", "=tco reason", "=cost-benefit reason", "=analysis|=research =service|=institute|=department|=centre|=center|=library|=grant|=software|=council|=foundation|=team|=company|=firm|=lab|=group")
}

// Strengths of votes: up to weakVote the words often mean something else; labelled is a task said as such, "task: chat".
const (
	weakVote = 4
	labelled = 100
)

// settleTask takes the task that words and votes speak for most: a support chatbot over a wiki is retrieval, a nightly batch of summaries is
// summarisation.
func (p *parser) settleTask() {
	votes := slices.Clone(p.tasks)
	p.tasks = slices.DeleteFunc(p.tasks, func(t taskVote) bool {
		if slices.ContainsFunc(votes, func(o taskVote) bool { return o.takesObjectOf(t) }) {
			return true
		}
		ofShare := p.saidOf(span{t.span.from - 1, t.span.from}, advisor.FieldHardShare, advisor.FieldSensitiveShare) // "20 % hard questions"
		return ofShare || p.setAside(t.span)
	})
	best, voted := p.likeliest()
	if best == "" {
		return
	}
	p.w.Task = best
	if !voted {
		w := learntTasks()
		p.sayByWords(advisor.FieldTask, w, slices.Index(w.answers, string(best)), "the task is not named; taken for "+string(best)+" by these words")
		return
	}
	strongest := 0
	for _, t := range p.tasks {
		if t.task == best {
			p.say(advisor.FieldTask, t.span)
			strongest = max(strongest, t.strength)
		}
	}
	for _, t := range p.tasks {
		switch {
		case t.task == best && t.strength == strongest && t.note != "":
			p.doubt("“" + p.quote(t.span) + "” " + t.note)
		case t.task != best && t.strength > weakVote:
			p.say(advisor.FieldTask, t.span)
			if t.strength > 5 && strongest < 9 {
				p.doubt("several tasks are named; the token counts assumed are those of " + string(best))
			}
		}
	}
}

// takesObjectOf reports whether a vote names a task with the very thing that t reaches for from further away: in "300k queries, on coding, summarise contracts"
// the contracts are summarised, and not what the queries are on.
func (v taskVote) takesObjectOf(t taskVote) bool {
	return v.task != t.task && v.strength > weakVote && v.span.to == t.span.to && v.span.from > t.span.from && v.span.to > v.span.from
}

// setAside reports whether a task is named to be left out of account: "some agentic tasks which I'd leave aside for now", "they want agents
// later, ignore that".
func (p *parser) setAside(s span) bool {
	whole := around(s, p.strongEnd)
	for k := s.to + 1; k <= whole.to; k++ {
		if (p.raw(k) == "ignore" || p.raw(k) == "forget") && (p.raw(k+1) == "that" || p.raw(k+1) == "it" || p.raw(k+1) == "this") && p.wordBetween(k+2, k+4, "for") {
			return true
		}
	}
	for k := range p.toks { // "forget the OCR for now"
		if (p.raw(k) == "forget" || p.raw(k) == "ignore") && p.raw(k+1) == "the" && p.raw(k+2) != "" && p.raw(k+3) == "for" && p.wordBetween(s.from, s.to+1, p.raw(k+2)) {
			return true
		}
	}
	for k := s.to + 1; k < s.to+9 && !p.clauseEnd(k); k++ {
		if p.raw(k) == "aside" || p.raw(k) == "postponed" || p.raw(k) == "ignore" && p.raw(k-1) == "can" {
			return true
		}
	}
	return false
}

// programmers reports whether the request speaks of people who program.
func (p *parser) programmers() bool {
	for i := range p.toks {
		switch stem(p.raw(i)) {
		case "dev", "developer", "programmer", "coder", "engineer":
			return true
		}
	}
	return false
}
