"""Turns what measure.py wrote into the rows that `llmadvise eval engine --csv` and `llmadvise size --vram-csv` read.

    python3 rows.py --gpu H100-SXM-80GB [--driver 580.159.04] [--engine "vLLM 0.26.0"] [--day 2026-11-26] DIR
"""

import argparse
import csv
import datetime
import json
import os

# Parameters in billions, as the catalog has them.
PARAMS_B = {"Llama-3.1-8B": 8.03, "Llama-3.3-70B": 70.55, "Qwen3-32B": 32.76, "Qwen3-30B-A3B": 30.5, "gpt-oss-20b": 20.9}

SPEED = "source,model,params_b,quant,gpu,n_gpu,isl,osl,concurrency_or_batch,metric,value,note,engine,driver,day,samples,command"
MEMORY = "source,model,params_b,quant,gpu,n_gpu,ctx,kind,measured_or_parser_GB,note,engine,driver,day,command"

ACCOUNT = {"weights": "vllm_weights", "activation": "vllm_activation_peak", "non_torch": "vllm_non_torch", "kv": "vllm_kv_available"}

ALL_SLOTS = 256  # from so many users on a server of --max-num-seqs 256 is saturated; of a large model, from half of it
SATURATED = ALL_SLOTS // 2


def speed(r):
    """Yields the figures of one line: input and output tokens, concurrency, metric, value, how many samples are behind it."""
    if r["load"] == "one" and r["osl"] >= 128:
        yield r["isl"], r["osl"], 1, "decode_tok_s", 1e3 / r["tpot_ms"], f"{r['ttft_n']} requests"
    elif r["load"] == "one":
        yield r["isl"], r["osl"], 1, "ttft_ms", r["ttft_ms"], f"{r['ttft_n']} requests"
    elif r["load"] == "loop" and "out_tok_s" in r:
        window = f"{r['tokens']} tokens in {r['window_s']:.0f} s"
        if r["users"] >= SATURATED:
            yield r["isl"], r["osl"], "max", "out_tok_s_total", r["out_tok_s"], window
            return
        yield r["isl"], r["osl"], r["users"], "ttft_ms", r["ttft_ms"], f"{r['ttft_n']} requests"
        yield r["isl"], r["osl"], r["users"], "tpot_ms", r["tpot_ms"], window
        yield r["isl"], r["osl"], r["users"], "out_tok_s_total", r["out_tok_s"], window


def memory(r):
    """Yields kind and value: GB, but tokens for vllm_kv_tokens."""
    for name, kind in ACCOUNT.items():
        if r.get(name, -1) > 0:
            yield kind, f"{r[name] / 1e9:.4f}"
    if "kv_tokens" in r:
        yield "vllm_kv_tokens", r["kv_tokens"]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--gpu", required=True, help="as the catalog names it")
    p.add_argument("--driver", default="")
    p.add_argument("--engine", default="vLLM 0.26.0")
    p.add_argument("--day", default=str(datetime.date.today()))
    p.add_argument("folder")
    a = p.parse_args()
    with open(os.path.join(a.folder, "results.jsonl")) as f:
        results = [json.loads(line) for line in f]
    with open(os.path.join(a.folder, "rows.csv"), "w") as f, open(os.path.join(a.folder, "memory.csv"), "w") as g:
        rows, sizes = csv.writer(f, lineterminator="\n"), csv.writer(g, lineterminator="\n")
        rows.writerow(SPEED.split(","))
        sizes.writerow(MEMORY.split(","))
        for r in results:
            model, quant = r["run"].split("/")
            head = [f"own runs of {a.day}", model, PARAMS_B[model], quant, a.gpu, 1]
            tail = [a.engine, a.driver, a.day]
            command = f"deploy/measure/measure.py {r['run']}"
            for isl, osl, at, metric, value, samples in speed(r):
                note = f"{a.engine}; TP1; closed-loop concurrency; max_num_seqs {ALL_SLOTS}"
                rows.writerow([*head, isl, osl, at, metric, f"{value:.6g}", note, *tail, samples, command])
            for kind, value in memory(r):
                sizes.writerow([*head, 8192, kind, value, f"{a.engine}; TP1; gpu_memory_utilization 0.9", *tail, command])


if __name__ == "__main__":
    main()
