package intake

import (
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// A model or a vendor is often named because it is in use: "we're on gpt-4.1 today", "our bill at OpenAI", "moving off gpt-4o". It is what the
// answer is measured by, and no wish; where it is being left, no option either.

var (
	// inUseVerbs say that what follows is in use, where somebody is said to do it now.
	inUseVerbs = set("use uses using run runs running call calls calling on built self-host selfhost self-hosting selfhosting host hosting serve serving")
	// billWords say so of a vendor: "paying OpenAI 14k", "our spend is $31k at Anthropic".
	billWords = set("paying pay pays bill bills invoice spend spending spent burn burning")
	// billNouns follow what is paid for: "our gpt-4o bill".
	billNouns = set("bill bills invoice invoices spend spending usage subscription contract")
	// doers do it.
	doers = set("we i they team teams company devs developers people department bot app product tool prototype pilot setup stack currently now today already still presently we're we've i'm i've they're been everything all")
	// presentWords say that it is so today.
	presentWords = set("today now currently presently current existing present todays today's moment")
	// wishing words before the verb make it a plan: "should we use", "would run on", "to use".
	wishingWords = set("should could would can may might will shall to want wants wanted plan plans planning consider considering thinking think if let's lets like prefer must need please try trying test testing evaluate evaluating compare whether why when once " +
		"i'd we'd we'll i'll don't can't couldn't shouldn't wouldn't not never no")
	// leavingVerbs are of what is left: "moving off", "migrate away from", "replace".
	leavingVerbs = set("moved migrated switched move moving moves get getting migrate migrating migration switch switching come coming transition transitioning shift shifting away going")
	// stayingWords keep it: "we use gpt-4.1 and want to stay".
	stayingWords = set("stay staying keep keeping stick sticking remain continue continuing happy")
)

// leavingName reports whether the name at s is of what is being left, where the words for that start, and whether that is settled: "whether
// to leave OpenAI" and "can it replace gpt-4.1" are not.
func (p *parser) leavingName(s span) (from int, settled, ok bool) {
	k := s.from - 1
	for p.raw(k) == "the" || p.raw(k) == "our" || p.raw(k) == "current" || p.raw(k) == "self-hosted" || p.raw(k) == "selfhosted" || p.namesOther(k) {
		k--
	}
	switch w := p.raw(k); {
	case (w == "off" || w == "from") && (leavingVerbs[p.raw(k-1)] || leavingVerbs[p.raw(k-2)]):
		for k--; leavingVerbs[p.raw(k-1)]; k-- {
		}
		return k, p.decided(k), true
	case w == "replace" || w == "replacing" || w == "replaces" || w == "leave" || w == "leaving" || w == "ditching" || w == "dropping":
		return k, p.decided(k), !p.wordBetween(k-4, k, "not", "don't", "never")
	case w == "of" && p.raw(k-1) == "rid":
		return k - 1, p.decided(k - 1), true
	}
	return 0, false, false
}

// decided reports whether the verb at k is no question.
func (p *parser) decided(k int) bool {
	return !p.wordBetween(k-5, k, "can", "could", "whether", "if", "should", "would", "evaluate", "evaluating", "considering", "thinking", "worth", "might", "may")
}

// namesOther reports whether token k is part of a list of names.
func (p *parser) namesOther(k int) bool {
	return k >= 0 && k < len(p.toks) && (p.toks[k].entity != nil || p.raw(k) == "and" && p.toks[max(0, k-1)].entity != nil)
}

// nameInUse reports whether the name at s is of what is in use today.
func (p *parser) nameInUse(s span) bool {
	if p.besideRented(s) {
		return true
	}
	if p.kept(s) {
		return false
	}
	return p.saidInUse(s) || p.presentBeside(s) || p.customerOf(s) || p.billOf(s) || p.servedInUse(s) || p.restOfBill(s) || p.costsNow(s)
}

// restOfBill reads what a bill is for behind it: "our OpenAI bill is $120k a year, all gpt-4.1-mini".
func (p *parser) restOfBill(s span) bool {
	const reach = 14
	switch p.raw(s.from - 1) {
	case "all", "mostly", "mainly", "only", "entirely", "nearly", "almost":
	default:
		return false
	}
	return p.billedBefore(s.from-1, reach-1)
}

// billOf reads a name before its bill: "our gpt-4o bill is 18k", "OpenAI spend: 9k a month".
func (p *parser) billOf(s span) bool {
	const reach = 3
	if !billNouns[p.raw(s.to+1)] || p.plannedInClause(s) {
		return false
	}
	for k := s.to + 2; k <= s.to+1+reach && !p.strongEnd(k); k++ {
		if w := p.raw(k); w == "be" || w == "would" || w == "will" || w == "if" {
			return false
		}
	}
	switch p.raw(s.from - 1) {
	case "our", "my", "the", "current", "monthly", "yearly", "annual", "total", "today's", "their":
		return true
	}
	return p.clauseEnd(s.from-1) && p.numberFollows(s.to+1)
}

// costsNow reads a name that costs somebody something: "sonnet 4.5 at Anthropic costs us 60k a month", "OpenAI charges us".
func (p *parser) costsNow(s span) bool {
	const reach = 4
	if p.wordBetween(s.from-reach, s.from, "would", "will", "could", "does", "might", "if") {
		return false
	}
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		switch p.raw(k) {
		case "costs", "costing", "runs", "charges", "bills", "cost":
			return p.raw(k+1) == "us" || p.raw(k+1) == "me"
		case "would", "will", "could", "to", "does", "might":
			return false
		}
	}
	return false
}

