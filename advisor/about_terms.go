package advisor

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// term is something that a vendor may promise. asked finds it in a question, noted in what a row says of its conditions.
type term struct {
	what         string // "a BAA", after "offers"
	name         string // "BAA", after "no"
	asked, noted *regexp.Regexp
	met          func(*catalog.Terms) *bool
}

const reCertificate = `certificat|trust centre|audit report|compliance report`

var terms = []term{
	{"a BAA", "BAA", regexp.MustCompile(`baa|business associate|hipaa`), regexp.MustCompile(`BAA|HIPAA`), func(t *catalog.Terms) *bool { return t.BAA }},
	{"EU residency", "EU residency", regexp.MustCompile(`residency`), regexp.MustCompile(`\bEU\b|residency|stored in`), func(t *catalog.Terms) *bool { return t.EUResidency }},
	{"zero retention", "zero retention", regexp.MustCompile(`zero[- ](?:data )?retention|\bzdr\b`), regexp.MustCompile(`(?i)retention|\bke(?:eps?|pt)\b|\bstore[sd]?\b[^.]*prompts`),
		func(t *catalog.Terms) *bool { return t.ZeroRetention }},
	{"a data processing agreement", "data processing agreement", regexp.MustCompile(`\bdpa\b|data processing agreement`), regexp.MustCompile(`DPA|processing agreement`), func(t *catalog.Terms) *bool { return t.DPA }},
	{"a SOC 2 report", "SOC 2 report", regexp.MustCompile(`soc ?2`), regexp.MustCompile(`(?i)SOC 2|` + reCertificate), func(t *catalog.Terms) *bool { return t.SOC2 }},
	{"a PCI-DSS attestation", "PCI-DSS attestation", regexp.MustCompile(`\bpci`), regexp.MustCompile(`(?i)PCI|` + reCertificate), func(t *catalog.Terms) *bool { return t.PCI }},
	{"an ISO 27001 certificate", "ISO 27001 certificate", regexp.MustCompile(`iso ?27001`), regexp.MustCompile(`(?i)ISO 27001|` + reCertificate), func(t *catalog.Terms) *bool { return t.ISO27001 }},
	{"a FedRAMP authorisation", "FedRAMP authorisation", regexp.MustCompile(`fedramp`), regexp.MustCompile(`(?i)FedRAMP|` + reCertificate), func(t *catalog.Terms) *bool { return t.FedRAMP }},
}

// vendors says what a vendor promises of what is asked for, beside it the conditions that are known, and of what nobody knows that it
// is unknown.
func (a *about) vendors() {
	if !reTerms.MatchString(a.q) {
		return
	}
	for _, id := range a.m.Providers {
		name := id
		if p, ok := a.cat.Provider(id); ok {
			name = vendor(p.Name)
		}
		rows := a.cat.TermsOf(id)
		var unknown []string
		for i := range terms {
			switch x := &terms[i]; {
			case !x.asked.MatchString(a.q):
			case len(rows) == 0:
				unknown = append(unknown, x.name)
			default:
				a.term(x, name, &rows[0])
			}
		}
		if len(unknown) > 0 {
			a.say("No %s of %s is known: unknown, not ruled out; its terms were not read.", List(unknown, "and no"), name)
		}
	}
}

// term says one thing of one vendor.
func (a *about) term(x *term, name string, t *catalog.Terms) {
	met, note := x.met(t), conditions(x, t)
	endpoint := strings.NewReplacer(" (", ", ", ")", "").Replace(t.Endpoint) // it stands in brackets itself
	switch {
	case met == nil:
		a.say("No %s of %s is known: unknown, not ruled out (%s)%s", x.name, name, of(t.Source), after(". ", cmp.Or(note, "Ask the vendor.")))
	case *met && note != "":
		a.say("%s (%s) offers %s, on conditions (%s): %s Check with your counsel.", name, endpoint, x.what, of(t.Source), note)
	case *met:
		a.say("%s (%s) offers %s (%s); check with your counsel.", name, endpoint, x.what, of(t.Source))
	default:
		a.say("%s (%s) offers no %s (%s)%s", name, endpoint, x.name, of(t.Source), after(": ", cmp.Or(note, "check with your counsel.")))
	}
}

