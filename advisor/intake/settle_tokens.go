package intake

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// settleUndirected says of lengths that were said without a direction what they are: of two the longer one goes in.
func (p *parser) settleUndirected() {
	p.settleDocuments()
	p.settleMade()
	p.settleAnswers()
	longest := func(dir string) (v float64) {
		for _, t := range p.tokensOf {
			if t.dir == dir {
				v = max(v, t.val)
			}
		}
		return v
	}
	in, out := longest("input"), longest("output")
	for i := range p.tokensOf { // "1,400 tokens per request (1,200 in, 200 out)"
		if t := &p.tokensOf[i]; t.dir == "" && in > 0 && out > 0 && math.Abs(t.val-in-out) < 0.02*t.val {
			t.dir = "total"
		}
	}
	most := longest("")
	least := most
	for _, t := range p.tokensOf {
		if t.dir == "" {
			least = min(least, t.val)
		}
	}
	for i := range p.tokensOf {
		t := &p.tokensOf[i]
		if t.dir != "" {
			continue
		}
		t.dir = "input"
		if out == 0 && t.val < in || in == 0 && out == 0 && t.val == least && least < most {
			t.dir = "output"
			t.note = "“" + p.quote(t.span) + "” taken as tokens out"
		}
	}
}

// settleTokens files tokens in and out; of several in one direction the largest counts.
func (p *parser) settleTokens() {
	p.monthlyTotals()
	p.settleRestated()
	p.settleGuess()
	p.settlePrompt()
	p.settleEnumerated()
	p.settleUndirected()
	p.addBeside()
	p.settleTotals()
	p.settleRelative()
	p.pageEach()
	for _, d := range []struct {
		dir   string
		field advisor.Field
	}{{"input", advisor.FieldInput}, {"output", advisor.FieldOutput}, {"reasoning", advisor.FieldReasoning}} {
		dir, f := d.dir, d.field
		best, n := reading{}, 0
		averaged := false
		for i := range p.tokensOf {
			t := &p.tokensOf[i]
			t.mean = t.mean || p.saidMean(t.span)
			averaged = averaged || t.dir == dir && t.mean
		}
		for _, t := range p.tokensOf {
			if averaged && !t.mean || t.dir != dir || t.val < 0 || t.val > 1e9 {
				continue
			}
			if t.val > longestPrompt && slices.ContainsFunc(p.tokensOf, func(o dirReading) bool { return o.dir == dir && o.val <= longestPrompt }) {
				p.doubt("“" + p.quote(t.span) + "” is more than one prompt holds and is not used")
				continue
			}
			if n > 0 && t.val != best.val {
				p.doubt("two " + dir + " lengths are said; the larger is taken")
			}
			n++
			p.say(f, t.span)
			const near = 0.03 // of a sum, which is then said rounded: "so let's say 1,050 tokens in"
			if sum := best.val; t.val > sum || n == 1 || sum-t.val < near*sum && p.raw(t.from-1) == "say" {
				best = t.reading
			}
		}
		if n == 0 {
			continue
		}
		p.doubt(best.note)
		v := int(math.Round(best.val))
		switch dir {
		case "input":
			p.w.InputTokens = v
		case "output":
			p.w.OutputTokens = v
			for i := range p.doubts {
				p.doubts[i] = strings.Replace(p.doubts[i], sayOutput, "", 1)
			}
		case "reasoning":
			p.w.ReasoningTokens = &v
		}
	}
}

// pageEach takes a page for what goes in where the load is counted in pages and each is said to be a request: "page by page", "1 page = 1 request".
func (p *parser) pageEach() {
	if slices.ContainsFunc(p.tokensOf, func(t dirReading) bool { return t.dir == "input" }) || !slices.ContainsFunc(p.volumes, func(v reading) bool { return p.counts(v, func(k int) bool { return p.has(k, "pageunit") }) }) {
		return
	}
	for i := range p.toks {
		if p.raw(i) != "page" {
			continue
		}
		one := p.raw(i+1) == "by" && p.raw(i+2) == "page" || p.raw(i-1) == "per" && p.has(i-2, "query") && !viewWords[stem(p.raw(i+1))] || eachWords[p.raw(i-1)] && (p.raw(i+1) == "is" || p.raw(i+1) == "goes")
		one = one || (p.isSign(i+1, "=") || p.raw(i+1) == "is" || p.raw(i+1) == "per" || p.raw(i+1) == "a") && (p.has(i+2, "query") || p.article(i+2) && p.has(i+3, "query"))
		if one {
			s := span{i, i + 2}
			p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: tokensPerPage, span: s, note: "“" + p.quote(s) + "” reckoned at 500 words a page and 4/3 tokens a word"}, dir: "input"})
			return
		}
	}
}

