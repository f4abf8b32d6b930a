"""Fits the static table to the teacher's vectors and writes it in the form that package embed compiles in.

A text is the unit-length sum of its tokens' vectors, so the table is all there is to learn: one vector of 256 numbers
for each entry of the vocabulary. The target is the teacher projected to 256 dimensions by an uncentred SVD; the loss
is 1 - cosine plus half the KL divergence between the in-batch similarity matrices; Adam; 12 passes.

usage: fit.py MODEL_DIR TEACHER.npz OUT.bin [--passes N]
"""

import argparse
import struct
import time

import jax
import jax.numpy as jnp
import numpy as np

import teacher

DIMS, LENGTH, BATCH = 256, 64, 1024
RATE, KL_WEIGHT, SHARPNESS = 0.004, 0.5, 20.0
SPECIAL = {0, 100, 101, 102, 103}  # [PAD] [UNK] [CLS] [SEP] [MASK] carry no meaning in a sum


def unit(x):
    return x / jnp.maximum(jnp.linalg.norm(x, axis=-1, keepdims=True), 1e-6)


def project(vectors):
    """The 384 -> 256 projection that keeps the most energy, without centring: cosines must survive."""
    gram = vectors.T @ vectors
    values, basis = np.linalg.eigh(gram)
    order = np.argsort(values)[::-1][:DIMS]
    kept = values[order].sum() / values.sum()
    print(f"energy kept by {DIMS} dimensions: {kept:.3f}")
    return basis[:, order].astype(np.float32)


def start_table(model_dir, basis):
    """What the teacher says of each token alone, weighted up by rarity (the vocabulary is ordered by frequency)."""
    params = teacher.load(model_dir)
    size = params["embeddings.word_embeddings.weight"].shape[0]
    alone = teacher.embed(params, [[101, i, 102] for i in range(size)]).astype(np.float32) @ basis
    alone /= np.maximum(np.linalg.norm(alone, axis=1, keepdims=True), 1e-6)
    return alone * np.log1p(np.arange(size, dtype=np.float32))[:, None] / 8


def batches(tokens, lengths, rng):
    """Token ids without specials, padded with the last row of the table, which stays zero."""
    ends = np.cumsum(lengths)
    order = rng.permutation(len(lengths))
    for at in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[at : at + BATCH]
        ids = np.full((BATCH, LENGTH), -1, np.int32)
        for r, i in enumerate(rows):
            t = tokens[ends[i] - lengths[i] : ends[i]]
            t = t[~np.isin(t, list(SPECIAL))][:LENGTH]
            ids[r, : len(t)] = t
        yield rows, ids


def loss(table, ids, target):
    present = (ids >= 0)[..., None]
    student = unit((table[jnp.maximum(ids, 0)] * present).sum(1))
    cosine = (student * target).sum(-1)
    mine = jax.nn.log_softmax(SHARPNESS * student @ student.T, axis=-1)
    theirs = jax.nn.log_softmax(SHARPNESS * target @ target.T, axis=-1)
    kl = (jnp.exp(theirs) * (theirs - mine)).sum(-1)
    return (1 - cosine).mean() + KL_WEIGHT * kl.mean(), cosine.mean()


@jax.jit
def step(table, m, v, t, rate, ids, target):
    (_, cosine), grad = jax.value_and_grad(loss, has_aux=True)(table, ids, target)
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad * grad
    update = (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return table - rate * update, m, v, cosine


def write(path, table):
    """Magic, version, rows, dimensions, then a float32 scale for each row, then int8 rows."""
    table[list(SPECIAL)] = 0
    scale = np.abs(table).max(1) / 127
    q = np.round(table / np.maximum(scale, 1e-12)[:, None]).astype(np.int8)
    with open(path, "wb") as f:
        f.write(b"LSTB" + struct.pack("<III", 1, *table.shape))
        f.write(scale.astype("<f4").tobytes())
        f.write(q.tobytes())


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("model_dir")
    ap.add_argument("teacher")
    ap.add_argument("out")
    ap.add_argument("--passes", type=int, default=12)
    args = ap.parse_args()
    data = np.load(args.teacher)
    vectors = data["vectors"].astype(np.float32)
    basis = project(vectors)
    target = vectors @ basis
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    table = jnp.asarray(start_table(args.model_dir, basis))
    if args.passes == 0:
        write(args.out, np.array(table))
        return
    tokens, lengths = data["tokens"], data["lengths"]
    m, v, t = jnp.zeros_like(table), jnp.zeros_like(table), 0
    total = args.passes * (len(lengths) // BATCH)
    rng, began = np.random.default_rng(7), time.time()
    for n in range(args.passes):
        seen = []
        for rows, ids in batches(tokens, lengths, rng):
            t += 1
            table, m, v, cosine = step(table, m, v, t, RATE * (1 - (t - 1) / total), ids, target[rows])
            seen.append(float(cosine))
        print(f"pass {n + 1}: mean cosine {np.mean(seen):.4f} after {time.time() - began:.0f} s", flush=True)
    write(args.out, np.array(table))


if __name__ == "__main__":
    main()
