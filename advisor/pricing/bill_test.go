package pricing

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// handSum adds up a bill on the feed's own JSON with exact rational numbers: no reader, no float, no catalog. prices
// are members such as "input_mtok" as the feed writes them; a tier's price applies where the whole input exceeds its
// start.
func handSum(t *testing.T, prices map[string]json.RawMessage, requests, input, cached, written, output int64) *big.Rat {
	t.Helper()
	price := func(name string) *big.Rat {
		raw, ok := prices[name]
		if !ok {
			return nil
		}
		var tiered struct {
			Base  json.Number `json:"base"`
			Tiers []struct {
				Start int64       `json:"start"`
				Price json.Number `json:"price"`
			} `json:"tiers"`
		}
		number := json.Number(raw)
		if json.Unmarshal(raw, &tiered) == nil && tiered.Base != "" {
			number = tiered.Base
			for _, x := range tiered.Tiers {
				if input > x.Start {
					number = x.Price
				}
			}
		}
		r, ok := new(big.Rat).SetString(string(number))
		if !ok {
			t.Fatalf("%s: %s", name, raw)
		}
		return r
	}
	in, out := price("input_mtok"), price("output_mtok")
	read, write := price("cache_read_mtok"), price("cache_write_mtok")
	if read == nil {
		read = in
	}
	if write == nil {
		write = in
	}
	sum := new(big.Rat)
	for _, x := range []struct {
		tokens int64
		price  *big.Rat
	}{{input - cached - written, in}, {cached, read}, {written, write}, {output, out}} {
		sum.Add(sum, new(big.Rat).Mul(new(big.Rat).SetInt64(x.tokens*requests), x.price))
	}
	return sum.Quo(sum, new(big.Rat).SetInt64(1_000_000))
}

// Bills agree to the cent with hand sums over the feed's own file: every flat-priced offer of the catalog, cached and
// tiered ones included.
func TestBillsAgreeWithHandSums(t *testing.T) {
	var providers []struct {
		ID     string `json:"id"`
		Models []struct {
			ID     string          `json:"id"`
			Prices json.RawMessage `json:"prices"`
		} `json:"models"`
	}
	if err := json.Unmarshal(shared(t, "genai-prices_2026-07-25.json"), &providers); err != nil {
		t.Fatal(err)
	}
	raw := map[[2]string]map[string]json.RawMessage{}
	for _, p := range providers {
		for _, m := range p.Models {
			var flat map[string]json.RawMessage
			if json.Unmarshal(m.Prices, &flat) == nil { // lists of dated prices are tested by their day in the catalog
				raw[[2]string{p.ID, m.ID}] = flat
			}
		}
	}
	cat := catalog.Default()
	billed, cachedBills, tieredBills := map[string]bool{}, 0, 0
	for _, id := range Identities() {
		prices, ok := raw[id.lookup()]
		o, known := cat.Offer(id.OfferID())
		if !ok || !known {
			continue
		}
		for _, u := range [][5]int64{ // requests, input, cached, written, output
			{250_000, 1200, 0, 0, 300}, {300_000, 1200, 700, 100, 300}, {1_000, 200_000, 0, 0, 1000}, {1_000, 200_001, 50_000, 0, 1000},
			{77, 300_000, 299_999, 1, 4096}, {1, 1, 0, 0, 1},
		} {
			want := handSum(t, prices, u[0], u[1], u[2], u[3], u[4])
			got, _, err := o.Bill(catalog.Usage{
				Requests: float64(u[0]), InputPerRequest: float64(u[1]), CachedPerRequest: float64(u[2]),
				CacheWritePerRequest: float64(u[3]), OutputPerRequest: float64(u[4]),
			})
			if err != nil {
				t.Fatalf("%s: %v", o.ID, err)
			}
			w, _ := want.Float64()
			if d := got - w; d > 0.001 || d < -0.001 {
				t.Errorf("%s %v: $%.6f, by hand $%.6f", o.ID, u, got, w)
			}
			billed[o.ModelID] = true
			if u[2] > 0 && o.Rates.CacheRead != nil {
				cachedBills++
			}
			if len(o.Tiers) > 0 && u[1] > int64(o.Tiers[0].AboveInputTokens) {
				tieredBills++
			}
		}
	}
	t.Logf("%d models, %d bills with cached input, %d in a higher tier", len(billed), cachedBills, tieredBills)
	if len(billed) < 30 || cachedBills < 30 || tieredBills < 5 {
		t.Errorf("too few: %d models, %d cached, %d tiered", len(billed), cachedBills, tieredBills)
	}
}

// Batch bills against LiteLLM's own file.
func TestBatchBillsAgreeWithHandSums(t *testing.T) {
	var models map[string]map[string]json.RawMessage
	if err := json.Unmarshal(shared(t, "litellm_2026-07-24.json"), &models); err != nil {
		t.Fatal(err)
	}
	cat, n := catalog.Default(), 0
	for _, id := range Identities() {
		m, ok := models[id.LiteLLM]
		o, known := cat.Offer(id.OfferID())
		if !ok || !known || o.Rates.BatchInput == nil {
			continue
		}
		sum := new(big.Rat)
		for name, tokens := range map[string]int64{"input_cost_per_token_batches": 250_000 * 1200, "output_cost_per_token_batches": 250_000 * 300} {
			p, ok := new(big.Rat).SetString(string(m[name]))
			if !ok {
				t.Fatalf("%s %s: %s", id.LiteLLM, name, m[name])
			}
			sum.Add(sum, p.Mul(p, new(big.Rat).SetInt64(tokens)))
		}
		want, _ := sum.Float64()
		got, _, err := o.Bill(catalog.Usage{Requests: 250_000, InputPerRequest: 1200, OutputPerRequest: 300, Batch: true})
		if err != nil || got-want > 0.001 || want-got > 0.001 {
			t.Errorf("%s: $%.6f (%v), by hand $%.6f", o.ID, got, err, want)
		}
		n++
	}
	if n < 5 {
		t.Errorf("only %d offers with batch prices", n)
	}
	t.Logf("%d offers with batch prices", n)
}

func TestEffectivePrice(t *testing.T) {
	o, _ := catalog.Default().Offer("openai/gpt-5") // 1.25 in, 0.125 cached, 10 out
	e, err := EffectivePrice(&o, Mix{Input: 1000, Output: 250, Reasoning: 500, CachedShare: 0.6})
	if err != nil {
		t.Fatal(err)
	}
	query := (400*1.25 + 600*0.125 + 750*10) / 1e6
	if !sameNumber(e.USDPerQuery, query) || !sameNumber(e.USDPerMTok, query/1250*1e6) || !sameNumber(e.ListUSDPerMTok, (1000*1.25+250*10)/1250) {
		t.Errorf("%+v, want $%v a query", e, query)
	}
	if _, err := EffectivePrice(&o, Mix{}); err == nil {
		t.Error("a query without tokens has a price")
	}
}

func BenchmarkDiff(b *testing.B) {
	old, new := sharedFeed(b, realPairs[0].old), sharedFeed(b, realPairs[0].new)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Diff(old, new); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data := shared(b, realPairs[0].new)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	offers := catalog.Default().Offers
	b.ReportAllocs()
	for b.Loop() {
		Rank(offers, Mix{Input: 1200, Output: 300})
	}
}
