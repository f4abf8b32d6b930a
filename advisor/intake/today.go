package intake

import "strings"

// A time is often said of how it is rather than how it is to be: "the bot takes 8 seconds now, people accept 3", "calls last 6 minutes". Only
// what is to be is a limit.

var (
	// nowWords tell how something is before it is changed.
	nowWords = set("currently today current now present presently existing old legacy previous existent measured median-today")
	// limitWords say that a time is allowed or asked for, boundWords that it is the most, be it today's.
	limitWords = set("ask asks asking asked want wants need needs must should shall accept accepts may can could ok okay fine acceptable allowed limit target goal slo sla " +
		"if require required requires demand demands tolerate tolerates be aim ideally like enough suffices please budget not")
	boundWords = set("within under below less < max maximum most longer exceed exceeding")
	// lastingVerbs tell how long something takes.
	lastingVerbs = set("takes took taking lasts last lasted loads loaded measured measure finishes finished averages averaged was were comes did works worked ran")
	// replyVerbs do so where something is said to do it: "our search returns in 200 ms".
	replyVerbs = set("returns answers responds replies reacts runs does come needs need take")
	// lengthWords are of a length that nobody waits for.
	lengthWords = set("aht handle handling duration talk length lasting lasts last long")
	// timedWords are what has a length of its own: "30-second clips".
	timedWords = set("segment clip video audio call recording song meeting session podcast episode speech interview consultation conversation lesson")
)

// howItIs reports whether a time is how long something takes, not how long it may take.
func (p *parser) howItIs(q *quantity) bool {
	const reach, behind = 9, 4
	if p.toBeat(q.from) {
		return false
	}
	for k := q.numEnd + 1; k <= q.numEnd+2; k++ { // "I was told 10 seconds is fine"
		if p.raw(k) == "is" && enoughWords[p.raw(k+1)] {
			return false
		}
	}
	is, bound := false, false
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k) && p.raw(k) != "but"; k-- {
		switch w := p.raw(k); {
		case limitWords[w] || strings.HasSuffix(w, "n't"):
			return false
		case boundWords[w]:
			bound = true
		case nowWords[w], !bound && (lastingVerbs[w] || lengthWords[w] || replyVerbs[w] && p.hasSubject(k)):
			is = true
		}
	}
	for k := q.next; k < q.next+behind && !p.clauseEnd(k) && !p.isNum(k) && p.raw(k) != "but"; k++ {
		switch w := p.raw(k); {
		case timedWords[stem(w)] && k == q.next:
			return true
		case limitWords[w] || boundWords[w] || p.has(k, "p95"):
			return false
		case nowWords[w], w == "long" || w == "moment":
			is = true
		}
	}
	if p.raw(q.next) == "of" && timedWords[stem(p.raw(q.next+1))] {
		return true
	}
	if p.raw(q.from-1) == "of" && timedWords[stem(p.raw(q.from-2))] {
		return true
	}
	return is || (q.each || p.has(q.next, "per") || q.perOther) && (q.unit == "minute" || q.unit == "hour") // "52 min each", "5 minutes per call"
}

// toBeat reports whether the time at token i is somebody's that the answer is measured by: "not slower than a human, who takes 20 s".
func (p *parser) toBeat(i int) bool {
	const reach = 12
	for k := i - 1; k >= i-reach && !p.strongEnd(k) && !p.isNum(k); k-- {
		if p.raw(k) == "as" && (p.raw(k-1) == "fast" || p.raw(k-1) == "quick") && p.raw(k-2) == "as" {
			return true
		}
		if p.raw(k) != "than" {
			continue
		}
		switch p.raw(k - 1) {
		case "slower", "longer":
			return p.has(k-2, "no")
		case "faster", "quicker":
			return true
		}
	}
	return false
}

// hasSubject reports whether the word at k says what somebody does, "our search returns", rather than what is asked for, "answers in 2 s".
func (p *parser) hasSubject(k int) bool {
	if p.clauseEnd(k-1) || !p.isWord(k-1) && p.toks[k-1].entity == nil {
		return false
	}
	if p.toks[k-1].entity != nil {
		return true
	}
	for j := k - 1; j >= k-4 && !p.clauseEnd(j); j-- {
		switch p.raw(j) {
		case "the", "our", "my", "this", "their", "it", "that":
			return true
		}
	}
	return false
}

// wanted drops the times that are how it is.
func (p *parser) wanted(rs []reading) []reading {
	var out []reading
	for _, r := range rs {
		if r.today {
			p.doubt("“" + p.quote(r.span) + "” taken as how long it takes today, not as a limit; say, p95 < 2 s")
			continue
		}
		out = append(out, r)
	}
	return out
}
