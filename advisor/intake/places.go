package intake

import "github.com/llmadvise/llmadvise/advisor"

// Countries are often named by their code: "hosting in DE", "FR hosting", "data must stay in NL". Many codes are words too ("in", "it", "no"), so
// a code counts only where a place is asked for.

// wordCodes are codes that are English words: they count only behind a residency that nothing else follows.
var wordCodes = set("al am ba ci cm do et lb jo me mm mt na om pa qa in it is be at no us my id co hr ma pe si")

// homeCities tell which country is meant by "the country" of somebody there.
var homeCities = map[string]string{
	"riyadh": "SA", "jeddah": "SA", "dubai": "AE", "doha": "QA", "cairo": "EG", "istanbul": "TR", "ankara": "TR", "lagos": "NG", "abuja": "NG", "nairobi": "KE", "accra": "GH", "casablanca": "MA", "johannesburg": "ZA", "durban": "ZA", "pretoria": "ZA",
	"mumbai": "IN", "delhi": "IN", "bangalore": "IN", "bengaluru": "IN", "chennai": "IN", "pune": "IN", "hyderabad": "IN", "kolkata": "IN", "karachi": "PK", "lahore": "PK", "dhaka": "BD", "jakarta": "ID", "surabaya": "ID", "bangkok": "TH", "hanoi": "VN", "saigon": "VN", "manila": "PH",
	"taipei": "TW", "hsinchu": "TW", "seoul": "KR", "busan": "KR", "tokyo": "JP", "osaka": "JP", "beijing": "CN", "shanghai": "CN", "shenzhen": "CN", "sydney": "AU", "brisbane": "AU", "auckland": "NZ",
	"berlin": "DE", "munich": "DE", "hamburg": "DE", "cologne": "DE", "vienna": "AT", "zurich": "CH", "geneva": "CH", "basel": "CH", "lyon": "FR", "toulouse": "FR", "madrid": "ES", "barcelona": "ES", "lisbon": "PT", "porto": "PT", "rome": "IT", "milan": "IT", "turin": "IT", "brussels": "BE", "antwerp": "BE", "rotterdam": "NL",
	"utrecht": "NL", "copenhagen": "DK", "aarhus": "DK", "stockholm": "SE", "gothenburg": "SE", "oslo": "NO", "bergen": "NO", "helsinki": "FI", "tallinn": "EE", "riga": "LV", "vilnius": "LT", "warsaw": "PL", "krakow": "PL", "kraków": "PL", "prague": "CZ", "bratislava": "SK", "budapest": "HU", "bucharest": "RO", "sofia": "BG", "zagreb": "HR",
	"ljubljana": "SI", "belgrade": "RS", "kyiv": "UA", "athens": "GR", "london": "UK", "manchester": "UK", "glasgow": "UK", "edinburgh": "UK", "leeds": "UK",
	"toronto": "CA", "montreal": "CA", "vancouver": "CA", "bogotá": "CO", "bogota": "CO", "medellín": "CO", "medellin": "CO", "lima": "PE", "santiago": "CL", "montevideo": "UY",
}

// readPlaceCodes files the codes of countries that stand where a place is asked for.
func (p *parser) readPlaceCodes() {
	for i := range p.toks {
		w := p.raw(i)
		if w == "us" && p.isSign(i+1, "$") && p.toks[i+1].glued { // money
			p.toks[i].shielded = true
		}
		if p.has(i, "eu") && p.has(i+1, "gdpr") { // its name, not a place
			p.claim(i, i)
		}
		if len(w) != 2 || !p.isWord(i) || p.isClaimed(i) || p.toks[i].entity != nil {
			continue
		}
		place, ok := advisor.PlaceOf(w)
		if !ok || place.Code == "EU" || place.Code == "US" || place.Code == "UK" {
			continue
		}
		if s, ok := p.placeAsked(i, wordCodes[w]); ok {
			p.claim(s.from, s.to)
			residency(place.Code)(p, s)
		}
	}
}

// placeAsked reports whether the words beside token i ask for a place that data is to be in.
func (p *parser) placeAsked(i int, isWord bool) (span, bool) {
	const reach = 4
	if isWord && !p.clauseEnd(i+1) {
		return span{}, false
	}
	if !isWord && p.has(i+1, "hosting", "hostw", "resident") && !p.has(i-1, "no") { // "FR hosting mandatory"
		return span{i, i + 1}, true
	}
	if !isWord && p.raw(i+1) == "data" && (p.raw(i+2) == "centre" || p.raw(i+2) == "center") || !isWord && p.has(i+1, "data") && p.has(i+2, "resident") { // "JP data residency"
		return span{i, i + 2}, true
	}
	for k := i - 1; k >= i-reach && k >= 0 && !p.clauseEnd(k); k-- {
		switch {
		case p.has(k, "resident"), p.raw(k) == "resid":
			return span{k, i}, true
		case isWord || p.has(k, "no"):
			return span{}, false
		case (p.has(k, "leave", "outside") && k == i-1 || p.has(k, "hosting", "hostw", "stay")) && (p.isSign(i-1, ":") || p.isSign(i-1, "=") || p.raw(i-1) == "in" || p.raw(i-1) == "within" || p.raw(i-1) == "inside" || p.has(i-1, "leave", "outside") || k == i-1 && p.has(k, "hosting", "hostw") && (p.clauseEnd(i+1) || p.raw(i+1) == "only")): // "hosted DE"
			return span{k, i}, true
		case !p.skippable(k) && !p.has(k, "must", "only"):
			return span{}, false
		}
	}
	if !isWord && p.raw(i-1) == "in" && p.has(i-2, "data") && p.clauseEnd(i+1) { // "data in CH"
		return span{i - 2, i}, true
	}
	if (p.raw(i-1) == "in" || p.raw(i-1) == "within") && p.raw(i+1) == "only" {
		return span{i - 1, i + 1}, true
	}
	return span{}, false
}
