package intake

import "github.com/llmadvise/llmadvise/advisor"

// Whether a vendor may keep what it is sent: "zero data retention", "ZDR", "prompts must not be stored", "nothing retained".

var (
	keptNouns = set("retention logging storage")
	keptVerbs = set("stored retained logged kept saved store retain log keep save")
	sentWords = set("prompt prompts data request requests query queries answer answers nothing content input inputs text texts conversations chats")
)

// readRetention files that no vendor may keep prompts or answers.
func (p *parser) readRetention() {
	for i := range p.toks {
		s := span{i, i}
		switch w := p.raw(i); {
		case w == "zdr" && !p.has(i-1, "no"):
		case keptNouns[w]:
			from, ok := p.noneOf(i)
			if !ok || w != "retention" && !p.byVendor(i) {
				continue
			}
			s.from = from
		case keptVerbs[w]:
			from, ok := p.mustNotKeep(i)
			if !ok || !p.byVendor(i) {
				continue
			}
			s.from = from
		default:
			continue
		}
		p.w.ZeroRetention = true
		p.claim(s.from, s.to)
		p.say(advisor.FieldZeroRetention, s)
	}
}

// noneOf finds "zero", "no" or "without" before the noun at i: "zero data retention", "no prompt logging".
func (p *parser) noneOf(i int) (int, bool) {
	const reach = 3
	for k := i - 1; k >= i-reach && !p.clauseEnd(k); k-- {
		switch w := p.raw(k); {
		case w == "zero" || w == "0" || w == "no" || w == "without" || w == "0-day" || w == "zero-day":
			return k, true
		case !sentWords[w] && w != "-" && w != "day" && w != "prompt" && !p.skippable(k):
			return 0, false
		}
	}
	return 0, false
}

// mustNotKeep finds what must not be kept before the verb at i: "prompts must not be stored", "nothing may be retained", "may not log our data".
func (p *parser) mustNotKeep(i int) (int, bool) {
	const reach = 5
	denied, must := false, false
	for k := i - 1; k >= i-reach && !p.clauseEnd(k); k-- {
		w := p.raw(k)
		denied = denied || p.negatedWord(k) || w == "nothing"
		must = must || w == "must" || w == "may" || w == "can" || w == "cannot" || w == "should" || w == "allowed" || w == "mustn't" || w == "can't" || w == "shall"
		if denied && must {
			return k, true
		}
	}
	return 0, false
}

// byVendor reports whether a sentence speaks of a vendor, and of nothing that is stored elsewhere or for a time.
func (p *parser) byVendor(i int) bool {
	c := around(span{i, i}, p.strongEnd)
	vendor := false
	for k := c.from; k <= c.to; k++ {
		w := p.raw(k)
		vendor = vendor || vendorNouns[w] || sentWords[w] || p.toks[k].entity != nil && p.toks[k].entity.kind == providerName
		if w == "days" || w == "cloud" || w == "outside" || w == "abroad" || w == "eu" {
			return false // where or for how long, which is something else
		}
	}
	return vendor
}
