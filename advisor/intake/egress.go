package intake

import "strings"

// Whether data may go to somebody else, where it is told by who may see it or where it is to run rather than by the phrases of
// residency_rules.go: "our lawyers let no contract text go to a third party", "it has to be on servers in our building", "legal has no problem
// with OpenAI", "Azure is allowed".

var (
	// passVerbs are what happens to data that leaves.
	passVerbs = set("accept accepts approve allow allows permit depend rely go goes going gone leave leaves leaving send sends sent sending share shared sharing hand handed handing give given giving upload uploaded uploading touch touches reach reaches see sees seen process processed processing pass passed transmit transmitted expose exposed exit transfer transferred put fed stored store held handle handled shown show saved run")
	// elsewhere is whoever or whatever is not one's own.
	elsewhere = set("subprocessor subprocessors party parties vendor vendors internet web cloud cloud's outside outsider outsiders external saas anyone anybody company companies provider providers processor processors api apis firm supplier anywhere")
	// banVerbs rule out what follows; bannedWords what stands before them.
	banVerbs    = set("refuse refuses refused forbid forbids forbidden forbade ban bans banned prohibit prohibits prohibited disallow disallows disallowed vetoed vetoes")
	bannedWords = set("forbidden prohibited banned disallowed vetoed taboo impossible verboten no-go nogo")
	// fineWords say of what was named that it may be used.
	fineWords   = set("cleared greenlit fine ok okay allowed acceptable accepted alright permitted welcome approved cool authorised authorized")
	permitWords = set("cleared greenlit allowed permitted approved authorised authorized")
	objections  = set("problem problems objection objections objected issue issues restriction restrictions concern concerns qualms")
	usingVerbs  = set("use using uses send sending call calling accept accepts go with to against about")
	// mustWords make a place one's own demand; ownPlaces are what is one's own.
	mustWords = set("must only exclusively strictly everything all always has have needs need insist insists demands demand requires remain remains stay stays staying kept wants want keep solely")
	ownPlaces = set("server servers hardware machine machines computer computers dc datacenter datacentre gpu gpus box boxes metal infrastructure rack racks cluster premises building kit iron walls pc site lan network basement system systems office")
	owners    = set("own our ours ourselves hospital's firm's bank's company's county-owned company-owned self-owned local")
	// restWords limit what is said to a part of the load.
	restWords = set("part rest remaining others these those some remainder latter which")
)

// readEgress reads what may leave, or not, before the phrases do.
func (p *parser) readEgress() {
	for from := 0; from < len(p.toks); {
		s := span{from, around(span{from, from}, p.strongEnd).to}
		if banned, ok := p.egressIn(s); ok && !p.ofAPart(s) {
			egress(banned)(p, s)
			p.egressSaid = true
		}
		from = s.to + 2
	}
}

// ofAPart reports whether a sentence speaks of a share of the load only.
func (p *parser) ofAPart(s span) bool {
	if p.aFractionOf(s) {
		return true
	}
	for k := s.from; k <= s.to; k++ {
		if p.has(k, "pct") || restWords[p.raw(k)] && (p.has(k+1, "query", "doc") || p.raw(k+1) == "can" || p.raw(k+1) == "could" || p.raw(k+1) == "may" || p.raw(k+1) == "must" || p.raw(k-1) == "other" || p.raw(k-1) == "the" || p.raw(k-1) == "this") || p.raw(k) == "in" && p.isNum(k-1) && p.isNum(k+1) {
			return true
		}
	}
	return false
}

// aFractionOf reports whether a sentence speaks of a part of what was named before: "a fifth of them has to stay in house".
func (p *parser) aFractionOf(s span) bool {
	for k := s.from; k <= s.to; k++ {
		if p.raw(k) == "of" && (p.raw(k+1) == "them" || p.raw(k+1) == "these" || p.raw(k+1) == "those") && fractionWord(p.raw(k-1)) && p.raw(k-2) != "in" { // "PHI in half of them"
			return true
		}
	}
	return false
}

// fractionWord reports whether a word is a part of one.
func fractionWord(w string) bool {
	switch strings.TrimSuffix(w, "s") {
	case "half", "third", "quarter", "fifth", "sixth", "tenth", "some", "most", "few":
		return true
	}
	return false
}

