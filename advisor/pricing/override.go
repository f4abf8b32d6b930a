package pricing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// overrideFile is a local file of negotiated prices:
//
//	prices:
//	  - provider: aws
//	    model: llama-3.3-70b
//	    input: 0.60        # USD per million tokens
//	    output: 0.60
//	    cache_read: 0.06   # optional, as are cache_write, batch_input, batch_output
//	    above: {200000: {input: 1.20, output: 1.20}}
//	    from: 2026-01-01
//	    note: enterprise agreement
//	gpus:
//	  - provider: lambda
//	    accelerator: H100
//	    count: 8
//	    usd_per_hour: 20.00   # for the whole instance
//	    commitment: reserved_1y
//
// A price with a from: that is still to come is not in force before.
type overrideFile struct {
	Prices []overridePrice `yaml:"prices"`
	GPUs   []overrideGPU   `yaml:"gpus"`
}

type overridePrice struct {
	Provider      string `yaml:"provider"`
	Model         string `yaml:"model"`
	Region        string `yaml:"region"`
	From          string `yaml:"from"`
	Note          string `yaml:"note"`
	overrideRates `yaml:",inline"`
	Above         map[int]overrideRates `yaml:"above"`
}

type overrideRates struct {
	Input       *float64 `yaml:"input"`
	Output      *float64 `yaml:"output"`
	CacheRead   *float64 `yaml:"cache_read"`
	CacheWrite  *float64 `yaml:"cache_write"`
	BatchInput  *float64 `yaml:"batch_input"`
	BatchOutput *float64 `yaml:"batch_output"`
}

type overrideGPU struct {
	Provider    string  `yaml:"provider"`
	Accelerator string  `yaml:"accelerator"`
	Count       int     `yaml:"count"`
	USDPerHour  float64 `yaml:"usd_per_hour"`
	Commitment  string  `yaml:"commitment"`
	Region      string  `yaml:"region"`
	From        string  `yaml:"from"`
	Note        string  `yaml:"note"`
}

// ReadOverride reads a file of negotiated prices, which may be empty. Its errors name the entry or the line.
func ReadOverride(data []byte) (*Feed, error) { return readOverride(data) }

// readOverride reads a file of negotiated prices. Unlike a feed it is written by hand for us: a key that is not known,
// a price that is negative or missing, is an error that names the line.
func readOverride(data []byte) (*Feed, error) {
	var f overrideFile
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, plainYAML(err)
	}
	c := newCollect(Override)
	for i, p := range f.Prices {
		e, err := p.entry()
		if err != nil {
			return nil, fmt.Errorf("prices, number %d: %w", i+1, err)
		}
		c.add(e)
	}
	for i, g := range f.GPUs {
		e, err := g.entry()
		if err != nil {
			return nil, fmt.Errorf("gpus, number %d: %w", i+1, err)
		}
		c.add(e)
	}
	return c.done()
}

func (p *overridePrice) entry() (Entry, error) {
	e := Entry{Provider: p.Provider, Model: p.Model, Region: p.Region, Comment: p.Note, Prices: map[string]Price{}}
	if p.Provider == "" || p.Model == "" {
		return e, errors.New("provider and model are needed")
	}
	var err error
	if e.Since, err = catalog.ParseDate(p.From); err != nil {
		return e, err
	}
	if err := e.setRates(p.overrideRates, ""); err != nil {
		return e, err
	}
	for above, r := range p.Above {
		if above <= 0 {
			return e, fmt.Errorf("above: %d is no number of tokens", above)
		}
		if err := e.setRates(r, "_above_"+aboveName(above)); err != nil {
			return e, err
		}
	}
	if len(e.Prices) == 0 {
		return e, fmt.Errorf("%s %s has no price", p.Provider, p.Model)
	}
	return e, nil
}

func (g *overrideGPU) entry() (Entry, error) {
	if g.Provider == "" || g.Accelerator == "" || g.Count < 1 || !(g.USDPerHour > 0) {
		return Entry{}, errors.New("provider, accelerator, count and a usd_per_hour above zero are needed")
	}
	if g.Commitment != "" && !slices.Contains(catalog.Commitments, catalog.Commitment(g.Commitment)) {
		return Entry{}, fmt.Errorf("no commitment is called %q: there are %s", g.Commitment, commitments())
	}
	since, err := catalog.ParseDate(g.From)
	if err != nil {
		return Entry{}, err
	}
	return Entry{
		Provider: g.Provider, Model: fmt.Sprintf("%dx %s %s", g.Count, g.Accelerator, g.Commitment), Region: g.Region, Since: since, Comment: g.Note,
		Accelerator: g.Accelerator, Count: float64(g.Count), Commitment: g.Commitment,
		Prices: map[string]Price{"hourly": {USD: g.USDPerHour, Unit: PerHour}},
	}, nil
}

func commitments() string {
	var out []string
	for _, c := range catalog.Commitments {
		out = append(out, string(c))
	}
	return strings.Join(out, ", ")
}

func (e *Entry) setRates(r overrideRates, suffix string) error {
	for field, v := range map[string]*float64{
		"input": r.Input, "output": r.Output, "cache_read": r.CacheRead, "cache_write": r.CacheWrite,
		"input_batches": r.BatchInput, "output_batches": r.BatchOutput,
	} {
		if v == nil {
			continue
		}
		if !(*v > 0) || *v > 1e6 {
			return fmt.Errorf("%s: %s is no price in USD per million tokens", field, strconv.FormatFloat(*v, 'g', -1, 64))
		}
		e.set(field+suffix, Price{USD: *v, Unit: PerMTok})
	}
	return nil
}
