"""How many people in need screening finds, and how many others it raises; beside a plain list of phrases.

    python bench/concerns.py CORPORA

The posts are made up, by several hands that knew no rule (``bench/posts``). From the training ones the weights were
learned (``bin/make_classifier.py``); the held-out ones were written by others, and served to choose the threshold, how
weights and phrases go together and how much was learned from, so what is seen with them is a little too good.
CORPORA: a folder with ``letters/health_letters_500.csv`` and ``pairs/RQE_Train_8588_AMIA2016.xml``, ordinary questions,
of which some tell of an emergency; every second question was learned from, so only the others are counted. The plain
list: "suicide", "kill myself", "hits me" and their like.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inbox.screening.concerns import kinds

POSTS = Path(__file__).parent / "posts"

_PLAIN = re.compile(
    r"suicid|kill(?:ing)? myself|end my life|want to die|self[- ]harm|cut(?:ting)? myself|overdose|rape|molest|assault"
    r"|abus|hits me|beats me|violen|afraid of him|blackmail|forced me|chest pain|heavy bleeding|unconscious",
    re.IGNORECASE,
)


def main() -> int:
    corpora = Path(sys.argv[1])
    with (corpora / "letters" / "health_letters_500.csv").open(encoding="utf-8") as file:
        letters = [row["letter"] for row in csv.DictReader(file)]
    pairs = (corpora / "pairs" / "RQE_Train_8588_AMIA2016.xml").read_text("utf-8", errors="replace")
    questions = sorted({" ".join(one.split()) for one in re.findall(r"<chq>(.*?)</chq>", pairs, re.DOTALL)})[1::2]
    held_out = [json.loads(line) for line in (POSTS / "held_out.jsonl").read_text("utf-8").splitlines()]
    finders: dict[str, Callable[[str], bool]] = {
        "ours": lambda text: bool(kinds(text)),
        "without ages": lambda text: bool(kinds(text) - {"minor"}),
        "plain list": lambda text: bool(_PLAIN.search(text)),
    }
    sets = {
        f"{who}, {part or 'mixed lengths'}": [
            post["text"] for post in held_out if post["kind"] == kind and post.get("part", "") == part
        ]
        for kind, who in (("need", "in need"), ("fine", "others"))
        for part in ("", "short")
    }
    sets |= {"real letters": letters, "real questions": questions}
    for name, texts in sets.items():
        found = "   ".join(f"{who} {sum(map(finds, texts)) / len(texts):.3f}" for who, finds in finders.items())
        print(f"{name:24} {len(texts):5}  raised: {found}")
    print("real letters by kind:", dict(Counter(kind for letter in letters for kind in kinds(letter))))
    start = time.process_time()
    for letter in letters:
        kinds(letter)
    print(f"{len(letters) / (time.process_time() - start):.0f} letters a second of processor time")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
