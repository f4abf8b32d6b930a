package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// The actions below are built once and shared by every request: they must not change what they close over.

func residency(place string) func(*parser, span) {
	return func(p *parser, s span) {
		code := place
		if (p.raw(s.to-1) == "to" || p.raw(s.to-1) == "the" && p.raw(s.to-2) == "to") && (p.has(s.from, "no") || p.ruledOut(s.to)) { // "nothing may go to America" asks for no place
			p.doubt("“" + p.quote(s) + "” noted; no place is excluded by the engine")
			return
		}
		if p.vendorsRegion(s) {
			p.regions = append(p.regions, reading{unit: code, span: s})
			return
		}
		for k := s.from + 1; k < s.to; k++ {
			if p.raw(k) == "or" && p.isPlace(k-1) { // "in the US or Canada"
				p.doubt("“" + p.quote(s) + "” leaves open where the data must stay; name one place")
				return
			}
		}
		if other := p.orPlace(s.to); other != "" && other != code { // "in Austria or Germany"
			x, _ := advisor.PlaceOf(code)
			y, _ := advisor.PlaceOf(other)
			if !x.EU || !y.EU {
				p.doubt("“" + p.quote(span{s.from, s.to + 2}) + "” leaves open where the data must stay; name one place")
				p.claim(s.from, s.to+2)
				return
			}
			for s.to++; s.to+1 < len(p.toks) && !p.isPlace(s.to) && lexicon().places[squash(p.raw(s.to))] == "" && p.raw(s.to) != strings.ToLower(other); s.to++ {
			}
			if again := p.namedAgain(s.to+1, code, other); again != "" {
				code = again
			} else {
				code = "EU"
			}
			p.claim(s.from, s.to)
		}
		a, _ := advisor.PlaceOf(p.w.Residency)
		b, _ := advisor.PlaceOf(code)
		switch {
		case a.EU && code == "EU":
			code = p.w.Residency // the member state says more
		case b.EU && p.w.Residency == "EU":
		case p.w.Residency != "" && p.w.Residency != code:
			code = min(code, p.w.Residency)
			p.doubt("two regions are named; " + code + " is taken as where the data must stay")
		}
		p.w.Residency = code
		p.say(advisor.FieldResidency, s)
	}
}

// vendorsRegion reports whether a place only tells which region of a vendor is meant, "Azure's Sweden region": it asks for the place where
// nothing else does.
func (p *parser) vendorsRegion(s span) bool {
	k := s.from - 1
	if p.raw(k) == "s" || p.isSign(k, "'") {
		k--
	}
	return k >= 0 && p.toks[k].entity != nil && p.toks[k].entity.kind == providerName && p.wordBetween(s.from, s.to+1, "region", "regions") && !p.has(s.to+1, "only")
}

// namedAgain is the one of two places that the words from k on name again: "in Austria or Germany... update: it's Germany".
func (p *parser) namedAgain(k int, a, b string) string {
	for ; k < len(p.toks); k++ {
		if code := lexicon().places[squash(p.raw(k))]; code == a || code == b {
			return code
		}
	}
	return ""
}

// orPlace is the place that is named as the other one behind token k, "" none.
func (p *parser) orPlace(k int) string {
	if p.raw(k+1) != "or" || !p.isWord(k+2) {
		return ""
	}
	if p.raw(k+2) == "the" {
		k++
	}
	for c, code := range widePlaces {
		if p.has(k+2, c) {
			return code
		}
	}
	if code := lexicon().places[squash(p.raw(k+2))]; code != "" {
		return code
	}
	if place, ok := advisor.PlaceOf(p.raw(k + 2)); ok && (!wordCodes[p.raw(k+2)] || len(p.raw(k)) == 2 && p.raw(k) != "us") {
		return place.Code
	}
	return ""
}

func egress(banned bool) func(*parser, span) {
	return func(p *parser, s span) {
		if p.raw(s.to) == "outside" && s.to-s.from == 1 && p.clauseEnd(s.to+1) && p.clauseEnd(s.from-1) { // "in the EU, not outside"
			return
		}
		if !banned && p.questioned(s) { // "or is an API okay?"
			return
		}
		none := banned
		if p.w.NoDataLeaves != nil && *p.w.NoDataLeaves != none {
			p.doubt("the request says both that data may leave and that it may not; the stricter is taken")
			none = true
		}
		p.w.NoDataLeaves = &none
		p.say(advisor.FieldNoEgress, s)
	}
}

