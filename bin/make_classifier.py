"""Writes ``classifier.toml``: what words, pairs and threes of words weigh in a letter (``screening/classifier.py``).

    python bin/make_classifier.py QUESTIONS

The interpreter has ``scikit-learn``; nothing of this runs in the product. Learned from the made-up posts of
``bench/posts/training_*.jsonl`` (``kind`` and ``text``; ``fine``: nobody needs to hurry),
from the letters of the demonstration (which of them are urgent is said there) and, as letters in which nobody
needs to hurry, from every second question of QUESTIONS (RQE_Train_8588_AMIA2016.xml, CC BY 4.0). Never from
``held_out.jsonl``, which ``bench/concerns.py`` measures with.

Logistic regression over the features of a post, each counted once and divided by the root of their number; features of
at least ``LEAST`` posts; the lightest are left out and the rest is learned anew. ``THRESHOLD`` was chosen so that about
5 in 100 of the held-out posts that are fine are raised; what five-fold cross-validation says of the training posts,
among them pairs that differ in little but the need, is printed.
"""

from __future__ import annotations

import json
import math
import random
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from inbox.screening.classifier import features, words_of  # noqa: E402 - the path above makes it known

POSTS = ROOT / "bench" / "posts"
KINDS = ("self_harm", "abuse", "assault", "emergency")
LEAST, KEPT, THRESHOLD = 3, 9000, 1.45
#: How much a question counts beside a post: there are many, and all are of one kind.
QUESTION, QUESTIONS = 0.3, 1200
STRENGTH = 10.0


def main() -> int:
    posts = [
        json.loads(line) for file in sorted(POSTS.glob("training_*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    posts += [
        {"kind": "need" if letter.get("urgent") else "fine", "text": letter["text"]}
        for letter in tomllib.loads((ROOT / "demo/letters.toml").read_text("utf-8"))["letter"]
    ]
    for file in sorted((ROOT / "demo/articles").glob("*.md")):
        front = tomllib.loads(file.read_text("utf-8").split("+++")[1])
        posts.append({"kind": "need" if front.get("care") else "fine", "text": front["letter"]})
    pairs = Path(sys.argv[1]).read_text("utf-8", errors="replace")
    questions = sorted({" ".join(one.split()) for one in re.findall(r"<chq>(.*?)</chq>", pairs, re.DOTALL)})[::2]
    chance = random.Random(7)  # noqa: S311 - nothing secret: the same choice each time
    chance.shuffle(questions)
    texts = [features([word.said for word in words_of(post["text"])]) for post in posts]
    kinds = [post["kind"] for post in posts]
    texts += [features([word.said for word in words_of(text)]) for text in questions[:QUESTIONS]]
    kinds += ["fine"] * len(questions[:QUESTIONS])
    need = np.array([kind != "fine" for kind in kinds])
    weight = np.array([1.0] * len(posts) + [QUESTION] * (len(texts) - len(posts)))

    own = np.arange(len(texts)) < len(posts)
    scores = np.zeros(len(texts))
    order = np.array(chance.sample(range(len(texts)), len(texts)))
    for fold in range(5):
        held = np.zeros(len(texts), dtype=bool)
        held[order[fold::5]] = True
        vocabulary, model = learned(texts, need, weight, ~held)
        scores[held] = model.decision_function(matrix([texts[at] for at in np.flatnonzero(held)], vocabulary))
    print(f"{own.sum()} posts, {(~own).sum()} questions; threshold {THRESHOLD}")
    print(f"in need {np.mean(scores[need] > THRESHOLD):.3f}, fine {np.mean(scores[own & ~need] > THRESHOLD):.3f},"
          f" questions {np.mean(scores[~own] > THRESHOLD):.3f} raised (five-fold)")  # fmt: skip

    vocabulary, model = learned(texts, need, weight, np.ones(len(texts), dtype=bool))
    told = np.array([kind in KINDS for kind in kinds])
    which = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    which.fit(
        matrix([texts[at] for at in np.flatnonzero(told)], vocabulary), [kinds[at] for at in np.flatnonzero(told)]
    )
    places = [list(which.classes_).index(kind) for kind in KINDS]
    lines = [
        f"{words}|{' '.join(str(round(100 * number)) for number in (model.coef_[0][at], *which.coef_[places, at]))}"
        for words, at in sorted(vocabulary.items())
    ]
    names = ", ".join(f'"{kind}"' for kind in KINDS)
    (ROOT / "inbox/screening/lexicons/classifier.toml").write_text(
        "# Written by bin/make_classifier.py, which says how; not by hand. Each line: words, then in hundredths what\n"
        f"# they weigh for somebody in need, and for each of the kinds.\n\nkinds = [{names}]\n"
        f"bias = {float(model.intercept_[0]) - THRESHOLD:.3f}\n"
        'weights = """\n' + "\n".join(lines) + '\n"""\n',
        "utf-8",
    )
    return 0


def learned(texts: list[set[str]], need: np.ndarray, weight: np.ndarray, used: np.ndarray):  # type: ignore[no-untyped-def]
    """The vocabulary and the model, learned from the texts that are used."""
    places = np.flatnonzero(used)
    counted = Counter(one for at in places for one in texts[at])
    vocabulary = {one: at for at, one in enumerate(sorted(one for one, times in counted.items() if times >= LEAST))}
    for _ in range(2):
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
        model.fit(matrix([texts[at] for at in places], vocabulary), need[places], weight[places])
        heaviest = np.argsort(-np.abs(model.coef_[0]))[:KEPT]
        if len(heaviest) == len(vocabulary):
            break
        names = sorted(vocabulary, key=vocabulary.__getitem__)
        vocabulary = {one: at for at, one in enumerate(sorted(names[place] for place in heaviest))}
    return vocabulary, model


def matrix(texts: list[set[str]], vocabulary: dict[str, int]) -> csr_matrix:
    """A row for each text, in which what it has counts one by the root of how many it has."""
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        known = [vocabulary[one] for one in text if one in vocabulary]
        rows += [row] * len(known)
        columns += known
        values += [1 / math.sqrt(len(known))] * len(known)
    return csr_matrix((values, (rows, columns)), shape=(len(texts), len(vocabulary)))


if __name__ == "__main__":
    raise SystemExit(main())