// egressIn reads a sentence: whether it bans outsiders, and whether it says anything of them. What comes later in it stands.
func (p *parser) egressIn(s span) (banned, ok bool) {
	for i := s.from; i <= s.to; i++ {
		asks := p.raw(s.to+1) == "?" && p.raw(s.to+2) != "yes" && !(p.questionBehind(i, s.to) && !questionVerbs[p.raw(s.from)])
		if p.toks[i].void {
			continue
		}
		switch {
		case (!asks || p.raw(i) == "else") && p.keptHome(i, s):
			banned, ok = true, true
		case p.letsOut(i, s.to, asks):
			banned, ok = false, true
		case p.passBarred(i, s.to), p.banAhead(i, s.to), p.barredBehind(i, s.to), !asks && p.ownPlaceOnly(i, s):
			banned, ok = true, true
		}
	}
	return banned, ok
}

// questionVerbs and questionWords start a question.
var (
	questionVerbs = set("would is are can could should may will do does")
	questionWords = set("who who's what what's which how where")
)

// questionBehind reports whether the question of a sentence starts in a later clause than that of token i: "API is fine, who's cheapest?".
func (p *parser) questionBehind(i, end int) bool {
	for k := i + 1; k < end; k++ {
		if p.raw(k) != "," {
			continue
		}
		w := p.raw(k + 1)
		return questionVerbs[w] || questionWords[w]
	}
	return false
}

// outsider reports whether the word at k is somebody or something not one's own.
func (p *parser) outsider(k int) bool {
	if k < 0 || k >= len(p.toks) {
		return false
	}
	if e := p.toks[k].entity; e != nil {
		return e.kind == providerName
	}
	return p.isWord(k) && (elsewhere[p.raw(k)] || p.has(k, "external", "apiservice", "api", "cloud") && p.raw(k) != "service" && p.raw(k) != "services")
}

// passBarred reads, from a "no" at token i on, that data does not go out: "nothing may touch the internet", "must not be handed to third parties".
func (p *parser) passBarred(i, end int) bool {
	const reach = 14
	if !p.has(i, "no") || p.raw(i) == "min" || p.raw(i-1) == "reason" || p.planned(i) && p.raw(i) != "nothing" && p.raw(i-1) != "will" && !(p.raw(i+1) == "want" && p.raw(i+2) != "to") {
		return false
	}
	passed := false
	for k := i + 1; k <= end && k < i+reach; k++ {
		switch w := p.raw(k); {
		case p.raw(i) == "nothing" && k == i+1 && w == "to" && (p.outsider(k+1) || p.raw(k+1) == "the" && p.outsider(k+2)):
			return true
		case (w == "uploaded" || w == "disclosed") && p.clauseEnd(k+1) && p.raw(i) != "nobody":
			return true
		case (w == "let" || w == "lets") && p.outsider(k+1) && p.raw(k+1) != "anybody" && p.raw(k+1) != "anyone":
			return true
		case w == "except", turns[w], objections[w], w == "mind", w == "reason", w == "only" && passed, w == "insist", w == "need" && k == i+1, p.isNum(k):
			return false
		case passVerbs[w]:
			passed = passed || p.raw(k+1) != "with" || !strings.HasPrefix(w, "go") // "we don't go with Azure"
		case passed && p.isPlace(k+1) || passed && (p.raw(k+1) == "of" || p.raw(k+1) == "the") && p.isPlace(k+2) || passed && p.raw(k+1) == "of" && p.raw(k+2) == "the" && p.isPlace(k+3): // "outside of Japan"
			return false
		case passed && p.outsider(k) && !p.isPlace(k-1) && p.raw(k-1) != "own" && w != "firm":
			for j := i; j <= k; j++ { // who may not have it is no option
				if e := p.toks[j].entity; e != nil && e.kind == providerName {
					e.used = true
				}
			}
			return !(w == "company" || w == "companies") || p.article(k-2) || p.raw(k-1) == "any" || p.raw(k-1) == "outside" || p.has(k-1, "external")
		case p.clauseEnd(k) && passed:
			return false
		}
	}
	return false
}

