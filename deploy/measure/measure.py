"""Measures a list of runs, one vLLM server each, and writes what was found as JSON lines while it goes.

    python3 measure.py --out DIR [--deadline SECONDS] [RUN ...]

A run is MODEL/FORMAT of runs.json, e.g. Llama-3.1-8B/FP8; without any, all of them in order. No weights are needed: see serve.py.
"""

import argparse
import copy
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import load

HERE = os.path.dirname(os.path.abspath(__file__))

# The layout of RedHatAI's *-FP8-dynamic checkpoints: a scale per output channel of each linear layer but the last, activations per token.
FP8 = {
    "quant_method": "compressed-tensors", "format": "float-quantized", "quantization_status": "compressed", "kv_cache_scheme": None,
    "ignore": ["lm_head", "re:.*mlp.gate$"],
    "config_groups": {"group_0": {
        "targets": ["Linear"],
        "weights": {"num_bits": 8, "type": "float", "strategy": "channel", "symmetric": True, "dynamic": False},
        "input_activations": {"num_bits": 8, "type": "float", "strategy": "token", "symmetric": True, "dynamic": True},
    }},
}  # fmt: skip

FLAGS = [
    "--served-model-name", "m", "--load-format", "dummy", "--generation-config", "vllm", "--max-model-len", "8192", "--max-num-seqs", "256",
    "--gpu-memory-utilization", "0.9", "--disable-uvicorn-access-log", "--port",
]  # fmt: skip

# Graphs of the sizes that are measured and some between: capturing all of the default's takes longer and changes nothing here.
SIZES = [1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 96, 112, 128, 160, 192, 224, 256]


def write_model(name, form, folder):
    """Writes what vllm serve wants to find: a configuration, and a tokenizer whose words are the numbers of their tokens."""
    with open(os.path.join(HERE, "models.json")) as f:
        config = copy.deepcopy(json.load(f)[name])
    config |= {"torch_dtype": "bfloat16", "tie_word_embeddings": False, "bos_token_id": 0, "eos_token_id": 1}
    if form == "FP8":
        config["quantization_config"] = FP8
    os.makedirs(folder, exist_ok=True)
    n = config["vocab_size"]
    words = {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"}, "added_tokens": [],
             "model": {"type": "WordLevel", "vocab": {f"w{i}": i for i in range(n)}, "unk_token": "w0"}}  # fmt: skip
    tokenizer = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "w0", "eos_token": "w1", "unk_token": "w0", "model_max_length": 131072}
    for file, what in {"config.json": config, "tokenizer.json": words, "tokenizer_config.json": tokenizer}.items():
        with open(os.path.join(folder, file), "w") as f:
            json.dump(what, f)
    return n


