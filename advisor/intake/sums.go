package intake

import (
	"math"

	"github.com/llmadvise/llmadvise/advisor"
)

// What goes in is often said in parts: "2k system prompt + 1k history + 300 user tokens", "8 chunks of 400 tokens, question 50 tokens".

var (
	// inputParts are what a prompt is made of.
	inputParts = set("system sys usr prompt history context user question query instructions instruction template chat conversation retrieved chunk chunks document documents passage passages example examples few-shot shots " +
		"prefix dialogue articles turn tool tools schema message msg text background profile preamble static dynamic fixed")
	// chunkNouns are pieces that several of go into one prompt.
	chunkNouns = set("chunk passage snippet excerpt paragraph example shot fragment section")
	// wholePieces are documents that a few of may go into one prompt.
	wholePieces = set("abstract article document doc message email mail record")
	// basePrompt and askedPrompt are parts that stand beside each other.
	basePrompt  = set("system history chunk chunks passage passages retrieved schema instruction instructions template boilerplate snippet snippets")
	askedPrompt = set("question user query ask message")
	varying     = set("vary varies differ differs change changes variable dynamic")
)

// promptPart is one part of a prompt: "system prompt 300", "4 chunks of 500 tokens", "a 100 token question".
type promptPart struct {
	span
	val      float64
	labelled bool // it says what part it is
	counted  bool // so many pieces of a length
	tokens   bool // it says that tokens are counted
	again    bool // the same in each request
}

// inputSum adds the parts of a prompt that are joined by a plus sign, an "and" or a comma.
func (p *parser) inputSum(q *quantity) bool {
	const most = 2e6
	if q.cur != "" || q.pct || q.unit != "" || q.hi != 0 || q.period != "" {
		return false
	}
	if d, _ := p.leftDir(q); d == "output" || d == "reasoning" {
		return false
	}
	parts, spread := p.partsFrom(q.from)
	if len(parts) == 0 {
		return false
	}
	sum, labelled, counted, tokens := 0.0, 0, false, false
	for _, t := range parts {
		sum, counted, tokens = sum+t.val, counted || t.counted, tokens || t.tokens
		if t.labelled {
			labelled++
		}
	}
	end := parts[len(parts)-1].to
	if sum > most || labelled == 0 || !tokens && len(parts) < 2 || len(parts) < 2 && !counted || spread && labelled < len(parts) {
		return false
	}
	if period, _, _ := p.windowAt(end + 1); period != "" || p.has(end+1, "output", "answerw") || p.raw(end+1) == "out" {
		return false
	}
	q.to = p.sumSaid(end, sum)
	if counted && len(p.tasks) == 0 && (stem(p.raw(q.numEnd+1)) == "chunk" || stem(p.raw(q.numEnd+1)) == "passage") && p.asksOf() {
		p.tasks = append(p.tasks, taskVote{advisor.RAG, 3, "", span{q.from, q.numEnd + 1}})
	}
	for _, t := range parts {
		if t.again {
			p.cachedOf = append(p.cachedOf, reading{val: t.val, span: t.span})
		}
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: sum, span: q.span, note: "“" + p.quote(q.span) + "” added up"}, dir: "input"})
	return true
}

// sumSaid is the end of the words behind token end that say the sum: ", so 1,000 in total", "= 3k tokens"; else end.
func (p *parser) sumSaid(end int, sum float64) int {
	const lead, tail, near = 4, 4, 0.03
	k := end + 1
	for k < end+lead && (p.raw(k) == "," || p.raw(k) == "(" || p.isSign(k, "=") || p.isSign(k, "~") || resultWords[p.raw(k)] || p.raw(k) == "about" || p.raw(k) == "roughly" || p.raw(k) == "total" || p.raw(k) == "that's" || p.raw(k) == "makes") {
		k++
	}
	n, ok := p.number(k)
	if !ok || k == end+1 || math.Abs(max(n.val, n.other)-sum) > near*sum {
		return end
	}
	last := n.next - 1
	for j := n.next; j < n.next+tail && (p.has(j, "token", "total", "input", "promptw") || p.raw(j) == "in" || p.raw(j) == "all" || p.raw(j) == "together" || p.raw(j) == ")"); j++ {
		last = j
	}
	return last
}