// phrase is egress for a phrase of the table, which says less than a whole sentence that was read, and nothing where it is waived.
func phrase(banned bool) func(*parser, span) {
	act := egress(banned)
	return func(p *parser, s span) {
		if whole := around(s, p.strongEnd); !banned && p.raw(whole.to+1) == "?" { // "could their API be ok?"
			return
		}
		if !banned && p.ruledOut(s.from) { // "no foreign vendor is allowed to see it"
			egress(true)(p, s)
			return
		}
		if p.egressSaid && *p.w.NoDataLeaves != banned || banned && (p.waived(s) || p.aFractionOf(around(s, p.strongEnd))) || p.ofAPart(around(s, p.strongEnd)) && p.sharesEgress() {
			return
		}
		if w := p.raw(s.to); banned && (w == "goes" || w == "go") && (p.raw(s.to+1) == "in" || p.raw(s.to+1) == "into") { // "no patient data goes in"
			return
		}
		act(p, s)
	}
}

// sharesEgress reports whether the request lets one part of the load out and keeps another.
func (p *parser) sharesEgress() bool {
	for k := range p.toks {
		if (p.raw(k) == "other" || p.raw(k) == "rest" || p.raw(k) == "remaining") && p.inSentence(k, 8, func(j int) bool { return p.raw(j) == "can" || p.raw(j) == "may" || p.raw(j) == "could" }) >= 0 {
			return true
		}
	}
	return false
}

// waived reports whether a place of one's own is said not to be asked for: "we do not insist on own hardware", "on-prem? not needed".
func (p *parser) waived(s span) bool {
	for k := s.from - 1; k > s.from-6 && !p.clauseEnd(k); k-- {
		switch p.raw(k) {
		case "insist", "ask", "need", "require", "want", "demand", "asking", "have":
			if p.has(k-1, "no") || p.has(k-2, "no") {
				return p.raw(k) != "have" || p.raw(k+1) == "to"
			}
		}
	}
	k := s.to + 1
	for p.raw(k) == "?" || p.raw(k) == "is" || p.isSign(k, ":") {
		k++
	}
	return p.has(k, "no") && p.has(k+1, "critical", "must")
}

// questioned reports whether the sentence of a phrase is a question that asks about it.
func (p *parser) questioned(s span) bool {
	to := around(s, p.strongEnd).to + 1
	return p.raw(to) == "?" && to-s.to <= 2 && p.wordBetween(s.from-3, s.from, "is", "are", "would", "will")
}

// widePlaces are the places that a bare name asks for, by concept.
var widePlaces = map[string]string{"eu": "EU", "us": "US", "uk": "UK", "ch": "CH", "canada": "CA", "australia": "AU", "indiac": "IN", "japan": "JP", "singapore": "SG"}

