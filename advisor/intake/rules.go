package intake

import (
	"cmp"
	"strings"
	"sync"

	"github.com/llmadvise/llmadvise/advisor"
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
			if t.raw == a[1:] && (t.entity == nil || t.entity.kind != providerName) { // "infra" of Deep Infra is no people
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

// runs reports whether a word for a job stands beside a phrase.
func (p *parser) runs(s span) bool {
	const reach = 4
	for k := s.from - reach; k <= s.to+reach; k++ {
		if w := stem(p.raw(k)); w == "run" || w == "job" || w == "process" || w == "export" || w == "pipeline" || w == "script" || w == "processed" || w == "running" {
			return true
		}
	}
	return false
}

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
		if named := p.raw(s.from) == "traffic" || p.raw(s.from-1) == "traffic"; p.trafficNamed && !named {
			return
		} else if named && !p.trafficNamed && p.w.Traffic != v {
			p.w.Traffic, p.trafficNamed = "", true
		}
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
		if p.leftEngine(s) {
			p.doubt("“" + p.quote(s) + "” is what runs today and is not asked for")
			return
		}
		if p.w.Engine != "" && p.w.Engine != v {
			p.doubt("two serving engines are named; the first by name is taken")
			v = min(v, p.w.Engine)
		}
		p.w.Engine = v
		p.doubt(note)
		p.say(advisor.FieldEngine, s)
	}
}

