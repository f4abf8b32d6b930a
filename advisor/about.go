package advisor

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Mentions are the catalog ids that a text names, each once, in the order of the text, whatever it says of them.
type Mentions struct{ Models, GPUs, Providers []string }

// About says what the catalog knows of the things that a question names and of what it asks of them: the rent, price, memory and power
// of an accelerator, the price, context, size and public scores of a model, the terms of a vendor. Each sentence stands alone and says of
// which day it is. It is empty where the question asks something else of them.
func About(cat *catalog.Catalog, question string, m Mentions) []string {
	a := about{cat: cat, text: question, q: strings.ToLower(question), m: m}
	if reNotOurs.MatchString(a.q) {
		return nil
	}
	a.accelerators()
	a.fits()
	a.models()
	a.vendors()
	a.unknown()
	return a.out
}

type about struct {
	cat  *catalog.Catalog
	text string // the question as it was asked
	q    string // in small letters
	m    Mentions
	out  []string
}

// What a question asks of a thing. The words are those of questions, not of requests: a request with a volume is the engine's.
var (
	reBuy     = regexp.MustCompile(`\b(buy|buying|bought|purchase|own)\b`)
	reRent    = regexp.MustCompile(`\b(rents?|rental|renting|hour|hourly|cloud|spot|reserved)\b`)
	rePrice   = regexp.MustCompile(`\b(how much (?:is|are)|costs?|prices?|pric(?:ed|ing|ey)|rents?|rental|hourly|charges?|expensive|cheap(?:er|est)?|per hour|an hour|per (?:million|1m|1k|thousand)|\$)`)
	reMemory  = regexp.MustCompile(`\b(vram|memory|bandwidth|gb)\b`)
	rePower   = regexp.MustCompile(`\b(watts?|tdp|power (?:draw|consumption|use)|draws?|kw)\b`)
	reContext = regexp.MustCompile(`\bcontext\b`)
	reSize    = regexp.MustCompile(`\b(parameters?|params|how (?:big|large))\b`)
	reLicence = regexp.MustCompile(`\blicen[cs]e\b`)
	reBetter  = regexp.MustCompile(`\b(better|quality|smarter|stronger|benchmarks?|scores?|as good|good as|mmlu|gpqa)\b`)
	reFit     = regexp.MustCompile(`\b(fits?|runs?|running|needs?|enough|holds?|how many|which (?:gpus?|cards?)|what (?:gpus?|cards?|hardware)|how much (?:vram|memory|gpu memory))\b`)
	reWhich   = regexp.MustCompile(`\b(?:which|what|how many) (?:gpus?|cards?|hardware)\b|\bhow much (?:vram|memory|gpu memory)\b`)
	reTerms   = regexp.MustCompile(`\b(baa|business associate|hipaa|eu residency|data residency|zero[- ](?:data )?retention|zdr|dpa|data processing agreement|soc ?2|iso ?27001|fedramp|pci)\b`)
	// reNotOurs is of what the catalog has no figure for, near to what it has: used cards, training, discounts, embeddings, levels and languages.
	reNotOurs = regexp.MustCompile(`\b(used|second[- ]hand|ebay|resale|resell|worth after|train(?:ed|ing)?|fine[- ]?tun\w+|embeddings?|discounts?|rate limits?|tier \d|uptime|sla|cool(?:ed|ing)|transistors?|overclock|storage|700|high authori[sz]ed|(?:at|in) (?:french|german|spanish|italian|japanese|chinese|writing)|days|ceo|revenue|founded|licen[cs]e allow|allowed to)\b`)
)

func (a *about) say(format string, args ...any) {
	const most = 6
	if len(a.out) < most {
		a.out = append(a.out, fmt.Sprintf(format, args...))
	}
}

func (a *about) accelerators() {
	for _, id := range a.m.GPUs {
		x, ok := a.cat.Accelerator(id)
		if !ok {
			continue
		}
		name := cmp.Or(x.Name, x.ID)
		if rePrice.MatchString(a.q) {
			buy, rent := reBuy.MatchString(a.q), reRent.MatchString(a.q)
			if rent || !buy {
				a.rent(&x, name)
			}
			if p := x.PurchaseUSD; p != nil && len(a.m.Providers) == 0 && (buy || !rent) {
				a.say("Bought, one %s costs %s to %s (%s).", name, quantity.USD(p[0]), quantity.USD(p[1]), of(x.PurchaseSource))
			}
		}
		if reMemory.MatchString(a.q) {
			s := fmt.Sprintf("The %s has %s GB of memory", name, plainNumber(x.VRAMGB))
			if x.UsableGiB > 0 {
				s += fmt.Sprintf(", of which its driver reports %s", quantity.Format(x.UsableGiB, quantity.UnitGiB))
			}
			a.say("%s, and reads it at %s GB a second (%s).", s, plainNumber(x.BandwidthGBps), of(x.Source))
		}
		if rePower.MatchString(a.q) && x.TDPWatts > 0 {
			s := fmt.Sprintf("The %s is rated at %s W", name, plainNumber(x.TDPWatts))
			if x.AllInKW != nil {
				s += fmt.Sprintf("; with its share of the server and of cooling one takes %.2f kW", *x.AllInKW)
			}
			a.say("%s (%s).", s, of(x.Source))
		}
	}
}