func residencyRules(t *ruleTable) {
	for _, c := range slices.Sorted(maps.Keys(widePlaces)) {
		act := residency(widePlaces[c])
		if c == "us" {
			t.add(rule{act: act}, "us only", "only in us", "=must? stay in|within us", "us data? resident", "resident in? us", "data in us", "in us only", "within us", "us =hosting|=hosted", "us region|=regions|=based|=servers|=datacenter|=datacenters|=soil",
				"no data? leave|outside|send us", "data no leave|outside us", "us person only", "us data only", "us =data =centers|=centres|=center|=centre only?", "us =stored")
			t.add(rule{act: onshore}, "=onshore")
			t.add(rule{act: placed(act)}, "in us")
			continue
		}
		t.add(rule{act: act}, placePatterns(c)...)
		t.add(rule{act: placed(act), neg: noted("noted; no place is excluded by the engine")}, c, "in "+c)
	}
	country := func(p *parser, s span) {
		if c := around(s, p.clauseEnd); p.wordBetween(c.from, s.from, "looking", "looked", "considering") { // an option, not a demand
			return
		}
		for i := s.from; i <= s.to; i++ {
			if code, ok := lexicon().places[squash(p.raw(i))]; ok {
				residency(code)(p, s)
			}
		}
	}
	t.add(rule{act: country}, "city region|=regions|=servers|=server|=datacenter|=cloud|=hosting|hosting", "city data =center|=centre", "=server|=servers in city", "region city", "hosting|hostw|stay =only? in city", "data|process|=processing in city", "data stay =in city")
	t.add(rule{}, "city")
	for _, c := range []string{"eucountry", "eupeople", "country", "people"} {
		t.add(rule{act: country}, placePatterns(c)...)
		t.add(rule{act: country}, "data in "+c+" stay", "data "+c+" stay")
	}
	t.add(rule{act: func(p *parser, s span) { p.named = append(p.named, s) }, neg: noted("noted; no place is excluded by the engine")}, "eucountry")
	t.add(rule{act: func(*parser, span) {}}, "eupeople =language?", "people =language?", "country") // a language, a market: no demand
	t.add(rule{act: func(p *parser, s span) { p.stays = append(p.stays, s) }}, "data? must? stay =there|=here", "hosting|hostw =there|=here only?", "data =there|=here only", "no leave =there|=here", "data must? in =the =country|=nation", "data? stay =in|=within|=inside =country|=nation", "=only =inside =country", "=within|=in|=inside =the|=our =country|=nation|=kingdom only?")
	t.add(rule{act: residency("EU")}, "data in? eu stay", "eu =is yes|=enough|=sufficient")
	t.add(rule{act: func(*parser, span) {}}, "no external =lock|=lockin|=lock-in")
	t.add(rule{act: noted("read as: compare no others than those named")}, "no =other|=another|=additional|=further|=second|=different external|apiservice")
	t.add(rule{act: func(*parser, span) {}}, "=to eu|us|uk health|finance|=hospitals|=clinics|=banks|=insurers|=retailers|=companies|=firms", "=sell|=sells|=selling|=serve|=serves|=serving =to? eu|us|uk")
	t.add(rule{}, "no =want? =use? us|eu|uk|ch|canada|country|eucountry|people cloud|vendor|external|apiservice|api", "no cloud =budget|=account|=contract|=bill|=costs|=spend|=team|=subscription", "no =use|=using|=have cloud|api =yet|=today|=now|=currently", "=nobody|=noone =outside", "=except =an? =outside|=external", "no external =lists|=list|=pitch|=names|=marketing", "no =hyperscaler|=hyperscalers|=hyper-scalers", "=no =internet =companies|=company|=clients|=firms", "=not|=dont|=don't =want|=wish|=plan =go vendorname", "no us external|apiservice", "no =go|=going =with", "no =going =to hosting|hostw|=use|=have|=do|=pay|=buy|=spend|=need", "eu euaiact", "=let us", "=tell us", "=for us")

	no, yes := phrase(true), phrase(false)
	t.add(rule{act: residency("US")}, "hosting|hostw|stay|process|data =anywhere|=only? in|=within|=inside =states")
	places := "eu|us|uk|ch|canada|australia|indiac|japan|singapore|country|eucountry|people|eupeople"
	t.add(rule{}, places+" =time|=times|=evening|=evenings|=morning|=mornings|=daytime|=night|=peak|=hours", places+" =office|=business|=working =hours")
	t.add(rule{}, places+" =subsidiary|=team|=branch|=office|=offices|=market|=plant|=factory|=arm|=division|=colleagues|=startup|=football|=history|=law|=customers|=hospitals", "us|uk|eu =based =startup|=company|=firm|=business|=team|=agency|=retailer|=bank|=client|=clients|=customers")
	t.add(rule{act: no},
		"no data leave|outside|send network|external|api|cloud|vendorname|thirdparty?", "no data leave outside? network?", "data no leave|outside|send network|outside|external|api|cloud|vendorname?",
		"no leave outside? network", "data no leave outside? network?", "no send person|sensitive|personal|internal? data|=docs|=documents? external|api|outside|cloud|vendorname|thirdw apiservice?|party?", "no send data =to|=with external|vendorname|=anyone",
		"no external api|apiservice|vendor|cloud|=llm|=llms|=model|=models|processing|=calls|data?", "no thirdw party? apiservice|api?", "no cloud api?|apiservice?", "no api|=saas", "no public cloud|api",
		"no vendorname api", "only onprem", "onprem network", "onprem only|must", "must onprem hostw?|hosting?", "must stay? onprem", "hostw|hosting onprem", "prem only", "air gapped network?", "airgap network?", "selfhost =must", "=must =be? selfhost", "only selfhost", "=must =be? self hostw|hosting",
		"must stay hostw? onprem|inhouse|internal|network", "must =be|=run|=sit|=happen|=live =in|=within|=inside|=on =our|=own network", "stay hostw? onprem|inhouse", "stay data? =inside|within|=behind|in|=on|inside network", "data stay inhouse|internal|onprem|local|private|network",
		"=behind network", "=inside network only?", "within network only", "=within network", "no =external|=outside apiservice|=company|=party|=parties|=processor|=processors", "data stay =local|=locally", "=fully =local|=offline|onprem|selfhost", "network only",
		"=no =internet", "no =vendor =access", "no leave", "no query|doc|chats =may|=can|=must|=should|=will leave|outside network?", "=data =egress no", "no yes? =to? leave|outside health? network", "no =touch|=use|=call|=reach external api|apiservice|cloud", "=forbids|=forbid|=prohibits|=prohibit|=bans|=bars external|cloud|=public api|apiservice|cloud|=models?", "must =be =inside|=within =our =contour|=perimeter", "no patientw|person|personal|internal? data =may|=can|=must|=should|=shall? leave =out? =of? network")
	t.add(rule{act: func(p *parser, s span) {
		if !p.weighed(s) {
			no(p, s)
		}
	}}, "onprem hostw?|hosting?", "=on =own =servers|=hardware|=machines|=boxes|=metal only?")
	t.add(rule{act: func(p *parser, s span) {
		if !p.isNum(s.to + 1) { // "does it pay to self-host for only 8,000 queries"
			no(p, s)
		}
	}}, "selfhost only")
	t.add(rule{act: func(p *parser, s span) {
		no(p, s)
		p.doubt("“" + p.quote(s) + "” taken to mean that no outside vendor may process the data")
	}}, "private cloud", "private network")
	t.add(rule{act: yes}, "no external|cloud =restrictions|=restriction|=limits")
	t.add(rule{act: yes},
		"data yes|=may|=can|=could leave network?", "external|api|cloud api|apiservice? yes|=ok|=okay", "yes|=ok|=okay external|cloud|api api|apiservice?", "yes|=ok|=okay send data? external|api|cloud|vendorname|outside?",
		"no critical|=problem|=issue external|cloud|api", "data =can|=may =be? send external|api|cloud|vendorname?", "data leave yes", "=may|=can send data external|api|cloud|vendorname")
}