// partsFrom reads the parts of a prompt from token i on; spread tells that some are joined by a comma or an "and", which joins other things too.
func (p *parser) partsFrom(i int) (parts []promptPart, spread bool) {
	k := i - 1
	for k > i-3 && (p.isSign(k, ":") || p.raw(k) == "is" || p.raw(k) == "(" || p.raw(k) == "short" || p.raw(k) == "about" || p.raw(k) == "of" || p.isSign(k, "~")) {
		k--
	}
	ahead := inputParts[p.raw(k)]
	for loose := false; ; {
		t, ok := p.partAt(i, ahead)
		if !ok || loose && !t.labelled { // "8 chunks of 400 tokens, 100 out"
			return parts, spread
		}
		spread = spread || loose
		parts = append(parts, t)
		joiner := p.raw(t.to + 1)
		if k := p.plusAhead(t.to + 1); k > 0 && t.labelled {
			joiner, t.to = "plus", k-1
		}
		if joiner != "+" && joiner != "plus" && !((joiner == "and" || joiner == ",") && t.labelled) {
			return parts, spread
		}
		i = t.to + 2
		if p.raw(i-1) == "," && joiner == "," && (p.raw(i) == "and" || p.raw(i) == "plus" || p.raw(i) == "then") {
			i++
		}
		var label bool
		if i, label = p.partLead(i); i < 0 {
			return parts, spread
		}
		ahead = label
		loose = spread || joiner == "and" || joiner == ","
	}
}

// plusAhead is the place of a "plus" that a few words from token k on lead to, 0 none: "get stuffed in the prompt plus 100 words".
func (p *parser) plusAhead(k int) int {
	const reach = 6
	for j := k; j < k+reach && p.isWord(j) && !p.has(j, "outw", "answerw") && p.raw(j) != "and"; j++ {
		if p.raw(j) == "plus" {
			return j
		}
	}
	return 0
}

// partLead skips the words before the number of a part: "the question", "about", "history"; -1 where no number follows.
func (p *parser) partLead(i int) (number int, label bool) {
	const reach = 6
	for k := i; k < i+reach; k++ {
		if _, ok := p.number(k); ok && !(p.raw(k) == "one") {
			return k, label
		}
		switch w := p.raw(k); {
		case inputParts[w], w == "fixed" || w == "static":
			label = true
		case p.isWord(k) && !p.toks[k].glue && inputParts[p.raw(k+1)] && p.dirAt(k) != "output": // "a policy prompt of 1,880"
		case label && (w == "and" || p.isSign(k, "+") || p.isSign(k, "&") || w == "itself" || w == "like" || w == "only" || w == "just" || w == "has" || w == "up" || w == "to"): // "question + history about 800", "the question itself like 30"
		case w == "a" || w == "an" || w == "the" || w == "our" || w == "another" || w == "about" || w == "roughly" || w == "around" || w == "some" || w == "maybe" || w == "of" || w == "is" || w == "with" || w == "(" && label,
			p.isSign(k, "~") || p.isSign(k, ":") || p.isSign(k, "="):
		default:
			return -1, false
		}
	}
	return -1, false
}

// partAt reads the part of a prompt whose number is at token i.
func (p *parser) partAt(i int, label bool) (promptPart, bool) {
	n, ok := p.number(i)
	if !ok || n.val < 1 {
		return promptPart{}, false
	}
	t := promptPart{span: span{i, n.next - 1}, val: max(n.val, n.other), labelled: label}
	j := n.next
	if v, next, ok := p.piecesOf(t.val, j); ok {
		t.val, j, t.labelled, t.counted, t.tokens = v, next, true, true, true
		t.to = j - 1
	}
	if !t.counted && t.val <= 100 && chunkNouns[stem(p.raw(j))] { // how many pieces, of a length that is not said
		return promptPart{}, false
	}
	const reach = 8
	for k := j; k < j+reach && p.toksPart(k); k++ {
		t.labelled = t.labelled || inputParts[p.raw(k)]
		t.tokens = t.tokens || p.has(k, "token")
		t.again = t.again || cachedHints[p.raw(k)] || p.has(k, "cached")
		t.to = k
		if p.has(k, "wordunit") {
			t.val, t.tokens = math.Round(t.val*tokensPerWord), true
		}
	}
	if end := p.saidAgain(t.to + 1); end > 0 && t.labelled {
		t.again, t.to = true, end
	} else if p.raw(t.to+1) == "," && p.staysSame(t.to+2) && p.raw(t.to+3) == "," { // "12 examples of 150 tokens, fixed, plus"
		t.again, t.to = true, t.to+2
	}
	t.again = t.again || cachedHints[p.raw(i-1)] || p.has(i-1, "cached")
	return t, true
}