// settleRestated takes a length that puts the one before it in tokens: "a one word cause plus confidence out, call it 12 tokens".
func (p *parser) settleRestated() {
	for i := len(p.tokensOf) - 1; i > 0; i-- {
		t, before := p.tokensOf[i], &p.tokensOf[i-1]
		if t.dir == "output" || p.raw(t.from-1) != "it" || p.raw(t.from-2) != "call" || before.to > t.from {
			continue
		}
		if p.writesBetween(before.to, t.from) {
			p.tokensOf[i].dir = "output"
			continue
		}
		before.val, before.note = t.val, "“"+p.quote(t.span)+"” taken for “"+p.quote(before.span)+"”"
		p.tokensOf = slices.Delete(p.tokensOf, i, i+1)
	}
}

// writesBetween reports whether something is said to be written or given back between two tokens: "fills in 40 fields, call it 150 words".
func (p *parser) writesBetween(from, to int) bool {
	for k := from + 1; k < to; k++ {
		if p.verbDir(k) == "output" || stem(p.raw(k)) == "fill" {
			return true
		}
	}
	return false
}

// settleEnumerated adds what a sentence that tells what is sent lists with lengths in brackets: "we send the form (400 tokens), the policy (6,000 tokens)
// and a checklist (300 tokens)".
func (p *parser) settleEnumerated() {
	var listed []*dirReading
	for i := range p.tokensOf {
		t := &p.tokensOf[i]
		if t.dir != "" && t.dir != "input" || p.raw(t.from-1) != "(" || p.raw(t.to+1) != ")" {
			continue
		}
		if n := len(listed); n > 0 && p.sentenceEnds(listed[n-1].to, t.from) {
			break
		}
		listed = append(listed, t)
	}
	if len(listed) < 2 || !p.wordBetween(p.sentenceFrom(listed[0].from, 16), listed[0].from, "send", "sends", "feed", "feeds", "contains", "consists", "pass", "include", "includes") {
		return
	}
	sum := 0.0
	for _, t := range listed {
		sum += t.val
	}
	for _, t := range listed {
		t.val, t.dir, t.weak = sum, "input", false
		t.note = joinNotes(t.note, "the lengths in brackets are added up")
	}
}

// settleGuess takes a length that only its place makes one of the answer for a part of the prompt, where the answer's is said: "the prompt has 1,000
// tokens and the mail plus booking 600, reply 220".
func (p *parser) settleGuess() {
	g := slices.IndexFunc(p.tokensOf, func(t dirReading) bool { return t.guess })
	if g < 1 || !slices.ContainsFunc(p.tokensOf, func(t dirReading) bool { return t.dir == "output" && !t.guess }) {
		return
	}
	if before := &p.tokensOf[g-1]; before.dir == "input" || before.dir == "" {
		if p.sentAgain(before.span) {
			p.cachedOf = append(p.cachedOf, before.reading)
		}
		before.val, before.dir = before.val+p.tokensOf[g].val, "input"
	}
	p.tokensOf = slices.Delete(p.tokensOf, g, g+1)
}

// saidMean reports whether a length is said to be the usual one: "typical input 6k", "2k in on average".
func (p *parser) saidMean(s span) bool {
	for k := s.from - 1; k <= s.to+2; k++ {
		if (k < s.from && p.clauseEnd(k) || k > s.to && (p.clauseEnd(k) || p.isNum(k))) && k != s.from-1 {
			break
		}
		if meanWords[p.raw(k)] || p.raw(k) == "median" {
			return true
		}
	}
	return false
}

// settleAnswers takes a length without a direction for that of the answer that its sentence speaks of: "the answer should be on screen in 2 s,
// about 50 words".
func (p *parser) settleAnswers() {
	const reach = 16
	for i := range p.tokensOf {
		t := &p.tokensOf[i]
		if t.dir != "" || slices.ContainsFunc(p.tokensOf, func(o dirReading) bool { return o.dir == "output" }) {
			continue
		}
		for k := t.from - 1; k >= t.from-reach && !p.strongEnd(k); k-- {
			if (p.has(k, "answerw") || stem(p.raw(k)) == "summary" && p.raw(k+1) != "of") && !p.has(k, "promptw") && p.raw(k-1) != "per" && (p.raw(k-1) == "the" || p.raw(k-1) == "an" || p.raw(k-1) == "each" || p.clauseEnd(k-1)) && !slices.ContainsFunc(p.tokensOf, func(o dirReading) bool { return o.from > k && o.to < t.from }) {
				t.dir = "output"
				break
			}
		}
	}
}