// banAhead reads "the regulator forbids every external service", "we're not permitted any cloud", "without internet".
func (p *parser) banAhead(i, end int) bool {
	w := p.raw(i)
	barred := banVerbs[w] || p.has(i, "no") && (p.raw(i+1) == "permitted" || p.raw(i+1) == "allowed")
	if w == "no" || w == "without" || w == "any" && p.has(i-1, "no") {
		k := i + 1
		if p.raw(k) == "any" {
			k++
		}
		if p.raw(k) == "connection" && (p.clauseEnd(k+1) || p.raw(k+1) == "in" && p.raw(k+2) == "the" || p.raw(k+1) == "there" || p.raw(k+1) == "at" && p.raw(k+2) == "all") {
			return true
		}
		if (p.raw(k) == "connection" || p.raw(k) == "cable" || p.raw(k) == "link" || p.raw(k) == "line" || p.raw(k) == "access") && p.wordBetween(k+1, k+5, "outside", "internet", "web") {
			return true
		}
		if p.raw(k) == "internet" {
			n := p.raw(k + 1)
			return p.clauseEnd(k+1) || n == "connection" || n == "access" || n == "at" || n == "on" || n == "there" || n == "in" || n == "whatsoever"
		}
	}
	for k := i + 1; barred && k <= end && k < i+8 && !p.clauseEnd(k); k++ {
		if p.raw(k) == "hosted" && (p.has(k+1, "api") || p.raw(k+1) == "model" || p.raw(k+1) == "models") {
			return true
		}
		if p.toks[k].entity == nil && p.outsider(k) && p.raw(k) != "company" && p.raw(k) != "firm" && !p.isPlace(k-1) {
			return true
		}
	}
	return false
}

// barredBehind reads "cloud is forbidden", "external APIs are prohibited", "cloud? not allowed".
func (p *parser) barredBehind(i, end int) bool {
	const reach = 5
	if p.toks[i].entity != nil || !p.outsider(i) || p.raw(i-1) == "own" || p.isPlace(i-1) || p.has(i-1, "no") || p.raw(i) == "company" || p.raw(i) == "firm" {
		return false
	}
	for k := i + 1; k <= end && k < i+reach && !p.clauseEnd(k); k++ {
		if bannedWords[p.raw(k)] || p.raw(k) == "off" && p.raw(k+1) == "limits" || p.raw(k) == "out" && p.raw(k+1) == "of" && p.raw(k+2) == "the" && p.raw(k+3) == "question" || p.has(k, "no") && (fineWords[p.raw(k+1)] || p.raw(k+1) == "an" && p.raw(k+2) == "option" || p.raw(k+1) == "possible" || p.raw(k+1) == "available") {
			return true
		}
		if p.toks[k].entity != nil || p.outsider(k) && p.raw(k) != "api" && p.raw(k) != "apis" {
			return false
		}
	}
	return false
}

// ownPlaceOnly reads that all has to be on what is one's own: "must run on servers in our building", "only our own GPUs may be used", "own
// hardware only".
func (p *parser) ownPlaceOnly(i int, s span) bool {
	if !p.isWord(i) || !ownPlaces[p.raw(i)] && !p.has(i, "network") || p.raw(i) == "environment" || p.whole(s, weighing) {
		return false
	}
	if w := p.raw(i); w == "own" || w == "org" || w == "site" && p.raw(i-1) == "web" {
		return false
	}
	own := false
	from := i
	for k := i - 1; k > i-4 && k >= s.from; k-- {
		if owners[p.raw(k)] || p.raw(k) == "in-house" || k == i-1 && homes[p.raw(k)] && p.raw(k) != "data" || possessive(p.raw(k)) {
			own, from = true, k
		} else if own {
			break
		}
	}
	if w := p.raw(i + 1); !own && (w == "in" || w == "inside") && (p.raw(i+2) == "our" || p.raw(i+2) == "the") && p.has(i+3, "network") || (w == "of" || w == "under" || w == "in") && (p.raw(i+2) == "ours" || p.raw(i+2) == "my") || w == "here" || (w == "that" || w == "which") && p.raw(i+2) == "we" && p.raw(i+3) == "control" {
		own = true
	}
	if !own || p.has(from-1, "no") || p.wordBetween(from-4, from, "no", "not", "don't", "have", "with", "got", "buy", "bought", "if") {
		return false
	}
	if p.wordBetween(s.from, i, "website", "crm", "erp", "app", "shop", "homepage") {
		return false
	}
	before := p.raw(from - 1)
	if before == "a" || before == "the" {
		before = p.raw(from - 2)
	}
	placed := before == "on" || before == "in" || before == "inside" || before == "within" || before == "behind"
	end := i + 1
	if p.raw(end) == "(" {
		for end < i+8 && p.raw(end) != ")" {
			end++
		}
		end++
	}
	if n := p.raw(end); n == "only" || n == "exclusively" || from > s.from && (p.raw(from-1) == "only" || p.raw(from-1) == "," && p.raw(from-2) == "only" || p.raw(from-1) == "exclusively" || placed && p.raw(from-2) == "only") {
		return true
	}
	if before == "therefore" || before == "hence" || before == "thus" || before == "on" && p.raw(from-2) == "so" {
		return true
	}
	if (before == "so" || p.isSign(from-1, ":") && p.raw(from-2) == "so") && p.raw(from) == "own" {
		return true
	}
	for k := from - 1; placed && k >= s.from && k > from-10 && (!p.clauseEnd(k) || p.raw(k) == ","); k-- {
		if mustWords[p.raw(k)] && !(p.raw(k) == "have" && !p.wordBetween(k, k+2, "to") && p.raw(k+1) != "to") && !(p.raw(k) == "has" && p.raw(k+1) != "to") {
			return !p.has(k-1, "no")
		}
	}
	return false
}

