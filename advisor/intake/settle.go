package intake

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// settle turns what was read into fields. Where readings contradict each other the outcome depends on their values,
// never on their order, but for volumes that nothing tells apart (see the package).
func (p *parser) settle() {
	p.settleNames()
	p.promptLengths()
	p.readYears()
	p.settleMeanPart()
	p.settleVolume()
	p.settleTokens()
	p.settleParts()
	p.settleTokenTotals()
	p.settleTask()
	p.settleByWords()
	p.settleLimits()
	p.settleNight()
	p.settleCompliance()
	p.settlePlace()
}

// settlePlace takes a country that was only named for where the data must stay, where nothing else says it.
func (p *parser) settlePlace() {
	if p.w.Residency != "" {
		return
	}
	if code, s := p.placeNamed(); code != "" && len(p.stays) > 0 {
		residency(code)(p, s)
		p.say(advisor.FieldResidency, p.stays[0])
		return
	}
	for _, r := range p.regions {
		p.w.Residency = max(p.w.Residency, r.unit)
		p.say(advisor.FieldResidency, r.span)
	}
	if p.w.Residency != "" {
		return
	}
	if code, s := p.keptIn(); code != "" {
		residency(code)(p, s)
		return
	}
	for _, s := range p.named {
		if code, ok := lexicon().places[squash(p.raw(s.to))]; ok && !p.whereabouts(s) && p.serversNear(s) {
			residency(code)(p, s)
			p.doubt("“" + p.quote(s) + "” taken to mean that the data must stay there")
		}
	}
}

// keptIn finds a sentence that keeps data in a place with other words between: "we have to keep data of Brazilian customers in Brazil".
func (p *parser) keptIn() (string, span) {
	for i := range p.toks {
		code := lexicon().places[squash(p.raw(i))]
		if code == "" || p.raw(i-1) != "in" && p.raw(i-1) != "within" && p.raw(i-1) != "inside" {
			continue
		}
		s := around(span{i, i}, p.clauseEnd)
		stays, data := false, false
		for k := s.from; k < i; k++ {
			server := stem(p.raw(k)) == "server" || stem(p.raw(k)) == "datacenter" || stem(p.raw(k)) == "datacentre" // "ok if the server is in Brazil"
			stays = stays || p.has(k, "stay") || p.raw(k) == "must" || server && p.wordBetween(k+1, k+3, "is", "are", "stand", "stands", "sit", "sits")
			data = data || p.has(k, "data") || p.has(k, "doc") || server
		}
		if stays && data {
			return code, span{s.from, i}
		}
	}
	return "", span{}
}

// serversNear reports whether the sentence of a place speaks of where something is kept or run.
func (p *parser) serversNear(s span) bool {
	s = around(s, p.strongEnd)
	for k := s.from; k <= s.to; k++ {
		switch p.raw(k) {
		case "server", "servers", "storage", "location", "hosting", "hosted", "region", "residency", "cloud", "datacenter", "datacentre", "sovereignty", "standort", "stored", "exclusively", "only", "onshore", "processing", "processed", "inference", "hébergement", "rester", "données", "serveurs", "servidores", "daten", "bleiben":
			return true
		}
	}
	return false
}

// placeNamed is the only place that the request names, be it by a city, "" where there are several.
func (p *parser) placeNamed() (string, span) {
	code, at := "", span{}
	for i := range p.toks {
		c := lexicon().places[squash(p.raw(i))]
		for concept, place := range widePlaces {
			if c == "" && p.has(i, concept) && (concept != "us" || p.raw(i) != "us" || p.raw(i-1) == "the" || p.upper(i)) {
				c = place
			}
		}
		if c == "" {
			c = homeCities[p.raw(i)]
		}
		if place, ok := advisor.PlaceOf(p.raw(i)); ok && c == "" && (p.raw(i-1) == "in" || p.raw(i-1) == "from") && p.upper(i) && !wordCodes[p.raw(i)] { // "a bank in SG"
			c = place.Code
		}
		switch {
		case c == "" || c == code:
		case code != "":
			return "", at
		default:
			code, at = c, span{i, i}
		}
	}
	return code, at
}