// promptLengths takes a number of prompts or answers without a window for their length, where another number says how many come or a length
// of the other direction stands beside it: "peak 60 rps, 2k prompts, 300 token outputs".
func (p *parser) promptLengths() {
	const least, most = 50, manyPrompts
	has := func(dir string) bool {
		return slices.ContainsFunc(p.tokensOf, func(t dirReading) bool { return t.dir == dir })
	}
	load := len(p.peaks) > 0 || slices.ContainsFunc(p.volumes, func(v reading) bool { return v.unit != "" }) || slices.ContainsFunc(p.bare, func(b reading) bool { return b.val > most })
	p.volumes = slices.DeleteFunc(p.volumes, func(v reading) bool {
		dir := ""
		for k := v.from; k <= v.to; k++ {
			if p.has(k, "promptw") {
				dir = "input"
			} else if p.has(k, "answerw") {
				dir = "output"
			}
		}
		other := map[string]string{"input": "output", "output": "input"}[dir]
		if dir == "" || v.unit != "" || v.val < least || v.val >= most || has(dir) || !load && !has(other) && p.raw(v.from-1) != "with" {
			return false
		}
		v.note = "“" + p.quote(v.span) + "” taken for the length of each"
		p.tokensOf = append(p.tokensOf, dirReading{reading: v, dir: dir})
		return true
	})
}

// monthlyTotals takes lengths beyond any prompt for tokens in the window of the total that one is said of, and drops them else.
func (p *parser) monthlyTotals() {
	p.tokensOf = slices.DeleteFunc(p.tokensOf, func(t dirReading) bool {
		if t.val <= longestPrompt {
			return false
		}
		if len(p.tokens) > 0 {
			t.unit = p.tokens[0].unit
			t.val *= perMonthOr1(t.unit)
			p.tokens = append(p.tokens, t)
		} else {
			p.doubt("“" + p.quote(t.span) + "” is more than one prompt holds and is not used")
		}
		return true
	})
}

// settleDocuments takes the shorter of two documents as what comes out, where nothing else does: "7k tokens of diff and 600 tokens of
// comments".
func (p *parser) settleDocuments() {
	var docs []*dirReading
	other, long := false, 0.0
	for i := range p.tokensOf {
		switch t := &p.tokensOf[i]; {
		case t.weak:
			docs = append(docs, t)
		case t.dir == "output" || t.dir == "total":
			return
		case t.dir != "reasoning":
			other, long = true, max(long, t.val)
		}
	}
	if len(docs) == 2 {
		if long := slices.MaxFunc(docs, func(a, b *dirReading) int { return cmp.Compare(a.val, b.val) }); !p.ofEach(long.span) && p.ofEach(docs[0].span) != p.ofEach(docs[1].span) && p.sentenceEnds(docs[0].to, docs[1].from) && p.article(long.from-1) {
			long.dir = "none" // "I got a 90-page slide deck. We read 20,000 patents a month at 15 pages each"
			return
		}
	}
	if other && len(docs) == 1 && docs[0].val < long && !p.countedDoc(docs[0].span) { // "800 merge requests a day, diff and context 11k tokens, comments 650"
		docs[0].dir, docs[0].note = "output", joinNotes(docs[0].note, "“"+p.quote(docs[0].span)+"” taken as what comes out")
	}
	if other || len(docs) != 2 || docs[0].val == docs[1].val {
		return
	}
	short := slices.MinFunc(docs, func(a, b *dirReading) int { return cmp.Compare(a.val, b.val) })
	short.dir, short.note = "output", joinNotes(short.note, "“"+p.quote(short.span)+"” taken as what comes out")
}

// ofEach reports whether a length is said of each of what is counted.
func (p *parser) ofEach(s span) bool {
	return p.raw(s.to) == "each" || p.raw(s.to+1) == "each" || p.raw(s.from-1) == "each"
}

// countedDoc reports whether the document that a length is said of is what is counted: then it goes in.
func (p *parser) countedDoc(s span) bool {
	for k := s.from; k <= s.to+1; k++ {
		if p.has(k, "doc") && p.isWord(k) && !p.countedElsewhere(k) {
			return false
		}
	}
	return true
}

// addedTo reports whether the words before a total add something of no said length to what goes in.
func (p *parser) addedTo(s span) bool {
	const reach = 8
	for k := s.from - 1; k >= s.from-reach && !p.strongEnd(k) && !p.isNum(k); k-- {
		if p.raw(k) == "plus" || p.isSign(k, "+") || p.raw(k) == "with" {
			return true
		}
	}
	return false
}

// settleTotals takes a length of both directions less the one that was said, or as what goes in.
func (p *parser) settleTotals() {
	longest := map[string]float64{}
	for _, t := range p.tokensOf {
		longest[t.dir] = max(longest[t.dir], t.val)
	}
	for i := range p.tokensOf {
		t := &p.tokensOf[i]
		switch {
		case t.dir != "total":
		case longest["input"] > 0 && longest["output"] > 0 && t.val > longest["input"] && math.Abs(t.val-longest["input"]-longest["output"]) > 0.03*t.val && p.addedTo(t.span): // of what goes in: "15 words in plus instructions, let's say 400 tokens in total"
			t.dir = "input"
		case longest["output"] > 0 && longest["input"] == 0 && longest["output"] < t.val:
			t.dir, t.val = "input", t.val-longest["output"]
		case longest["input"] > 0 && longest["output"] == 0 && longest["input"] < t.val:
			t.dir, t.val = "output", t.val-longest["input"]
		case longest["input"] == 0:
			t.dir = "input"
		}
	}
}
