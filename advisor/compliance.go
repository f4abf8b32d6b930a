package advisor

import (
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// requirement is what a regime asks of a vendor that processes the data, as far as a catalog can know it. A regime that is not
// listed (the EU AI Act: duties of whoever puts the system to use, whoever serves the model) asks nothing of the choice of vendor.
type requirement struct {
	what string
	met  func(*catalog.Terms) *bool
}

var requirements = map[catalog.Regime]requirement{
	catalog.HIPAA:    {"BAA", func(t *catalog.Terms) *bool { return t.BAA }},
	catalog.GDPR:     {"data processing agreement", func(t *catalog.Terms) *bool { return t.DPA }},
	catalog.PCIDSS:   {"PCI-DSS attestation", func(t *catalog.Terms) *bool { return t.PCI }},
	catalog.CCPA:     {"data processing agreement", func(t *catalog.Terms) *bool { return t.DPA }}, // the contract of a service provider
	catalog.SOC2:     {"SOC 2 report", func(t *catalog.Terms) *bool { return t.SOC2 }},
	catalog.ISO27001: {"ISO 27001 certificate", func(t *catalog.Terms) *bool { return t.ISO27001 }},
	catalog.FedRAMP:  {"FedRAMP authorisation", func(t *catalog.Terms) *bool { return t.FedRAMP }},
}

// standing is how a provider stands to one requirement.
type standing uint8

const (
	unknownTerms standing = iota
	refused
	granted
)

// standingOf reads the provider's terms. A "yes" for one of its endpoints is a yes with that endpoint named; what is not
// known is never a yes.
func standingOf(terms []catalog.Terms, met func(*catalog.Terms) *bool) (standing, *catalog.Terms) {
	s, where := unknownTerms, (*catalog.Terms)(nil)
	for i := range terms {
		switch v := met(&terms[i]); {
		case v == nil:
		case *v:
			return granted, &terms[i]
		default:
			s, where = refused, &terms[i]
		}
	}
	return s, where
}

// vendorCheck is the result of holding a vendor to the workload's compliance needs.
type vendorCheck struct {
	misses  []miss
	caveats []string
	sources []catalog.Source
}

func (v *vendorCheck) miss(what constraint, why string) { v.misses = append(v.misses, miss{what, why}) }

// checkVendor holds a provider, as processor of the data, to every regime and to residency. It is cached by provider and region.
func (e *engine) checkVendor(providerID, region string) *vendorCheck {
	key := providerID + "\x00" + region
	if v, ok := e.vendors[key]; ok {
		return v
	}
	v := &vendorCheck{}
	terms := e.cat.TermsOf(providerID)
	for _, r := range e.w.Compliance {
		req, ok := requirements[r]
		if !ok {
			continue
		}
		st, t := standingOf(terms, req.met)
		switch st {
		case granted:
			v.caveats = append(v.caveats, grantedText(r, req, t))
			v.sources = append(v.sources, t.Source)
		case refused:
			v.miss(mustComply, fmt.Sprintf("no %s (%s)", req.what, t.Endpoint))
			v.sources = append(v.sources, t.Source)
		default:
			v.miss(mustComply, fmt.Sprintf("no %s known", req.what))
		}
	}
	e.checkRetention(v, terms)
	e.checkResidency(v, terms, region)
	e.vendors[key] = v
	return v
}

// checkRetention asks for an endpoint that keeps nothing, where the request does.
func (e *engine) checkRetention(v *vendorCheck, terms []catalog.Terms) {
	if !e.w.ZeroRetention {
		return
	}
	switch st, t := standingOf(terms, func(t *catalog.Terms) *bool { return t.ZeroRetention }); st {
	case granted:
		v.caveats = append(v.caveats, "zero retention on "+t.Endpoint+": it may have to be asked for")
		v.sources = append(v.sources, t.Source)
	case refused:
		v.miss(mustTrust, "no zero retention ("+t.Endpoint+")")
	default:
		v.miss(mustTrust, "zero retention not known")
	}
}

func grantedText(r catalog.Regime, req requirement, t *catalog.Terms) string {
	s := fmt.Sprintf("%s: %s on %s", r, req.what, t.Endpoint)
	if r == catalog.HIPAA && t.BAANote != "" {
		s += ", " + t.BAANote
	}
	return s
}

// checkResidency asks for processing in w.Residency: by the offer's own region, or by documented terms.
func (e *engine) checkResidency(v *vendorCheck, terms []catalog.Terms, region string) {
	want := e.w.Residency
	if want == "" {
		return
	}
	if inRegion(region, want) {
		v.caveats = append(v.caveats, "processed in "+region)
		return
	}
	place, _ := PlaceOf(want)
	if region != "" && !global(region) && !(place.EU && inRegion(region, "EU") && !namesCountry(region)) {
		v.miss(mustReside, fmt.Sprintf("processed in %s, not in %s", region, placeName(want)))
		return
	}
	if place.EU || strings.EqualFold(want, "EU") { // of a member state the catalog knows only that the EU is served
		switch st, t := standingOf(terms, func(t *catalog.Terms) *bool { return t.EUResidency }); st {
		case granted:
			v.caveats = append(v.caveats, "EU residency on "+t.Endpoint+": choose the region in "+placeName(want))
			v.sources = append(v.sources, t.Source)
		case refused:
			v.miss(mustReside, "no EU residency ("+t.Endpoint+")")
		default:
			if p, ok := e.cat.Provider(e.provider(terms)); ok && p.EU {
				v.caveats = append(v.caveats, servesEU(want))
				return
			}
			v.miss(mustReside, "EU residency not known")
		}
		return
	}
	if len(terms) > 0 && regional[terms[0].ProviderID] {
		v.caveats = append(v.caveats, "choose a region in "+placeName(want))
		return
	}
	v.miss(mustReside, "residency in "+placeName(want)+" not known")
}

// terms are what the catalog knows of each shown provider's promises, where the workload's data makes them matter.
func (e *engine) terms(shown []*candidate) []Note {
	w := &e.w
	if len(w.Compliance) == 0 && w.Residency == "" && w.Sensitivity != Confidential && w.Sensitivity != Regulated {
		return nil
	}
	var out []Note
	seen := map[string]bool{}
	for _, c := range shown {
		id := c.opt.ProviderID
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		for _, t := range e.cat.TermsOf(id) {
			out = append(out, Note{Topic: t.Endpoint, Text: termsText(&t), Source: t.Source})
		}
	}
	return out
}

// termsText lists a provider's terms: what is promised, what is not, and what is not known, which is no promise.
func termsText(t *catalog.Terms) string {
	var yes, no, unknown []string
	for _, x := range []struct {
		what string
		is   *bool
	}{
		{"BAA", t.BAA}, {"data processing agreement", t.DPA}, {"EU residency", t.EUResidency}, {"zero retention", t.ZeroRetention},
		{"SOC 2", t.SOC2}, {"PCI-DSS", t.PCI}, {"ISO 27001", t.ISO27001}, {"FedRAMP", t.FedRAMP},
	} {
		switch {
		case x.is == nil:
			unknown = append(unknown, x.what)
		case *x.is:
			yes = append(yes, x.what)
		default:
			no = append(no, x.what)
		}
	}
	var parts []string
	add := func(word string, list []string) {
		if len(list) > 0 {
			parts = append(parts, word+" "+strings.Join(list, ", "))
		}
	}
	add("offers", yes)
	add("no", no)
	add("not known:", unknown)
	text := strings.Join(parts, "; ") + "."
	if t.BAANote != "" {
		text += " BAA: " + t.BAANote + "."
	}
	if t.Note != "" {
		text += " " + t.Note
	}
	return text
}

func servesEU(want string) string {
	if want == "EU" {
		return "serves from the EU"
	}
	return "serves from the EU: ask whether from " + placeName(want)
}

// namesCountry reports whether a region's name tells in which country it lies, as "eu" does not.
func namesCountry(region string) bool {
	for _, p := range places {
		if p.EU && inRegion(region, p.Code) {
			return true
		}
	}
	return false
}

// regional are the large clouds, where the customer picks the region of an endpoint.
var regional = map[string]bool{"aws": true, "azure": true, "google": true}

func (e *engine) provider(terms []catalog.Terms) string {
	if len(terms) > 0 {
		return terms[0].ProviderID
	}
	return ""
}

func global(region string) bool {
	r := strings.ToLower(region)
	return r == "global" || r == "default" || r == "worldwide"
}

// inRegion reports whether a provider's region name lies in a jurisdiction: "eu-west-1", "europe-west4", "us-east-1".
func inRegion(region, want string) bool {
	r := strings.ToLower(region)
	if r == "" {
		return false
	}
	p, ok := PlaceOf(want)
	if !ok {
		return strings.HasPrefix(r, strings.ToLower(want))
	}
	for _, c := range p.Cloud {
		if strings.HasPrefix(r, c) {
			return true
		}
	}
	return false
}