// servedInUse reads the vendor at which a model in use is called: "we spend 18k on gpt-4o at OpenAI".
func (p *parser) servedInUse(s span) bool {
	if p.toks[s.from].entity.kind != providerName || s.from < 2 {
		return false
	}
	switch p.raw(s.from - 1) {
	case "at", "from", "via", "through", "on", "by", "in":
	default:
		return false
	}
	model := p.toks[s.from-2].entity
	return model != nil && model.kind == modelName && p.nameInUse(span{model.from, model.to})
}

// customers are what somebody is who uses a vendor.
var customers = set("shop house customer user subscriber tenant")

// customerOf reads "we're an AWS house", "Azure shop since 2016".
func (p *parser) customerOf(s span) bool {
	if p.toks[s.from].entity.kind != providerName || !customers[p.raw(s.to+1)] || !p.clauseEnd(s.to+2) && !p.toks[s.to+2].glue {
		return false
	}
	k := s.from - 1
	for p.article(k) || p.raw(k) == "all" || p.raw(k) == "big" || p.raw(k) == "long-time" {
		k--
	}
	switch p.raw(k) {
	case "we're", "are", "i'm", "am", "as", "being", "is":
		return true
	}
	return p.clauseEnd(k)
}

// saidInUse finds who uses it: "we use X", "currently on X", "our bill at X".
func (p *parser) saidInUse(s span) bool {
	const reach, amountReach = 7, 14
	if p.raw(s.from-1) == ":" && presentWords[p.raw(s.from-2)] { // "Today: 4o-mini"
		return true
	}
	if (p.raw(s.from-1) == "currently" || p.raw(s.from-1) == "presently") && p.clauseEnd(s.from-2) { // "3B tokens a month, currently gpt-4o"
		return true
	}
	for k := s.from - 1; k >= s.from-reach && !p.clauseEnd(k); k-- {
		w := p.raw(k)
		switch {
		case wishingWords[w]:
			return false
		case inUseVerbs[w] && p.doneNow(k):
			return true
		case billWords[w] && p.isProvider(s.from):
			return !p.wishedBefore(k) && !(doers[p.raw(k-1)] && p.wishedBefore(k-1))
		case (w == "current" || w == "existing" || w == "today's") && s.from-k <= 3:
			return true
		}
	}
	if p.raw(s.from-1) != "on" && p.raw(s.from-1) != "for" {
		return false
	}
	amount := false
	for k := s.from - 1; k >= s.from-amountReach && !p.clauseEnd(k); k-- { // "we burn $14k on gpt-4o", "paying OpenAI 18k a month for gpt-4o"
		amount = amount || p.isNum(k)
		if billWords[p.raw(k)] && amount {
			return p.doneNow(k) || p.clauseEnd(k-1) && strings.HasSuffix(p.raw(k), "ing") // "Paying 9k for gpt-4o"
		}
	}
	return false
}

func (p *parser) isProvider(k int) bool {
	return p.toks[k].entity != nil && p.toks[k].entity.kind == providerName
}

// doneNow reports whether the verb at k is done now by somebody: "we use", "is currently running on", not "should we use".
func (p *parser) doneNow(k int) bool {
	const reach = 5
	for j := k - 1; j >= k-reach && !p.clauseEnd(j); j-- {
		w := p.raw(j)
		switch {
		case wishingWords[w]:
			return false
		case doers[w]:
			return !p.wishedBefore(j)
		}
	}
	return false
}

