package intake

import "slices"

// What the model is to write comes out of it: "generate 1,000 social posts a week, 80 words each", "write the letter from our notes". A length
// said of such a document is that of the answer, which else would be that of what goes in.

var (
	// draftingVerbs let a model write, whoever uses it; writingVerbs also tell what people send to it: "customers write us 2,000 messages".
	draftingVerbs = set("generate generates generating draft drafts drafting compose composes composing")
	writingVerbs  = set("write writing rewrite rewriting produce producing create creating")
	// writtenFor stand before the verb where the model is to do it.
	writtenFor = set("for to we we'd i'd it model llm bot ai would that helps us")
	// finishedWords stand before what comes of it.
	finishedWords = set("finished final resulting generated")
)

// findMade notes the words for what is to be written, by stem.
func (p *parser) findMade() {
	p.made = map[string]bool{}
	for i := range p.toks {
		w := p.raw(i)
		if w == "produce" && p.raw(i-1) == "we" && p.isNum(i+1) { // "we produce 26 shows a week"
			continue
		}
		if draftingVerbs[w] || writingVerbs[w] && (len(w) > 3 && w[len(w)-3:] == "ing" && !p.has(i-1, "person") || writtenFor[p.raw(i-1)]) {
			p.noteMade(i)
		}
		if w == "draft" && p.raw(i-1) == "a" && p.wordBetween(i-4, i, "like", "want", "need", "get", "d", "we'd", "i'd") { // "we'd like a draft from the bullet points"
			p.drafted = true
		}
		if w == "automatically" && (p.raw(i-1) == "answered" || p.raw(i+1) == "answered") || w == "copy" && copyKinds[p.raw(i-1)] { // "messages that I'd like to be answered automatically", "marketing copy"
			p.drafted = true
		}
		if w == "prompt" && p.raw(i+1) == "per" && p.isWord(i+2) { // "3 worksheets a week, one prompt per worksheet"
			p.made[stem(p.raw(i+2))] = true
		}
		if p.passive(i) {
			p.notePassive(i)
		} else if (w == "written" || w == "drafted" || w == "generated") && (p.has(i-1, "doc") || p.isWord(i-1) && p.plural(i-1) && !p.toks[i-1].glue) && p.wordBetween(i-wish, i, "want", "need", "like", "get", "have") { // "I want the texts written automatically"
			p.made[stem(p.raw(i-1))] = true
			if p.has(i-2, "doc") { // "the listing texts"
				p.made[stem(p.raw(i-2))] = true
			}
		}
	}
}

var copyKinds = set("marketing sales ad web website advertising product")

const wish = 8 // tokens

// notePassive notes what the passive at token i is said of: "a description generated from a form", "60k texts a month, 80 words each, generated from
// 25 attributes".
func (p *parser) notePassive(i int) {
	const reach = 14
	if w := p.raw(i - 1); (w == "are" || w == "is" || w == "be") && p.isWord(i-2) && !p.toks[i-2].glue { // "quotes are written from the email"
		p.made[stem(p.raw(i-2))] = true
		return
	}
	for k := i - 1; k >= i-reach && !p.strongEnd(k); k-- {
		if p.has(k, "doc") && p.isWord(k) && !p.has(k, "per") && p.raw(k) != "each" {
			p.made[stem(p.raw(k))] = true
			return
		}
	}
}

// passive reports whether the word at i tells what something is made from: "generated from", "written by".
func (p *parser) passive(i int) bool {
	w, next := p.raw(i), p.raw(i+1)
	if next == "automatically" || next == "up" {
		next = p.raw(i + 2)
	}
	return w == "based" && (next == "on" || next == "upon") || (w == "generated" || w == "written" || w == "drafted" || w == "composed" || w == "produced") && (next == "from" || next == "by" || next == "out")
}

// noteMade notes the object of the verb at token i.
func (p *parser) noteMade(i int) {
	const reach = 8
	last, kind := "", ""
	for k := i + 1; k <= i+reach && !p.clauseEnd(k) && !p.isSign(k, ":"); k++ {
		if w := p.raw(k); w == "from" || w == "for" || w == "of" || w == "to" || w == "with" || w == "about" || w == "on" || w == "in" || w == "and" && last != "" {
			break
		}
		if window, _, _ := p.windowAt(k); window != "" && last != "" {
			break
		}
		if p.isWord(k) && p.toks[k].entity == nil && !p.has(k, "per", "token", "wordunit", "pageunit", "person") && numberWords[p.raw(k)] == 0 && (!p.toks[k].glue || p.has(k, "doc")) {
			last, kind = stem(p.raw(k)), last
		}
	}
	if last != "" {
		p.made[last] = true
		p.madeFor = append(p.madeFor, kind) // "write product descriptions": one for each product
	}
}

// isMade reports whether the word at token k names what the model is to write.
func (p *parser) isMade(k int) bool {
	return p.isWord(k) && (p.made[stem(p.raw(k))] || p.has(k, "doc") && finishedWords[p.raw(k-1)])
}

// settleMade takes the only length that was said without a direction for that of the answers, where what is counted is what the model is to write.
func (p *parser) settleMade() {
	open := -1
	for i, t := range p.tokensOf {
		switch {
		case t.dir == "" && open < 0:
			open = i
		case t.dir != "input":
			return
		}
	}
	if open < 0 {
		return
	}
	made, named := false, false
	for _, vs := range [][]reading{p.volumes, p.rates, p.bare} {
		for _, v := range vs {
			made = made || p.counts(v, p.isMade) || p.counts(v, func(k int) bool { return slices.Contains(p.madeFor, stem(p.raw(k))) })
			named = named || p.counts(v, func(k int) bool { return p.has(k, "doc", "query", "chats", "person") })
		}
	}
	if t := &p.tokensOf[open]; made && (len(p.tokensOf) == 1 || p.ofEach(t.span)) || len(p.tokensOf) == 1 && (p.drafted || !named && len(p.made) > 0) { // "product descriptions, 20k a month, 150 words each"
		t.dir, t.note = "output", joinNotes(t.note, "“"+p.quote(t.span)+"” taken as what comes out")
	}
}