// settleNames files the names that no phrase took.
func (p *parser) settleNames() {
	ruledOut, left := map[string]bool{}, map[string]bool{}
	out := ruledOutList{-1, -1}
	for _, e := range p.entities {
		s := span{e.from, e.to}
		if e.used {
			continue
		}
		p.claim(e.from, e.to)
		if p.disowned(s) || p.fancied(s) || e.kind == gpuName && p.exchanged(s) {
			continue
		}
		if e.kind != gpuName && p.arrowTo(s) {
			p.fileToday(e, s, true)
			continue
		}
		if from, settled, ok := p.leavingName(s); ok && e.kind != gpuName {
			p.claim(from, s.to)
			p.fileToday(e, span{from, s.to}, settled)
			for _, id := range e.ids {
				left[id] = left[id] || settled
			}
			continue
		}
		if p.listedWith(out, e) {
			out.to = e.to
			p.ruleOut(e, s, ruledOut)
			continue
		}
		if neg, ok := p.negated(s); ok {
			out = ruledOutList{neg.from, e.to}
			p.claim(neg.from, neg.to)
			p.ruleOut(e, neg, ruledOut)
			continue
		}
		p.doubt(e.note)
		if len(e.ids) == 0 {
			continue
		}
		if e.kind != gpuName && p.nameInUse(s) {
			p.fileToday(e, s, false)
			continue
		}
		switch e.kind {
		case modelName:
			p.w.Models = append(p.w.Models, e.ids...)
			p.say(advisor.FieldModels, s)
		case gpuName:
			p.w.GPUs = append(p.w.GPUs, e.ids...)
			p.say(advisor.FieldGPUs, s)
			p.fileCount(e)
		case providerName:
			p.w.Providers = append(p.w.Providers, e.ids...)
			p.say(advisor.FieldProviders, s)
		}
	}
	p.chosenCards(ruledOut)
	without := func(ids []string) []string {
		return unique(slices.DeleteFunc(ids, func(id string) bool { return ruledOut[id] || left[id] }))
	}
	p.w.Models, p.w.GPUs, p.w.Providers = without(p.w.Models), without(p.w.GPUs), without(p.w.Providers)
	p.w.Today = unique(p.w.Today)
	p.w.Excluded = unique(slices.AppendSeq(p.w.Excluded, maps.Keys(ruledOut)))
	p.w.Owned = slices.DeleteFunc(p.w.Owned, func(h advisor.Held) bool { return ruledOut[h.GPU] })
	p.w.Rented = slices.DeleteFunc(p.w.Rented, func(h advisor.Held) bool { return ruledOut[h.GPU] })
	p.rentedModel()
}

func unique[T cmp.Ordered](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}

// settleLimits files latency, budget, horizon, growth and peak.
func (p *parser) settleLimits() {
	least := func(rs []reading, f advisor.Field, what string) (reading, bool) {
		for _, r := range rs {
			p.say(f, r.span)
		}
		if len(rs) == 0 {
			return reading{}, false
		}
		r := slices.MinFunc(rs, func(a, b reading) int { return cmp.Compare(a.val, b.val) })
		if slices.ContainsFunc(rs, func(o reading) bool { return o.val != r.val }) {
			p.doubt("several " + what + " are said; " + "“" + p.quote(r.span) + "” is taken")
		}
		p.doubt(r.note)
		return r, true
	}
	negate := func(rs []reading) []reading {
		out := slices.Clone(rs)
		for i := range out {
			out[i].val = -out[i].val
		}
		return out
	}
	most := func(rs []reading, f advisor.Field, what string) (reading, bool) {
		r, ok := least(negate(rs), f, what)
		r.val = 0 - r.val // not -0
		return r, ok
	}
	p.latencies = bestPercentile(p.preferred(p.wanted(p.latencies)))
	if r, ok := least(p.latencies, advisor.FieldLatency, "latency targets"); ok {
		p.w.LatencyP95 = time.Duration(math.Round(r.val * 1e9))
	}
	p.dropSoftBatch()
	if r, ok := least(p.firsts, advisor.FieldTTFT, "times to the first token"); ok {
		p.w.TTFT = time.Duration(math.Round(r.val * 1e9))
	}
	if r, ok := most(p.streams, advisor.FieldStream, "speeds of the stream"); ok {
		p.w.StreamTokS = &r.val
	}
	if r, ok := most(p.atOnce, advisor.FieldConcurrency, "numbers of requests at once"); ok {
		p.w.Concurrency, p.w.ConcurrencyOfPeople = &r.val, r.unit == "person" || r.unit == "agent" && p.w.Task != advisor.Agent
	}
	p.w.LatencyOpen = p.relaxed && p.w.LatencyP95 == 0
	if r, ok := least(inDollars(p.preferred(p.budgets)), advisor.FieldBudget, "budgets"); ok {
		p.w.BudgetUSDMonth = &r.val
	}
	if v, same := onlyValue(p.spends); same {
		p.say(advisor.FieldSpend, p.spends[0].span)
		p.w.SpendUSDMonth = &v
	} else {
		for _, r := range p.spends {
			p.doubt("“" + p.quote(r.span) + "” is what is paid today and is not taken as a budget")
		}
	}
	p.billedModel()
	if r, ok := most(p.horizons, advisor.FieldHorizon, "horizons"); ok {
		p.w.HorizonMonths = int(r.val)
	}
	if r, ok := most(p.growths, advisor.FieldGrowth, "growth rates"); ok {
		p.w.GrowthPerMonth = &r.val
	}
	if v, ok := p.chosen(p.peaks); ok && len(p.peaks) > 1 {
		p.peaks = []reading{v}
	}
	if f := p.peakTimes; f != nil && len(p.peaks) == 0 && p.w.QueriesPerMonth > 0 {
		p.peaks = append(p.peaks, reading{val: f.val * p.w.QueriesPerMonth / perMonth["second"], span: f.span, note: "“" + p.quote(f.span) + "” reckoned from the mean"})
	}
	if r, ok := most(p.peaks, advisor.FieldPeakQPS, "peaks"); ok {
		p.w.PeakQPS = &r.val
	}
}

