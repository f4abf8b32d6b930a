package intake

import (
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// readLikeness reads "at least as good as GPT-4.1 on coding" and "GPT-4 class quality".
func (p *parser) readLikeness() {
	guessed := false
	for _, e := range p.entities {
		if e.kind != modelName || len(e.ids) == 0 && e.note == "" {
			continue
		}
		from, left := p.likeBefore(e)
		to, right := p.likeAfter(e)
		if !left && !right || p.beatenOtherwise(e) {
			continue
		}
		s := span{from, to}
		topic := ""
		if t, end := p.topicAfter(to); t != "" {
			topic, s.to = t, end
			if t == string(advisor.Coding) {
				p.vote(advisor.Coding, likelyDuty, end, end)
			}
		}
		p.claim(s.from, s.to)
		e.used = true
		p.doubt(e.note)
		if len(e.ids) == 0 {
			continue
		}
		like := advisor.QualityLike{Model: e.ids[0], Task: topic}
		if p.w.QualityLike != nil && *p.w.QualityLike != like && guessed != (e.note != "") { // the one that is named in full
			if guessed {
				p.w.QualityLike, guessed = &like, false
			}
			p.say(advisor.FieldQualityLike, s)
			continue
		}
		guessed = e.note != ""
		if p.w.QualityLike != nil && *p.w.QualityLike != like {
			p.doubt("two models are named as the measure of quality; one is taken")
			if p.w.QualityLike.Model < like.Model {
				like = *p.w.QualityLike
			}
		}
		p.w.QualityLike = &like
		p.say(advisor.FieldQualityLike, s)
	}
}

// likeBefore finds "as good as", "comparable to", "quality of" before a model.
func (p *parser) likeBefore(e *entity) (int, bool) {
	from, found := e.from, false
	for k := e.from - 1; k >= e.from-7 && !p.clauseEnd(k) && p.toks[k].entity == nil && p.toks[k].kind != num; k-- {
		switch {
		case p.raw(k) == "than" && p.has(k-1, "similar", "good") || p.raw(k) == "than" && (p.raw(k-1) == "better" || p.raw(k-1) == "worse"):
			from, found = k-1, true
		case p.raw(k) == "as" && (p.has(k-1, "good", "quality", "dedicated") || p.raw(k-1) == "capable" || p.raw(k-1) == "smart" || p.raw(k-1) == "clever" || p.raw(k-1) == "same" || p.raw(k-1) == "strong"):
			from, found = k-1, true
		case p.raw(k) == "anything" && p.raw(k+1) == "better" && p.wordBetween(k-4, k, "need"): // "do I need anything better than X?"
			return from, false
		case p.raw(k) == "better" && p.raw(k+1) != "than", p.raw(k) == "like" && p.wordBetween(k-3, k, "something", "smth", "anything", "options", "candidates"): // "is it better host X", "something like X"
			return from, found
		case p.raw(k) == "like" && (p.raw(k+1) == "to" || p.raw(k-1) == "would" || p.raw(k-1) == "we" || p.raw(k-1) == "i" || p.raw(k-1) == "they" || strings.HasSuffix(p.raw(k-1), "'d") || modelWords[p.raw(k-1)]):
			return from, found
		case p.has(k, "similar") || p.has(k, "quality", "level") && (p.raw(k+1) == "of" || p.isSign(k+1, "=") || p.isSign(k+1, ":") || p.raw(k+1) == "at" || p.raw(k+1) == "at-least"):
			if p.raw(k) == "close" && p.raw(k+1) != "to" {
				return from, found
			}
			from, found = k, true
		case (p.raw(k) == "below" || p.raw(k) == "under" || p.raw(k) == "behind") && (p.has(k-1, "no") || sinkVerbs[p.raw(k-1)] && (p.has(k-2, "no") || p.has(k-3, "no"))):
			from, found = k-1, true
		case p.raw(k) == "below" && (p.raw(k-1) == "anything" || p.raw(k-1) == "nothing"), p.raw(k) == "as" && p.raw(k+1) != "a" && k == e.from-1 && p.wordBetween(k-3, k, "be", "is") && (p.has(k-2, "quality") || p.has(k-3, "quality")):
			from, found = k, true
		case p.raw(k) == "as" && p.raw(k-1) == "well" && p.raw(k-2) == "as" && performs[p.raw(k-3)]:
			from, found = k-2, true
		case barWords[p.raw(k)] && (p.raw(k+1) == "of" || p.raw(k+1) == "is" || p.isSign(k+1, ":") || p.isSign(k+1, "=")):
			from, found = k, true
		case (p.raw(k) == "up" && p.raw(k+1) == "to" && p.raw(k-1) == "stand") || p.raw(k) == "against" && p.raw(k-1) == "own" && p.raw(k-3) == "hold" || p.raw(k) == "with" && p.raw(k-1) == "up" && p.raw(k-2) == "keep":
			from, found = k-1, true
		case (p.raw(k) == "above" || p.raw(k) == "better" || p.raw(k) == "higher") && p.raw(k-1) == "or" && p.has(k-2, "quality", "level", "similar", "good"):
			from, found = k-2, true
			k -= 2
		case found && (p.raw(k) == "same" || p.has(k, "quality", "level", "good", "yes", "must") || p.raw(k) == "at" || p.raw(k) == "least" || p.raw(k) == "atleast" || p.raw(k) == "as"):
			from = k
		case !p.skippable(k):
			return from, found
		}
	}
	return from, found
}

// sinkVerbs are what quality must not do below a model; barWords what a model is that others are held against.
var (
	performs  = set("write writes perform performs work works do does code codes answer answers")
	sinkVerbs = set("drop fall go be dip sink")
	barWords  = set("bar yardstick benchmark baseline reference minimum")
)

// beatenOtherwise reports whether a model is the measure of something else than quality: "beats gpt-5-nano in cost".
func (p *parser) beatenOtherwise(e *entity) bool {
	if w := p.raw(e.to + 1); w != "in" && w != "on" {
		return false
	}
	for k := e.to + 2; k < e.to+4; k++ {
		if p.has(k, "cost", "latency") || p.raw(k) == "price" || p.raw(k) == "speed" || p.raw(k) == "money" {
			return true
		}
	}
	return false
}

// readLikenessBack reads a measure that points to a model named before: "today it's gpt-4.1, don't make it worse than that".
func (p *parser) readLikenessBack() {
	for i := range p.toks {
		if p.w.QualityLike != nil || !p.pointsToModel(i) {
			continue
		}
		for n := len(p.entities) - 1; n >= 0; n-- {
			e := p.entities[n]
			if e.kind != modelName || len(e.ids) != 1 || e.to >= i {
				continue
			}
			e.used = true
			p.w.QualityLike = &advisor.QualityLike{Model: e.ids[0]}
			p.say(advisor.FieldQualityLike, span{e.from, e.to})
			p.say(advisor.FieldQualityLike, span{i, i + 2})
			p.claim(i, i+2)
			return
		}
	}
}

// pointsToModel reports whether words like "as good as that", "worse than it" or "keep that quality" start at token i.
func (p *parser) pointsToModel(i int) bool {
	back := func(k int) bool {
		w := p.raw(k)
		return (w == "that" || w == "it" || w == "this" || w == "today" || w == "now") && (p.clauseEnd(k+1) || p.raw(k+1) == "one" || p.raw(k+1) == "model")
	}
	switch w := p.raw(i); {
	case w == "good" && p.raw(i+1) == "as" && p.raw(i-1) == "as", w == "worse" && p.raw(i+1) == "than" && p.ruledOut(i):
		return back(i + 2)
	case w == "same" && p.has(i+1, "quality") && p.raw(i+2) != "as" && p.raw(i+2) != "of" && p.toks[min(i+2, len(p.toks)-1)].entity == nil && (p.raw(i+2) == "for" || p.raw(i+2) == "but" || p.raw(i+2) == "or" && p.raw(i+3) == "better" || p.clauseEnd(i+2)):
		return true
	case w == "step" && p.raw(i-1) == "no" && (p.raw(i+1) == "back" || p.raw(i+1) == "backwards"), w == "worse" && p.ruledOut(i) && p.clauseEnd(i+1):
		return true
	case (w == "matches" || w == "match" || w == "beats" || w == "equals") && (p.raw(i+1) == "it" || p.raw(i+1) == "that"):
		return p.clauseEnd(i+2) || p.raw(i+2) == "for"
	case (w == "keep" || w == "match" || w == "same") && (p.raw(i+1) == "that" || p.raw(i+1) == "this") && p.has(i+2, "quality"):
		return true
	case w == "below" && (p.has(i-1, "no") || p.has(i-2, "no")):
		return back(i + 1)
	}
	return false
}

// likeAfter finds "class", "level", "quality", "or better" behind a model.
func (p *parser) likeAfter(e *entity) (int, bool) {
	k := e.to + 1
	for p.isSign(k, "-") || p.isSign(k, "'") || p.raw(k) == "s" {
		k++
	}
	switch {
	case p.raw(k) == "is" && (p.raw(k+1) == "the" || p.raw(k+1) == "our") && barWords[p.raw(k+2)]:
		return k + 2, true
	case p.raw(k) == "or" && (p.raw(k+1) == "better" || p.raw(k+1) == "equivalent" || p.raw(k+1) == "above"):
		return k + 1, true
	case p.has(k, "level") && p.raw(k) != "like" && p.raw(k) != "performance" || p.raw(k) == "like" && p.has(k+1, "quality") || p.raw(k) == "performance" || p.raw(k) == "ish":
		for p.has(k+1, "quality", "level") || p.raw(k+1) == "model" || p.raw(k+1) == "answers" {
			k++
		}
		return k, true
	}
	return e.to, false
}

// topicAfter reads "on coding", "for math" behind a likeness.
func (p *parser) topicAfter(to int) (string, int) {
	k := to + 1
	if w := p.raw(k); w != "on" && w != "for" && w != "in" && w != "at" {
		return "", to
	}
	for k++; p.raw(k) == "our" || p.raw(k) == "the"; k++ {
	}
	switch w := p.raw(k); {
	case w == "math" || w == "maths" || w == "mathematics":
		return "math", k
	case p.has(k, "code"):
		return "coding", k
	case p.has(k, "reason"):
		return "reasoning", k
	}
	return "", to
}

// readVague reads "hundreds of thousands of queries": only the magnitude is said, so the middle is the geometric mean.
func (p *parser) readVague() {
	size := map[string]float64{"tens": 10, "hundreds": 100, "dozens": 12}
	about := map[string][2]float64{"few": {2, 5}, "several": {3, 9}}
	for i := range p.toks {
		if p.isClaimed(i) {
			continue
		}
		lo, j := size[p.raw(i)], i
		spread := 10.0
		if some, ok := about[p.raw(i)]; ok && isMultiplier(p.raw(i+1)) {
			lo, j = some[0]*math.Pow10(multipliers[p.raw(i+1)]), i+1
			spread = some[1] / some[0]
			if pow, ok := multipliers[p.raw(i+2)]; ok { // "a few hundred thousand"
				lo, j = lo*math.Pow10(pow), i+2
			}
		} else if lo > 0 && p.raw(i+1) == "of" {
			pow, ok := multipliers[p.raw(i+2)]
			if !ok {
				continue
			}
			lo, j = lo*math.Pow10(pow), i+2
		} else if w := p.raw(i); (w == "thousands" || w == "millions") && !p.isNum(i-1) && numberWords[p.raw(i-1)] == 0 {
			lo = math.Pow10(multipliers[w])
		} else {
			continue
		}
		q := quantity{span: span{i, j}, next: j + 1, numEnd: j, val: lo * math.Sqrt(spread), lo: lo, hi: lo * spread, scaled: true, noun: -1}
		if p.raw(q.next) == "of" {
			q.next++
			q.numEnd++
		}
		p.units(&q)
		q.to = max(q.next-1, j)
		if q.noun >= 0 && !p.has(q.noun, "query", "doc", "chats", "summarize", "classify", "extract", "answerw") {
			continue
		}
		p.volumeReading(&q, q.period, "“"+p.quote(q.span)+"” taken as "+plainNumber(lo)+" to "+plainNumber(lo*spread))
		p.claim(q.from, q.to)
	}
}

// readSubSecond reads "sub-second", "sub 500ms" and "within a second".
func (p *parser) readSubSecond() {
	for i := range p.toks {
		if part := partWords[p.raw(i)]; part > 0 && !p.isClaimed(i) {
			p.partOfSecond(i, part)
			continue
		}
		if p.andAHalf(i) {
			q := quantity{span: span{i, i + 4}, next: i + 5, numEnd: i + 4, val: 1.5, unit: p.periodAt(i + 1), noun: -1}
			p.latency(&q, 1.5*secondsIn[q.unit])
			continue
		}
		j := i + 1
		for j < i+4 && (p.isSign(j, "-") || p.raw(j) == "a" || p.raw(j) == "one") {
			j++
		}
		if p.raw(i) == "take" && p.raw(i+1) == "a" && (p.has(i+2, "second", "minute")) && (p.raw(i-1) == "can" || p.raw(i-1) == "may" || p.raw(i-1) == "could") && !p.isClaimed(i) && p.clauseEnd(i+3) { // "it can take a minute"
			p.claim(i-1, i+2)
			p.latencies = append(p.latencies, reading{val: secondsIn[p.periodAt(i+2)], span: span{i - 1, i + 2}})
			continue
		}
		if (p.raw(i) == "in" || p.raw(i) == "within") && p.raw(i+1) == "a" && (p.raw(i+2) == "second" || p.raw(i+2) == "minute") && p.raw(i+3) == "or" && p.raw(i+4) == "so" && !p.isClaimed(i) { // "in a second or so"
			p.claim(i, i+4)
			p.latencies = append(p.latencies, reading{val: secondsIn[p.periodAt(i+2)], span: span{i, i + 4}})
			continue
		}
		if p.article(i) && (p.raw(i+1) == "second" || p.raw(i+1) == "minute") && p.raw(i+2) == "and" && p.raw(i+3) == "a" && p.raw(i+4) == "half" && !p.isClaimed(i) { // "a second and a half"
			p.claim(i, i+4)
			p.latencies = append(p.latencies, reading{val: 1.5 * secondsIn[p.periodAt(i+1)], span: span{i, i + 4}})
			continue
		}
		if p.aMinuteWill(i) {
			p.claim(i, i+3)
			p.latencies = append(p.latencies, reading{val: secondsIn[p.periodAt(i+1)], span: span{i, i + 3}})
			continue
		}
		if (p.raw(i) == "sub" || (p.has(i, "within") && j > i+1 && p.raw(j-1) != "-")) && (p.has(j, "second") && p.raw(j) != "s" || p.raw(j) == "minute") && !p.isClaimed(i) {
			p.claim(i, j)
			s := span{i, j}
			for k := i - 1; k >= i-5 && !p.clauseEnd(k) && !p.isNum(k); k-- {
				if p.has(k, "p95", "latency", "respond") {
					p.claim(k, i)
					s.from = k
				}
			}
			for p.has(s.to+1, "latency", "respond", "p95") && !p.numberFollows(s.to+1) {
				s.to++
				p.claim(s.to, s.to)
			}
			p.latencies = append(p.latencies, reading{val: secondsIn[p.periodAt(j)], span: s})
		}
	}
}

// andAHalf reads "a second and a half" at token i.
func (p *parser) andAHalf(i int) bool {
	return (p.raw(i) == "a" || p.raw(i) == "one") && (p.raw(i+1) == "second" || p.raw(i+1) == "minute") && p.has(i+2, "and") && p.raw(i+3) == "a" && p.raw(i+4) == "half" && !p.isClaimed(i)
}

// aMinuteWill reads "a minute is fine" at token i.
func (p *parser) aMinuteWill(i int) bool {
	if p.isClaimed(i) || p.raw(i) != "a" && p.raw(i) != "one" || p.raw(i+1) != "minute" && p.raw(i+1) != "second" || p.raw(i+2) != "is" {
		return false
	}
	switch p.raw(i + 3) {
	case "fine", "ok", "okay", "acceptable", "enough", "good":
		return true
	}
	return false
}

// partOfSecond reads "half a second", "half a minute" at token i.
func (p *parser) partOfSecond(i int, part float64) {
	j := i + 1
	for j < i+4 && (p.raw(j) == "a" || p.raw(j) == "of" || p.isSign(j, "-")) {
		j++
	}
	if unit := p.periodAt(j); (unit == "second" || unit == "minute") && p.raw(j) != "s" && !p.plural(j) {
		q := quantity{span: span{i, j}, next: j + 1, numEnd: i, val: part, unit: unit, noun: -1}
		p.latency(&q, part*secondsIn[unit])
	}
}
