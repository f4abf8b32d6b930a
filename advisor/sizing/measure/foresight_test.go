package measure

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

func h100(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "h100", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func foresight(t testing.TB) *Foresight {
	t.Helper()
	f, err := NewResolver(catalog.Default()).ReadForesight(h100(t, "predicted.csv"), h100(t, "measured.csv"), h100(t, "predicted_memory.csv"), h100(t, "measured_memory.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What was predicted before anything ran, against the goals that a prediction of an unseen row must meet (decode 15 %, time per token
// 12 % dense and 25 % for mixtures, throughput 25 %; 80 % intervals hold in 70 % or more). First tokens miss theirs of 40 %: the bound
// says how far, so that nobody takes it for met, and that the miss is to the safe side.
func TestForesight(t *testing.T) {
	f := foresight(t)
	for _, r := range f.Speed {
		if !(0 < r.Got.Lo && r.Got.Lo <= r.Got.Mid && r.Got.Mid <= r.Got.Hi && r.Row.Value > 0) {
			t.Errorf("%q: predicted %+v", r.Row.Record, r.Got)
		}
	}
	checkGoals(t, GroupBy(f.Speed, Quantity), 80)
}

// The same rows under the constants in use: a change of the model may not lose on them what it had.
func TestConstantsInUseOnMeasuredRows(t *testing.T) {
	table, err := ReadTable(h100(t, "measured.csv"))
	if err != nil {
		t.Fatal(err)
	}
	checkGoals(t, GroupBy(NewResolver(catalog.Default()).Evaluate(table, sizing.New(&sizing.Default)), Quantity), 80)
}

func checkGoals(t *testing.T, scores []Score, ttft float64) {
	t.Helper()
	most := map[string]float64{"decode_tok_s": 15, "tpot_ms dense": 12, "tpot_ms MoE": 25, "out_tok_s at a batch": 25, "out_tok_s saturated": 25, "ttft_ms": ttft}
	for i := range scores {
		s := &scores[i]
		bound, ok := most[s.Group]
		delete(most, s.Group)
		if !ok || s.N < 3 || s.Skipped > 0 || s.MdAPE > bound {
			t.Errorf("%s: median error %.1f %% over %d rows and %d skipped, at most %.0f %% expected", s.Group, s.MdAPE, s.N, s.Skipped, bound)
		}
		if s.Group != "ttft_ms" && s.Coverage < 0.7 {
			t.Errorf("%s: %.0f %% of measurements inside the interval", s.Group, 100*s.Coverage)
		}
		if s.Group != "tpot_ms MoE" && s.Overstated > 0.35 { // of mixtures one was measured, with routers that spread a batch wider than trained ones
			t.Errorf("%s: more capacity promised than was there in %.0f %% of the rows", s.Group, 100*s.Overstated)
		}
	}
	if len(most) > 0 {
		t.Errorf("no rows for %v", most)
	}
}

// Taken as arrivals, which is how advice on a workload is reckoned, first tokens meet the goal of 40 % that they miss as a benchmark.
func TestFirstTokensAsArrivals(t *testing.T) {
	s := NewScore("", foresight(t).AsArrivals(sizing.New(&sizing.Default)))
	if s.N != 12 || s.MdAPE > 40 || s.Within2x < 0.8 {
		t.Errorf("%+v", s)
	}
}

// Weights are met within 3 %, and the cache is never promised larger than vLLM made it, but for gpt-oss, whose windowed layers vLLM
// counts in full when it states tokens.
func TestForesightOfMemory(t *testing.T) {
	n := 0
	for _, r := range foresight(t).Memory {
		off := r.Got.Mid/r.Row.Value - 1
		switch r.Row.Metric {
		case "vllm_weights":
			if n++; off < -0.03 || off > 0.03 {
				t.Errorf("%s %s: weights %.2f GB, measured %.2f", r.Row.Model, r.Row.Quant, r.Got.Mid, r.Row.Value)
			}
		case "vllm_kv_available", "vllm_kv_tokens":
			windowed := r.Row.Model == "gpt-oss-20b" && r.Row.Metric == "vllm_kv_tokens"
			if n++; off > 0 && !windowed {
				t.Errorf("%s %s: %s %.5g, measured %.5g", r.Row.Model, r.Row.Quant, r.Row.Metric, r.Got.Mid, r.Row.Value)
			}
		}
	}
	if n != 14 {
		t.Errorf("%d figures checked", n)
	}
}

// One H100 does not start Llama-3.3-70B at FP8 for requests of 8,192 tokens: predicted, and vLLM said the same.
func TestForeseenRefusal(t *testing.T) {
	if got := foresight(t).Refused; !slices.Equal(got, []string{"Llama-3.3-70B FP8"}) {
		t.Errorf("refused: %q", got)
	}
	var measured string
	for _, line := range strings.Split(readText(t, "results.jsonl"), "\n") {
		if strings.Contains(line, `"Llama-3.3-70B/FP8"`) {
			measured += line
		}
	}
	if !strings.Contains(measured, `"load": "failed"`) || !strings.Contains(measured, "estimated maximum model length is 5312") {
		t.Errorf("measured: %s", measured)
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "h100", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestForesightNeedsAPrediction(t *testing.T) {
	const (
		before = "model,quant,gpu,isl,osl,concurrency_or_batch,metric,value,predicted,low,high,skipped_because\n"
		memory = "model,quant,gpu,ctx,kind,measured_or_parser_GB,predicted,low,high,skipped_because\n"
	)
	read := func(predicted, measured string) error {
		_, err := NewResolver(catalog.Default()).ReadForesight(strings.NewReader(before+predicted),
			strings.NewReader("model,quant,gpu,isl,osl,concurrency_or_batch,metric,value\n"+measured), strings.NewReader(memory), strings.NewReader(memory))
		return err
	}
	if err := read("Llama-3.1-8B,FP8,H100,1,1,1,tpot_ms,,5,4,6,\n", "Llama-3.1-8B,FP8,H100,1,1,1,tpot_ms,5\n"); err != nil {
		t.Error(err)
	}
	for name, predicted := range map[string]string{
		"another load": "Llama-3.1-8B,FP8,H100,1,1,2,tpot_ms,,5,4,6,\n", "none": "",
		"refused": "Llama-3.1-8B,FP8,H100,1,1,1,tpot_ms,,,,,sizing: does not fit: too large\n",
	} {
		if err := read(predicted, "Llama-3.1-8B,FP8,H100,1,1,1,tpot_ms,5\n"); err == nil || !strings.Contains(err.Error(), "nothing was predicted") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