// possessive reports whether a word says whose something is, rather than a vendor's.
func possessive(w string) bool {
	return strings.HasSuffix(w, "'s") && !elsewhere[strings.TrimSuffix(w, "'s")] && w != "it's" && w != "that's" && w != "else's" && w != "let's" && w != "there's" && w != "what's" && w != "here's"
}

// homes are what data is kept inside of.
var homes = set("hospital firm bank office agency ministry practice clinic university institute house plant factory company building premises organisation organization school station lab court department group network infrastructure perimeter")

// keptHome reads "must stay inside the hospital", "may not leave the firm", "has to be self-hosted", "must run locally".
func (p *parser) keptHome(i int, s span) bool {
	w := p.raw(i)
	k := i + 1
	for p.raw(k) == "of" || p.raw(k) == "the" || p.raw(k) == "our" || p.raw(k) == "this" || p.raw(k) == "own" {
		k++
	}
	home := k > i+1 && p.isWord(k) && (homes[p.raw(k)] || p.raw(k) == "data" && strings.HasPrefix(p.raw(k+1), "cent"))
	from := max(s.from, i-8)
	switch {
	case (w == "isolated" || w == "sealed") && (p.raw(i+1) == "network" || p.raw(i-1) == "is" && p.raw(i-2) == "network"), w == "disconnected":
		return true
	case w == "else" && (p.raw(i-1) == "nobody" || p.raw(i-2) == "no"):
		return p.inSentence(i, 4, func(j int) bool { return stem(p.raw(j)) == "see" || stem(p.raw(j)) == "read" || p.raw(j) == "access" }) > 0
	case w == "outside" && home && (p.raw(i-1) == "nobody" || p.raw(i-1) == "one" && p.raw(i-2) == "no"):
		return p.inSentence(k, 6, func(j int) bool {
			return p.raw(j) == "see" || p.raw(j) == "read" || p.raw(j) == "access" || p.raw(j) == "get"
		}) >= 0
	case (w == "inside" || w == "within") && home:
		return p.wordBetween(from, i, "must", "stay", "stays", "remain", "remains", "only", "kept", "keep", "has", "have", "needs", "everything", "all") && !p.ruledOut(i)
	case (w == "leave" || w == "leaves" || w == "leaving" || w == "out" || w == "exit") && home:
		return p.ruledOut(i) && !p.wordBetween(from, i, "insist", "need")
	case (w == "inhouse" || w == "in-house") && p.raw(i+1) == "only":
		return true
	case p.has(i, "selfhost"), w == "ourselves" && p.raw(i-1) == "by" && p.has(i-2, "hostw", "hosting"), w == "locally", w == "in-house" || w == "inhouse" || w == "house" && p.raw(i-1) == "in":
		return p.wordBetween(from, i, "must", "has", "needs", "mandatory", "all", "everything") && !p.wordBetween(from, i, "if", "whether", "or") && !p.ruledOut(i) && !p.has(i+1, "team", "ml", "datasci", "ops") && !p.weighed(span{i, i}) && !(p.wordBetween(from, i, "has") && !p.wordBetween(from, i, "to"))
	case w == "local":
		return p.raw(i+1) == "only" || (p.raw(i-1) == "so" || p.raw(i-1) == "only" || p.raw(i-1) == "strictly" || p.raw(i-1) == "purely" || p.raw(i-1) == "fully") && p.clauseEnd(i+1)
	}
	return false
}