// leftEngine reports whether an engine is what runs today or is moved off, where another one is named to move to: "on Ollama today, should we move
// to vLLM?".
func (p *parser) leftEngine(s span) bool {
	other := func(k int) bool {
		return !p.has(k, "vllm", "sglang", "trtllm", "llamacpp", "ollama") || k >= s.from && k <= s.to
	}
	moving := false
	for k := s.to + 1; k < len(p.toks) && !moving; k++ {
		moving = !other(k) && (p.raw(k-1) == "to" || p.raw(k-1) == "about" || p.raw(k-1) == "into")
	}
	return moving && (p.raw(s.from-1) == "from" || p.raw(s.from-1) == "off" || p.wordBetween(s.from-5, s.to+4, "today", "now", "currently", "current", "present"))
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

func qualityRules(t *ruleTable) {
	std := quality(advisor.Standard)
	t.add(rule{act: quality(advisor.Frontier), neg: std},
		"frontier quality|level|=model|=models|=grade?", "best quality|=model|=models|=possible|=available|=answers|=results quality?", "best =possible|=in? quality|=class", "quality best|frontier", "=highest|=max|=maximum|=peak quality", "=whatever =is =the? best", "no =compromise|=compromises =on|=in|=of? quality", "quality =first|=matters|=over", "quality =really|=very? critical|=matters", "best =answers|=reasoning|=accuracy", "quality =no =compromise|=compromises",
		"peak quality critical?", "best =quality =money =can =buy", "=need|must frontier", "quality =above =all|=everything", "=mission|=business critical quality", "quality =high|=excellent", "=as =good =as =it =gets", "=top =of =the =range|=line|=class", "=the =best =money =can =buy", "=only|=nothing =but =the =very? best", "=the =very =best", "=must =be =really|=very|=extremely good", "=smartest|=best|=strongest|=cleverest =there =is", "quality =is =everything|=king", "quality =at =any =price", "quality =as =good =as =it =gets|=possible")
	t.add(rule{act: func(p *parser, s span) {
		quality(advisor.Frontier)(p, s)
		p.doubt("“" + p.quote(s) + "” taken as frontier quality")
	}, neg: std}, "=high|=excellent|=great|=very quality quality?")
	t.add(rule{act: func(p *parser, s span) {
		if !p.asked(s) {
			std(p, s)
		}
	}}, "=good-enough|=goodenough", "good enough")
	t.add(rule{act: func(*parser, span) {}}, "=so no =fantastic|=stellar|=amazing|=superb|=outstanding|=spectacular|=special") // a number
	t.add(rule{act: std},
		"quality =matters =less", "no =care =about? =top|best quality", "=tier =standard|=basic|=std", "=std quality", "=decent|=acceptable|=ordinary|=reasonable|=usable =answers|=results|=texts", "=mid-tier|=midtier|=mid =tier? =model|=models|=llm", "quality =less critical|=than", "=cost|=costs|=price =over|=before|=beats quality", "=cost|=price =is? =matters|=more critical? =than? quality", "quality =is? =not? =so? critical =as|=than =cost|=price",
		"quality no critical|best|frontier|=perfect|=need", "quality no =be =high|=great|=excellent|=superb", "goodenough quality", "quality goodenough|=ok|yes", "=goodenough yes", "quality =can =be goodenough|=lower", "=need =not? =be? =perfect", "no =need? =to? =be? =perfect|=smart|=clever|=genius|=brilliant", "no =fancy",
		"=small|=smaller|=cheap|=cheaper|=basic =model|=models|=llm yes|goodenough|=do|=works|=enough|=suffices", "no best|frontier quality|=model|level?", "no critical quality", "quality =second|=secondary", "=medium|=low|=lower quality", "quality =medium|=low|=standard|=normal", "=simple =model|=models", "=standard =is? yes", "=mid-range|=midrange|=mid|=middling|=average =range? quality", "quality =mid-range|=midrange|=average",
		"=cheap =and =simple|=cheerful|=dirty|=basic|=good", "=quick =and =dirty", "=simple =and =cheap", "=cheapest =thing? =that|=which =works", "=whatever =works", "=ordinary|=average|=mediocre|=middling|=basic|=decent|=moderate quality? =is|=are? yes|=enough|=sufficient|=suffices", "=ordinary|=average|=mediocre|=basic|=decent =will|=would =do", "no =special|=particular|=high quality =needs|=requirements|=demands?", "=mid-tier|=midtier|=mediumsized|=half-decent =model =suffices|=will|=do|=is? =do|yes?", "=any =half? =decent =model|=llm", "=only =has|=needs =to =be =roughly =right|=correct", "=dumbest|=smallest|=weakest|=simplest =model|=models|=llm =will|=would? yes|=plenty|=enough|=do|=suffices", "=so-so|=soso", "no =fantastic|=stellar|=amazing|=superb|=outstanding|=spectacular", "=standard|=ordinary|=average|=normal|=basic =model|=models|=llm yes|=plenty|=enough|=do|=suffices")
	t.add(rule{act: func(*parser, span) {}}, "=english|=spelling|=grammar|=typing|=writing|=german|=french no? =perfect|best|good") // of whoever writes
	t.add(rule{}, "quality =assurance|=control|=score|=check|=checks", "best =price|=value|=cost|way|option|=practice|=practices", "=standard =deviation|=operating", "=performance =review|=reviews|=test|=tests", "=cost =performance", "=best =fit|=solution|=approach|=setup|=path|=choice", "=what's|=what =best")
}

// asked reports whether a phrase is part of a question about something: "is gpt-4.1-mini good enough?".
func (p *parser) asked(s span) bool {
	from := s.from
	for !p.clauseEnd(from - 1) {
		from--
		if p.has(from, "latency", "p95", "second", "ms") { // of a time
			return true
		}
	}
	switch p.raw(from) {
	case "is", "are", "would", "will", "does", "do":
		return true
	}
	return false
}

// leftAside reports whether a phrase is said not to count: "a backlog of 600,000 sheets we don't care about".
func (p *parser) leftAside(s span) bool {
	const reach = 10
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k); k++ {
		if w := p.raw(k); (w == "care" || w == "count" || w == "matter") && p.has(k-1, "no") || w == "ignore" {
			return true
		}
	}
	return false
}