// onlyValue is the value that all readings share, and whether there is one.
func onlyValue(rs []reading) (float64, bool) {
	if len(rs) == 0 || slices.ContainsFunc(rs, func(r reading) bool { return r.val != rs[0].val }) {
		return 0, false
	}
	return rs[0].val, true
}

// nightHours is how long a night is for a batch that has to be done by the morning.
const nightHours = 8

// settleNight takes batch work that is said to run at night to have the night for it, where nothing else is said.
func (p *parser) settleNight() {
	if p.w.Traffic != advisor.BatchTraffic || p.w.BatchHours != nil {
		return
	}
	for i := range p.toks {
		if p.has(i, "overnight") && !p.has(i-1, "no") && p.raw(i-1) != "or" || p.raw(i) == "morning" && p.raw(i-1) == "by" {
			hours := float64(nightHours)
			p.w.BatchHours = &hours
			p.say(advisor.FieldBatchHours, span{i, i})
			p.doubt("“" + p.quote(span{i, i}) + "”: the batch is taken to have 8 hours of each day")
			return
		}
	}
}

// dropSoftBatch leaves the shape of the load open where only a "no hurry" or "not instantly" speaks for batches and an answer is waited for after all: "I
// don't need it instantly, 120 seconds at most".
func (p *parser) dropSoftBatch() {
	const waited = 15 * time.Minute
	if p.w.Traffic != advisor.BatchTraffic || p.w.LatencyP95 == 0 || p.w.LatencyP95 > waited {
		return
	}
	for _, s := range p.spans[advisor.FieldTraffic] {
		if !p.spanHas(s, "no") {
			return
		}
	}
	p.w.Traffic = ""
	delete(p.spans, advisor.FieldTraffic)
}

// inDollars leaves out the budgets in another currency where one is said in dollars: "12k EUR, about 14k USD".
func inDollars(rs []reading) []reading {
	if !slices.ContainsFunc(rs, func(r reading) bool { return r.unit == "usd" }) {
		return rs
	}
	return slices.DeleteFunc(slices.Clone(rs), func(r reading) bool { return r.unit == "eur" })
}

// bestPercentile keeps the targets nearest to a p95: of "p50 1 s, p99 4 s" the second.
func bestPercentile(rs []reading) []reading {
	for _, unit := range []string{"", "p99", "p50"} {
		var out []reading
		for _, r := range rs {
			if r.unit == unit {
				out = append(out, r)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// settleCompliance leaves an empty list where the request says that nothing applies.
func (p *parser) settleCompliance() {
	p.w.Compliance = slices.DeleteFunc(unique(p.w.Compliance), func(r catalog.Regime) bool { // only implied, and ruled out by name
		_, named := p.applies[r]
		return slices.Contains(p.denied, r) && !named
	})
	if len(p.w.Compliance) == 0 && p.excluded {
		p.w.Compliance = []catalog.Regime{}
	}
}

// plainNumber writes a number without exponent.
func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
