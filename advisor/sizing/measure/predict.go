package measure

import (
	"errors"
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Predict returns the row's quantity in the row's unit. The error says why there is no prediction.
func (c *Case) Predict(z *sizing.Sizer) (quantity.Estimate, error) {
	e, err := c.predict(z)
	if err != nil {
		return e, err
	}
	if c.widen {
		e.Lo, e.Hi = e.Mid*sq(e.Lo/e.Mid), e.Mid*sq(e.Hi/e.Mid)
		e.Warnings = append(e.Warnings[:len(e.Warnings):len(e.Warnings)], "model not in the catalog: shape estimated from its size")
	}
	return e, nil
}

func sq(x float64) float64 { return x * x }

func (c *Case) predict(z *sizing.Sizer) (quantity.Estimate, error) {
	if c.Row.Metric == "prefill_tok_s" {
		c.Config.Offline = true
	}
	if c.load == open {
		return c.openLoop(z)
	}
	p, replicas, err := c.performance(z)
	if err != nil {
		return quantity.Estimate{}, err
	}
	switch c.Row.Metric {
	case "out_tok_s_total":
		return scale(p.OutputTotal, float64(replicas)), nil
	case "ttft_ms":
		return p.TTFT, nil
	case "tpot_ms", "itl_ms":
		return p.TPOT, nil
	case "decode_tok_s":
		if c.wholeE2E {
			mid := float64(c.OSL) / p.E2E.Mid
			return quantity.Estimate{Lo: mid * p.DecodePerUser.Lo / p.DecodePerUser.Mid, Mid: mid, Hi: mid * p.DecodePerUser.Hi / p.DecodePerUser.Mid,
				Confidence: p.E2E.Confidence, Basis: p.E2E.Basis, Warnings: p.E2E.Warnings}, nil
		}
		return p.DecodePerUser, nil
	case "prefill_tok_s":
		return p.Prefill, nil
	case "e2e_mean_ms":
		return scale(p.E2E, 1e3), nil
	}
	return quantity.Estimate{}, fmt.Errorf("metric %q is not predicted for a closed loop", c.Row.Metric)
}

func (c *Case) openLoop(z *sizing.Sizer) (quantity.Estimate, error) {
	o, err := z.PredictOpenLoop(&c.Config, c.ISL, c.OSL, c.rate/float64(c.Replicas))
	if err != nil {
		return quantity.Estimate{}, err
	}
	switch c.Row.Metric {
	case "ttft_ms":
		return o.TTFT, nil
	case "ttft_p99_ms":
		return o.TTFTp99, nil
	case "tpot_ms":
		return o.TPOT, nil
	case "e2e_mean_ms":
		return scale(o.E2E, 1e3), nil
	case "e2e_p90_ms":
		return scale(o.P90, 1e3), nil
	case "e2e_p99_ms":
		return scale(o.P99, 1e3), nil
	case "out_tok_s_total":
		return scale(o.OutputTotal, float64(c.Replicas)), nil
	case "decode_tok_s":
		return o.DecodePerUser, nil
	}
	return quantity.Estimate{}, fmt.Errorf("metric %q is not predicted for random arrivals", c.Row.Metric)
}

// performance runs the case's load. MLPerf submissions choose their own layout: the best of the powers of two is taken.
func (c *Case) performance(z *sizing.Sizer) (sizing.Performance, int, error) {
	if !c.mlperf {
		p, err := c.run(z, &c.Config)
		return p, c.Replicas, err
	}
	var best sizing.Performance
	bestErr := errors.New("no layout fits")
	bestN, bestOut := 0, 0.0
	for tp := 1; tp <= min(8, c.Row.NGPU); tp *= 2 {
		if c.Row.NGPU%tp != 0 {
			continue
		}
		cfg := c.Config
		cfg.GPUs = tp
		p, err := c.run(z, &cfg)
		if err != nil {
			bestErr = err
			continue
		}
		if out := p.OutputTotal.Mid * float64(c.Row.NGPU/tp); out > bestOut {
			best, bestN, bestOut = p, c.Row.NGPU/tp, out
		}
	}
	if bestN == 0 {
		return best, 0, bestErr
	}
	return best, bestN, nil
}

func (c *Case) run(z *sizing.Sizer, cfg *sizing.Config) (sizing.Performance, error) {
	switch c.load {
	case saturated:
		return z.Saturated(cfg, c.ISL, c.OSL)
	case underSLO:
		return z.WithinSLO(cfg, c.ISL, c.OSL, c.slo[0], c.slo[1])
	}
	return z.Predict(cfg, sizing.Point{ISL: c.ISL, OSL: c.OSL, Concurrency: int(math.Max(1, float64(c.conc)/float64(c.Replicas)))})
}

func scale(e quantity.Estimate, k float64) quantity.Estimate {
	e.Lo, e.Mid, e.Hi = e.Lo*k, e.Mid*k, e.Hi*k
	return e
}
