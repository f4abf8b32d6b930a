"""Collects the short English passages that the static table is fitted on.

Sources, all with permissive licences: WordNet's glosses, the documentation of PostgreSQL and of Python (as Debian
packages them), and the project's own corpus. Writes one passage a line.

usage: passages.py OUT [--limit N] [--corpus DIR]
"""

import argparse
import html.parser
import pathlib
import random
import re

WORDNET = pathlib.Path("/usr/share/wordnet")
MANUALS = {
    "postgresql": pathlib.Path("/usr/share/doc/postgresql-doc-15/html"),
    "python": pathlib.Path("/usr/share/doc/python3.11/html"),
}
MIN_WORDS, MAX_WORDS = 6, 90


class Paragraphs(html.parser.HTMLParser):
    """Gathers the text of paragraphs, list items, definitions and table cells of a manual page."""

    BLOCKS = {"p", "li", "dd", "dt", "td", "h1", "h2", "h3"}
    SKIP = {"script", "style", "nav", "pre"}

    def __init__(self):
        super().__init__()
        self.out, self.text, self.skipping = [], [], 0

    def handle_starttag(self, tag, attrs):
        if tag in self.SKIP:
            self.skipping += 1
        elif tag in self.BLOCKS:
            self.flush()

    def handle_endtag(self, tag):
        if tag in self.SKIP:
            self.skipping = max(0, self.skipping - 1)
        elif tag in self.BLOCKS:
            self.flush()

    def handle_data(self, data):
        if not self.skipping:
            self.text.append(data)

    def flush(self):
        text = " ".join("".join(self.text).split())
        self.text = []
        if text:
            self.out.append(text)


def pieces(text):
    """Cuts a paragraph into passages of sentences, none longer than MAX_WORDS words."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
    current = []
    for s in sentences:
        words = s.split()
        if current and len(current) + len(words) > random.choice((25, 40, MAX_WORDS)):
            yield " ".join(current)
            current = []
        current += words[:MAX_WORDS]
    if current:
        yield " ".join(current)


def wordnet():
    for part in ("noun", "verb", "adj", "adv"):
        for line in (WORDNET / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            head, gloss = line.split("|", 1)
            fields = head.split()
            words = [fields[4 + 2 * i].replace("_", " ") for i in range(int(fields[3], 16))]
            yield re.sub(r"\([a-z]+\)", "", f"{', '.join(words[:3])}: {gloss.strip()}")


def manuals():
    for root in MANUALS.values():
        for page in sorted(root.rglob("*.html")):
            p = Paragraphs()
            p.feed(page.read_text(encoding="utf-8", errors="replace"))
            p.flush()
            for text in p.out:
                yield from pieces(text)


def corpus(folder):
    for doc in sorted(pathlib.Path(folder).rglob("*.md")):
        body = doc.read_text(encoding="utf-8")
        body = re.sub(r"\A---\n.*?\n---\n", "", body, flags=re.S)
        for para in re.split(r"\n\s*\n", body):
            text = " ".join(re.sub(r"[#*|`\[\]]", " ", para).split())
            yield from pieces(text)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("out")
    ap.add_argument("--limit", type=int, default=220_000)
    ap.add_argument("--corpus", default=None)
    args = ap.parse_args()
    random.seed(7)
    own = list(corpus(args.corpus)) if args.corpus else []
    found = {p for p in own}
    rest = []
    for source in (wordnet(), manuals()):
        for p in source:
            n = len(p.split())
            if MIN_WORDS <= n <= MAX_WORDS and p not in found:
                found.add(p)
                rest.append(p)
    random.shuffle(rest)
    chosen = own + rest[: max(0, args.limit - len(own))]
    random.shuffle(chosen)
    pathlib.Path(args.out).write_text("\n".join(chosen) + "\n", encoding="utf-8")
    print(f"{len(chosen)} passages of {len(rest) + len(own)}, {len(own)} of the project's own")


if __name__ == "__main__":
    main()