// wishedBefore reports whether the word before k makes a question or a plan of it: "should we", "if we".
func (p *parser) wishedBefore(k int) bool {
	return !p.clauseEnd(k-1) && wishingWords[p.raw(k-1)] || p.raw(k-1) == "what" || p.raw(k-1) == "how"
}

// presentBeside finds a word for the present right behind the name, or at the start of its clause: "GPT-5 until now", "today gpt-4.1".
func (p *parser) presentBeside(s span) bool {
	const reach = 4
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		w := p.raw(k)
		if wishingWords[w] || p.has(k, "no") {
			return false
		}
		if presentWords[w] && (w != "now" || p.clauseEnd(k+1) || p.raw(k-1) == "right" || p.raw(k-1) == "until" || p.raw(k-1) == "till" || p.isSign(k+1, ")")) {
			return !p.plannedInClause(s)
		}
	}
	return false
}

// plannedInClause reports whether the clause of a name speaks of a plan.
func (p *parser) plannedInClause(s span) bool {
	c := around(s, p.clauseEnd)
	for k := c.from; k < s.from; k++ {
		if wishingWords[p.raw(k)] && p.raw(k) != "to" {
			return true
		}
	}
	return false
}

// kept reports whether the sentence of a name says that it is to stay.
func (p *parser) kept(s span) bool {
	c := around(s, p.strongEnd)
	for k := c.from; k <= c.to; k++ {
		if stayingWords[p.raw(k)] && !p.has(k-1, "no") && !strings.HasSuffix(p.raw(k-1), "n't") {
			return true
		}
	}
	return false
}

// fileToday files a name of what is in use; what is being left is ruled out, too.
func (p *parser) fileToday(e *entity, s span, left bool) {
	p.w.Today = append(p.w.Today, e.ids...)
	p.say(advisor.FieldToday, s)
	if left {
		p.w.Excluded = append(p.w.Excluded, e.ids...)
		p.say(advisor.FieldExcluded, s)
	}
}

// billedModel takes the one model that is named in the sentence of today's bill for what the bill is for, where nothing is said to be in use: "we
// process 500M tokens a day with gpt-4.1-mini on Azure and pay 15k a month". Where only the vendor is said to be, it must stand by itself: "our OpenAI bill is
// 9k (gpt-4.1)".
func (p *parser) billedModel() {
	if len(p.bills) != 1 || len(p.w.Models) != 1 {
		return
	}
	vendor := len(p.w.Today) > 0
	sentence := around(p.bills[0], p.strongEnd)
	var names []*entity
	for _, e := range p.entities {
		s := span{e.from, e.to}
		if e.kind == gpuName || len(e.ids) == 0 || p.disowned(s) || p.fancied(s) || p.plannedInClause(s) {
			continue
		}
		if slices.ContainsFunc(e.ids, func(id string) bool { return slices.Contains(p.w.Today, id) }) {
			if e.kind == modelName {
				return
			}
			continue
		}
		if vendor && (e.kind != modelName || !p.byItself(s)) {
			return
		}
		if label := p.raw(s.from - 1); s.from < sentence.from || s.to > sentence.to || label == "model" || label == "provider" { // "model: gpt-4.1" asks for it
			return
		}
		names = append(names, e)
	}
	if !slices.ContainsFunc(names, func(e *entity) bool { return e.kind == modelName }) {
		return
	}
	for _, e := range names {
		p.fileToday(e, span{e.from, e.to}, false)
	}
	p.w.Models = nil
	delete(p.spans, advisor.FieldModels)
	if !vendor {
		p.w.Providers = nil
		delete(p.spans, advisor.FieldProviders)
	}
	p.w.Today = unique(p.w.Today)
}

// byItself reports whether a name is all that its clause says, and no question: "(gpt-4.1)", ", Claude Sonnet 4.5,".
func (p *parser) byItself(s span) bool {
	c := around(s, p.clauseEnd)
	for p.raw(c.from) == "all" || p.raw(c.from) == "mostly" || p.raw(c.from) == "on" || p.raw(c.from) == "for" || p.raw(c.from) == "with" || p.raw(c.from) == "using" {
		c.from++
	}
	return c == s && p.raw(s.to+1) != "?"
}
