package ground

import (
	"strings"
	"unicode"

	porterstemmer "github.com/blevesearch/go-porterstemmer"
)

// stop are words that say nothing about what a sentence is about.
var stop = set(`a about above after again all also although am an and another any are as at be because been before being
below between both but by can cannot could did do does doing done down each either else even ever every few for from
further get gets give given gives go goes had has have having he her here hers him his how however i if in into is it
its itself just keep kept less let like make makes many may me might more most much must my need needs no nor not now of
off often on once one only onto or other our ours out over own per put rather same say says said see she should since so
some still such take takes than that the their them then there therefore these they this those though through thus to
too under until up upon us use used uses using usually very via want was way we well were what when where whether which
while who whom whose why will with within without would yes yet you your yours dont doesnt isnt cant im ive please tell
know thing things something anything really actually lot okay ok hi hello thanks`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// same maps words of this field to one spelling, so that a paraphrase meets its source.
var same = map[string]string{
	"llms": "model", "llm": "model", "models": "model", "phi": "phi",
	"open-source": "open", "opensource": "open", "open-weight": "open", "open-weights": "open",
	"selfhost": "host", "self-host": "host", "self-hosted": "host", "self-hosting": "host", "selfhosting": "host", "selfhosted": "host",
	"hosting": "host", "hosted": "host", "deploy": "deploy", "deployment": "deploy", "deploying": "deploy",
	"cheaper": "cost", "cheap": "cost", "costs": "cost", "cost": "cost", "price": "cost", "prices": "cost", "pricing": "cost",
	"expensive": "cost", "bill": "cost", "bills": "cost", "spend": "cost", "spends": "cost",
	"apis": "api", "gpus": "gpu", "quantise": "quant", "quantize": "quant", "quantised": "quant", "quantized": "quant",
	"quantisation": "quant", "quantization": "quant", "quantising": "quant", "quantizing": "quant",
	"vram": "memory", "fast": "speed", "faster": "speed", "speeds": "speed", "quick": "speed", "quickly": "speed",
	"accuracy": "quality", "accurate": "quality", "smart": "quality", "smarter": "quality", "intelligent": "quality", "capable": "quality",
	"patient": "health", "patients": "health", "lawyer": "legal", "lawyers": "legal", "regulation": "rule", "rules": "rule",
	"renting": "rent", "rental": "rent", "buying": "buy", "purchase": "buy", "fee": "cost", "fees": "cost", "salaries": "salary",
	"pay": "pay", "pays": "pay", "paid": "pay", "outage": "outage", "running": "run", "runs": "run", "ran": "run",
	"latencies": "latency", "slow": "speed", "slower": "speed",
	"saving": "save", "savings": "save", "saved": "save", "saves": "save",
	"weeks": "week", "days": "day", "months": "month", "monthly": "month",
	"chatbot": "model", "chatbots": "model", "bot": "model", "assistant": "model", "dashboard": "monitor", "dashboards": "monitor",
	"alerts": "monitor", "observability": "monitor", "identifiers": "identifi", "identified": "identifi", "identifier": "identifi", "anonymise": "identifi",
	"anonymised": "identifi", "anonymize": "identifi", "anonymized": "identifi", "de-identified": "identifi", "deidentified": "identifi",
	"law": "rule", "laws": "rule", "regulations": "rule", "judge": "score", "evaluate": "score", "evaluating": "score",
	"splitting": "rout", "split": "rout", "router": "rout", "staff": "engin", "hire": "engin",
	"devops": "devop", "drops": "drop", "discontinues": "drop", "discontinued": "drop", "retires": "drop", "deprecated": "drop",
	"european": "eu", "europe": "eu", "europe's": "eu", "degrade": "loss", "degrades": "loss", "worse": "loss",
	"abandon": "back", "abandoned": "back", "certificate": "certif", "credit-card": "card",
	"setup": "set-up", "forbidden": "forbid", "medical": "health", "healthcare": "health",
}

// Words returns the words of text in lower case, joined by nothing: hyphens and apostrophes stay inside, dots stay
// inside numbers and names ("GPT-4.1").
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '\'' && r != '’' && r != '.' && r != '_' && r != '%' && r != '$'
	})
}

// Terms returns the stems of the words that carry the meaning of text, each once, without numbers.
func Terms(text string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range Words(text) {
		for _, t := range termsOf(w) {
			out[t] = true
		}
	}
	return out
}

func termsOf(w string) []string {
	w = strings.Trim(w, "-'’._%$")
	w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	if s, ok := same[w]; ok {
		return []string{s}
	}
	if strings.ContainsAny(w, "-_") {
		var out []string
		if strings.IndexFunc(w, unicode.IsDigit) > 0 && strings.IndexFunc(w, unicode.IsLetter) == 0 && len(w) < 24 {
			out = append(out, w) // "gpt-4.1" is more than its parts
		}
		if strings.HasPrefix(w, "phi-") {
			return out // the model; "phi" alone is health data
		}
		for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '_' }) {
			out = append(out, termsOf(part)...)
		}
		return out
	}
	w = strings.NewReplacer("'", "", "’", "").Replace(w)
	if len(w) < 2 || stop[w] || strings.IndexFunc(w, unicode.IsLetter) < 0 || numberWords[w] > 0 {
		return nil
	}
	if strings.IndexFunc(w, unicode.IsDigit) >= 0 {
		return []string{w}
	}
	return []string{porterstemmer.StemString(w)}
}

// Overlap is the share of a's members that b holds, 0 for an empty a.
func Overlap(a, b map[string]bool) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for t := range a {
		if b[t] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}