// toksPart reports whether the token at k still tells of the part before it.
func (p *parser) toksPart(k int) bool {
	if p.isSign(k, "-") && k+1 < len(p.toks) && p.toks[k+1].glued {
		return true
	}
	if !p.isWord(k) || p.toks[k].entity != nil {
		return false
	}
	switch w := p.raw(k); w {
	case "of", "the", "for", "a", "each", "long", "avg", "average", "on":
		return true
	case "in":
		return p.raw(k+1) == "the" && p.has(k+2, "promptw")
	case "per":
		return p.has(k+1, "doc", "query", "chats")
	case "w/", "with":
		return inputParts[p.raw(k+1)]
	default:
		return inputParts[w] || p.has(k, "token", "wordunit", "cached") || inputParts[p.raw(k+1)] && !p.toks[k].glue && !p.has(k, "output", "answerw") ||
			p.raw(k-1) == "per" && p.has(k, "doc", "query", "chats") || p.has(k-1, "token", "wordunit") && p.has(k, "doc") || p.raw(k-1) == "of" && p.has(k-2, "token", "wordunit") && !p.toks[k].glue && p.dirAt(k) != "output" // "350 tokens of findings"
	}
}

// piecesOf reads the length of each of n pieces from token j on: "chunks of 400", "retrieved chunks @ 400", "x 512 token chunks".
func (p *parser) piecesOf(n float64, j int) (sum float64, next int, ok bool) {
	const many, words = 100, 3
	if n <= 1 || n > many {
		return 0, 0, false
	}
	if p.isSign(j, "x") || p.isSign(j, "*") {
		each, ok := p.number(j + 1)
		if !ok {
			return 0, 0, false
		}
		for k := each.next; k < each.next+words; k++ {
			if chunkNouns[stem(p.raw(k))] {
				return n * max(each.val, each.other), each.next, true
			}
		}
		return 0, 0, false
	}
	k := j
	for k < j+words && p.isWord(k) && !p.isPiece(k, n) {
		k++
	}
	if !p.isPiece(k, n) {
		return 0, 0, false
	}
	from := k + 1
	for k++; p.raw(k) == "of" || p.raw(k) == "x" || p.raw(k) == "at" || p.raw(k) == "with" || p.raw(k) == "à" || p.raw(k) == "each" || p.raw(k) == "about" || p.raw(k) == "around" || p.raw(k) == "," || p.raw(k) == "(" || p.isSign(k, "~") || p.isSign(k, "*"); k++ {
	}
	each, ok := p.number(k)
	if !ok || k == from || each.worded && each.val == 1 && p.has(each.next, "query") { // "75 sections with one call per section"
		return 0, 0, false
	}
	next = each.next
	if apart := k - from; p.wordBetween(from, from+apart, ",", "(") { // "5 snippets, 400 tokens each", "3 chunks (500 tokens)"
		last := each.next
		for next < each.next+words && p.raw(next-1) != "each" && p.raw(next-1) != "apiece" {
			next++
			if p.raw(next-1) == "per" && chunkNouns[p.raw(next)] { // "6 snippets, 350 tokens per snippet"
				return n * max(each.val, each.other), next + 1, true
			}
		}
		if p.raw(next-1) != "each" && p.raw(next-1) != "apiece" {
			if next = last + 1; !p.has(last, "token", "wordunit") || p.raw(next) != ")" {
				return 0, 0, false
			}
		}
	}
	if p.raw(next) == ")" {
		next++
	}
	length := max(each.val, each.other)
	if p.wordBetween(from, k, "(", ",") && p.has(each.next, "wordunit") { // its unit is behind us
		length *= tokensPerWord
	}
	return n * length, next, true
}

// isPiece reports whether the word at k names what n of go into one prompt.
func (p *parser) isPiece(k int, n float64) bool {
	const few = 20 // of whole documents
	return chunkNouns[stem(p.raw(k))] || n <= few && wholePieces[stem(p.raw(k))] && (p.raw(k+1) == "of" || p.raw(k+1) == "(")
}

