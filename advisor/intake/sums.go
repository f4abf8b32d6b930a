package intake

import "github.com/llmadvise/llmadvise/advisor"

// What goes in is often said in parts: "2k system prompt + 1k history + 300 user tokens", "8 chunks of 400 tokens, question 50 tokens".

var (
	// inputParts are what a prompt is made of.
	inputParts = set("system prompt history context user question query instructions instruction template chat conversation retrieved chunk chunks document documents passage passages example examples few-shot shots " +
		"tool tools schema message text background profile preamble static dynamic fixed")
	// chunkNouns are pieces that several of go into one prompt.
	chunkNouns = set("chunk passage snippet excerpt paragraph example shot fragment section")
	// basePrompt and askedPrompt are parts that stand beside each other.
	basePrompt  = set("system history chunk chunks passage passages retrieved instructions snippet snippets")
	askedPrompt = set("question user query ask message")
)

// inputSum adds the parts of a prompt that are joined by a plus sign or an "and".
func (p *parser) inputSum(q *quantity) bool {
	const most = 2e6
	if q.cur != "" || q.pct || q.unit != "" || q.hi != 0 || q.period != "" {
		return false
	}
	if d, _ := p.leftDir(q); d == "output" || d == "reasoning" {
		return false
	}
	sum, terms, labelled, counted, tokens, multiplied := 0.0, 0, 0, 0, false, false
	i, end, spread := q.from, q.numEnd, false
	ahead := inputParts[p.raw(i-1)]
	for {
		n, ok := p.number(i)
		if !ok || n.val < 1 {
			break
		}
		v, j, times := max(n.val, n.other), n.next, false
		if chunkNouns[stem(p.raw(j))] && v > 1 && v <= 100 {
			k := j + 1
			for p.raw(k) == "of" || p.raw(k) == "x" || p.raw(k) == "at" || p.raw(k) == "with" || p.raw(k) == "à" || p.raw(k) == "each" || p.isSign(k, "~") || p.isSign(k, "*") {
				k++
			}
			if each, ok := p.number(k); ok && k > j+1 {
				v, j, times, multiplied = v*max(each.val, each.other), each.next, true, true
			}
		}
		label := times || ahead
		for k := j; k < j+6 && p.isWord(k) && p.toks[k].entity == nil && (inputParts[p.raw(k)] || p.has(k, "token") || p.raw(k) == "of" || p.raw(k) == "the" || p.raw(k) == "for" || p.raw(k) == "a"); k++ {
			label = label || inputParts[p.raw(k)]
			tokens = tokens || p.has(k, "token")
			end = k
		}
		if spread && !label { // "8 chunks of 400 tokens, 100 out"
			spread = labelled < terms
			break
		}
		end = max(end, j-1)
		sum, terms, counted = sum+v, terms+1, end+1
		if label {
			labelled++
		}
		joiner := p.raw(end + 1)
		if joiner != "+" && joiner != "plus" && !((joiner == "and" || joiner == ",") && label) {
			break
		}
		spread = spread || joiner == "and" || joiner == ","
		i = end + 2
		ahead = false
		for k := i; k < i+3 && inputParts[p.raw(k)]; k++ { // "+ history 600"
			if _, ok := p.number(k + 1); ok {
				i, ahead = k+1, true
				break
			}
		}
		if joiner == "," && p.raw(i) == "and" {
			i++
		}
		for p.isSign(i, "~") || p.raw(i) == "about" || p.raw(i) == "another" || p.raw(i) == "roughly" || p.raw(i) == "around" {
			i++
		}
		if _, ok := p.number(i); !ok {
			break
		}
	}
	if sum > most || labelled == 0 || !tokens && terms < 2 || terms < 2 && !multiplied || spread && labelled < terms {
		return false
	}
	if period, _, _ := p.windowAt(counted); period != "" || p.has(counted, "output", "answerw") || p.raw(counted) == "out" {
		return false
	}
	q.to = counted - 1
	if multiplied && len(p.tasks) == 0 && (stem(p.raw(q.numEnd+1)) == "chunk" || stem(p.raw(q.numEnd+1)) == "passage") && p.asksOf() {
		p.tasks = append(p.tasks, taskVote{advisor.RAG, 3, "", span{q.from, q.numEnd + 1}})
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: sum, span: q.span, note: "“" + p.quote(q.span) + "” added up"}, dir: "input"})
	return true
}

// asksOf reports whether something is searched or asked.
func (p *parser) asksOf() bool {
	for i := range p.toks {
		switch stem(p.raw(i)) {
		case "search", "question", "lookup":
			return true
		}
	}
	return false
}

// settlePrompt adds what is asked to what stands before it in each prompt, where both are said on their own.
func (p *parser) settlePrompt() {
	for _, t := range p.tokensOf { // "a prefix of 2k tokens is shared, the prompt has 2.5k"
		if t.dir != "input" || !p.sentAgain(t.span) {
			continue
		}
		for _, o := range p.tokensOf {
			if o.dir == "input" && o.val > t.val {
				p.cachedOf = append(p.cachedOf, t.reading)
				break
			}
		}
	}
	var base, asked *dirReading
	for i := range p.tokensOf {
		t := &p.tokensOf[i]
		if t.dir != "input" && t.dir != "" {
			continue
		}
		switch isBase, isAsked := p.partLabel(t.span); {
		case t.dir == "" && !isAsked:
		case isBase == isAsked || isBase && base != nil || isAsked && asked != nil:
			return
		case isBase:
			base = t
		default:
			asked = t
		}
	}
	if base != nil && asked != nil {
		if p.sentAgain(base.span) {
			p.cachedOf = append(p.cachedOf, base.reading)
		}
		base.val += asked.val
		base.note = joinNotes(base.note, "“"+p.quote(base.span)+"” and “"+p.quote(asked.span)+"” added up")
		asked.val, asked.dir = base.val, "input"
	}
}

// sentAgain reports whether words behind a part say that it is the same in each request.
func (p *parser) sentAgain(s span) bool {
	const reach = 7
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if cachedHints[p.raw(k)] || p.has(k, "cached") || (p.raw(k) == "changes" || p.raw(k) == "change") && p.has(k-1, "no") {
			return true
		}
	}
	return false
}

func (p *parser) partLabel(s span) (base, asked bool) {
	for k := s.from - 2; k <= s.to+1; k++ {
		if k < s.from && p.clauseEnd(k+1) || k > s.to && p.clauseEnd(k) {
			continue
		}
		base = base || basePrompt[p.raw(k)]
		asked = asked || askedPrompt[p.raw(k)]
	}
	return base, asked
}
