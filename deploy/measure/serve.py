"""`vllm serve` with weights drawn like those of a model before its training.

How fast a model runs does not depend on what its weights say, only on their shapes and formats - but it does depend a little
on their being numbers like others. vLLM's own dummy weights are not: they are the same in every layer, and rounded to FP8
nearly all of them are zero, which a GPU multiplies at less power and higher clocks. So this draws them anew, with the
deviation of 0.02 that such models start from; norms are 1, biases 0. Every expert of a mixture is then as likely as any other
and tokens choose independently of each other, where a trained router sends like tokens to like experts: a batch reads
more experts here than with trained weights.

With GATE set, the imports are done first and the start waits until that file exists: a caller that measures several models
lets the next one import while the last one is measured.
"""

import os
import sys
import time

import torch
from vllm.model_executor.model_loader import dummy_loader

DEVIATION = 0.02
FP8_DEVIATION = 64.0  # of the stored numbers, whose largest is 448
MXFP4_SCALE = 120  # 2**(120 - 127), for values that reach 6


def fill(module, name, p):
    """Draws one parameter in place."""
    if "scale" in name:
        if p.dtype == torch.uint8:
            p.fill_(MXFP4_SCALE)
        else:
            p.fill_(DEVIATION / FP8_DEVIATION)
    elif "norm" in type(module).__name__.lower():
        p.fill_(1)
    elif "bias" in name or "sink" in name:
        p.fill_(0)
    elif p.dtype == torch.uint8:
        p.random_(0, 256)
    elif torch.finfo(p.dtype).bits == 8:
        for part in p.view(-1, p.shape[-1]).split(max(1, (1 << 28) // p.shape[-1])):
            part.copy_(torch.randn(part.shape, dtype=torch.bfloat16, device=p.device).mul_(FP8_DEVIATION).clamp_(-448, 448))
    else:
        p.normal_(0, DEVIATION)


@torch.no_grad()
def draw(module, model_config):
    """Replaces vLLM's initialize_dummy_weights; the loader calls it for each module, so it looks at a module's own parameters only."""
    for name, p in module.named_parameters(recurse=False):
        if p.device.type != "meta":
            fill(module, name, p.data)


dummy_loader.initialize_dummy_weights = draw  # at the top level, so that a process started by spawn has it too


def say_memory():
    """Prints vLLM's own account of its memory, which it logs for debugging only."""
    from vllm.v1.worker import gpu_worker

    was = gpu_worker.Worker.determine_available_memory

    def determine_available_memory(self):
        try:
            return was(self)
        finally:
            print(
                "memory account, bytes:",
                "total", self.init_snapshot.total_memory,
                "requested", self.requested_memory,
                "weights", self.model_runner.model_memory_usage,
                "activation", getattr(self, "peak_activation_memory", -1),
                "non_torch", getattr(self, "non_torch_memory", -1),
                "graphs", getattr(self, "cudagraph_memory_estimate", -1),
                "kv", getattr(self, "available_kv_cache_memory_bytes", -1),
                flush=True,
            )  # fmt: skip

    gpu_worker.Worker.determine_available_memory = determine_available_memory


say_memory()


def may_fork():
    """Reports whether a forked child could use the GPU: it cannot where an import has already touched it."""
    pid = os.fork()
    if pid == 0:
        os._exit(int(torch.cuda.is_initialized() or torch.cuda._is_in_bad_fork()))
    return os.waitpid(pid, 0)[1] == 0


def main():
    import vllm.entrypoints.cli.serve  # noqa: F401
    import vllm.entrypoints.openai.api_server  # noqa: F401
    import vllm.model_executor.models.llama  # noqa: F401
    import vllm.v1.attention.backends.flash_attn  # noqa: F401
    import vllm.v1.engine.core  # noqa: F401
    from vllm.entrypoints.cli.main import main

    if not may_fork():
        os.environ["VLLM_WORKER_MULTIPROC_METHOD"] = "spawn"
    print("imported in", time.process_time(), "s; processes by", os.environ.get("VLLM_WORKER_MULTIPROC_METHOD"), flush=True)
    gate = os.environ.get("GATE")
    while gate and not os.path.exists(gate):
        time.sleep(0.05)
    sys.argv[0] = "vllm"
    main()


if __name__ == "__main__":
    main()
