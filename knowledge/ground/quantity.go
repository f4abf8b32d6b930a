package ground

import (
	"math"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Quantity is a number of a text with its unit, or a range of them (Lo = Hi for a single number).
type Quantity struct {
	Lo, Hi float64 // in the unit's base: seconds, months, bytes, percent, dollars, or plain
	Unit   string  // "", "%", "$", "€", "£", "s", "mo", "B", "tok/s", "x", "bit", "fraction", "year", "date"
	Period string  // "month", "year", "hour" … where the text says "per" or "a"; "" where it does not
	Raw    string
	digits int // significant digits as written, of the end with more of them
	start  int
	end    int
}

var numberWords = map[string]float64{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
	"ninety": 90, "dozen": 12,
}

var fractionWords = map[string]float64{
	"half": 0.5, "halves": 0.5, "third": 1.0 / 3, "thirds": 1.0 / 3, "quarter": 0.25, "quarters": 0.25, "fourth": 0.25,
	"fifth": 0.2, "fifths": 0.2, "sixth": 1.0 / 6, "eighth": 0.125, "tenth": 0.1, "tenths": 0.1, "hundredth": 0.01,
}

var multipliers = map[string]float64{
	"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
	"trillion": 1e12, "hundred": 100,
}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

const (
	word10  = `two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen`
	word100 = `twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety`
	monthRE = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`
)

var (
	reDate = regexp.MustCompile(`(?i)\b((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?\b|\b(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?(` + monthRE + `)\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?((?:19|20)\d\d)\b`)

	reDigits = regexp.MustCompile(`(?i)([$€£])?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:\s?(k|m|mn|bn|b|thousand|million|billion|trillion|hundred)\b)?`)

	reWords = regexp.MustCompile(`(?i)\b(?:(one|a)[\s-]+(hundred|thousand|million|billion|dozen)|((?:` + word100 + `)(?:[\s-](?:one|` + word10 + `))?|` + word10 + `|dozen)(?:[\s-]+(hundred|thousand|million|billion))?)\b`)

	reFraction = regexp.MustCompile(`(?i)\b(?:(one|a|two|three|four)[\s-]+(half|halves|thirds?|quarters?|fourth|fifths?|sixth|eighth|tenths?|hundredth)|(half)|(twice|double[sd]?|doubling|triple[sd]?|thrice))\b`)

	reOne = regexp.MustCompile(`(?i)\b(?:one|a single)\b`)

	reUnit = regexp.MustCompile(`(?i)^(\+|\s*plus)?[\s-]*(?:` +
		`(?P<pct>%|percent(?:age)?(?:[\s-]points?)?|per\s?cent|points?|pp\b)|` +
		`(?P<rate>tok(?:ens?)?\s?(?:/|per|a|each)\s?s(?:ec(?:onds?)?)?\b|tps\b)|` +
		`(?P<usd>dollars?\b|usd\b)|(?P<eur>euros?\b|eur\b)|(?P<gbp>pounds?\b|gbp\b)|` +
		`(?P<mem>[kmgt]i?b\b|gigabytes?\b|terabytes?\b|megabytes?\b|bytes?\b)|` +
		`(?P<ms>ms\b|milliseconds?\b)|(?P<s>s\b|secs?\b|seconds?\b)|(?P<min>mins?\b|minutes?\b)|(?P<h>h\b|hrs?\b|hours?\b)|` +
		`(?P<d>days?\b)|(?P<w>weeks?\b|wks?\b)|(?P<mo>months?\b)|(?P<y>years?\b|yrs?\b)|` +
		`(?P<times>x\b|×|times\b|-?fold\b)|(?P<bit>bits?\b))`)

	rePeriod = regexp.MustCompile(`(?i)^\+?(?:[\s+-]+[\pL\d+-]+){0,3}?\s*(?:\ban?\b|\bper\b|\beach\b|\bevery\b|/)\s*(month|year|hour|day|week|query|request|second|mo|yr|h|hr|million|annum)\b|^(?:[\s+-]+[\pL\d+-]+){0,2}?\s*(monthly|annually|yearly|annual|hourly|daily|weekly)\b`)

	reJoin = regexp.MustCompile(`(?i)^\s*\+?\s*(?:-|–|—|to|up to|through|until|and|or|bis)\s*$`)
)

// Quantities returns the numbers of text in order. Numbers inside model names, citation markers and the numbers of
// list items are left out; the word "one" counts only before a unit.
func Quantities(text string) []Quantity {
	masked := maskNames(maskMarkers(text))
	var qs []Quantity
	take := func(re *regexp.Regexp, f func(m []string) (Quantity, bool)) {
		for _, loc := range re.FindAllStringSubmatchIndex(masked, -1) {
			m := make([]string, len(loc)/2)
			for i := range m {
				if loc[2*i] >= 0 {
					m[i] = masked[loc[2*i]:loc[2*i+1]]
				}
			}
			for loc[0] < loc[1] && masked[loc[0]] == ' ' {
				loc[0]++
			}
			q, ok := f(m)
			if !ok || loc[0] > 0 && glued(masked, loc[0]) {
				continue
			}
			q.start, q.end = loc[0], loc[1]
			qs = append(qs, q)
		}
		for _, q := range qs { // what one reading has taken the next does not see
			if strings.IndexFunc(masked[q.start:q.end], func(r rune) bool { return r != '\x00' }) >= 0 {
				masked = masked[:q.start] + strings.Repeat("\x00", q.end-q.start) + masked[q.end:]
			}
		}
	}
	take(reDate, readDate)
	take(reFraction, readFraction)
	take(reWords, readWords)
	take(reDigits, readDigits)
	take(reOne, readOne)
	sort.Slice(qs, func(i, j int) bool { return qs[i].start < qs[j].start })
	for i := range qs {
		readUnit(text, &qs[i])
	}
	return slices.DeleteFunc(joinRanges(text, qs), Quantity.countsNothing)
}

// glued reports whether the match at i continues a word or a number, as the 2 of "x2" does.
func glued(s string, i int) bool {
	c := s[i-1]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= '0' && c <= '9' || c == '.' && i > 1 && s[i-2] >= '0' && s[i-2] <= '9'
}

func readDate(m []string) (Quantity, bool) {
	y, mo, d := m[1], m[2], m[3]
	if y == "" {
		y, mo = m[7], strconv.Itoa(months[strings.ToLower(m[5])[:3]])
		d = m[4] + m[6]
	}
	yn, _ := strconv.Atoi(y)
	mn, _ := strconv.Atoi(mo)
	dn, _ := strconv.Atoi(d)
	v := float64(yn*10000 + mn*100 + dn)
	return Quantity{Lo: v, Hi: v, Unit: "date", Raw: m[0]}, mn >= 1 && mn <= 12
}

func readFraction(m []string) (Quantity, bool) {
	q := Quantity{Unit: "fraction", Raw: m[0]}
	switch {
	case m[4] != "":
		q.Unit, q.Lo = "x", 2
		if m[4][0]|32 == 't' && m[4][1]|32 != 'w' {
			q.Lo = 3
		}
	case m[3] != "":
		q.Lo = 0.5
	default:
		n := numberWords[strings.ToLower(m[1])]
		q.Lo = max(n, 1) * fractionWords[strings.ToLower(m[2])]
	}
	q.Hi = q.Lo
	return q, true
}

func readOne(m []string) (Quantity, bool) { return Quantity{Lo: 1, Hi: 1, Raw: m[0]}, true }

// countsNothing reports whether q is a "one" that is a pronoun or an article: no unit follows it.
func (q Quantity) countsNothing() bool {
	return q.Unit == "" && (strings.EqualFold(q.Raw, "one") || strings.EqualFold(q.Raw, "a single"))
}

func readWords(m []string) (Quantity, bool) {
	q := Quantity{Lo: 1, Raw: m[0]}
	scale := m[4]
	if m[1] != "" {
		scale = m[2]
	} else {
		q.Lo = 0
		for _, w := range strings.FieldsFunc(strings.ToLower(m[3]), func(r rune) bool { return r == '-' || r == ' ' }) {
			if w == "one" {
				q.Lo++
			}
			q.Lo += numberWords[w]
		}
	}
	if f := multipliers[strings.ToLower(scale)]; f > 0 {
		q.Lo *= f
	} else if strings.EqualFold(scale, "dozen") {
		q.Lo *= 12
	}
	q.Hi, q.digits = q.Lo, 2
	return q, true
}

func readDigits(m []string) (Quantity, bool) {
	digits := strings.ReplaceAll(m[2], ",", "")
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return Quantity{}, false
	}
	q := Quantity{Raw: strings.TrimSpace(m[0]), Unit: m[1], digits: significant(digits)}
	if m[3] == "" && m[1] == "" && len(m[2]) == 4 && v >= 1900 && v < 2100 && v == math.Trunc(v) {
		q.Unit = "year"
	}
	if m[3] != "" {
		v *= multipliers[strings.ToLower(m[3])]
	}
	q.Lo, q.Hi = v, v
	return q, true
}

// significant counts the significant digits of a number as written; the zeros at the end of an integer do not count.
func significant(digits string) int {
	d := strings.TrimLeft(strings.Replace(digits, ".", "", 1), "0")
	if !strings.Contains(digits, ".") {
		d = strings.TrimRight(d, "0")
	}
	return max(len(d), 1)
}

// readUnit reads the unit and the period that follow the number.
func readUnit(text string, q *Quantity) {
	if q.Unit == "date" || q.Unit == "year" && !unitFollows(text[q.end:]) {
		return
	}
	rest := text[q.end:]
	if q.Unit == "" || q.Unit == "year" {
		if m := reUnit.FindStringSubmatchIndex(rest); m != nil {
			for i, name := range reUnit.SubexpNames() {
				if name != "" && m[2*i] >= 0 {
					q.applyUnit(name, strings.ToLower(rest[m[2*i]:m[2*i+1]]))
				}
			}
			q.end += m[1]
			rest = text[q.end:]
		}
	}
	if m := rePeriod.FindStringSubmatch(rest); m != nil {
		q.Period = period(strings.ToLower(m[1] + m[2]))
	}
}

func unitFollows(rest string) bool { return reUnit.MatchString(rest) }

var unitFactors = map[string]struct {
	unit   string
	factor float64
}{
	"pct": {"%", 1}, "rate": {"tok/s", 1}, "usd": {"$", 1}, "eur": {"€", 1}, "gbp": {"£", 1},
	"ms": {"s", 1e-3}, "s": {"s", 1}, "min": {"s", 60}, "h": {"s", 3600}, "d": {"s", 86400}, "w": {"s", 7 * 86400},
	"mo": {"mo", 1}, "y": {"mo", 12}, "times": {"x", 1}, "bit": {"bit", 1},
}

func (q *Quantity) applyUnit(name, written string) {
	u, f := unitFactors[name].unit, unitFactors[name].factor
	if name == "mem" {
		u, f = "B", memoryFactor(written)
	}
	q.Unit, q.Lo, q.Hi = u, q.Lo*f, q.Hi*f
}

func memoryFactor(s string) float64 {
	step := 1000.0
	if strings.Contains(s, "i") && len(s) == 3 {
		step = 1024
	}
	switch s[0] {
	case 'k':
		return step
	case 'm':
		return step * step
	case 'g':
		return step * step * step
	case 't':
		return step * step * step * step
	}
	return 1
}

func period(s string) string {
	switch {
	case strings.HasPrefix(s, "mo"):
		return "month"
	case strings.HasPrefix(s, "y"), strings.HasPrefix(s, "ann"):
		return "year"
	case strings.HasPrefix(s, "h"):
		return "hour"
	case s == "daily":
		return "day"
	case s == "weekly":
		return "week"
	case s == "request":
		return "query"
	}
	return s
}

// joinRanges makes one range of two numbers that "to", a dash, "or" or "between … and" joins. The first takes the
// second's unit where it has none: "2-4 weeks", "two or three days".
func joinRanges(text string, qs []Quantity) []Quantity {
	var out []Quantity
	for i := 0; i < len(qs); i++ {
		q := qs[i]
		if i+1 < len(qs) && joins(text, q, qs[i+1]) {
			next := qs[i+1]
			q.lend(next)
			if next.Unit == "" && strings.Contains("$€£", q.Unit) {
				next.Unit = q.Unit
			}
			next.lendScale(&q)
			if q.Unit == next.Unit && q.Lo <= next.Hi {
				q.Hi, q.end, q.digits = next.Hi, next.end, max(q.digits, next.digits)
				if next.Period != "" {
					q.Period = next.Period
				}
				if q.Unit == "tok/s" {
					q.Period = "" // the unit says it
				}
				q.Raw = strings.TrimSpace(text[q.start:q.end])
				out = append(out, q)
				i++
				continue
			}
		}
		out = append(out, q)
	}
	return out
}

// lend gives q the unit of the number that follows it: in "2-4 weeks" the 2 means weeks too.
func (q *Quantity) lend(next Quantity) {
	if q.Unit != "" || next.Unit == "" || next.Unit == "year" || next.Unit == "date" {
		return
	}
	f := 1.0
	if plain := plainValue(next.Raw); plain > 0 && next.Lo > 0 {
		f = next.Lo / plain
	}
	q.Unit, q.Lo, q.Hi = next.Unit, q.Lo*f, q.Hi*f
}

// lendScale gives q the multiplier of the number that follows it: "50-80k" is 50k to 80k.
func (next Quantity) lendScale(q *Quantity) {
	m := reDigits.FindStringSubmatch(q.Raw)
	n := reDigits.FindStringSubmatch(next.Raw)
	if m == nil || n == nil || m[3] != "" || n[3] == "" || q.Lo >= next.Lo/2 {
		return
	}
	f := multipliers[strings.ToLower(n[3])]
	if q.Lo < f {
		q.Lo, q.Hi = q.Lo*f, q.Hi*f
	}
}

func plainValue(raw string) float64 {
	if m := reDigits.FindStringSubmatch(raw); m != nil {
		q, _ := readDigits(m)
		return q.Lo
	}
	if m := reWords.FindStringSubmatch(raw); m != nil {
		q, _ := readWords(m)
		return q.Lo
	}
	return 0
}

func joins(text string, a, b Quantity) bool {
	if b.start < a.end || a.Unit == "date" || b.Unit == "date" || a.Unit == "year" || b.Unit == "year" {
		return false
	}
	between := text[a.end:b.start]
	if !reJoin.MatchString(between) {
		return false
	}
	if strings.EqualFold(strings.TrimSpace(between), "and") {
		before := strings.ToLower(text[max(0, a.start-24):a.start])
		return strings.Contains(before, "between")
	}
	return true
}

// Matches reports whether claim says what source says: the same value, or a range the source holds, or one end of the
// source's range, or the source rounded to the claim's own precision (two significant digits or more). Units must agree.
func (claim Quantity) Matches(source Quantity) bool {
	c, s := claim, source
	if c.Unit == "fraction" && s.Unit == "%" {
		c.Lo, c.Hi, c.Unit = c.Lo*100, c.Hi*100, "%"
	}
	if s.Unit == "fraction" && c.Unit == "%" {
		s.Lo, s.Hi, s.Unit = s.Lo*100, s.Hi*100, "%"
	}
	if s.Unit == "date" && c.Unit == "year" {
		return c.Lo == math.Floor(s.Lo/10000)
	}
	if s.Unit == "date" && c.Unit == "date" {
		return c.Lo == s.Lo || math.Mod(c.Lo, 100) == 0 && c.Lo == s.Lo-math.Mod(s.Lo, 100)
	}
	if c.Unit != s.Unit || c.Period != "" && s.Period != "" && c.Period != s.Period {
		return false
	}
	if c.Lo == c.Hi {
		return c.near(c.Lo, s.Lo) || c.near(c.Lo, s.Hi)
	}
	return c.near(c.Lo, s.Lo) && c.near(c.Hi, s.Hi)
}

// near reports whether claim is source, as exact or as rounded as claim is written.
func (q Quantity) near(claim, source float64) bool {
	diff := math.Abs(claim - source)
	if diff <= 1e-9*math.Max(math.Abs(claim), math.Abs(source)) {
		return true
	}
	if q.digits < 2 || q.Unit == "year" || source == 0 || claim == 0 {
		return false
	}
	lastDigit := math.Pow(10, math.Floor(math.Log10(math.Abs(claim)))+1-float64(q.digits))
	return diff <= lastDigit/2 && diff/math.Abs(source) < 0.02
}
