package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateSize = flag.Bool("update-size", false, "rewrite the golden files of the size command")

// runCLI runs the command line and returns its exit code and output.
func runCLI(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, func(string) string { return "" }, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestSizeText(t *testing.T) {
	for name, args := range map[string][]string{
		"size_70b_h100":     {"size", "--model", "llama-3.3-70b", "--gpu", "H100", "--gpus", "4", "--precision", "FP8", "--isl", "1024", "--osl", "300", "--concurrency", "16"},
		"size_fine_tune":    {"size", "--model", "NousResearch/Hermes-3-Llama-3.1-8B", "--gpu", "L40S"},
		"size_does_not_fit": {"size", "--model", "llama-3.3-70b", "--gpu", "H100", "--precision", "FP8"},
		"size_spec_long":    {"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--isl", "60000", "--osl", "200", "--speculative", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := runCLI(t, "", args...)
			if code != exitOK {
				t.Fatalf("exit %d: %s", code, errs)
			}
			golden := filepath.Join("testdata", name+".txt")
			if *updateSize {
				if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if out != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s\n(run with -update-size and read the difference)", out, want)
			}
		})
	}
}

func TestSizeJSON(t *testing.T) {
	code, out, errs := runCLI(t, "", "size", "--model", "llama-3.1-8b", "--gpu", "H100", "--gpus", "1", "--precision", "BF16", "--engine", "vllm",
		"--isl", "1024", "--osl", "256", "--concurrency", "16", "--json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"vram", "ttft_ms", "tpot_ms", "decode_tok_s", "out_tok_s_total"} {
		var v struct{ Low, Value, High float64 }
		if err := json.Unmarshal(got[key], &v); err != nil || !(0 < v.Low && v.Low < v.Value && v.Value < v.High) {
			t.Errorf("%s: %s (%v)", key, got[key], err)
		}
	}
	if string(got["fits"]) != "true" {
		t.Errorf("fits: %s", got["fits"])
	}

	code, out, _ = runCLI(t, "", "size", "--model", "llama-3.3-70b", "--gpu", "H100", "--precision", "FP8", "--json")
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitOK {
		t.Fatalf("exit %d, %v", code, err)
	}
	if string(got["fits"]) != "false" || string(got["ttft_ms"]) != "null" || string(got["vram"]) == "null" {
		t.Errorf("a configuration that does not start: fits %s, ttft_ms %s, vram %s", got["fits"], got["ttft_ms"], got["vram"])
	}
}

func TestSizeCSV(t *testing.T) {
	in := "source,model,params_b,quant,gpu,n_gpu,isl,osl,concurrency_or_batch,metric,value,note\n" +
		"x,Llama-3.1-8B,8.03,FP16,H100-SXM-80GB,1,750,251,rate=6/s,e2e_p99_ms,,vllm open-loop\n" +
		"x,Llama-3.1-8B,8.03,FP16,Frobnicator,1,750,251,1,tpot_ms,,vllm\n"
	code, out, errs := runCLI(t, in, "size", "--csv", "-")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || strings.Join(rows[0][12:], ",") != "predicted,low,high,skipped_because" {
		t.Fatalf("%q", rows)
	}
	if rows[1][12] == "" || rows[1][15] != "" {
		t.Errorf("no prediction: %q", rows[1])
	}
	if rows[2][12] != "" || !strings.Contains(rows[2][15], "Frobnicator") {
		t.Errorf("an unknown card must be skipped with a reason: %q", rows[2])
	}
}

func TestSizeVRAMCSV(t *testing.T) {
	in := "model,quant,ctx,measured_or_parser_GB,source,kind,note\nLlama-3.1-8B,Q4_K_M,0,4.918,llama.cpp,weights_file,\n"
	code, out, errs := runCLI(t, in, "size", "--csv", "-") // told apart by its columns
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if !strings.Contains(out, ",4.9") || !strings.Contains(out, "skipped_because") {
		t.Errorf("%s", out)
	}
}

func TestSizeUsage(t *testing.T) {
	for _, args := range [][]string{
		{"size"},
		{"size", "--model", "llama-3.1-8b"},
		{"size", "--model", "nope", "--gpu", "H100"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "nope"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--precision", "FP7"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--engine", "nope"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--gpus", "0"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--osl", "0"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--concurrency", "0"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--prefix-cache", "2"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--prefix-cache", "NaN"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--speculative", "NaN"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--context=-1"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--kv-precision", "int4"},
		{"size", "--model", "llama-3.1-8b", "--gpu", "H100", "--kv-precision", "Q8_0"},
		{"size", "--model", "llama-3.3-70b", "--gpu", "H100", "--gpus", "3"},
		{"size", "--model", "llama-3.3-70b", "--gpu", "H100", "--gpus", "7"},
		{"size", "--model", "llama-3.3-70b", "--gpu", "H100", "--gpus", "1024"},
		{"size", "--gguf", "does-not-exist.gguf", "--gpu", "H100"},
		{"size", "--model", "llama-3.1-8b", "--csv", "x"},
		{"size", "--csv", "does-not-exist.csv"},
	} {
		if code, _, errs := runCLI(t, "", args...); code != exitUsage || errs == "" {
			t.Errorf("%v: exit %d, want %d with a message; %q", args, code, exitUsage, errs)
		}
	}
	for name, text := range map[string]string{"empty": "", "no columns": "a,b\n1,2\n"} {
		if code, _, errs := runCLI(t, text, "size", "--csv", "-"); code != exitUsage || errs == "" {
			t.Errorf("%s table: exit %d, %q", name, code, errs)
		}
	}
}

