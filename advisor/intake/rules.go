package intake

import (
	"cmp"
	"strings"
	"sync"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// A rule is a phrase over concepts and what it means. In a pattern, "a|b" is either, "a?" may be missing, "#" is a
// number, "=w" is the word itself. Words that only hold a sentence together may stand between the elements; commas
// and full stops may not.
type rule struct {
	pattern []element
	act     func(*parser, span) // nil: the words do not mean what they look like; they are left for other readings
	neg     func(*parser, span) // the phrase with a "no" before or after it; nil: act's words are left unread
	seq     int                 // place in the table
	literal int                 // elements that ask for one word
}

type element struct {
	alts     []string
	optional bool
}

type ruleTable struct {
	byConcept map[string][]*rule
	n         int
}

var rules = sync.OnceValue(buildRules)

func (t *ruleTable) add(r rule, patterns ...string) {
	for _, pat := range patterns {
		c := r
		t.n++
		c.pattern, c.seq = nil, t.n
		for _, f := range strings.Fields(pat) {
			opt := strings.HasSuffix(f, "?")
			c.pattern = append(c.pattern, element{strings.Split(strings.ReplaceAll(f, "?", ""), "|"), opt})
			if f[0] == '=' && !opt {
				c.literal++
			}
		}
		for _, e := range c.pattern { // every element that the phrase may start with
			for _, a := range e.alts {
				t.byConcept[a] = append(t.byConcept[a], &c)
			}
			if !e.optional {
				break
			}
		}
	}
}

func (p *parser) matches(e element, i int) bool {
	t := &p.toks[i]
	for _, a := range e.alts {
		switch {
		case a == "#":
			if t.kind == num || t.kind == word && numberWords[t.raw] > 0 {
				return true
			}
		case a[0] == '=':
			if t.raw == a[1:] {
				return true
			}
		case t.concepts[a]:
			return true
		}
	}
	return false
}

// match returns the last token of the longest match of the elements from token i on, or -1.
func (p *parser) match(es []element, i int, first bool) int {
	if len(es) == 0 {
		return i - 1
	}
	best := -1
	if es[0].optional {
		best = p.match(es[1:], i, first)
	}
	for skipped := 0; i < len(p.toks) && skipped < 4; skipped++ {
		t := p.toks[i]
		if t.claimed && t.entity == nil || p.clauseEnd(i) {
			break
		}
		if !t.shielded && p.matches(es[0], i) {
			rest := es[1:]
			if len(rest) == 0 {
				return max(best, i)
			}
			if end := p.match(rest, i+1, false); end > best {
				best = max(end, i)
			}
		}
		if first || !p.skippable(i) {
			break
		}
		i++
	}
	return best
}

// applyRules reads every phrase, the longest at each place.
func (p *parser) applyRules() {
	table := rules()
	for i := 0; i < len(p.toks); i++ {
		if r, end := p.longestRule(table, i); r != nil {
			p.apply(r, span{i, end})
			i = end
		}
	}
}

func (p *parser) longestRule(table *ruleTable, i int) (*rule, int) {
	t := &p.toks[i]
	if t.claimed || t.shielded || t.kind == comma || t.kind == stop {
		return nil, -1
	}
	var best *rule
	end := -1
	consider := func(rs []*rule) {
		for _, r := range rs {
			if e := p.match(r.pattern, i, true); e >= i && (e > end || e == end && r.before(best)) {
				best, end = r, e
			}
		}
	}
	for c := range t.concepts {
		consider(table.byConcept[c])
	}
	consider(table.byConcept["="+t.raw])
	if t.kind == num || numberWords[t.raw] > 0 {
		consider(table.byConcept["#"])
	}
	return best, end
}

// before ranks rules that match the same words: more words asked for by name, then more elements, then the table's order.
func (r *rule) before(o *rule) bool {
	return cmp.Or(cmp.Compare(o.literal, r.literal), cmp.Compare(len(o.pattern), len(r.pattern)), cmp.Compare(r.seq, o.seq)) < 0
}

func (p *parser) apply(r *rule, s span) {
	if r.act == nil {
		for i := s.from; i <= s.to; i++ {
			p.toks[i].shielded = true
		}
		return
	}
	if neg, ok := p.negated(s); ok && !p.has(s.from, "no") {
		if r.neg != nil {
			p.claim(neg.from, neg.to)
			r.neg(p, neg)
		}
		return
	}
	p.claim(s.from, s.to)
	for i := s.from; i <= s.to; i++ {
		if e := p.toks[i].entity; e != nil {
			e.used = true
		}
	}
	r.act(p, s)
}

// negated looks for a "no" before the phrase ("not under HIPAA", "no PII or PHI") or after it ("HIPAA: no",
// "HIPAA is not required").
func (p *parser) negated(s span) (span, bool) {
	listed := false
	for i, hops := s.from-1, 0; i >= 0 && hops < 5; i, hops = i-1, hops+1 {
		listed = listed || p.listed(i)
		if p.has(i, "no") && p.toks[i].kind == word && p.toks[i].claimed && !listed {
			break // it belongs to another phrase: "team=none quality=frontier"
		}
		if p.has(i, "no") && p.toks[i].kind == word {
			return span{i, s.to}, true
		}
		if p.clauseEnd(i) || !p.skippable(i) && !p.listed(i) {
			break
		}
	}
	i := s.to + 1
	for i < len(p.toks) && p.skippable(i) && i < s.to+3 {
		i++
	}
	if p.has(i, "no") && !p.clauseEnd(i) {
		j := i + 1
		for j < len(p.toks) && p.skippable(j) && j < i+3 {
			j++
		}
		if p.has(j, "critical", "must", "yes") && !p.clauseEnd(j) {
			return span{s.from, j}, true
		}
		if p.clauseEnd(i + 1) {
			return span{s.from, i}, true
		}
	}
	return s, false
}

// listed reports whether token i was itself ruled out, so that "no PII or PHI" rules out both.
func (p *parser) listed(i int) bool {
	return p.toks[i].claimed && p.has(i, "hipaa", "gdpr", "pci", "dss", "soc", "soc2", "personal", "phi", "sensitive", "regulated")
}

func regime(rs ...catalog.Regime) (func(*parser, span), func(*parser, span)) {
	return func(p *parser, s span) {
			p.w.Compliance = append(p.w.Compliance, rs...)
			p.say(advisor.FieldCompliance, s)
		}, func(p *parser, s span) {
			p.excluded = true
			p.say(advisor.FieldCompliance, s)
		}
}

func sensitivity(v advisor.Sensitivity) func(*parser, span) {
	return func(p *parser, s span) { p.sensitivity(v, s) }
}

var sensitivityRank = map[advisor.Sensitivity]int{advisor.Public: 1, advisor.Internal: 2, advisor.Confidential: 3, advisor.Regulated: 4}

// sensitivity keeps the strictest class that was said.
func (p *parser) sensitivity(v advisor.Sensitivity, s span) {
	if sensitivityRank[v] > sensitivityRank[p.w.Sensitivity] {
		p.w.Sensitivity = v
	}
	p.say(advisor.FieldSensitivity, s)
}

// The actions below are built once and shared by every request: they must not change what they close over.

func residency(place string) func(*parser, span) {
	return func(p *parser, s span) {
		code := place
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

func egress(banned bool) func(*parser, span) {
	return func(p *parser, s span) {
		none := banned
		if p.w.NoDataLeaves != nil && *p.w.NoDataLeaves != none {
			p.doubt("the request says both that data may leave and that it may not; the stricter is taken")
			none = true
		}
		p.w.NoDataLeaves = &none
		p.say(advisor.FieldNoEgress, s)
	}
}

func team(v advisor.MLTeam) func(*parser, span) {
	return func(p *parser, s span) {
		rank := map[advisor.MLTeam]int{advisor.NoTeam: 1, advisor.SomeTeam: 2, advisor.DedicatedTeam: 3}
		had := p.w.MLTeam
		switch {
		case had == "" || rank[v] > rank[had] && had != advisor.NoTeam: // two kinds of people add up
			p.w.MLTeam = v
		case v != had && (v == advisor.NoTeam || had == advisor.NoTeam):
			p.w.MLTeam = advisor.SomeTeam
			p.doubt("the request names expertise and the lack of it; some expertise is taken")
		}
		p.say(advisor.FieldMLTeam, s)
	}
}

// countedTeam reads "two MLOps engineers": one or two are some expertise, three or more a team of their own.
func countedTeam(p *parser, s span) {
	n := p.toks[s.from].val
	if p.toks[s.from].kind == word {
		n = numberWords[p.raw(s.from)]
	}
	switch {
	case n == 0:
		team(advisor.NoTeam)(p, s)
	case n < 3 || p.onlyScientists(s):
		team(advisor.SomeTeam)(p, s)
	default:
		team(advisor.DedicatedTeam)(p, s)
	}
}

// onlyScientists reports whether a team is made of data scientists, who train models but seldom run servers.
func (p *parser) onlyScientists(s span) bool {
	found := false
	for i := s.from; i <= s.to; i++ {
		if p.has(i, "ml", "ops", "aiword") {
			return false
		}
		found = found || p.has(i, "datasci", "science")
	}
	return found
}

func quality(asked advisor.Quality) func(*parser, span) {
	return func(p *parser, s span) {
		v := asked
		if p.w.Quality != "" && p.w.Quality != v {
			p.doubt("the request asks for frontier and for standard quality; frontier is taken")
			v = advisor.Frontier
		}
		p.w.Quality = v
		p.say(advisor.FieldQuality, s)
	}
}

func task(v advisor.Task, strength int, note string) func(*parser, span) {
	return func(p *parser, s span) {
		s = p.object(s)
		p.claim(s.from, s.to)
		p.tasks = append(p.tasks, taskVote{v, strength, note, s})
	}
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

// numberBefore reports whether the noun at i belongs to a number: "300k tickets".
func (p *parser) numberBefore(i int) bool {
	for k := i - 1; k >= i-3 && !p.clauseEnd(k); k-- {
		if p.isNum(k) || isMultiplier(p.raw(k)) || numberWords[p.raw(k)] > 0 {
			return true
		}
	}
	return false
}

func traffic(v advisor.Traffic) func(*parser, span) {
	rank := map[advisor.Traffic]int{advisor.BatchTraffic: 3, advisor.OfficeHours: 2, advisor.RoundTheClock: 1}
	return func(p *parser, s span) {
		if p.w.Traffic != "" && p.w.Traffic != v {
			p.doubt("two traffic shapes are named; one is taken: batch before office hours before round the clock")
		}
		if rank[v] > rank[p.w.Traffic] {
			p.w.Traffic = v
		}
		p.say(advisor.FieldTraffic, s)
	}
}

func engine(id, note string) func(*parser, span) {
	return func(p *parser, s span) {
		v := id
		if p.w.Engine != "" && p.w.Engine != v {
			p.doubt("two serving engines are named; the first by name is taken")
			v = min(v, p.w.Engine)
		}
		p.w.Engine = v
		p.doubt(note)
		p.say(advisor.FieldEngine, s)
	}
}

func implied(r catalog.Regime, note string) func(*parser, span) {
	return func(p *parser, s span) {
		p.w.Compliance = append(p.w.Compliance, r)
		p.say(advisor.FieldCompliance, s)
		p.sensitivity(advisor.Regulated, s)
		p.doubt("“" + p.quote(s) + "” " + note)
	}
}

// patientData is regulated everywhere; which law regulates it depends on the place.
func patientData(p *parser, s span) {
	p.sensitivity(advisor.Regulated, s)
	for i := range p.toks {
		if p.has(i, "eu", "gdpr", "eucountry", "uk", "ch") && !p.has(i, "hipaa") {
			p.doubt("“" + p.quote(s) + "” is regulated data; say HIPAA if US rules apply as well")
			return
		}
	}
	p.w.Compliance = append(p.w.Compliance, catalog.HIPAA)
	p.say(advisor.FieldCompliance, s)
	p.doubt("“" + p.quote(s) + "” taken to fall under HIPAA (a US law); say GDPR instead if it does not")
}

func noted(note string) func(*parser, span) {
	return func(p *parser, s span) { p.doubt("“" + p.quote(s) + "” " + note) }
}

func buildRules() *ruleTable {
	t := &ruleTable{byConcept: map[string][]*rule{}}
	complianceRules(t)
	residencyRules(t)
	teamRules(t)
	qualityRules(t)
	taskRules(t)
	trafficRules(t)
	return t
}

func complianceRules(t *ruleTable) {
	named := func(r catalog.Regime, patterns ...string) {
		act, neg := regime(r)
		t.add(rule{act: act, neg: neg}, patterns...)
	}
	named(catalog.HIPAA, "hipaa comply?", "comply hipaa")
	named(catalog.GDPR, "eu? gdpr comply?", "comply gdpr")
	named(catalog.PCIDSS, "pci dss? comply?", "pci dss|level #", "comply pci dss?")
	named(catalog.SOC2, "soc2 =type? =1|=2|=i|=ii? comply?", "soc #|=ii|=two =type? =1|=2|=i|=ii?", "soc2 =t2")
	named(catalog.ISO27001, "iso27001", "iso iso? =27001|=27k|=27001:2022 comply?")
	named(catalog.CCPA, "ccpa comply?", "comply ccpa")
	named(catalog.FedRAMP, "fedramp =high|=moderate|=low?")
	named(catalog.EUAIAct, "eu? euaiact comply|critical?", "eu ml|aiword act")
	t.add(rule{act: func(p *parser, s span) {
		p.w.Compliance = append(p.w.Compliance, catalog.HIPAA)
		p.say(advisor.FieldCompliance, s)
		p.doubt("“" + p.quote(s) + "” taken to mean HIPAA: a BAA is what it asks of a vendor")
	}, neg: noted("noted; HIPAA is not assumed")}, "baa")
	t.add(rule{act: func(p *parser, s span) { p.excluded = true; p.say(advisor.FieldCompliance, s) }},
		"no comply critical?", "comply no", "no =regulatory critical?", "no regulated critical?", "no comply critical critical")
	noPersonal := func(p *parser, s span) {
		p.sensitivity(advisor.Public, s)
		p.doubt("“" + p.quote(s) + "” taken to mean data that is not sensitive")
	}
	noPHI := func(p *parser, s span) {
		noPersonal(p, s)
		p.excluded = true
		p.say(advisor.FieldCompliance, s)
	}
	t.add(rule{act: implied(catalog.HIPAA, "read as HIPAA"), neg: noPHI}, "phi data?")
	t.add(rule{act: implied(catalog.PCIDSS, "read as PCI DSS"), neg: noPHI}, "cardhold data?|doc?", "credit card data|doc|number?", "credit data", "card data")
	t.add(rule{act: implied(catalog.HIPAA, "read as HIPAA"), neg: noPHI}, "=covered =entity")
	t.add(rule{act: patientData, neg: noPHI}, "patientw health? data|doc|chats|query|identifier", "health data|doc|chats", "=protected health data", "patientw =history|=histories")
	t.add(rule{act: noted("noted: say HIPAA if it handles health data of people in the US")}, "health health? =support?")
	t.add(rule{act: noted("noted: say PCI DSS if card data is handled, SOC 2 if your auditors ask for it")}, "finance")
	t.add(rule{}, "health =check|=checks", "personal assistant|chat|agent|tool", "public cloud|=sector|api|=endpoint", "private =endpoint|api|=link",
		"sensitive modelname|=model|=models|=llm|=llms|api|=weights|vendorname", "sensitive =computing", "internal server =error", "data science|datasci|learning|team", "credit =score|=scoring|=risk|=decisions")
	t.add(rule{act: sensitivity(advisor.Confidential), neg: noPersonal}, "personal data?|doc?|=details?|=identifiable?", "=customer personal data?", "private data|doc", "sensitive personal data?", "personal sensitive? data")
	t.add(rule{act: sensitivity(advisor.Confidential), neg: sensitivity(advisor.Public)}, "sensitive data?|doc?|chats?", "=trade =secrets|=secret", "sensitive sensitive data?", "=top sensitive data?", "=under =nda", "=company =secrets", "=ip data", "=intellectual =property", "=source code")
	t.add(rule{act: sensitivity(advisor.Regulated), neg: sensitivity(advisor.Public)}, "regulated data?|doc?|=industry?|=sector?", "=highly regulated data?")
	t.add(rule{act: sensitivity(advisor.Public)}, "nonsens data?|doc?", "public nonsens? data?|doc?|=only?", "public data|doc|=info|=website|knowledge", "=already public")
	t.add(rule{act: sensitivity(advisor.Confidential)}, "=data classify sensitive")
	t.add(rule{act: sensitivity(advisor.Public)}, "=data classify public")
	t.add(rule{act: sensitivity(advisor.Regulated)}, "=data classify regulated")
	t.add(rule{act: sensitivity(advisor.Internal)}, "=data classify internal")
	t.add(rule{}, "=medical|=icd|=icd-10|=diagnosis|=billing|=postal|=zip|=discount|=promo|=error|=status|=product code")
	t.add(rule{act: sensitivity(advisor.Internal)}, "internal only? data?|doc?|knowledge?", "internal =use|=tool|=tools", "=company =wiki|=intranet")
	t.add(rule{act: func(*parser, span) {}}, "=rest|=remainder|=others hard|easy|sensitive|public|frontier|nonsens")
	t.add(rule{act: sensitivity(advisor.Regulated)}, "=classified =environment|data|network|=information|=government")
	t.add(rule{act: func(*parser, span) {}}, "mixed query?|doc?|data?|volume?") // the shares say how
	t.add(rule{}, "=price|=cost|=latency|=budget|=time sensitive")
	t.add(rule{act: noted("is not a regime this tool knows; its demands are not checked")}, "othrule")
	t.add(rule{act: func(p *parser, s span) {
		p.w.Compliance = append(p.w.Compliance, catalog.GDPR)
		p.say(advisor.FieldCompliance, s)
		p.doubt("“" + p.quote(s) + "” taken to bring GDPR with it")
	}}, "eu person|=consumers|=consumer|=subjects", "eu personal data?", "eu data =subjects", "eucountry|eupeople person|=consumers")
}

func residencyRules(t *ruleTable) {
	for _, place := range [][2]string{{"eu", "EU"}, {"us", "US"}, {"uk", "UK"}, {"ch", "CH"}, {"canada", "CA"}, {"australia", "AU"}, {"indiac", "IN"}, {"japan", "JP"}, {"singapore", "SG"}} {
		c, act := place[0], residency(place[1])
		if c == "us" {
			t.add(rule{act: act}, "us only", "only in us", "=must? stay in|within us", "us data? resident", "resident in? us", "data in us", "in us only?", "within us", "us region|=based|=servers|=datacenter|=datacenters|=soil", "hosting|hostw|process in us",
				"no data? leave|outside|send us", "data no leave|outside us", "us person only?", "us data only", "=inside us", "no outside us", "=onshore")
			continue
		}
		t.add(rule{act: act}, placePatterns(c)...)
		{
			t.add(rule{act: func(p *parser, s span) {
				act(p, s)
				p.doubt("“" + p.quote(s) + "” taken to mean that the data must stay there")
			}, neg: noted("noted; no place is excluded by the engine")}, c)
		}
	}
	country := func(p *parser, s span) {
		for i := s.from; i <= s.to; i++ {
			if code, ok := lexicon().places[squash(p.raw(i))]; ok {
				residency(code)(p, s)
			}
		}
	}
	for _, c := range []string{"eucountry", "eupeople", "country", "people"} {
		for _, pat := range placePatterns(c) {
			if pat == "in "+c+" only?" { // customers live in a country, too
				pat = "in " + c + " only"
			}
			t.add(rule{act: country}, pat)
		}
		t.add(rule{act: country}, "data in "+c+" stay", "data "+c+" stay")
	}
	t.add(rule{act: func(p *parser, s span) { p.named = append(p.named, s) }, neg: noted("noted; no place is excluded by the engine")}, "eucountry")
	t.add(rule{act: func(*parser, span) {}}, "eupeople =language?", "people =language?", "country") // a language, a market: no demand
	t.add(rule{act: residency("EU")}, "data in? eu stay")
	t.add(rule{}, "eu euaiact", "=let us", "=tell us", "=for us")

	no, yes := egress(true), egress(false)
	t.add(rule{act: no},
		"no data leave|outside|send network|external|api|cloud|vendorname|thirdparty?", "no data leave outside? network?", "data no leave|outside|send network|outside|external|api|cloud|vendorname?",
		"no leave outside? network", "no =ever leave", "data no leave outside? network?", "no send person|sensitive|personal|internal? data|=docs|=documents? external|api|outside|cloud|vendorname|thirdw apiservice?|party?", "no send data =to|=with external|vendorname|=anyone",
		"no external api|apiservice|vendor|cloud|=llm|=llms|=model|=models|processing|=calls|data?", "no external", "no thirdw party? apiservice|api?", "no cloud api?|apiservice?", "no api|=saas", "no public cloud|api",
		"no vendorname api", "only onprem", "onprem network", "onprem only|must?", "must? onprem hostw?|hosting?", "prem only", "must stay? onprem", "air gapped network?", "airgap network?", "selfhost only|=must", "=must =be? selfhost", "only selfhost", "=must =be? self hostw|hosting",
		"must stay hostw? onprem|inhouse|internal|network", "stay hostw? onprem|inhouse", "stay data? =inside|within|=behind|in|=on|inside network", "data stay inhouse|internal|onprem|local|private|network",
		"data stay =inside|within|=behind|in|=on network", "=behind network", "=inside network only?", "within network only", "=within network", "hostw|hosting onprem", "=on =own servers|hardware only", "=own network only", "data stay =local|=locally", "=fully =local|=offline|onprem|selfhost", "network only",
		"no outside network", "no internet =access|=connection?", "=no =internet", "no =vendor =access", "no data send external", "no share data?", "data no share", "=zero =data =egress", "no leave", "=data =egress no", "no =egress")
	t.add(rule{act: func(p *parser, s span) {
		no(p, s)
		p.doubt("“" + p.quote(s) + "” taken to mean that no outside vendor may process the data")
	}}, "private cloud", "private network")
	t.add(rule{act: yes},
		"data yes|=may|=can|=could leave network?", "external|api|cloud|vendorname api|apiservice? yes|=ok|=okay", "yes|=ok|=okay external|cloud|api api|apiservice?", "yes|=ok|=okay send data? external|api|cloud|vendorname|outside?",
		"no critical|=problem|=issue external|cloud|api", "external api yes", "data =can|=may =be? send external|api|cloud|vendorname?", "=cloud =ok|=okay|=fine", "=apis yes", "cloud yes", "data leave yes", "=may|=can send data external|api|cloud|vendorname")
}

// placePatterns are the ways to say that data stays in a place.
func placePatterns(c string) []string {
	out := []string{}
	for _, pat := range []string{
		"X only", "only in? X", "X data? resident", "data? resident in? X", "X resident", "must? stay in? within? X", "data? stay in|within|=inside X", "must stay in? X", "in X only?", "within X",
		"data in X", "X hosting|hostw", "X region|=based|=servers|=datacenter|=cloud only?", "hosting|hostw|stay in X", "no data leave|outside|send X", "no leave|outside X", "data no leave|outside X", "X data only?", "=inside X", "no outside X", "process|stay data? in X", "X =endpoint|=endpoints",
		"resident X", "=data =in X", "hostw|stay in? X only",
	} {
		out = append(out, strings.ReplaceAll(pat, "X", c))
	}
	return out
}

func teamRules(t *ruleTable) {
	none, some, dedicated := team(advisor.NoTeam), team(advisor.SomeTeam), team(advisor.DedicatedTeam)
	t.add(rule{act: none},
		"no dedicated|inhouse|smallteam? dedicated|inhouse? ml|ops|aiword|machine learning|ops|technical|data? learning|science|ops|aiword|ml? team team?", "no ml|ops ml|ops? team?", "no machine learning team?", "no inhouse|internal team", "no inhouse|technical team",
		"no team|=one =to|canrun|who? canrun modelname|aiword|ml|ops|infra|network|=models|=gpus|=servers|=it|gpuname", "no team for ml|aiword|ops", "no team canrun|ml|aiword", "no =experience? with aiword|ml|ops|gpuname", "no team inhouse", "team no", "no team ml|ops", "no team",
		"nontech team?|=company?|=founders?|=founder?", "ml|ops|aiword team no", "no one? team =can canrun aiword|gpuname|=models", "no one? team? canrun aiword|=models|=servers", "no canrun aiword|gpuname|=models|=servers", "no datasci", "team =is? no", "no ml|ops =and|=or|=nor ops|ml|aiword|datasci team?",
		"no =hands|=capacity =to? canrun", "no know|knowhow aiword|ml", "no ops|ml|aiword =skills|=background|team", "no ops|ml team =or|and|=nor ops|ml team?", "team =zero", "smallteam team no ml|ops|aiword team?")
	t.add(rule{act: countedTeam},
		"# smallteam|dedicated|=full|=time|inhouse? smallteam|dedicated|=time? ml|ops|aiword|datasci|machine learning|science|ops|ml|aiword? team smallteam?", "# ml|ops|datasci", "# =fte|=ftes", "# mlteamword", "# data science")
	t.add(rule{act: func(p *parser, s span) {
		for i := s.from; i <= s.to; i++ {
			if p.isNum(i) || numberWords[p.raw(i)] > 0 {
				n := p.toks[i].val
				if p.toks[i].kind == word {
					n = numberWords[p.raw(i)]
				}
				if n >= 3 && !p.onlyScientists(s) {
					dedicated(p, s)
				} else {
					some(p, s)
				}
				return
			}
		}
	}}, "team =of # ml|ops|aiword|datasci team?", "team # ml|ops|aiword team?", "ml|ops|aiword team =of # team?", "dedicated|inhouse ml|ops|aiword|datasci ml|ops|aiword|network? team =of #", "ml ml|ops|aiword|network team =of #")
	t.add(rule{act: some},
		"smallteam ml|ops|aiword|datasci ml|ops|aiword|learning? team?", "smallteam machine learning team?", "smallteam inhouse|internal? ml|ops|aiword team?", "ops ops? team?", "team =some|=limited|=basic|=partial", "=part-time|=parttime ml|ops team?",
		"datasci", "data science team?", "ml|aiword =experience|=expertise|=skills|=knowledge|=knowhow|=background", "ml|aiword =engineers|=engineer|=people|=folks|=specialist|=specialists|=guy", "machine learning =engineer|=engineers|=experience|=expertise", "team =somewhat ml", "mlteamword", "team =partial", "smallteam technical team", "ml =contractor|=consultant", "ml|aiword|ops team =some|=limited|=basic|=partial|=small")
	t.add(rule{act: dedicated},
		"dedicated|inhouse dedicated|inhouse? ml|ops|aiword|datasci|machine ml|ops|aiword|learning|network? team", "ml team", "aiword team", "ml|aiword ops|network|ml|aiword team", "machine learning team", "team dedicated", "dedicated ml|ops|aiword team?", "dedicated team", "ml|ops|aiword dedicated? team =in-house|=inhouse", "=own ml|ops|aiword team",
		"dedicated machine learning team", "=infra|=infrastructure team", "dedicated ml|ops|aiword =experience|=expertise|=skills", "=team =of ml|ops|aiword team", "dedicated =experience|=expertise", "ml =department|=org|=group", "dedicated inhouse? ml|ops =and|=plus ops|ml team")
	t.add(rule{}, "aiword =rental|=rentals|=hours|=card|=cards|=node|=nodes", "no aiword", "platform =engineering? =as", "no team =size", "ml =platform", "=sec|=security|=legal|=finance|=sales|=marketing|=support|=product|=procurement|=compliance team", "=for|=to ops", "ml|aiword|ops =service|=services|=product|=api|=apis|=model|=models|agent|chat|=feature|=features")
}

func qualityRules(t *ruleTable) {
	std := quality(advisor.Standard)
	t.add(rule{act: quality(advisor.Frontier), neg: std},
		"frontier quality|level|=model|=models|=grade?", "best quality|=model|=models|=possible|=available|=answers|=results quality?", "best =possible|=in? quality|=class", "quality best|frontier|must =be? frontier|best?", "quality =is|=must =be? best|frontier|=high|=highest", "=highest|=max|=maximum|=peak quality", "quality =first|=matters|=over", "quality =really|=very? critical|=matters", "best =answers|=reasoning|=accuracy", "quality =no =compromise|=compromises",
		"frontier class|level", "peak quality critical?", "best =quality =money =can =buy", "=need|must frontier", "quality =above =all|=everything", "=mission|=business critical quality", "peak quality", "quality =high|=excellent")
	t.add(rule{act: func(p *parser, s span) {
		quality(advisor.Frontier)(p, s)
		p.doubt("“" + p.quote(s) + "” taken as frontier quality")
	}, neg: std}, "=high|=excellent|=great|=very quality quality?", "=very =high quality")
	t.add(rule{act: std},
		"quality =matters =less", "quality =less critical|=than", "=cost|=costs|=price =over|=before|=beats quality", "=cost|=price =is? =matters|=more critical? =than? quality", "quality =is? =not? =so? critical =as|=than =cost|=price",
		"quality no critical|best|frontier|=perfect|=need?", "=good-enough|=goodenough quality?|=is?", "good enough quality?", "goodenough quality", "quality goodenough|=ok|yes", "=goodenough yes", "quality =good-enough|=goodenough|=is", "quality =can =be goodenough|=lower", "=need =not? =be? =perfect", "no =need? =to? =be? =perfect|=smart|=clever|=genius|=brilliant", "no =fancy",
		"=small|=smaller|=cheap|=cheaper|=basic =model|=models|=llm yes|goodenough|=do|=works|=enough|=suffices?", "no best|frontier quality|=model|level?", "no frontier =needed|must?", "no critical quality", "quality =second|=secondary", "=medium|=low|=lower quality", "quality =medium|=low|=standard|=normal", "=simple =model|=models", "=standard =is? yes")
	t.add(rule{}, "quality =assurance|=control|=score|=check|=checks", "best =price|=value|=cost|way|option|=practice|=practices", "=standard =deviation|=operating", "=performance =review|=reviews|=test|=tests", "=cost =performance", "=best =fit|=solution|=approach|=setup|=path|=choice", "=what's|=what =best")
}

func taskRules(t *ruleTable) {
	chat := task(advisor.Chat, 4, "")
	t.add(rule{act: chat}, "chat chat?", "person? support chat|agent", "support chat", "=customer|=client|=user support", "=customer =service|=care =chat?|chat?|agent?", "=virtual|=voice|=ai|=sales|=shopping agent|chat", "chat support|=app|=application|=tool|=use?", "support =desk|=portal", "chat =task?", "=conversational aiword|chat?", "support =automation")
	t.add(rule{act: task(advisor.Chat, 4, "")}, "=help =desk chat?")
	t.add(rule{act: task(advisor.RAG, 9, "")},
		"rag chat?|=app?|=pipeline?|=system?|=application?", "rag", "knowledge search|searchw|rag|chat|assistant|query answering?", "searchw =over|=across|=in|=on knowledge|doc|data", "search =over|=across|=in|=on knowledge|doc|data", "query over|about|=on|=against|=across|=from internal|=our? knowledge|doc|data", "query answering =over|=on|=about? knowledge|doc?", "query =and? answering", "chat =with|=over|=about|=on|=across internal|=our? knowledge|doc", "knowledge =base? answering|chat|=q&a|=bot", "knowledge =q&a|=qa|chat", "doc searchw|=q&a|=qa", "=semantic|=enterprise searchw", "answering query? =from|=over|=using|=about|=based internal|=our? knowledge|doc", "=ask =questions|query? =over|=about|=of|=to? knowledge|doc", "knowledge query", "=over|=about|=against|=across internal|=our? knowledge", "rag query?")
	t.add(rule{act: task(advisor.Classification, 7, "")}, "classify", "=ticket|=email|doc classify", "=sentiment reason", "=intent|=spam|=fraud|=topic|=content|=toxicity classify", "classify =task|=job?", "=fraud classify", "=safety|=content|=spam|=profanity =safety? =filter|=filters")
	t.add(rule{act: task(advisor.Extraction, 6, "")}, "extract", "extract extract", "=named =entity|=entities =recognition?", "=entity|=entities =recognition", "data extract", "=data =entry", "doc extract", "extract extract data?|doc?", "doc =processing|=understanding|=parsing", "=invoice|=form|=document =processing|=reading", "idp")
	t.add(rule{act: task(advisor.Summarization, 7, "")}, "summarize", "doc summarize", "=meeting =minutes|=notes", "summarize =task?")
	t.add(rule{act: task(advisor.Coding, 7, "")}, "code chat|=assistant|=assist|=review|=reviews|=generation|=completion|=completions|=copilot|=help|=tasks|=questions|=suggestions|=search?", "code", "=developer|=dev|=devs chat|=copilot|=assistant", "=software =engineering|=development", "=pull =request|=requests =review|=reviews|=summaries?", "chat =for code|=developers|=devs|=engineers", "=unit =tests|=test =generation?", "=github =copilot =alternative|=replacement?", "=pr|=prs =review|=reviews", "=bug =fixing|=fixes")
	t.add(rule{act: task(advisor.Reasoning, 6, "")}, "reason", "=complex|=deep|hard reason", "reason =task|=tasks|=model|=models?", "=chain =of =thought", "=multi =step reason", "=math =tutoring|=tutor", "=step-by-step reason")
	t.add(rule{act: task(advisor.Reasoning, 5, "")}, "=data|doc|=financial|=document|=market|=risk|=legal reason", "reason =agent?")
	t.add(rule{act: task(advisor.Agent, 8, "")},
		"=ai|=llm|=autonomous|=multi|=browser|=research agent|=agents", "agent workflow?|=loop|=loops|=tasks?|=pipeline?|=system?|=systems?", "agent agent", "tool calling", "multistep agent|workflow|=tasks?", "code agent|=agents", "agent =coding|=code", "workflow agent", "reason agent", "=computer =use", "=agents =with tool", "workflow =task?")
	t.add(rule{act: task(advisor.Chat, 3, "is no task type of its own; the token counts assumed are those of a chat")}, "write", "write write", "write doc|=copy|=content|=posts|=text", "=marketing|=product|=sales|=ad write|=copy|=descriptions", "=content =generation|=creation|write", "doc write", "=text|=email =generation", "write =of? doc", "doc =replies|=reply|=drafting", "=creative write", "=product =description =generation|write?", "=auto? =reply|=replies")
	for _, named := range []struct {
		concept string
		task    advisor.Task
	}{{"chat", advisor.Chat}, {"rag", advisor.RAG}, {"summarize", advisor.Summarization}, {"classify", advisor.Classification}, {"extract", advisor.Extraction},
		{"code", advisor.Coding}, {"reason", advisor.Reasoning}, {"agent", advisor.Agent}, {"batch", advisor.Batch}} {
		c, v := named.concept, named.task
		t.add(rule{act: func(p *parser, s span) { p.tasks = append(p.tasks, taskVote{v, 100, "", s}) }}, "=task "+c, "=task =type "+c)
	}
	t.add(rule{},
		"# agent", "agent per", "per agent", "# support agent|=agents", "reason token|=tokens", "=agents =in =call", "write =latency|=speed", "batch =size|=discount|=api|=pricing", "code =of =conduct|=word|=red", "=support =for|=of", "=tag =line", "=intent =to", "score|=label =on =benchmarks", "=market reason =firm", "=research =and =development|=team|=lab", "=routing =layer", "=search engine|=volume", "code =base =is", "# =code",
		"per classify|summarize|extract|code|=analysis", "=llm|=model =routing|=router", "=detect =language", "token extract", "=function =of", "=cost reason", "=tco reason", "=cost-benefit reason", "=analysis|=research =team|=company|=firm|=lab|=group")
}

func trafficRules(t *ruleTable) {
	office, clock, batch := traffic(advisor.OfficeHours), traffic(advisor.RoundTheClock), traffic(advisor.BatchTraffic)
	t.add(rule{}, "per office =day|=hour|=days", "=per office =day|=hour")
	t.add(rule{act: office}, "office hoursw|=day|=days|=hrs only?", "weekdayw only?", "workday only", "=weekdays only?", "=work =week|=days|=day|hoursw", "=mon =fri", "=mon =to =fri", "=9 =to =5", "=nine =to =five", "=9 =5", "=9am =5pm", "# =am =to? # =pm", "=day =time =only?", "=during =the? =day|=workday", "# =5 =days|=hours", "=8x5|=8 =x =5", "=day =shift|=hours", "=core hoursw", "=monday =to? =friday", "=monday =through =friday")
	t.add(rule{act: batch}, "batch =traffic", "=traffic batch")
	t.add(rule{act: office}, "=traffic office")
	t.add(rule{act: clock, neg: noted("noted; say office hours or batch")}, "clock", "round =the? clockw", "always onw", "=24 =7", "=24 hoursw =a|=per|=each =day", "=24 hoursw =day", "=all =day =and|=every? =day|=night?", "=rund =um =die =uhr", "=day =and =night", "steady volume", "=constant volume", "=around-the-clock", "=24h|=24hr", "=7 =days =a =week", "=seven =days =a =week")
	t.add(rule{act: func(p *parser, s span) {
		clock(p, s)
		p.doubt("“" + p.quote(s) + "” taken as load round the clock")
	}}, "global person|=audience|=customers|volume", "=all|=many|=multiple =time|=timezones =zones?", "=users =worldwide")
	t.add(rule{act: func(p *parser, s span) {
		batch(p, s)
		p.tasks = append(p.tasks, taskVote{advisor.Batch, 1, "", s})
	}, neg: noted("noted; an answer while somebody waits is assumed")}, "overnight? batch =job|=jobs|=processing|=mode|=run|=runs|=workload|=workloads?", "overnight batch?|=job?|=jobs?|=processing?|=run?|=runs?", "batch overnight", "=can|=may =be? wait|batch|=queued overnight?|=hours?|=until? =overnight?|=tomorrow?", "wait overnight", "=no =rush|=hurry|=urgency", "no =urgent|=rush|=hurry|=time-critical|=timecritical|=timesensitive|=time-sensitive|wait|=realtime|realtime", "=not =urgent", "=weekly|=daily|=monthly batch", "latency no =realtime", "=by =tomorrow|=morning", "=by =next =morning|=day", "=process =overnight", "=back =ground =jobs|=processing?", "=background =jobs|=processing|=job|=task|=tasks", "no realtime =needed|must|critical?", "=results =next =day|=morning")
	t.add(rule{}, "no wait =longer|=more|=over|=beyond")
	t.add(rule{act: noted("is no figure; give one, such as p95 < 2 s")}, "realtime latency|respond?", "=low|=fast|=quick|=ultra-low|=ultralow|=snappy|=good|=great latency|respond", "latency critical|best", "=as =fast =as =possible", "=fast|=snappy|=quick")
	relaxed := func(p *parser, s span) { p.relaxed = true; p.say(advisor.FieldLatency, s) }
	t.add(rule{act: noted("noted; no limit is set on cost")}, "no budget =limit|=cap|=constraint|=constraints|=issue|=concern?", "=unlimited budget", "budget no", "budget =is? no critical|=issue|upto", "budget =unlimited|=open|=flexible")
	t.add(rule{act: relaxed}, "no latency critical|slo|=requirement|=requirements|=constraint|=target|=limit", "latency no critical|=matter|=issue|=concern", "latency =is? no =critical? critical", "latency =is? =relaxed|=irrelevant|=unimportant|=flexible", "no critical latency", "=speed no critical", "=latencytolerant|=latencyinsensitive", "latency =tolerant|=insensitive", "latency no", "=relaxed|=loose latency", "no =care latency", "no =care =about latency")
	t.add(rule{act: noted("is weighed beside every other way to rent")}, "=spot|=preemptible =instances|=instance|=gpus|=pricing?", "=spot", "=reserved =instances|=instance|=capacity|=pricing?", "=on =demand", "=ondemand")
	t.add(rule{act: engine("vllm", "")}, "vllm")
	t.add(rule{act: engine("trt-llm", "")}, "trtllm =llm?")
	t.add(rule{act: engine("sglang", "")}, "sglang")
	t.add(rule{act: engine("llama.cpp", "")}, "llamacpp")
	t.add(rule{act: engine("llama.cpp", "Ollama is reckoned as llama.cpp, which it runs on")}, "ollama")
}
