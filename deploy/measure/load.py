"""A closed loop of requests against an OpenAI-compatible completions endpoint.

Each of a number of users sends a request, reads its stream to the end and sends the next. What is reported is a steady state:
the first request of a user is short in and of random length out, so that the users are in all phases of a request when the
window opens, and the window opens once every user has sent a second one. Within it
    TTFT is the mean over the requests whose first token arrives in it,
    TPOT is the time between the tokens of one request, over all that arrive in it but first ones,
    throughput is all tokens that arrive in it, over its length.
"""

import argparse
import asyncio
import dataclasses
import json
import multiprocessing
import random
import re
import statistics
import time

@dataclasses.dataclass(frozen=True)
class Target:
    """The endpoint: prompts are token ids drawn below vocab."""

    port: int
    vocab: int
    model: str = "m"
    host: str = "127.0.0.1"


COUNT = re.compile(rb'"completion_tokens": ?(\d+)')


async def request(target, isl, osl, rng, record):
    """Sends one request of isl random tokens and enters into record when it was sent and, as (time, tokens so far), what arrives."""
    body = json.dumps({
        "model": target.model, "prompt": [rng.randrange(1000, target.vocab - 1000) for _ in range(isl)], "max_tokens": osl, "ignore_eos": True,
        "temperature": 1.0, "stream": True, "stream_options": {"include_usage": True, "continuous_usage_stats": True},
    }).encode()  # fmt: skip
    reader, writer = await asyncio.open_connection(target.host, target.port, limit=1 << 20)
    record["sent"], got, rest = time.monotonic(), record["got"], b""
    try:
        writer.write(
            b"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + b"Content-Length: %d\r\n\r\n" % len(body) + body
        )
        while chunk := await reader.read(1 << 16):
            now = time.monotonic()
            rest = rest[-40:] + chunk
            n = max((int(c) for c in COUNT.findall(rest)), default=0)
            if n > (got[-1][1] if got else 0):
                got.append((now, n))
    finally:
        writer.close()
    if not got or got[-1][1] != osl:
        raise RuntimeError(f"asked for {osl} tokens, got {got[-1:]}: {rest[:500]!r}")


async def user(a, rng, ready, out):
    first = True
    while True:
        out.append({"warm_up": first, "sent": 0.0, "got": []})
        isl, osl = (a["warm_up_isl"], rng.randint(1, a["osl"])) if first else (a["isl"], a["osl"])
        await request(a["target"], isl, osl, rng, out[-1])
        if first:
            ready.release()
        first = False


async def client(a, users, seed, barrier, queue):
    """Runs some of the users, and hangs up on all of them when the window closes."""
    rng, out, ready = random.Random(seed), [], asyncio.Semaphore(0)

    async def window():
        for _ in range(users):
            await ready.acquire()
        await asyncio.to_thread(barrier.wait)
        opened = time.monotonic()
        await asyncio.sleep(a["seconds"])
        return opened, time.monotonic()

    tasks = [asyncio.create_task(window())] + [asyncio.create_task(user(a, rng, ready, out)) for _ in range(users)]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)  # a user ends only by an error
    for t in tasks[1:]:
        t.cancel()
    for t in done:
        t.result()
    queue.put((*tasks[0].result(), [r for r in out if r["got"]]))


def run_client(*args):
    try:
        asyncio.run(client(*args))
    except BaseException as e:
        args[3].abort()
        args[4].put(repr(e))
        raise


def closed_loop(target, isl, osl, users, seconds, seed=1):
    """Runs the loop and returns its figures; times in ms."""
    a = {"target": target, "isl": isl, "osl": osl, "seconds": seconds, "warm_up_isl": min(isl, 128)}
    procs = min(8, max(1, users // 8))
    shares = [users // procs + (i < users % procs) for i in range(procs)]
    barrier, queue = multiprocessing.Barrier(procs), multiprocessing.Queue()
    ps = [multiprocessing.Process(target=run_client, args=(a, n, f"{seed}/{i}/{isl}/{users}", barrier, queue)) for i, n in enumerate(shares)]
    for p in ps:
        p.start()
    got = [queue.get(timeout=300) for _ in ps]
    for p in ps:
        p.join()
    if bad := [g for g in got if isinstance(g, str)]:
        raise RuntimeError(bad[0])
    return figures(max(g[0] for g in got), min(g[1] for g in got), [r for g in got for r in g[2]])


def figures(opened, closed, requests):
    """Reduces requests to the figures of the window."""
    ttft, gap, gaps, tokens = [], 0.0, 0, 0
    for r in requests:
        got = r["got"]
        if not r["warm_up"] and opened <= got[0][0] < closed:
            ttft.append(1e3 * (got[0][0] - r["sent"]))
        before = 0
        for i, (t, n) in enumerate(got):
            if opened <= t < closed:
                tokens += n - before
                if i:
                    gap, gaps = gap + t - got[i - 1][0], gaps + n - before
            before = n
    return {
        "ttft_ms": statistics.mean(ttft) if ttft else None, "ttft_median_ms": statistics.median(ttft) if ttft else None, "ttft_n": len(ttft),
        "tpot_ms": 1e3 * gap / gaps if gaps else None, "out_tok_s": tokens / (closed - opened), "window_s": closed - opened, "tokens": tokens,
    }  # fmt: skip


def one_by_one(target, isl, osl, times):
    """Sends requests one after the other, the first for warming up only."""
    rng = random.Random(f"{isl}/{osl}")

    records = [{"sent": 0.0, "got": []} for _ in range(times + 1)]

    async def all_of_them():
        for r in records:
            await request(target, isl, osl, rng, r)

    asyncio.run(all_of_them())
    ttft = [1e3 * (r["got"][0][0] - r["sent"]) for r in records[1:]]
    tpot = [1e3 * (g[-1][0] - g[0][0]) / (g[-1][1] - g[0][1]) for g in (r["got"] for r in records[1:]) if len(g) > 1]
    return {
        "ttft_ms": statistics.mean(ttft), "ttft_median_ms": statistics.median(ttft), "ttft_n": len(ttft),
        "ttft_all_ms": [round(t, 2) for t in ttft], "tpot_ms": statistics.mean(tpot) if tpot else None,
    }  # fmt: skip


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=8000)
    p.add_argument("--model", required=True, help="as the server names it")
    p.add_argument("--vocab", type=int, default=128256, help="token ids are drawn below this")
    p.add_argument("--isl", type=int, default=1024)
    p.add_argument("--osl", type=int, default=256)
    p.add_argument("--users", type=int, default=16)
    p.add_argument("--seconds", type=float, default=10, help="length of the window")
    a = p.parse_args()
    print(json.dumps(closed_loop(Target(a.port, a.vocab, a.model, a.host), a.isl, a.osl, a.users, a.seconds), indent=1))


if __name__ == "__main__":
    main()
