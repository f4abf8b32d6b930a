package measure

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// shared opens a file of the shared facts: under LLMADVISE_SHARED, or in a folder shared/ beside a parent folder.
func shared(t testing.TB, name string) *os.File {
	t.Helper()
	dirs := []string{os.Getenv("LLMADVISE_SHARED")}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		dirs = append(dirs, filepath.Join(dir, "shared"))
	}
	for _, d := range dirs {
		if f, err := os.Open(filepath.Join(d, "facts", name)); d != "" && err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
	}
	t.Skipf("no facts/%s in LLMADVISE_SHARED or in a folder shared/ above: the public rows are not part of the repository", name)
	return nil
}

func publicTable(t testing.TB) *Table {
	t.Helper()
	table, err := ReadTable(shared(t, "throughput_public.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Every public row was measured, so each must be predicted: none may be said not to fit.
func TestEveryMeasuredRowFits(t *testing.T) {
	v := NewResolver(catalog.Default())
	for _, r := range v.Evaluate(publicTable(t), sizing.New(&sizing.Default)) {
		if r.Skipped != "" {
			t.Errorf("%s %s on %d %s: %s", r.Row.Model, r.Row.Quant, r.Row.NGPU, r.Row.GPU, r.Skipped)
		}
		if r.Skipped == "" && !(0 < r.Got.Lo && r.Got.Lo <= r.Got.Mid && r.Got.Mid <= r.Got.Hi) {
			t.Errorf("%+v: interval %+v", r.Row, r.Got)
		}
	}
}

// Every configuration whose memory was measured ran, so none may be said not to fit on a card that holds its total, and a card of less
// than its weights must be refused.
func TestMeasuredMemoryFits(t *testing.T) {
	all, err := readAll(shared(t, "vram_public.csv"))
	if err != nil {
		t.Fatal(err)
	}
	at, v, checked := columns(all[0]), NewResolver(catalog.Default()), 0
	for _, rec := range all[1:] {
		row := newMemoryRow(rec, at)
		if row.Kind != "measured_total" || strings.Contains(row.Source, "engine comparison") { // those hold other engines' caches too
			continue
		}
		m, _, err := v.model(row.Model, row.ParamsB)
		if err != nil {
			continue
		}
		p, err := precision(&Row{Source: row.Source, Model: row.Model, Quant: row.Quant, Note: row.Note}, m)
		if err != nil {
			continue
		}
		checked++
		for _, c := range []struct {
			share float64 // of the measured total
			fits  bool
		}{{1.25, true}, {0.7, false}} {
			card := catalog.Accelerator{ID: "test", VRAMGB: 8 + row.GB*c.share, UsableGiB: row.GB * c.share, BandwidthGBps: 1000}
			plan, err := sizing.Memory(&sizing.Config{Model: m, Accelerator: &card, GPUs: 1, Precision: p, Engine: sizing.LlamaCpp}, row.Context, 1)
			if err != nil || plan.Fits != c.fits && row.GB > 4 {
				t.Errorf("%s %s at %d tokens took %.1f GB; on %.1f GiB fits %v, %v: %s", row.Model, row.Quant, row.Context, row.GB, card.UsableGiB, plan.Fits, err, plan.Reason)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d rows checked", checked)
	}
}

// The accuracy that the constants in use have on the public rows; the held-out figures stand in the accuracy document.
// A bound is about a third above the figure at the last fit: it catches a broken model, not a worse one.
func TestAccuracyOnPublicRows(t *testing.T) {
	v := NewResolver(catalog.Default())
	scores := map[string]Score{}
	for _, s := range GroupBy(v.Evaluate(publicTable(t), sizing.New(&sizing.Default)), Quantity) {
		scores[s.Group] = s
	}
	for name, most := range map[string]float64{
		"decode_tok_s": 7, "tpot_ms dense": 12, "tpot_ms MoE": 17, "ttft_ms": 40,
		"out_tok_s saturated": 15, "out_tok_s at a batch": 17, "e2e_mean_ms": 10, "e2e_p99_ms": 25,
	} {
		s, ok := scores[name]
		if !ok || s.N == 0 {
			t.Errorf("no rows for %s", name)
			continue
		}
		if s.MdAPE > most {
			t.Errorf("%s: median error %.1f %%, at most %.1f %% expected", name, s.MdAPE, most)
		}
		if s.Coverage < 0.6 {
			t.Errorf("%s: %.0f %% of measurements inside the interval", name, 100*s.Coverage)
		}
	}
}

// The cheapest way within a target, as predicted, costs little more than the measured best: at most 15 % in the median.
func TestRegretOnPublicRows(t *testing.T) {
	v := NewResolver(catalog.Default())
	r := NewRegret(v.Evaluate(publicTable(t), sizing.New(&sizing.Default)), v.Catalog)
	t.Log(&r)
	if r.Choices < 40 || r.Median > 15 || r.P90 > 40 || r.Nothing > r.Choices/10 {
		t.Errorf("%+v", r)
	}
}

// Two ways to serve, the dearer predicted to be the only one within the target: the regret is the difference in rent.
func TestRegret(t *testing.T) {
	r := Regret{}
	ws := []way{{cost: 1, tpot: 30, measuredCost: 1, measuredTPOT: 15}, {cost: 2, tpot: 18, measuredCost: 2, measuredTPOT: 18}, {cost: 9, tpot: 9, measuredCost: 9, measuredTPOT: 9}}
	if x, ok := r.choose(ws, 20); !ok || x != 100 {
		t.Errorf("regret %.0f %%, %v; want 100 %%", x, ok)
	}
	if _, ok := r.choose(ws, 5); ok {
		t.Error("a target that nothing was measured within makes no choice")
	}
	ws[2].tpot = 30
	if _, ok := r.choose(ws, 10); ok || r.Nothing != 1 {
		t.Errorf("nothing predicted within the target: %+v", r)
	}
}

func TestMemoryOnPublicRows(t *testing.T) {
	v := NewResolver(catalog.Default())
	scores, err := v.EvaluateMemory(shared(t, "vram_public.csv"), sizing.New(&sizing.Default))
	if err != nil {
		t.Fatal(err)
	}
	most := map[string]float64{"weights_file": 3, "vllm_weights": 3, "measured_total": 3, "vllm_kv_available": 6}
	for _, s := range scores {
		if bound, ok := most[s.Group]; ok && (s.N == 0 || s.MdAPE > bound) {
			t.Errorf("%s: median error %.2f %% over %d rows, at most %.0f %% expected", s.Group, s.MdAPE, s.N, bound)
		}
		delete(most, s.Group)
	}
	if len(most) > 0 {
		t.Errorf("no rows for %v", most)
	}
}

const header = "source,model,params_b,quant,gpu,n_gpu,isl,osl,concurrency_or_batch,metric,value,note\n"

// One line of each kind that the public tables have, and what becomes of it.
func TestResolve(t *testing.T) {
	for _, c := range []struct {
		name, line string
		engine     sizing.Engine
		layout     sizing.Layout
		gpus       int
		replicas   int
		load       loadKind
		skip       string
	}{
		{"serving sample", "measured serving samples (NVIDIA),Llama-3.1-70B,70.55,FP8,B200,8,1024,1024,16,tpot_ms,,trtllm; TP4; EP1; closed-loop concurrency",
			sizing.TensorRTLLM, sizing.TensorParallel, 4, 2, closed, ""},
		{"layer split", "llama.cpp community benchmark,Llama-3-8B,8.03,Q4_K_M,RTX 3090,2,0,1024,1,decode_tok_s,,layer split across GPUs (pipeline; not TP)",
			sizing.LlamaCpp2024, sizing.LayerSplit, 2, 1, closed, ""},
		{"rate", "measured vLLM open-loop runs,Llama-2-7B,6.74,FP16,H100-SXM-80GB,1,750,251,rate=6/s,e2e_p99_ms,,open-loop",
			sizing.VLLM, sizing.TensorParallel, 1, 1, open, ""},
		{"rising rate", "x,Llama-2-7B,6.74,FP16,H100-SXM-80GB,1,750,251,rate=5->10/s,e2e_mean_ms,,vllm", sizing.VLLM, sizing.TensorParallel, 1, 1, open, ""},
		{"MLPerf", "MLPerf Inference v5.1 results,Llama-2-70B,68.98,FP8,MI300X,8,,,slo,out_tok_s_total,,Server; OpenOrca", sizing.TensorRTLLM, sizing.TensorParallel, 8, 1, underSLO, ""},
		{"attention data parallel", "TensorRT-LLM published performance,DeepSeek-R1,671,FP8,H200-SXM-141GB,8,1000,1000,max,out_tok_s_total,,DEP8; published per GPU",
			sizing.TensorRTLLM, sizing.DataExpert, 8, 1, saturated, ""},
		{"unknown model with a size", "x,Frobnicate-9B,9,FP16,H100,1,100,100,1,decode_tok_s,,", sizing.VLLM, sizing.TensorParallel, 1, 1, closed, ""},
		{"fine-tune of a known one", "Ollama/llama.cpp community benchmark,DeepSeek-R1-Distill-Qwen-14B,14.77,Q4_K_M,RTX 4090,1,,,1,decode_tok_s,,", sizing.LlamaCpp, sizing.TensorParallel, 1, 1, closed, ""},
		{"unknown card", "x,Llama-3-8B,8.03,FP16,Frobnicator 9000,1,100,100,1,decode_tok_s,,", 0, 0, 0, 0, 0, "not in the catalog"},
		{"unknown model", "x,Frobnicate,,FP16,H100,1,100,100,1,decode_tok_s,,", 0, 0, 0, 0, 0, "not in the catalog"},
		{"unknown format", "x,Llama-3-8B,8.03,Q9_Z,H100,1,100,100,1,decode_tok_s,,", 0, 0, 0, 0, 0, "unknown precision"},
		{"odd concurrency", "x,Llama-3-8B,8.03,FP16,H100,1,100,100,lots,decode_tok_s,,", 0, 0, 0, 0, 0, "cannot read the concurrency"},
		{"odd rate", "x,Llama-3-8B,8.03,FP16,H100,1,100,100,rate=fast,decode_tok_s,,", 0, 0, 0, 0, 0, "cannot read the rate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := ReadTable(strings.NewReader(header + c.line + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := NewResolver(catalog.Default()).Resolve(&table.Rows[0])
			if c.skip != "" {
				if err == nil || !strings.Contains(err.Error(), c.skip) {
					t.Errorf("error %v, want one about %q", err, c.skip)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Config.Engine != c.engine || got.Config.Layout != c.layout || got.Config.GPUs != c.gpus || got.Replicas != c.replicas || got.load != c.load {
				t.Errorf("engine %v, layout %v, %d GPUs, %d replicas, load %v", got.Config.Engine, got.Config.Layout, got.Config.GPUs, got.Replicas, got.load)
			}
		})
	}
}

func TestPredictTableKeepsRows(t *testing.T) {
	in := "extra," + header + "a,x,Llama-3-8B,8.03,FP16,H100,1,100,100,1,decode_tok_s,,vllm\nb,x,Nope,,FP16,H100,1,100,100,1,decode_tok_s,7\n"
	h, rows, err := PredictTable(strings.NewReader(in), catalog.Default(), sizing.New(&sizing.Default))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(h[len(h)-4:], ","); got != "predicted,low,high,skipped_because" {
		t.Errorf("header ends in %s", got)
	}
	if len(rows) != 2 || len(rows[0]) != len(h) || len(rows[1]) != len(h) {
		t.Fatalf("%d rows of %d and %d cells, header %d", len(rows), len(rows[0]), len(rows[1]), len(h))
	}
	if rows[0][0] != "a" || rows[0][13] == "" || rows[0][16] != "" {
		t.Errorf("first row: %q", rows[0])
	}
	if rows[1][13] != "" || rows[1][16] == "" {
		t.Errorf("second row: %q", rows[1])
	}
}

// A fit on rows that the model itself made must find the constants that made them.
func TestFitRecoversConstants(t *testing.T) {
	table, err := ReadTable(strings.NewReader(header + `s,Llama-3.1-8B,8.03,BF16,H100,1,128,1024,1,tpot_ms,1,trtllm
s,Llama-3.1-70B,70.55,BF16,H200,2,128,1024,1,tpot_ms,1,trtllm
s,Llama-2-7B,6.74,BF16,A100,1,128,1024,1,tpot_ms,1,trtllm
s,Qwen2.5-1.5B,1.54,BF16,A100,1,128,1024,1,tpot_ms,1,trtllm
s,Qwen2.5-14B,14.77,BF16,A100,1,128,1024,1,tpot_ms,1,trtllm
`))
	if err != nil {
		t.Fatal(err)
	}
	v := NewResolver(catalog.Default())
	truth := sizing.Prior()
	truth.LayerUS, truth.Stream = 70, 0.7
	truth.Spread = [sizing.Metrics]sizing.Spread{}
	for i := range table.Rows {
		c, err := v.Resolve(&table.Rows[i])
		if err != nil {
			t.Fatal(err)
		}
		e, err := c.Predict(sizing.New(&truth))
		if err != nil {
			t.Fatal(err)
		}
		table.Rows[i].Value = e.Mid
	}
	got := FitAll(v.Cases(table))
	if math.Abs(got.LayerUS/70-1) > 0.15 || math.Abs(got.Stream/0.7-1) > 0.1 {
		t.Errorf("layer %.1f µs (70), bandwidth share %.3f (0.7)", got.LayerUS, got.Stream)
	}
}

func FuzzReadTable(f *testing.F) {
	f.Add(header + "x,Llama-3-8B,8.03,FP16,H100,1,100,100,1,decode_tok_s,,vllm\n")
	f.Add("model,gpu,metric\n\"a\nb\",,\n")
	f.Add("\ufeffmodel,gpu,metric,n_gpu,isl,osl\nLlama-3-8B,H100,tpot_ms,-3,1e300,NaN\n")
	v := NewResolver(catalog.Default())
	z := sizing.New(&sizing.Default)
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ReadTable(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range v.Evaluate(table, z) {
			if r.Skipped == "" && !(r.Got.Lo <= r.Got.Mid && r.Got.Mid <= r.Got.Hi && r.Got.Mid > 0 && !math.IsInf(r.Got.Mid, 0)) {
				t.Errorf("%q: %+v", r.Row.Record, r.Got)
			}
		}
	})
}