// weighing are words of a sentence that weighs ways rather than asks for one.
var weighing = set("compare compared comparing comparison vs versus against cheaper worth whether says say said could would thinking considering option options than old evaluate evaluating sense or")

// whole reports whether a sentence has one of the words.
func (p *parser) whole(s span, words map[string]bool) bool {
	for k := s.from; k <= s.to; k++ {
		if words[p.raw(k)] {
			return true
		}
	}
	return false
}

// contractCovers reads that a contract with a vendor, from token i on, lets it have the data: "our DPA with Microsoft covers Azure", "the contract
// with Google covers that".
func (p *parser) contractCovers(i, end int) bool {
	const reach = 7
	if !contracts[p.raw(i)] || p.raw(i+1) != "with" {
		return false
	}
	for k := i + 2; k <= min(end, i+reach); k++ {
		switch p.raw(k) {
		case "covers", "allows", "permits":
			return true
		}
	}
	return false
}

// contracts say what a vendor may do.
var contracts = set("contract agreement dpa baa")

// letsOut reads that others may have the data: "cloud is fine", "legal has no problem with OpenAI", "we can use cloud", "API only".
func (p *parser) letsOut(i, end int, asks bool) bool {
	w := p.raw(i)
	nothing := p.ruledOut(i)
	if e := p.toks[min(i+1, len(p.toks)-1)].entity; w == "allowed" && !nothing && !asks && e != nil && e.kind == providerName { // "IT security allowed Azure"
		return true
	}
	switch {
	case !asks && (p.indifferent(i) || !nothing && (p.contractCovers(i, end) || p.consents(i, end))):
		return true
	case asks && !(w == "allowed"), (w == "can" || w == "may") && (p.raw(i+1) == "we" || p.raw(i+1) == "i") && !p.isWord(i-1): // "can we use the cloud"
		return false
	case (w == "api" || w == "apis") && p.raw(i+1) == "only" && !nothing, w == "only" && (p.raw(i+1) == "api" || p.raw(i+1) == "apis") && !nothing:
		return true
	case w == "any" && (p.raw(i+1) == "vendor" || p.raw(i+1) == "provider" || p.raw(i+1) == "cloud") && !nothing && !p.wordBetween(i-2, i, "to", "by", "with", "for", "of", "from", "never", "not", "without", "forbid"):
		return p.clauseEnd(i+2) || p.raw(i+2) == "will" && p.raw(i+3) == "do" || fineWords[p.raw(i+2)] || p.has(i+2, "yes") || p.has(i+3, "yes")
	case p.freeChoice(i) && !asks:
		return p.wordBetween(i-12, i, "api", "apis", "cloud", "vendor", "external", "outside") && !p.wordBetween(i-12, i-1, "no", "not", "never") || p.wordBetween(i, i+6, "api", "cloud")
	case w == "no" && p.raw(i+1) == "restrictions" && (p.clauseEnd(i + 2)) && p.wordBetween(i-8, i, "cloud", "api", "apis", "vendor"):
		return true
	case p.has(i, "no") && (p.raw(i+1) == "mind" || p.raw(i+1) == "reason" && p.has(i+2, "no")), fineWords[w] && (p.raw(i+1) == "to" || p.raw(i+1) == "with") && !nothing && w != "allowed", w == "signed" && p.raw(i+1) == "off":
		for k := i + 1; k <= end && k < i+8 && !p.clauseEnd(k); k++ {
			if p.outsider(k) && p.raw(k) != "company" && p.raw(k) != "outside" && p.raw(k) != "external" && p.wordBetween(i, k, "to", "on", "using", "sending", "with") {
				return p.toks[k].entity == nil || w == "signed" || p.wordBetween(i, k, "send", "sending")
			}
		}
	case p.has(i, "no") && objections[p.raw(i+1)], w == "nothing" && p.raw(i+1) == "against", w == "happy" && (p.raw(i+1) == "to" || p.raw(i+1) == "with"):
		for k := i + 2; k <= end && k < i+10 && !p.clauseEnd(k); k++ {
			if p.outsider(k) && p.raw(k) != "company" && (w != "happy" || p.toks[k].entity == nil) {
				return true
			}
		}
	case w == "someone" && p.raw(i+1) == "else's", w == "somebody" && p.raw(i+1) == "else's":
		return p.wordBetween(i-4, i, "may", "can", "could")
	case (w == "can" || w == "may" || w == "allowed" || w == "cleared" || w == "free" || w == "permitted") && !p.has(i+1, "no") && !nothing:
		for k := i + 1; k <= end && k < i+6 && !p.clauseEnd(k) && !p.has(k, "no"); k++ {
			uses := usingVerbs[p.raw(k-1)] || p.raw(k-1) == "the" || p.raw(k-1) == "a" || p.raw(k-1) == "an" || p.has(k-1, "external") || p.raw(k-1) == "outside" || p.raw(k-1) == "any"
			if w := p.raw(k); p.outsider(k) && uses && w != "company" && w != "external" && w != "outside" && !p.isPlace(k-1) && p.wordBetween(i, k, "use", "using", "send", "sent", "go", "call") {
				return !p.wordBetween(i-3, i, "what", "which", "how", "that", "who", "it", "we'd") || w == "cloud"
			}
		}
	case (w == "allowed" || w == "allows" || w == "approved" || w == "accept" || w == "accepts" || w == "approves" || w == "permits") && !nothing:
		k := i + 1
		if p.raw(k) == "only" || p.raw(k) == "us" {
			k++
		}
		return k < len(p.toks) && p.toks[k].entity != nil && p.toks[k].entity.kind == providerName
	case (w == "leave" || w == "out") && (p.raw(i+1) == "our" || p.raw(i+1) == "the" || w == "out") && !nothing:
		return w == "leave" && p.wordBetween(i-2, i, "may", "can") && !p.wordBetween(i-6, i, "only", "what", "if") && homes[p.raw(i+2)] || w == "out" && (p.raw(i+1) == "is" || p.raw(i+1) == "are") && fineWords[p.raw(i+2)] && passVerbs[p.raw(i-2)]
	case p.has(i, "baa"):
		return p.calledFine(i, end) && !p.wordBetween(i, i+4, "required", "needed")
	case p.outsider(i) && w != "company" && w != "companies" && w != "anyone" && w != "outside":
		return p.calledFine(i, end)
	}
	return false
}

