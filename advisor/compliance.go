package advisor

import (
	"fmt"
	"slices"
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
	p, _ := e.cat.Provider(providerID)
	e.checkResidency(v, &p, terms, region)
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

// checkResidency asks for processing in w.Residency: by the offer's own region, by a region that the provider is known to have there, or, for
// the EU, by documented terms. Where nothing is known of the place, it is missed.
func (e *engine) checkResidency(v *vendorCheck, p *catalog.Provider, terms []catalog.Terms, region string) {
	want := e.w.Residency
	switch {
	case want == "":
	case inRegion(region, want):
		v.caveats = append(v.caveats, "processed in "+region)
	case tellsPlace(region):
		v.miss(mustReside, notIn("processed", region, want))
	case global(region) && e.sellsRegional(p.ID):
		v.miss(mustReside, "processed in any region: its regional offer is not")
	case want == "EU":
		e.checkEU(v, p, terms)
	case !e.hasRegion(p, want):
		v.miss(mustReside, "no region in "+placeName(want)+" is known")
	default:
		v.caveats = append(v.caveats, "choose the region in "+placeName(want)+", and check that the model is offered there")
		for i := range terms[:min(1, len(terms))] {
			v.sources = append(v.sources, terms[i].Source)
		}
	}
}

// checkEU asks for processing in some country of the EU, which terms promise where they name no country.
func (e *engine) checkEU(v *vendorCheck, p *catalog.Provider, terms []catalog.Terms) {
	switch st, t := standingOf(terms, func(t *catalog.Terms) *bool { return t.EUResidency }); {
	case st == granted:
		v.caveats = append(v.caveats, "EU residency on "+t.Endpoint+": choose the region in the EU")
		v.sources = append(v.sources, t.Source)
	case st == refused:
		v.miss(mustReside, "no EU residency ("+t.Endpoint+")")
	case p.EU:
		v.caveats = append(v.caveats, "serves from the EU")
	default:
		v.miss(mustReside, "EU residency not known")
	}
}

// hasRegion reports whether a provider is known to have a region in a place.
func (e *engine) hasRegion(p *catalog.Provider, want string) bool {
	return slices.ContainsFunc(p.Regions, func(code string) bool {
		place, _ := PlaceOf(code)
		return code == want || want == "EU" && place.EU
	})
}

// sellsRegional reports whether a provider sells, beside endpoints that process anywhere, such as keep to a region.
func (e *engine) sellsRegional(provider string) bool {
	return slices.ContainsFunc(e.cat.Offers, func(o catalog.Offer) bool { return o.ProviderID == provider && o.Region == chosenRegion })
}

// notIn says that a region is not where the data must stay, or not known to be.
func notIn(what, region, want string) string {
	if place, _ := PlaceOf(want); place.EU && inRegion(region, "EU") && !namesCountry(region) {
		return fmt.Sprintf("%s in %s, which is not known to be in %s", what, region, placeName(want))
	}
	return fmt.Sprintf("%s in %s, not in %s", what, region, placeName(want))
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

// namesCountry reports whether a region's name tells in which country it lies, as "eu" does not.
func namesCountry(region string) bool {
	for _, p := range places {
		if p.EU && inRegion(region, p.Code) {
			return true
		}
	}
	return false
}

// chosenRegion is the region of an offer that stays in the one that its customer chooses.
const chosenRegion = "regional"

// tellsPlace reports whether a region's name says where it is.
func tellsPlace(region string) bool { return region != "" && region != chosenRegion && !global(region) }

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