func trafficRules(t *ruleTable) {
	office, clock, batch := traffic(advisor.OfficeHours), traffic(advisor.RoundTheClock), traffic(advisor.BatchTraffic)
	t.add(rule{}, "per office =day|=hour|=days", "=per office =day|=hour")
	t.add(rule{act: func(p *parser, s span) {
		if p.raw(s.from) == "only" || p.raw(s.to) == "only" { // days alone say nothing of the hours
			office(p, s)
		}
	}}, "only? =weekdays|=workdays|=monfri|=mondayfriday only?", "only? =mon =to =fri only?", "only? =monday =to? =friday only?", "workday only", "only? office =day|=days only?")
	t.add(rule{act: func(p *parser, s span) {
		if w := p.raw(s.from - 1); w != "and" && w != "about" && w != "or" { // what people ask about
			office(p, s)
		}
	}}, "=opening hoursw only")
	t.add(rule{act: office}, "office hoursw|=hrs only?", "=during =the? office =day", "weekdayw only?", "=work =week|=days|=day|hoursw", "=9 =5", "# =am =to? # =pm", "=day =time =only?", "=during =the? =day|=workday", "# =5 =days|=hours", "=8x5|=8 =x =5", "=day =shift|=hours", "hoursw =only? # =to #", "=core hoursw|=business", "=shop|=store|=banking|=school hoursw", "=when|=while =we|=we're =are? =open", "=office|=offices|=shop|=shops|=store|=stores|=branch|=branches|=practice|=clinic|=clinics|=library|=libraries|=counter|=counters =is|=are =open", "=nobody|=nothing|=none|=closed =uses|=use|=works|=there? =it? =at =night|=nights", "no =at =night =weekends?|=weekend?")
	t.add(rule{act: batch}, "batch =traffic", "=traffic batch")
	t.add(rule{act: office}, "=traffic office")
	t.add(rule{act: clock, neg: noted("noted; say office hours or batch")}, "clock", "round =the? clockw", "=24 =7", "=24 hoursw =day", "=24 hoursw =365", "=work|=works|=running|=runs|=open|=operates =24 hoursw", "=all =day =and|=every? =day|=night", "=rund =um =die =uhr", "=day =and =night", "=day =night", "=all =hours", "=any =time|=hour =day|=night =or? =night|=day?", "=all =day =and? =all? =night", "steady =all =day =and =all? =night", "=every|=all|=each =time =zone|=zones", "=never =sleeps|=stops|=sleep|=stop|=closes|=close", "=every =hour =of =the? =day", "=all =days =and =hours", "=three|=3 =shifts =7|=seven =days", "steady volume", "steady =all =day", "=all =day =long")
	t.add(rule{act: func(*parser, span) {}}, "=7|=seven =days =a|=per =week", "=365 =days =a|=per =year?") // every day, not every hour
	t.add(rule{act: func(p *parser, s span) {
		clock(p, s)
		p.doubt("“" + p.quote(s) + "” taken as load round the clock")
	}}, "global person|=audience|=customers|volume", "=all|=many|=multiple =time|=timezones =zones?", "=users =worldwide")
	t.add(rule{act: func(p *parser, s span) {
		if p.raw(s.from) == "can" && p.isNum(s.to+1) || p.leftAside(s) { // "can wait 2 seconds"
			return
		}
		if s.from == s.to && !p.runs(s) && (p.raw(s.from) == "nights" && p.raw(s.from-1) != "at" || p.raw(s.from) == "night" && p.raw(s.from-1) == "at" && p.has(s.from-2, "hour")) { // "nights almost nothing"
			return
		}
		batch(p, s)
	}, neg: noted("noted; an answer while somebody waits is assumed")}, "overnight? batch =job|=jobs|=processing|=mode|=run|=runs|=workload|=workloads?", "overnight batch?|=job?|=jobs?|=processing?|=run?|=runs?", "=can|=may =be? wait|batch|=queued overnight?|=hours?|=until? =overnight?|=tomorrow?", "wait overnight", "=no =rush|=hurry|=urgency", "no =urgent|=rush|=hurry|=time-critical|=timecritical|=timesensitive|=time-sensitive|wait|=realtime|realtime", "=weekly|=daily|=monthly batch", "latency no =realtime", "=one =time =job|=task|=run|=project|=off", "=oneoff|=onetime|=oneshot =job|=task|=run|=project?", "=can|=could|=may =run|=happen|=done =any|=whenever =time|=hour?", "=can|=could|=may =work|=run =in|=at|=over|=during =the? =night", "=every|=each =morning|=evening|=night =a batch", "=can|=could|=may =take =a|=one =day|=week|=month|=night", "=can|=could|=may =take =days|=weeks|=hours", "=fine|=ok|=okay =if =takes =a =day|=week|=night|=weekend", "batch api =fine|=ok|=okay", "=weekend =run|=runs|=job|=jobs", "=cron =job?", "=daily|=every|=each =day|=morning? =at # =am", "=small =hours", "=by =tomorrow|=morning", "=by =next =morning|=day", "=back =ground =jobs|=processing?", "=background =jobs|=processing|=job|=task|=tasks", "no realtime =needed|must|critical?", "=results =next =day|=morning")
	t.add(rule{act: func(p *parser, s span) {
		if p.runs(s) {
			batch(p, s)
		}
	}}, "=at # =am", "# =am =to? # =am", "=from # =am? =to # =am", "# # =am", "=over =the? =weekend|=weekends", "=every|=each =sunday|=saturday|=weekend|=friday|=monday", "=once =per|=a =quarter", "=at =midnight", "=in =one =go", "=in =the =night")
	t.add(rule{act: func(p *parser, s span) {
		if p.clauseEnd(s.from-1) && p.clauseEnd(s.to+1) && (p.has(s.from-2, "doc", "query") || p.numberBefore(s.from-2)) { // "400,000 files, once"
			batch(p, s)
		}
	}}, "=once")
	t.add(rule{}, "=night =shift|=shifts|=nurse|=nurses|=staff|=desk|=owl")
	t.add(rule{act: func(p *parser, s span) {
		if s.to > s.from {
			batch(p, s)
		}
	}}, "=offline =job|=jobs|=processing|=batch|=run|=runs?")
	t.add(rule{}, "=don't|=not =fancy", "no wait =longer|=more|=over|=beyond")
	t.add(rule{act: noted("is no figure; give one, such as p95 < 2 s")}, "realtime latency|respond?", "=low|=fast|=quick|=ultra-low|=ultralow|=snappy|=good|=great latency|respond", "latency critical|best", "=fast|=snappy|=quick")
	t.add(rule{}, "no budget =more|=over|=beyond|=above|=exceeding") // "can't spend more than 15k"
	relaxed := func(p *parser, _ span) { p.relaxed = true }
	t.add(rule{act: noted("noted; no limit is set on cost")}, "no budget =limit|=cap|=constraint|=constraints|=issue|=concern?", "=unlimited budget", "budget no", "budget =is? no critical|=issue|upto", "budget =unlimited|=open|=flexible")
	t.add(rule{act: relaxed}, "p95 no critical", "no latency critical|slo|=requirement|=requirements|=constraint|=target|=limit", "latency =is? no =critical? critical", "latency =is? =relaxed|=irrelevant|=unimportant|=flexible", "no critical latency", "=speed no critical", "=latencytolerant|=latencyinsensitive", "latency =tolerant|=insensitive", "latency no", "=relaxed|=loose latency", "no =care latency")
	t.add(rule{act: noted("is weighed beside every other way to rent")}, "=spot|=preemptible =instances|=instance|=gpus|=pricing?", "=reserved =instances|=instance|=capacity|=pricing?", "=on =demand", "=ondemand")
	t.add(rule{act: engine("vllm", "")}, "vllm")
	t.add(rule{act: engine("trt-llm", "")}, "trtllm =llm?")
	t.add(rule{act: engine("sglang", "")}, "sglang")
	t.add(rule{act: engine("llama.cpp", "")}, "llamacpp")
	t.add(rule{act: engine("llama.cpp", "Ollama is reckoned as llama.cpp, which it runs on")}, "ollama")
}