// rent says what an accelerator rents for, an hour and one of them, by how long one is bound; at the vendors named, if any are.
func (a *about) rent(x *catalog.Accelerator, name string) {
	for _, c := range []struct {
		commitment catalog.Commitment
		words      string
	}{{catalog.OnDemand, "on demand"}, {catalog.Spot, "as a spot machine"}, {catalog.Reserved1Y, "reserved for a year"}} {
		offers := a.rentals(x.ID, c.commitment)
		switch n := len(offers); {
		case n == 0:
		case n == 1:
			a.say("%s rents the %s %s for %s an hour (%s).", vendor(offers[0].Provider), name, c.words, perCard(offers[0]), of(offers[0].Source))
		default:
			s := fmt.Sprintf("One %s rents %s for %s an hour at %s to %s at %s", name, c.words, perCard(offers[0]), vendor(offers[0].Provider), perCard(offers[n-1]), vendor(offers[n-1].Provider))
			if n > 2 { // two have no middle
				s += fmt.Sprintf(", %s in the middle of %d vendors", quantity.Cents((offers[(n-1)/2].PerGPU()+offers[n/2].PerGPU())/2), n)
			}
			a.say("%s (%s).", s, of(offers[0].Source))
		}
	}
}

// rentals are the cheapest offers of an accelerator, one a vendor, the cheapest first.
func (a *about) rentals(id string, c catalog.Commitment) []*catalog.GPUOffer {
	best := map[string]*catalog.GPUOffer{}
	for i := range a.cat.GPUOffers {
		o := &a.cat.GPUOffers[i]
		if o.Accelerator != id || o.Commitment != c || o.Count < 1 || standIns[o.ProviderID] || len(a.m.Providers) > 0 && !slices.Contains(a.m.Providers, o.ProviderID) {
			continue
		}
		if b := best[o.ProviderID]; b == nil || o.PerGPU() < b.PerGPU() {
			best[o.ProviderID] = o
		}
	}
	var out []*catalog.GPUOffer
	for _, o := range best {
		out = append(out, o)
	}
	slices.SortFunc(out, func(x, y *catalog.GPUOffer) int {
		return cmp.Or(cmp.Compare(x.PerGPU(), y.PerGPU()), cmp.Compare(x.ProviderID, y.ProviderID))
	})
	return out
}

func perCard(o *catalog.GPUOffer) string { return quantity.Cents(o.PerGPU()) }

// vendor is a name that no reader, and no check of links, takes for an address.
func vendor(name string) string { return strings.TrimSuffix(name, ".ai") }

// roomFor is the context that a model is to hold beside its weights where a question names none, in tokens.
const roomFor = 8192

// commonCards are named where a question asks which would do.
var commonCards = []string{"H100-SXM-80GB", "A100-SXM-80GB", "L40S", "RTX 4090"}

// fits says how many of an accelerator hold a model, in each format that it serves.
func (a *about) fits() {
	if !reFit.MatchString(a.q) {
		return
	}
	cards := a.m.GPUs
	if len(cards) == 0 && reWhich.MatchString(a.q) {
		cards = commonCards
	}
	for _, id := range a.m.Models {
		m, ok := a.cat.Model(id)
		if !ok {
			continue
		}
		for _, g := range cards {
			if x, ok := a.cat.Accelerator(g); ok {
				a.fit(&m, &x)
			}
		}
	}
}

// fit says it of one accelerator. Formats that take as many as a finer one before them are left out: nobody would choose them to fit.
func (a *about) fit(m *catalog.Model, x *catalog.Accelerator) {
	name := cmp.Or(x.Name, x.ID)
	var ways []string
	fewest := 0
	for _, p := range sizing.Formats(m, x) {
		n := leastOf(m, x, p)
		if n == 0 || n == fewest {
			continue
		}
		fewest = n
		way := fmt.Sprintf("%d in %s", n, p.Precision.Name)
		if len(ways) == 0 {
			way = fmt.Sprintf("%d %s in %s", n, name, p.Precision.Name)
		}
		if p.Engine == sizing.LlamaCpp {
			way += " with llama.cpp or Ollama"
		}
		ways = append(ways, way)
	}
	if len(ways) == 0 {
		a.say("%s does not fit on a host of 8 %s in any format that is served there, by the engine's memory model.", m.Name, name)
		return
	}
	a.say("%s takes %s, with room for at least one request of %s tokens, by the engine's memory model.", m.Name, List(ways, "or"), people(roomFor))
}

