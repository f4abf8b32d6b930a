package sizing_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// slack absorbs rounding in comparisons of figures that may be equal.
const slack = 1 + 1e-9

func drawConfig(t *rapid.T) *sizing.Config {
	cat := catalog.Default()
	m := rapid.SampledFrom(cat.Models).Draw(t, "model")
	a := rapid.SampledFrom(cat.Accelerators).Draw(t, "accelerator")
	p := rapid.SampledFrom([]sizing.Precision{sizing.BF16, sizing.FP8, sizing.INT4, sizing.FP4}).Draw(t, "precision")
	e := rapid.SampledFrom([]sizing.Engine{sizing.VLLM, sizing.TensorRTLLM, sizing.SGLang, sizing.LlamaCpp, sizing.SingleStream}).Draw(t, "engine")
	n := rapid.SampledFrom([]int{1, 2, 4, 8}).Draw(t, "gpus")
	return &sizing.Config{Model: &m, Accelerator: &a, GPUs: n, Precision: p, Engine: e}
}

func drawPoint(t *rapid.T) sizing.Point {
	return sizing.Point{
		ISL: rapid.IntRange(0, 16_000).Draw(t, "isl"), OSL: rapid.IntRange(1, 4_000).Draw(t, "osl"),
		Concurrency: rapid.IntRange(1, 256).Draw(t, "concurrency"),
	}
}

// fitting predicts, or skips a configuration that does not start.
func fitting(t *rapid.T, cfg *sizing.Config, at sizing.Point) sizing.Performance {
	p, err := sizing.Predict(cfg, at)
	var unfit *sizing.UnfitError
	if errors.As(err, &unfit) {
		t.Skip("does not fit")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestIntervalsAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := fitting(t, drawConfig(t), drawPoint(t))
		for name, e := range map[string]quantity.Estimate{
			"TTFT": p.TTFT, "TPOT": p.TPOT, "decode": p.DecodePerUser, "output": p.OutputTotal, "E2E": p.E2E,
		} {
			if !(0 < e.Lo && e.Lo <= e.Mid && e.Mid <= e.Hi) || e.Confidence != 0.8 {
				t.Fatalf("%s: %v", name, e)
			}
		}
	})
}

// shareOf fails where a property was put to the test in less than a share of the draws: elsewhere it holds of itself.
func shareOf(t *testing.T, what string, tried, draws int, least float64) {
	t.Helper()
	t.Logf("%s in %d of %d draws", what, tried, draws)
	if float64(tried) < least*float64(draws) {
		t.Errorf("%s in %d of %d draws only", what, tried, draws)
	}
}

func TestMoreBandwidthNeverSlowsDecode(t *testing.T) {
	faster, draws := 0, 0
	defer func() { shareOf(t, "decoding got faster", faster, draws, 0.5) }()
	rapid.Check(t, func(t *rapid.T) {
		cfg, at := drawConfig(t), drawPoint(t)
		slow := fitting(t, cfg, at)
		card := *cfg.Accelerator
		card.BandwidthGBps *= rapid.Float64Range(1, 4).Draw(t, "factor")
		fast := *cfg
		fast.Accelerator = &card
		p := fitting(t, &fast, at)
		if p.TPOT.Mid > slow.TPOT.Mid*slack {
			t.Fatalf("%.4g ms with more bandwidth, %.4g with less", p.TPOT.Mid, slow.TPOT.Mid)
		}
		draws++
		if p.TPOT.Mid*1.001 < slow.TPOT.Mid {
			faster++
		}
	})
}

func TestMoreParametersNeverNeedLessMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t)
		bigger := *cfg.Model
		k := rapid.Float64Range(1, 3).Draw(t, "factor")
		bigger.ParamsTotal *= k
		bigger.ParamsActive *= k
		big := *cfg
		big.Model = &bigger
		a, errA := sizing.Memory(cfg, 4096, 4)
		b, errB := sizing.Memory(&big, 4096, 4)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if b.Total.Mid*slack < a.Total.Mid || b.Fits && !a.Fits {
			t.Fatalf("%.2f GiB with %.2f times the parameters, %.2f before", b.Total.Mid, k, a.Total.Mid)
		}
	})
}

func TestLongerContextNeverNeedsLessMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t)
		ctx := rapid.IntRange(1, 100_000).Draw(t, "context")
		short, errA := sizing.Memory(cfg, ctx, 4)
		long, errB := sizing.Memory(cfg, ctx+rapid.IntRange(0, 100_000).Draw(t, "more"), 4)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if long.Total.Mid*slack < short.Total.Mid || long.MaxConcurrency > short.MaxConcurrency || long.Fits && !short.Fits {
			t.Fatalf("%.2f GiB and %d requests for the longer context, %.2f and %d before", long.Total.Mid, long.MaxConcurrency, short.Total.Mid, short.MaxConcurrency)
		}
	})
}

func TestMoreConcurrencyNeverSpeedsUpOneUser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, at := drawConfig(t), drawPoint(t)
		few := fitting(t, cfg, at)
		at.Concurrency += rapid.IntRange(1, 64).Draw(t, "more")
		if many := fitting(t, cfg, at); many.DecodePerUser.Mid > few.DecodePerUser.Mid*slack || many.E2E.Mid*slack < few.E2E.Mid {
			t.Fatalf("one user decodes at %.4g tok/s among more, %.4g among fewer", many.DecodePerUser.Mid, few.DecodePerUser.Mid)
		}
	})
}

func TestLongerRequestsTakeLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg, at := drawConfig(t), drawPoint(t)
		at.Concurrency = 1
		short := fitting(t, cfg, at)
		at.ISL += rapid.IntRange(0, 4000).Draw(t, "more in")
		at.OSL += rapid.IntRange(0, 4000).Draw(t, "more out")
		if long := fitting(t, cfg, at); long.E2E.Mid*slack < short.E2E.Mid {
			t.Fatalf("%.4g s for more tokens, %.4g for fewer", long.E2E.Mid, short.E2E.Mid)
		}
	})
}

func TestTighterTargetNeverNeedsFewerGPUs(t *testing.T) {
	more, out, draws := 0, 0, 0
	defer func() {
		shareOf(t, "the tighter target took more GPUs", more, draws, 0.08)
		shareOf(t, "the tighter target was out of reach", out, draws, 0.05)
	}()
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t)
		load := sizing.Load{
			ISL: rapid.IntRange(16, 4000).Draw(t, "isl"), OSL: rapid.IntRange(1, 1000).Draw(t, "osl"),
			Shape: rapid.SampledFrom([]sizing.Shape{sizing.RoundTheClock, sizing.OfficeHours, sizing.BatchShape}).Draw(t, "shape"),
		}
		alone, err := sizing.Fleet(cfg, load, sizing.SLO{}, 0)
		var unfit *sizing.UnfitError
		if errors.As(err, &unfit) {
			t.Skip("does not fit")
		}
		if err != nil {
			t.Fatal(err)
		}
		// Targets about what an idle replica does, loads of a few replicas: where the target binds.
		load.MeanQPS = alone.MaxQPSReplica * rapid.Float64Range(0.05, 10).Draw(t, "load of replicas")
		loose := alone.P95.Mid * rapid.Float64Range(1, 5).Draw(t, "over idle")
		tight := loose * rapid.Float64Range(0.4, 1).Draw(t, "share")
		a, errA := sizing.Fleet(cfg, load, sizing.SLO{P95E2E: seconds(loose)}, 1)
		b, errB := sizing.Fleet(cfg, load, sizing.SLO{P95E2E: seconds(tight)}, 1)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if b.Meets && !a.Meets || b.Meets && b.GPUs < a.GPUs {
			t.Fatalf("%d GPUs for %.2f s (meets %v), %d for %.2f s (meets %v)", b.GPUs, tight, b.Meets, a.GPUs, loose, a.Meets)
		}
		draws++
		switch {
		case a.Meets && b.Meets && b.GPUs > a.GPUs:
			more++
		case a.Meets && !b.Meets:
			out++
		}
		if a.Meets && b.Meets && b.GPUs == a.GPUs && b.MissChance < a.MissChance/slack {
			t.Fatalf("the same fleet misses %.2f s with a chance of %.3f, %.2f s with %.3f", tight, b.MissChance, loose, a.MissChance)
		}
	})
}

func TestMoreLoadNeverNeedsFewerGPUs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t)
		load := sizing.Load{MeanQPS: rapid.Float64Range(0, 100).Draw(t, "qps"), ISL: 500, OSL: 200}
		slo := sizing.SLO{P95E2E: seconds(rapid.Float64Range(1, 60).Draw(t, "seconds"))}
		a, err := sizing.Fleet(cfg, load, slo, 1)
		var unfit *sizing.UnfitError
		if errors.As(err, &unfit) {
			t.Skip("does not fit")
		}
		load.MeanQPS *= rapid.Float64Range(1, 10).Draw(t, "factor")
		b, err := sizing.Fleet(cfg, load, slo, 1)
		if err != nil {
			t.Fatal(err)
		}
		if a.Meets && b.Meets && b.GPUs < a.GPUs {
			t.Fatalf("%d GPUs for more load, %d for less", b.GPUs, a.GPUs)
		}
	})
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// The same figure in two units: milliseconds a token and tokens a second, GiB on the card and bytes of the file.
func TestUnitsRoundTrip(t *testing.T) {
	bare := sizing.Default
	bare.Spread = [sizing.Metrics]sizing.Spread{} // the computed values, without their lean to the safe side
	z := sizing.New(&bare)
	rapid.Check(t, func(t *rapid.T) {
		cfg, at := drawConfig(t), drawPoint(t)
		size := cfg.Model.ParamsTotal * rapid.Float64Range(0.2, 2).Draw(t, "bytes a parameter")
		cfg.Precision = sizing.FilePrecision("a file", 8*size/cfg.Model.ParamsTotal)
		plan, err := z.Memory(cfg, at.ISL+at.OSL, at.Concurrency)
		if err != nil {
			t.Fatal(err)
		}
		if got := quantity.GBFromGiB(plan.Weights*float64(cfg.GPUs)) * 1e9; got/size > slack || size/got > slack {
			t.Fatalf("a file of %.0f bytes takes %.0f on %d cards", size, got, cfg.GPUs)
		}
		p, err := z.Predict(cfg, at)
		var unfit *sizing.UnfitError
		if errors.As(err, &unfit) {
			t.Skip("does not fit")
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := 1e3 / p.TPOT.Mid / p.DecodePerUser.Mid; got > slack || 1/got > slack {
			t.Fatalf("%.6g ms a token, %.6g tokens a second", p.TPOT.Mid, p.DecodePerUser.Mid)
		}
	})
}
