package advisor

import (
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Where data must stay in a place, only those qualify that are known to have a region there.
func TestResidency(t *testing.T) {
	for name, c := range map[string]struct {
		place string
		api   []string // providers whose endpoints may qualify
		why   string   // what the others are told
	}{
		"no cloud is there":           {"NG", nil, "no region in Nigeria is known"},
		"a cloud of its own":          {"CN", nil, "no region in China is known"},
		"known, and nobody is there":  {"RU", nil, "no region in Russia is known"},
		"all large clouds":            {"CH", []string{"aws", "azure", "google"}, "no region in Switzerland is known"},
		"a member state":              {"DE", []string{"aws", "azure", "google"}, "no region in Germany is known"},
		"a member state, few clouds":  {"PL", []string{"azure", "google"}, "no region in Poland is known"},
		"a member state and its own":  {"FR", []string{"aws", "azure", "google", "ovhcloud"}, "no region in France is known"},
		"a member state with nobody":  {"SK", nil, "no region in Slovakia is known"},
		"terms that name the EU only": {"EU", []string{"aws", "azure", "google", "openai", "mistral", "nebius", "ovhcloud"}, "EU residency not known"},
	} {
		t.Run(name, func(t *testing.T) {
			e := &engine{w: Workload{Residency: c.place}, cat: catalog.Default(), vendors: map[string]*vendorCheck{}}
			told := false
			for i := range e.cat.Offers {
				o := &e.cat.Offers[i]
				v := e.checkVendor(o.ProviderID, o.Region)
				if len(v.misses) == 0 && !slices.Contains(c.api, o.ProviderID) {
					t.Errorf("%s qualifies: %q", o.ID, v.caveats)
				}
				if len(v.misses) == 0 && !slices.ContainsFunc(v.caveats, func(s string) bool {
					return strings.Contains(s, placeName(c.place)) && (strings.Contains(s, "choose the region") || strings.Contains(s, "serves from"))
				}) {
					t.Errorf("%s qualifies without a word: %q", o.ID, v.caveats)
				}
				told = told || slices.ContainsFunc(v.misses, func(m miss) bool { return m.why == c.why })
			}
			if !told {
				t.Errorf("nobody is told %q", c.why)
			}
			for _, id := range c.api {
				if !slices.ContainsFunc(e.cat.Offers, func(o catalog.Offer) bool {
					return o.ProviderID == id && len(e.checkVendor(id, o.Region).misses) == 0
				}) {
					t.Errorf("nothing at %s qualifies", id)
				}
			}
		})
	}
}

// An endpoint that may process anywhere meets no residency where the same cloud sells one that keeps to a region; that one does.
func TestRegionalEndpoints(t *testing.T) {
	e := &engine{w: Workload{Residency: "EU"}, cat: catalog.Default(), vendors: map[string]*vendorCheck{}}
	for region, want := range map[string]bool{"regional": true, "global": false, "": true, "eu-west-1": true, "us-east-1": false} {
		if v := e.checkVendor("aws", region); (len(v.misses) == 0) != want {
			t.Errorf("AWS, region %q: misses %v", region, v.misses)
		}
	}
}

// Machines are rented only where their cloud is known to have them.
func TestResidencyOfMachines(t *testing.T) {
	for place, want := range map[string]map[string]bool{
		"NG": {"aws": false, "lambda": false, "vast": false},
		"CA": {"aws": true, "hyperstack": true, "digitalocean": true, "nebius": false},
		"IN": {"aws": true, "jarvislabs": true},
		"FI": {"verda": true, "google": true, "nebius": false},
		"US": {"lambda": true, "runpod": true, "vast": false},
	} {
		e := &engine{w: Workload{Residency: place}, cat: catalog.Default(), vendors: map[string]*vendorCheck{}}
		for id, ok := range want {
			got := slices.ContainsFunc(e.cat.GPUOffers, func(o catalog.GPUOffer) bool { return o.ProviderID == id && len(e.checkGPUVendor(&o).misses) == 0 })
			if got != ok {
				t.Errorf("%s in %s: qualifies %v, want %v", id, place, got, ok)
			}
		}
	}
}

// Every region that the catalog knows is a place that requests can name.
func TestRegionsArePlaces(t *testing.T) {
	for _, p := range catalog.Default().Providers {
		for _, code := range p.Regions {
			if _, ok := PlaceOf(code); !ok {
				t.Errorf("%s: %s is no place", p.ID, code)
			}
		}
	}
}

// The answer never claims a residency that nobody is known to offer: what is left are machines of one's own, with where they must stand.
func TestResidencyNowhere(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 300_000, Residency: "NG"})
	o := optionOf(t, &a)
	if o.ProviderID != "" || !slices.Contains(a.Warnings, "the machines must stand in Nigeria") {
		t.Errorf("%s; warnings %q", o.Name, a.Warnings)
	}
}