// leastOf is on how many accelerators a format fits, as a power of two up to 8; 0 where on none.
func leastOf(m *catalog.Model, x *catalog.Accelerator, f sizing.Format) int {
	for n := 1; n <= 8; n *= 2 {
		c := sizing.Config{Model: m, Accelerator: x, GPUs: n, Precision: f.Precision, Engine: f.Engine, Layout: f.Layout}
		if plan, err := sizing.Memory(&c, roomFor, 1); err == nil && plan.Fits {
			return n
		}
	}
	return 0
}

func (a *about) models() {
	for _, id := range a.m.Models {
		if rePrice.MatchString(a.q) {
			a.modelPrice(id)
		}
		open, isOpen := a.cat.Model(id)
		if reContext.MatchString(a.q) {
			a.context(id, &open, isOpen)
		}
		if reSize.MatchString(a.q) && isOpen {
			s := fmt.Sprintf("%s has %s parameters", open.Name, people(open.ParamsTotal))
			if open.Experts > 0 {
				s += fmt.Sprintf(", of which %s work on a token", people(open.ParamsActive))
			}
			a.say("%s (%s).", s, of(open.Source))
		}
		if reLicence.MatchString(a.q) && isOpen && open.License != "" {
			a.say("%s comes under the licence %s%s (%s).", open.Name, open.License, after("; ", open.LicenseNote), of(open.Source))
		}
	}
	if reBetter.MatchString(a.q) && len(a.m.Models) > 1 {
		a.scores()
	}
}

// modelPrice says what a million tokens of a model cost at its cheapest vendors, those named first.
func (a *about) modelPrice(id string) {
	var offers []*catalog.Offer
	for i := range a.cat.Offers {
		o := &a.cat.Offers[i]
		if o.ModelID == id && o.Usable() && o.Rates.Input != nil && o.Rates.Output != nil &&
			(len(a.m.Providers) == 0 || slices.Contains(a.m.Providers, o.ProviderID)) {
			offers = append(offers, o)
		}
	}
	slices.SortStableFunc(offers, func(x, y *catalog.Offer) int { return cmp.Compare(mix(x), mix(y)) })
	const most = 2
	for said := 0; len(offers) > 0 && said < most; said++ {
		o := offers[0]
		var at []string
		offers = slices.DeleteFunc(offers, func(x *catalog.Offer) bool { // all that ask the same
			same := mix(x) == mix(o) && *x.Rates.Input == *o.Rates.Input
			if same && !slices.Contains(at, vendor(x.Provider)) {
				at = append(at, vendor(x.Provider))
			}
			return same
		})
		s := fmt.Sprintf("%s costs %s in and %s out at %s", a.cat.ModelName(id), quantity.USDPerMTok(*o.Rates.Input), quantity.USDPerMTok(*o.Rates.Output), List(at[:min(3, len(at))], "and"))
		if c := o.Rates.CacheRead; c != nil {
			s += fmt.Sprintf("; what a prompt cache holds %s", quantity.USDPerMTok(*c))
		}
		if b := o.Rates.BatchInput; b != nil && o.Rates.BatchOutput != nil {
			s += fmt.Sprintf("; as a batch %s and %s", quantity.USDPerMTok(*b), quantity.USDPerMTok(*o.Rates.BatchOutput))
		}
		a.say("%s (%s).", s, of(o.Source))
	}
}

// mix is what four tokens in and one out cost: about the shape of a chat.
func mix(o *catalog.Offer) float64 { return 4**o.Rates.Input + *o.Rates.Output }

func (a *about) context(id string, open *catalog.Model, isOpen bool) {
	if isOpen && open.Context > 0 {
		a.say("%s reads up to %s tokens of context (%s).", open.Name, people(float64(open.Context)), of(open.Source))
		return
	}
	for i := range a.cat.Offers {
		if o := &a.cat.Offers[i]; o.ModelID == id && o.Context > 0 {
			a.say("%s on %s reads up to %s tokens of context (%s).", a.cat.ModelName(id), o.Provider, people(float64(o.Context)), of(o.Source))
			return
		}
	}
}

// scores sets the named models side by side.
func (a *about) scores() {
	s := newScores(a.cat)
	task := Task("")
	if strings.Contains(a.q, "cod") {
		task = Coding
	}
	for _, id := range a.m.Models {
		r, n := s.ratio(id, s.best, benchTask(task))
		if n == 0 {
			r, n = s.ratio(id, s.best, "")
		}
		if n > 0 {
			a.say("%s reaches %s of the best published score of benchmarks that still tell models apart (%d of them); your own work may say otherwise.", a.cat.ModelName(id), quantity.Percent(r), n)
		}
	}
}

// of names a source and its day behind a figure.
func of(s catalog.Source) string {
	what := cmp.Or(s.ID, s.Title)
	if s.Date.IsZero() {
		return what
	}
	return what + " of " + s.Date.String()
}

func after(sep, s string) string {
	if s == "" {
		return ""
	}
	return sep + s
}

func plainNumber(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }
