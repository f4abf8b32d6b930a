"""Collects the English passages that the static table is fitted on, and pairs of a heading and what stands under it.

Sources, all with permissive licences (README.md lists them): WordNet's glosses, and manuals as Debian packages them.
None of the project's own documents is among them, so that its evaluation stays fair. Writes one passage a line, and
one pair a line, parted by a tab.

usage: passages.py PASSAGES PAIRS [--limit N]
"""

import argparse
import collections
import html.parser
import itertools
import pathlib
import random
import re

WORDNET = pathlib.Path("/usr/share/wordnet")
DOC = pathlib.Path("/usr/share/doc")
MANUALS = [
    "postgresql-doc-15/html", "python3.11/html", "sqlite3", "apache2-doc/manual/en", "python-sklearn-doc/html",
    "python-scipy-doc/html", "python-statsmodels-doc/html", "python-skbio-doc/html", "python-biopython-doc", "python-nibabel-doc/html",
]
MIN_WORDS, MAX_WORDS = 6, 90
SEEN_ENOUGH = 30  # passages a word stands in before others are preferred


class Page(html.parser.HTMLParser):
    """Gathers (heading, paragraph) of a manual page: paragraphs, list items, definitions and table cells."""

    HEADINGS = {"h1", "h2", "h3", "h4"}
    BLOCKS = {"p", "li", "dd", "dt", "td"} | HEADINGS
    SKIP = {"script", "style", "nav", "pre"}

    def __init__(self):
        super().__init__()
        self.out, self.text, self.skipping, self.heading, self.tag = [], [], 0, "", ""

    def handle_starttag(self, tag, attrs):
        if tag in self.SKIP:
            self.skipping += 1
        elif tag in self.BLOCKS:
            self.flush()
            self.tag = tag

    def handle_endtag(self, tag):
        if tag in self.SKIP:
            self.skipping = max(0, self.skipping - 1)
        elif tag in self.BLOCKS:
            self.flush()

    def handle_data(self, data):
        if not self.skipping:
            self.text.append(data)

    def flush(self):
        text = " ".join("".join(self.text).replace("¶", " ").split())
        self.text = []
        if text and self.tag in self.HEADINGS:
            self.heading = re.sub(r"^[\d.\s]+", "", text)
        elif text:
            self.out.append((self.heading, text))
        self.tag = ""


def prose(text):
    """Sentences, not signatures and tables of numbers."""
    return sum(c.isalpha() or c == " " for c in text) > 0.85 * len(text)


def pieces(text):
    """Cuts a paragraph into passages of sentences, none longer than MAX_WORDS words."""
    current = []
    for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text):
        words = s.split()
        if current and len(current) + len(words) > random.choice((25, 40, MAX_WORDS)):
            yield " ".join(current)
            current = []
        current += words[:MAX_WORDS]
    if current:
        yield " ".join(current)


def wordnet():
    """Yields (words of a synset, gloss)."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (WORDNET / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            head, gloss = line.split("|", 1)
            fields = head.split()
            words = [fields[4 + 2 * i].replace("_", " ") for i in range(int(fields[3], 16))]
            yield re.sub(r"\([a-z]+\)", "", ", ".join(words[:3])), gloss.strip()


def manuals():
    for root in MANUALS:
        for page in sorted((DOC / root).rglob("*.html")):
            p = Page()
            p.feed(page.read_text(encoding="utf-8", errors="replace"))
            p.flush()
            for heading, text in p.out:
                for piece in pieces(text):
                    yield heading, piece


def choose(passages, limit):
    """Prefers passages with words that few chosen ones hold: a word that is never seen is never learned."""
    seen, chosen, rest = collections.Counter(), [], []
    for p in passages:
        words = set(re.findall(r"[a-z]+", p.lower()))
        if any(seen[w] < SEEN_ENOUGH for w in words):
            chosen.append(p)
            seen.update(words)
        else:
            rest.append(p)
    return (chosen + rest)[:limit]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("passages")
    ap.add_argument("pairs")
    ap.add_argument("--limit", type=int, default=140_000)
    args = ap.parse_args()
    random.seed(7)
    found, pairs = {}, {}
    for n, (heading, text) in enumerate(itertools.chain(wordnet(), manuals())):
        if not (MIN_WORDS <= len(text.split()) <= MAX_WORDS and prose(text)):
            continue
        glossed = n % 2 and heading and len(heading.split()) < 4  # half the glosses with their words
        found.setdefault(f"{heading}: {text}" if glossed else text)
        if heading:
            pairs.setdefault(text, heading)
    headings = list(dict.fromkeys(pairs.values()))
    random.shuffle(headings)
    passages = list(found) + headings[: len(found) // 10]  # short ones too: questions are short
    random.shuffle(passages)
    chosen = choose(passages, args.limit)
    random.shuffle(chosen)
    pathlib.Path(args.passages).write_text("\n".join(chosen) + "\n", encoding="utf-8")
    lines = [f"{h}\t{t}" for t, h in pairs.items()]
    random.shuffle(lines)
    pathlib.Path(args.pairs).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(chosen)} passages of {len(passages)}, {len(lines)} pairs")


if __name__ == "__main__":
    main()