// What a size says of loads at the edge.
func TestSizeSays(t *testing.T) {
	for name, c := range map[string]struct{ args, says, not string }{
		"more than the model reads": {"--model llama-3.1-8b --gpu H100 --isl 200000", "200256 tokens is more than the 131072 that the model reads", "fits within"},
		"a context that it reads":   {"--model llama-3.1-8b --gpu H100 --isl 100000", "fits", "more than the"},
		"more than fit at once":     {"--model llama-3.3-70b --gpu H100 --gpus 4 --precision FP8 --concurrency 100000", "of the 100000 in flight", "GiB (9"},
		"all run":                   {"--model llama-3.3-70b --gpu H100 --gpus 4 --precision FP8 --concurrency 16", "fits", "wait"},
		"layers, not heads":         {"--model llama-3.3-70b --gpu H100 --gpus 3 --engine llama.cpp --precision Q4_K_M", "fits", "heads"},
		"8-bit cache of llama.cpp":  {"--model llama-3.1-8b --gpu RTX4090 --engine llama.cpp --precision Q4_K_M --kv-precision Q8_0", "fits", "usage"},
		"no such file":              {"--gguf does-not-exist.gguf --gpu H100", "there is no file", "is it a GGUF file"},
		"which numbers divide":      {"--model llama-3.3-70b --gpu H100 --gpus 3", "64 attention heads of Llama-3.3-70B evenly; take 1, 2, 4, 8, 16", "fits"},
	} {
		_, out, errs := runCLI(t, "", append([]string{"size"}, strings.Fields(c.args)...)...)
		if out += errs; !strings.Contains(out, c.says) || strings.Contains(out, c.not) {
			t.Errorf("%s: want %q and no %q in\n%s", name, c.says, c.not, out)
		}
	}
}

func TestEvalEngine(t *testing.T) {
	in := "source,model,params_b,quant,gpu,n_gpu,isl,osl,concurrency_or_batch,metric,value,note\n" +
		"x,Llama-3.1-8B,8.03,FP16,H100-SXM-80GB,1,128,256,1,tpot_ms,7.5,vllm\n" +
		"x,Llama-3.1-8B,8.03,FP16,Frobnicator,1,128,256,1,tpot_ms,7.5,vllm\n"
	code, out, errs := runCLI(t, in, "eval", "engine", "--csv", "-", "--json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got struct {
		Rows, Predicted int
		ByMetric        []struct {
			Group string
			N     int
		} `json:"by_metric"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Rows != 2 || got.Predicted != 1 || len(got.ByMetric) == 0 {
		t.Errorf("%+v", got)
	}
	if code, out, _ := runCLI(t, in, "eval", "engine", "--csv", "-"); code != exitOK || !strings.Contains(out, "tpot_ms dense") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// ggufFile writes the header of a small model with one tensor: enough for sizing, and nothing else.
func ggufFile(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	put := func(v any) {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	str := func(s string) { put(uint64(len(s))); b.WriteString(s) }
	key := func(k string, kind uint32) { str(k); put(kind) }
	const kindUint32, kindString = 4, 8
	texts := [][2]string{{"general.architecture", "llama"}, {"general.name", "tiny-test"}}
	numbers := map[string]uint32{
		"general.file_type": 1, "llama.block_count": 2, "llama.embedding_length": 512, "llama.attention.head_count": 8,
		"llama.attention.head_count_kv": 2, "llama.context_length": 4096, "llama.feed_forward_length": 1024, "llama.vocab_size": 1000,
	}
	b.WriteString("GGUF")
	put(uint32(3))
	put(uint64(1))
	put(uint64(len(texts) + len(numbers)))
	for _, kv := range texts {
		key(kv[0], kindString)
		str(kv[1])
	}
	for k, v := range numbers {
		key(k, kindUint32)
		put(v)
	}
	str("token_embd.weight")
	put(uint32(2))
	put(uint64(512))
	put(uint64(1000))
	put(uint32(1)) // F16
	put(uint64(0))
	for b.Len()%32 != 0 {
		b.WriteByte(0)
	}
	b.Write(make([]byte, 2*512*1000))
	path := filepath.Join(t.TempDir(), "tiny.gguf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSizeGGUF(t *testing.T) {
	code, out, errs := runCLI(t, "", "size", "--gguf", ggufFile(t), "--gpu", "RTX 4090", "--isl", "100", "--osl", "100", "--json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got struct {
		Model, Engine string
		Fits          bool
		Parts         struct {
			KVPerToken float64 `json:"kv_bytes_per_token"`
		} `json:"vram_parts"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	// 2 layers x 2 heads x 64 dimensions x keys and values x 2 bytes
	if got.Model != "tiny-test" || got.Engine != "llama.cpp" || !got.Fits || got.Parts.KVPerToken != 1024 {
		t.Errorf("%+v\n%s", got, out)
	}
	bad := filepath.Join(t.TempDir(), "bad.gguf")
	if err := os.WriteFile(bad, []byte("not a model"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := runCLI(t, "", "size", "--gguf", bad, "--gpu", "H100"); code != exitFailure || !strings.Contains(errs, "GGUF") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
