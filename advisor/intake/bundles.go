package intake

// Several things may go to the model in one request: "10M lines a month, but we bundle 50 lines per call". The requests are then fewer than the things.

// bundleVerbs put several things into one request.
var bundleVerbs = set("bundle bundles bundled bundling batch batches batched batching pack packs packed packing group groups grouped grouping pool pooled combine combined send sent put stuff")

// readBundles divides the load by how many of its things are said to go into one request.
func (p *parser) readBundles() {
	for i := range p.toks {
		n, ok := p.number(i)
		if !ok || p.isClaimed(i) || p.toks[i].entity != nil || n.scaled || n.val < 2 {
			continue
		}
		if end := p.bundleEnd(i, n.next); end > 0 {
			p.perQuery = append(p.perQuery, reading{val: 1 / n.val, span: span{i, end}})
			if !p.has(n.next, "pageunit") { // which tells the length, too
				p.claim(i, end)
			}
		}
	}
}

// bundleEnd is the end of "50 lines per call", "100 to a request" whose number stands at token i, 0 where it is none: the things must be those of the
// load, or be said to be bundled.
func (p *parser) bundleEnd(i, next int) int {
	const words, reach = 3, 4
	k := next
	for k < next+words && p.isWord(k) && !p.toks[k].glue && !p.has(k, "per", "token", "wordunit", "char") {
		k++
	}
	noun := k - 1
	if w := p.raw(k); w == "in" || w == "into" || w == "to" || w == "at" || w == "for" {
		if k++; p.raw(k) != "one" && p.raw(k) != "a" && p.raw(k) != "each" && p.raw(k) != "every" && p.raw(k) != "per" {
			return 0
		}
	} else if w != "per" && !p.isSign(k, "/") {
		return 0
	}
	switch k++; p.raw(k) {
	case "single", "api", "llm", "model":
		k++
	}
	if w := p.raw(k); w != "call" && w != "request" && w != "prompt" && w != "query" && w != "batch" {
		return 0
	}
	for j := i - 1; j >= i-reach && !p.clauseEnd(j) && !p.isNum(j); j-- {
		if bundleVerbs[p.raw(j)] {
			return k
		}
	}
	if noun >= next && p.has(noun, "doc", "pageunit") && p.raw(noun) != p.raw(k) && p.countedElsewhere(noun) || p.raw(k) == "batch" && noun >= next && p.countedElsewhere(noun) {
		return k
	}
	return 0
}