// consentVerbs are what whoever decides says yes with.
var consentVerbs = set("agree agreed agrees consent consented consents okayed ok'd oked approved blessed greenlit accept accepts accepted tolerate tolerates cleared signed")

// consents reads at token i that somebody agreed to an outsider: "trustees have agreed that an outside API can be used", "the client has consented to
// processing at Azure", "customers accept a subprocessor".
func (p *parser) consents(i, end int) bool {
	const reach = 8
	w := p.raw(i)
	if !consentVerbs[w] || w == "signed" && p.raw(i+1) != "off" || p.clauseEnd(i-1) {
		return false
	}
	for k := i + 1; k <= end && k <= i+reach && !p.clauseEnd(k) && !p.has(k, "no") && !p.isNum(k); k++ {
		if p.outsider(k) && !p.isPlace(k-1) && p.raw(k) != "company" && p.raw(k) != "firm" && p.raw(k) != "anywhere" {
			return true
		}
	}
	return false
}

// indifferent reads at token i that it is all the same whether something runs outside or at home: "whether on prem
// or a local cloud provider doesn't matter to us", "both Azure and private hosting are acceptable", "so API it is".
func (p *parser) indifferent(i int) bool {
	const reach = 12
	switch w := p.raw(i); {
	case (w == "api" || w == "apis" || w == "cloud") && p.raw(i+1) == "it" && p.raw(i+2) == "is" && p.clauseEnd(i+3):
		return true
	case (w == "vendor" || w == "provider") && p.inSentence(i+1, 3, func(k int) bool {
		return (p.raw(k) == "can" || p.raw(k) == "may") && p.raw(k+1) == "be" && !p.namesOther(k+2)
	}) > 0:
		return true
	case w == "both":
		fine := p.inSentence(i+1, reach, func(k int) bool { return fineWords[p.raw(k)] && p.wordBetween(k-2, k, "are", "is") })
		return fine > 0 && p.outsideAndHome(i, fine)
	case (w == "matter" || w == "matters") && (p.has(i-1, "no") || p.has(i-2, "no")):
		s := around(span{i, i}, p.strongEnd)
		return p.outsideAndHome(max(s.from, i-reach), min(s.to, i+reach))
	}
	return false
}