// conditions are the sentences of a row that speak of a term, and those that speak of no term and so hold for all.
func conditions(x *term, t *catalog.Terms) string {
	var out []string
	if x.name == "BAA" && t.BAANote != "" {
		out = append(out, strings.TrimSuffix(t.BAANote, ".")+".")
	}
	for _, s := range strings.SplitAfter(t.Note, ". ") {
		s = strings.TrimSpace(s)
		any := slices.ContainsFunc(terms, func(o term) bool { return o.noted.MatchString(s) })
		if s != "" && (x.noted.MatchString(s) || !any) {
			out = append(out, strings.TrimSuffix(s, ".")+".")
		}
	}
	return strings.Join(out, " ")
}

// Names of cards and of norms that hold a number of at least three digits: "RTX 9090", "ISO/IEC 42001", "NIST SP 800-53".
var (
	reCardName = regexp.MustCompile(`(?i)\b(?:nvidia |amd )?(?:geforce )?(?:rtx|gtx|rx|quadro|radeon)[ -]?(?:pro |a)?\d{3,5}(?: ?ti| ?super| ?xtx?)?\b`)
	reNormName = regexp.MustCompile(`\b(?i:iso(?:/iec)?|iec|nist(?: sp)?|din|ieee)[ -]?\d{3,5}(?:-\d+)?\b|\b(?:EN|BS|SP)[ -]?\d{3,6}(?:-\d+)?\b`)
	reCounted  = regexp.MustCompile(`(?i)^(?:[.,]\d|[km%]\b|\s*(?:k|m|mio|million|thousand|queries|requests|calls|users|tokens|docs|documents|messages|chats|tickets|qs|reqs|/)\b|\s*/)`)
	reOfVendor = regexp.MustCompile(`\b(vendors?|providers?|certifi\w*|attest\w*|complian\w+|offers?|has|have|support\w*)\b`)
	reKnownISO = regexp.MustCompile(`(?i)^iso(?:/iec)?[ -]?27001$`)
)

// unknownNames are the names of cards and norms in a text that the catalog has nothing of, as they are written.
func unknownNames(cat *catalog.Catalog, text string) (cards, norms []string) {
	find := func(re *regexp.Regexp, known func(string) bool) (out []string) {
		for _, at := range re.FindAllStringIndex(text, -1) {
			if s := text[at[0]:at[1]]; !reCounted.MatchString(text[at[1]:]) && !known(s) {
				out = append(out, s)
			}
		}
		return out
	}
	cards = find(reCardName, func(s string) bool { _, ok := cat.Accelerator(s); return ok })
	return cards, find(reNormName, reKnownISO.MatchString)
}

// WithoutUnknownNames takes the names of cards and norms that the catalog has nothing of out of a text: what number is part of a name is
// no amount.
func WithoutUnknownNames(cat *catalog.Catalog, text string) string {
	cards, norms := unknownNames(cat, text)
	for _, s := range slices.Concat(cards, norms) {
		text = strings.ReplaceAll(text, s, strings.TrimRight(s, "0123456789- "))
	}
	return text
}

// unknown says which of the things that a question names the catalog has nothing of.
func (a *about) unknown() {
	cards, norms := unknownNames(a.cat, a.text)
	for _, s := range cards {
		if rePrice.MatchString(a.q) || reMemory.MatchString(a.q) || rePower.MatchString(a.q) || reFit.MatchString(a.q) {
			a.say("The catalog has no %s: nothing is known of it here.", s)
		}
	}
	for _, s := range norms {
		if len(a.m.Providers) > 0 || reOfVendor.MatchString(a.q) {
			a.say("No vendor's terms in the catalog say anything of %s: which of them keep to it is unknown, not ruled out.", s)
		}
	}
}