// homelands are what somebody calls the own country.
var homelands = set("country nation state jurisdiction kingdom republic island borders border")

// readStayHome reads that nothing may leave the country that somebody is in: "not allowed to go out of the country", "can't go abroad".
func (p *parser) readStayHome() {
	const reach = 10
	for i := range p.toks {
		if p.raw(i) != "abroad" && p.raw(i) != "overseas" && !(homelands[p.raw(i)] && (p.raw(i-1) == "the" || p.raw(i-1) == "our" || p.raw(i-1) == "its")) {
			continue
		}
		out := p.raw(i) == "abroad" || p.raw(i) == "overseas"
		for k := i - 1; k > i-reach && !p.clauseEnd(k); k-- {
			if out = out || p.has(k, "leave", "outside") || p.raw(k) == "out" || p.raw(k) == "across" || p.raw(k) == "beyond"; out && p.has(k, "no") {
				p.stays = append(p.stays, span{k, i})
				p.claim(k, k)
				p.claim(i-1, i)
				break
			}
		}
	}
}

// weighed reports whether a sentence weighs a way to host rather than asks for it: "compare on-prem and cloud", "what would it cost on our own
// servers?".
func (p *parser) weighed(s span) bool {
	return p.whole(around(s, p.clauseEnd), weighing) || p.whole(around(s, p.strongEnd), sidesSaid)
}

// placed takes a place that is only named for where the data must stay, unless it tells where somebody is.
func placed(act func(*parser, span)) func(*parser, span) {
	return func(p *parser, s span) {
		if p.raw(s.from-1) == "for" && placeAdjectives[p.raw(s.from)] { // a language
			return
		}
		if p.hereOrThere(s) {
			return
		}
		if s.from == s.to && placeAdjectives[p.raw(s.from)] && p.isWord(s.to+1) && !p.toks[s.to+1].glue { // "European football"
			return
		}
		if p.whereabouts(s) || p.isNum(s.to+1) && s.to+2 < len(p.toks) && p.toks[s.to+2].entity != nil { // "in Frankfurt 16 H200"
			return
		}
		act(p, s)
		p.doubt("“" + p.quote(s) + "” taken to mean that the data must stay there")
	}
}

// onshore asks for the country that the request names, or else for the US, whose word it is.
func onshore(p *parser, s span) {
	code, _ := p.placeNamed()
	residency(cmp.Or(code, "US"))(p, s)
}

// hereOrThere reports whether a place is one of several markets, or where so many of something are: "Singapore + Malaysia", "1,340 gyms in
// Canada and the US".
func (p *parser) hereOrThere(s span) bool {
	switch p.raw(s.from - 1) {
	case "eastern", "western", "central", "northern", "southern":
		return true
	}
	if _, also := advisor.PlaceOf(p.raw(s.to + 2)); also && (p.isSign(s.to+1, "+") || p.isSign(s.to+1, "&")) { // "UK + IE"
		return true
	}
	if (p.isSign(s.to+1, "+") || p.isSign(s.to+1, "&") || p.raw(s.to+1) == "and") && (p.isPlace(s.to+2) || p.isPlace(s.to+3)) {
		return true
	}
	k := s.from
	if p.raw(k) == "in" {
		k--
	} else if p.raw(k-1) == "in" {
		k -= 2
	} else {
		return false
	}
	return p.isWord(k) && !p.toks[k].glue && !p.has(k, "data", "hosting", "hostw", "stay", "query", "doc") && (p.isNum(k-1) || isMultiplier(p.raw(k-1)) || numberWords[p.raw(k-1)] > 0)
}

var placeAdjectives = set("european american british english swiss canadian australian indian japanese")

// whereabouts reports whether a clause tells where somebody is, rather than where data is to be: "our customers are in Canada".
func (p *parser) whereabouts(s span) bool {
	ends := func(k int) bool { return p.clauseEnd(k) || p.isSign(k, "/") && !p.toks[k].glued }
	from, to := s.from, s.to
	for from > 0 && (!ends(from-1) || p.raw(from-1) == "," && p.isPlace(from-2)) { // "customers in the US, India and Brazil"
		from--
	}
	for !ends(to + 1) {
		to++
	}
	for k := from; k <= to; k++ {
		if whereWords[p.raw(k)] || p.has(k, "person") && !p.has(k, "per", "doc", "query") {
			return true
		}
	}
	return false
}

func (p *parser) isPlace(k int) bool {
	return p.has(k, "eucountry", "country", "eu", "us", "uk", "ch", "canada", "australia", "indiac", "japan", "singapore")
}

var whereWords = set("live lives living based hq headquarters headquartered company firm startup start-up agency office offices shop shops bank hospital hospitals clinic clinics insurer retailer manufacturer university school " +
	"candidates applicants schools stores subsidiary team branch plant factory joins chain market markets edtech fintech insurtech proptech healthtech ecommerce e-commerce telco carrier airline railway broker brokerage publisher newspaper broadcaster ministry municipality council ngo charity studio timezone sell sells selling serve serves serving client clients people consumers we're i'm we i from hi hello")

// placePatterns are the ways to say that data stays in a place.
func placePatterns(c string) []string {
	out := []string{}
	for _, pat := range []string{
		"X only", "=anywhere in|within|=inside X", "only in? X", "X data? resident", "data? resident in? X", "X resident", "must? stay in? within? X", "data? stay in|within|=inside X", "must stay in? X", "in X only", "within X",
		"data in X", "X hosting|hostw", "X region|=regions|=based|=servers|=datacenter|=cloud only?", "hosting|hostw|stay =anywhere|=only? in X", "=served|=serving =from|=in X", "no data leave|outside|send X", "no leave|outside X", "data no leave|outside X", "X data only?", "=inside X", "no outside X", "process|stay data? in X", "X =endpoint|=endpoints",
		"=center|=centre|=datacenter|=datacentre|=servers|=server in X must|only", "must data? =center|=centre|=datacenter|=datacentre|=servers|=server in X", "X =processing|=process|=metal|=iron|=hardware|=territory|=ground", "=processing|=inference|=computing|=compute =happen|=happens|=takes|=done =place? in X", "=processing|=inference|=computing|=compute =anywhere|=only? in|within|=inside X", "must =happen|=run|=live|=sit|=be|=done|=processed in our? X", "no leave outside|=out =of? X", "no =processing|=processed outside X", "keep data person? in X", "resident X", "=data =in X", "hostw|stay in? X only", "data|must =live|=lives in X", "must =store|=save|=keep|=stored in X",
	} {
		out = append(out, strings.ReplaceAll(pat, "X", c))
	}
	return out
}

// sidesSaid are words of a sentence that sets ways side by side.
var sidesSaid = set("compare compared comparison vs versus says")