// outsideAndHome reports whether the tokens from a to b name both an outsider and what is one's own.
func (p *parser) outsideAndHome(a, b int) bool {
	outside, home := false, false
	for k := a; k <= b; k++ {
		outside = outside || p.outsider(k)
		home = home || p.has(k, "onprem", "selfhost", "prem") || p.raw(k) == "own" || p.raw(k) == "private" || p.raw(k) == "ourselves" || p.raw(k) == "in-house"
	}
	return outside && home
}

// freeChoice reads at token i that it is all the same where something runs: "we're free in that", "either is fine", "no preference", "open to
// both".
func (p *parser) freeChoice(i int) bool {
	switch w := p.raw(i); w {
	case "free":
		return p.raw(i+1) == "in" && (p.raw(i+2) == "that" || p.raw(i+2) == "this") || p.raw(i+1) == "to" && p.raw(i+2) == "choose"
	case "either", "both":
		k := i + 1
		if p.raw(k) == "way" || p.raw(k) == "one" {
			k++
		}
		if p.raw(k) == "is" || p.raw(k) == "are" || p.raw(k) == "would" {
			k++
		}
		if p.raw(k) == "be" {
			k++
		}
		return k > i+1 && fineWords[p.raw(k)] || w == "both" && p.raw(i-1) == "to" && p.raw(i-2) == "open"
	case "preference":
		return p.has(i-1, "no")
	}
	return false
}

// calledFine reads "cloud is fine", "external processors OK", "Azure with EU region is allowed", "a cloud API with BAA is totally okay".
func (p *parser) calledFine(i, end int) bool {
	const reach = 9
	named := p.toks[i].entity != nil && !p.wordBetween(i-3, i, "sending", "send") // then it is a matter of taste unless it is a permission
	if p.ruledOut(i) || p.raw(i-1) == "batch" || p.raw(i-1) == "only" {
		return false
	}
	is := false
	for k := i + 1; k <= end && k < i+reach && !p.clauseEnd(k); k++ {
		switch w := p.raw(k); {
		case p.has(k, "no") && objections[p.raw(k+1)] && is: // "sending it to an API is no problem"
			return true
		case p.has(k, "no") && w != "zero", turns[w], passVerbs[w]:
			return false
		case w == "is" || w == "are" || w == "was" || w == "been" || w == "would":
			is = true
		case fineWords[w] && named:
			return is && permitWords[w] || p.reviewed()
		case fineWords[w] && (is || k == i+1):
			return w != "approved" || is
		case p.toks[k].entity != nil && p.toks[k].entity.kind == modelName, p.isNum(k):
			return false
		}
	}
	return false
}

// reviewers are who says whether a vendor may have the data, and what is done to data that it may have.
var reviewers = set("legal compliance dpo privacy lawyer lawyers infosec ciso tokenise tokenize anonymise anonymize pseudonymise tokenised anonymised pseudonymised anonymized tokenized")

// reviewed reports whether the request speaks of those, so that a vendor that is fine is no matter of taste: "legal said no to OpenAI, Azure is fine".
func (p *parser) reviewed() bool {
	return p.anyToken(func(i int) bool { return reviewers[p.raw(i)] })
}

// ruledOut reports whether an outsider is named in a clause that starts with a "no".
func (p *parser) ruledOut(i int) bool {
	for k := i - 1; k > i-6 && !p.clauseEnd(k); k-- {
		if p.has(k, "no") {
			return true
		}
	}
	return false
}