// saidAgain reads words from token k on that say that what stands before them is the same in each request, and where they end: "(same every
// time)", "that never changes", "which is static"; 0 none.
func (p *parser) saidAgain(k int) int {
	const reach = 7
	open := p.raw(k) == "("
	if !open && p.raw(k) != "that" && p.raw(k) != "which" && p.raw(k) != "and" {
		return 0
	}
	found := 0
	for j := k + 1; j <= k+reach && !p.isNum(j); j++ {
		if open && p.raw(j) == ")" {
			if found > 0 {
				return j
			}
			return 0
		}
		if p.clauseEnd(j) && !(open && p.raw(j) == ",") {
			break
		}
		if p.staysSame(j) || found > 0 && (p.raw(j) == "every" || p.raw(j) == "each" || p.raw(j) == "for" || p.raw(j) == "in" || p.raw(j) == "time" || p.raw(j) == "all" || p.has(j, "query")) { // "the same each time"
			found = j
		}
	}
	if open {
		return 0
	}
	return found
}

// staysSame reports whether the word at k says that something is the same in each request.
func (p *parser) staysSame(k int) bool {
	return cachedHints[p.raw(k)] || p.has(k, "cached") || (p.raw(k) == "changes" || p.raw(k) == "change") && p.has(k-1, "no")
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
		if t.dir != "input" || !p.sentAgain(t.span) && !p.sameIn(t.span) {
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
		isBase, isAsked := p.partLabel(t.span)
		if t.weak && !isBase && (p.countedDoc(t.span) || base != nil && (p.sentAgain(base.span) || p.saidAgain(base.to+1) > 0)) { // "a mail 130 tokens, prompt instructions 700"
			isAsked = true
		}
		switch {
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
		if p.sentAgain(base.span) || p.sameIn(base.span) {
			p.cachedOf = append(p.cachedOf, base.reading)
		}
		base.val += asked.val
		base.note = joinNotes(base.note, "“"+p.quote(base.span)+"” and “"+p.quote(asked.span)+"” added up")
		asked.val, asked.dir = base.val, "input"
	}
}

// addBeside adds a part that is said to stand in front of the rest, or that is the same in each request and yet longer than the other length of what
// goes in, to that: "60 tokens in with a 900 token fixed block in front", "notes 120 words, a style guide of 2,000 tokens in front of every call".
func (p *parser) addBeside() {
	var parts []*dirReading
	answered := false
	for i := range p.tokensOf {
		switch t := &p.tokensOf[i]; t.dir {
		case "input":
			parts = append(parts, t)
		case "total":
			return
		case "output":
			answered = true
		}
	}
	if len(parts) != 2 || !answered || parts[0].val == parts[1].val {
		return
	}
	for i, t := range parts {
		same := p.sentAgain(t.span) || p.sameIn(t.span) || p.saidAgain(t.to+1) > 0
		rest := parts[1-i]
		if !p.putBefore(t.span) && !(same && t.val > rest.val) {
			continue
		}
		if same {
			p.cachedOf = append(p.cachedOf, t.reading)
		}
		t.val += rest.val
		t.note = joinNotes(t.note, "“"+p.quote(t.span)+"” and “"+p.quote(rest.span)+"” added up")
		rest.val = t.val
		return
	}
}

// putBefore reports whether words behind a part say that it comes on top of another: "in front", "added to it", "prepended".
func (p *parser) putBefore(s span) bool {
	const reach = 5
	for k := s.to; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		switch p.raw(k) {
		case "front":
			return p.raw(k-1) == "in"
		case "top":
			return p.raw(k-1) == "on"
		case "added", "prepended", "attached", "appended":
			return true
		}
	}
	return false
}

// sameIn reports whether a word of a part says that it is the same in each request: "a 600 token static system prompt".
func (p *parser) sameIn(s span) bool {
	for k := s.from; k <= s.to; k++ {
		if p.staysSame(k) {
			return true
		}
	}
	return false
}

// sentAgain reports whether words behind a part say that it is the same in each request.
func (p *parser) sentAgain(s span) bool {
	const reach = 7
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k) && !adding[p.raw(k)] && !p.isSign(k, "+"); k++ {
		if p.staysSame(k) {
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
		base = base || basePrompt[p.raw(k)] || p.raw(k) == "prefix" || p.raw(k) == "same"
		asked = asked || askedPrompt[p.raw(k)] || k == s.to+1 && varying[p.raw(k)]
	}
	return base, asked
}