class Server:
    """One vllm serve, started at once and let go by open()."""

    def __init__(self, run, number, out, extra=()):
        self.run, self.port, self.log = run, 8100 + number, os.path.join(out, f"{run.replace('/', '_')}.log")
        self.folder, self.gate = f"/tmp/measure/{run}", f"/tmp/measure/gate{number}"
        self.vocab = write_model(*run.split("/"), self.folder)
        if os.path.exists(self.gate):
            os.remove(self.gate)
        env = dict(os.environ, GATE=self.gate, VLLM_WORKER_MULTIPROC_METHOD="fork", VLLM_USE_DEEP_GEMM="0", VLLM_USE_FLASHINFER_SAMPLER="0",
                   HF_HUB_OFFLINE="1", VLLM_NO_USAGE_STATS="1", PYTHONUNBUFFERED="1")  # fmt: skip
        graphs = json.dumps({"cudagraph_capture_sizes": SIZES})
        self.command = [sys.executable, os.path.join(HERE, "serve.py"), "serve", self.folder, *FLAGS, str(self.port), *extra]
        if "--enforce-eager" not in extra:
            self.command += ["--compilation-config", graphs]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.command, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def open(self, seconds):
        """Lets the server start and waits until it answers. Returns how long that took; the error says why it does not."""
        began = time.monotonic()
        open(self.gate, "w").close()
        while time.monotonic() < began + seconds:
            if self.process.poll() is not None:
                raise RuntimeError(self.why())
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2).read()
                return time.monotonic() - began
            except OSError:
                time.sleep(0.25)
        raise TimeoutError(f"not up after {seconds:.0f} s")

    def text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def why(self):
        errors = [line for line in self.text().splitlines() if re.search(r"(Error|error|CUDA)\b.*:", line)]
        return " | ".join(e[-300:] for e in errors[-3:])

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(6)
            except subprocess.TimeoutExpired:
                pass
        try:
            while True:  # until the last of its processes is gone, and with it what it holds of the GPU
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.poll()
                time.sleep(0.1)
        except ProcessLookupError:
            pass

    def account(self):
        """What vLLM said of its memory, in bytes, and of its KV cache, in tokens."""
        text, out = self.text(), {}
        if m := re.search(r"memory account, bytes: (.*)", text):
            words = m[1].split()
            out = {k: int(float(v)) for k, v in zip(words[::2], words[1::2])}
        if m := re.search(r"GPU KV cache size: ([\d,]+) tokens", text):
            out["kv_tokens"] = int(m[1].replace(",", ""))
        for name, pattern in (("load_s", r"Model loading took.*?([\d.]+) seconds"), ("compile_s", r"torch.compile.*?took ([\d.]+) s"),
                              ("capture_s", r"Graph capturing finished in ([\d.]+) secs")):  # fmt: skip
            if m := re.search(pattern, text):
                out[name] = float(m[1])
        return out


def measure(server, run, deadline, write):
    """Goes through the loads of a run. Each is written as soon as it is known; none begins that would end after the deadline."""
    target = load.Target(server.port, server.vocab)
    load.one_by_one(target, 1024, 4, 2)
    write(load="one", isl=128, osl=256, **load.one_by_one(target, 128, 256, 2))
    for isl, times in ((1024, 6), (4096, 5)):
        write(load="one", isl=isl, osl=16, **load.one_by_one(target, isl, 16, times))
    for users, seconds in run["users"]:
        if time.monotonic() + 2 * seconds > deadline:
            write(load="loop", users=users, skipped="no time left")
            continue
        began = time.monotonic()
        write(load="loop", isl=1024, osl=256, users=users, **load.closed_loop(target, 1024, 256, users, seconds), took_s=time.monotonic() - began)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--deadline", type=float, default=3600, help="seconds after which nothing new begins")
    p.add_argument("runs", nargs="*")
    a = p.parse_args()
    deadline = time.monotonic() + a.deadline
    with open(os.path.join(HERE, "runs.json")) as f:
        known = json.load(f)
    names = a.runs or list(known)
    os.makedirs(a.out, exist_ok=True)
    results = open(os.path.join(a.out, "results.jsonl"), "a")
    began = time.monotonic()

    def start(i):
        return Server(names[i], i, a.out, known[names[i]].get("flags", ())) if i < len(names) else None

    server = start(0)
    for i, name in enumerate(names):

        def write(**what):
            what = {"run": name, "at_s": round(time.monotonic() - began, 1), **what}
            print(json.dumps(what), flush=True)
            results.write(json.dumps(what) + "\n")
            results.flush()

        following = None
        try:
            if time.monotonic() > deadline - 30:
                raise TimeoutError("no time left")
            up = server.open(min(200, deadline - time.monotonic()))
            write(load="start", up_s=round(up, 1), command=server.command[2:], **server.account())
            following = start(i + 1)
            measure(server, known[name], deadline, write)
        except Exception as e:  # one run must not take the others with it
            write(load="failed", why=repr(e)[:1500], **server.account())
        finally:
            server.stop()
        server = following or start(i + 1)


if __name__ == "__main__":
    main()
