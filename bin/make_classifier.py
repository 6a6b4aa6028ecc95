"""Learns the weights of ``inbox/screening/classifier.py`` and chooses its thresholds.

    uv pip install scikit-learn        # in .venv; nothing of it runs in the product
    python bin/make_classifier.py CORPORA [--cache FOLDER] [--held-out]

CORPORA: a folder with the texts, none of which may go into the project; what is learned are numbers alone:

- ``noticing/reddit_2018_2020.csv`` (``id``, ``subreddit``, ``text``): posts of the Reddit Mental Health Dataset (Low et
  al. 2020, Public Domain Dedication and License 1.0, use subject to the terms of Reddit). Words of real people in
  distress: they are learned from and counted, never printed, quoted or stored in the open.
- ``letters/health_letters_500.csv`` (MeQSum, CC BY 4.0) and ``pairs/RQE_Train_8588_AMIA2016.xml`` (RQE, CC BY 4.0):
  ordinary letters and questions.

Beside them ``bench/posts/training_*.jsonl``, which were made up for this. ``bench/posts/held_out.jsonl`` is not learned
from; the thresholds of short letters are chosen with it.

What is learned: need of any kind from all of them (posts of ``suicidewatch``, posts in which an explicit phrase of
self-harm stands, and the made-up posts in need, against all others that no phrase raises), with an intercept for each
source that is dropped afterwards, so that what is learned is need and not "this is a forum"; the same of single
sentences, of a post in need only the highest; and one head for each kind of which there are made-up posts alone.
Thresholds: quantiles of the scores of posts that are ordinary, each scored by a model that did not learn from it.

``--held-out`` measures on the third of the real posts that is never learned from, by the hash of the id. Look once:
whoever chooses by it has none left. ``--cache``: a folder for the vectors (they say much of the texts: delete it).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import pickle
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from inbox.screening import classifier, concerns, encoder  # noqa: E402 - the path above makes it known

encoder.warm()
import numpy as np  # noqa: E402 - the encoder settles how it is loaded
from sklearn.linear_model import LogisticRegression  # noqa: E402 - as above

POSTS = ROOT / "bench" / "posts"
MODEL = ROOT / "inbox" / "screening" / "models" / "classifier.npz"
KINDS = ("self_harm", "abuse", "assault", "emergency")
#: Kinds with a head of their own: the share of ordinary posts that it may raise soon, and at once. An age is for the
#: phrases, since parents and teachers use the same words.
HEADS = {"abuse": (0.005, 0.001), "assault": (0.004, 0.001), "emergency": (0.003, 0.001)}
#: The share of distressed posts without a phrase that need of any kind may raise soon, and at once; the shares of
#: ordinary posts below ``WEAK``, for need of any kind and for a head.
SOON, NOW, WELL, HEAD_WELL = 0.055, 0.01, 0.70, 0.97
#: The shares of ordinary short posts, and of ordinary sentences.
SHORT, ALONE = 0.03, 0.005
#: The subreddits of ordinary posts, with the weight of a post: more where people are distressed and not in need.
ORDINARY = {
    "UKPersonalFinance": 0.5, "conspiracy": 0.5, "divorce": 0.5, "guns": 0.5, "legaladvice": 0.5, "mindfulness": 0.5,
    "personalfinance": 0.5, "teaching": 0.5, "ukpolitics": 0.5, "unitedkingdom": 0.5, "autism": 0.5,
    "healthanxiety": 1.5, "anxiety": 2.5, "socialanxiety": 2.5, "lonely": 2.5, "adhd": 1.5, "ForeverAlone": 1.0,
    "mentalhealth": 1.0, "depression": 0.7, "bpd": 0.7, "bipolarreddit": 0.7, "alcoholism": 0.7, "addiction": 0.7,
}  # fmt: skip
DISTRESSED = ("anxiety", "socialanxiety", "lonely", "adhd")
EVERYDAY = ("divorce", "legaladvice", "teaching", "personalfinance", "UKPersonalFinance", "unitedkingdom")
NEED = "suicidewatch"
FOLDS = 4
_STRENGTH, _OF_A_SOURCE = 3.0, 3.0
#: Ordinary sentences that are learned from, drawn by chance.
_SENTENCES = 25_000


@dataclass
class Post:
    """A text to learn from. ``weight`` 0: it is only measured with. ``phrase``: the certainty of the likeliest one."""

    text: str = field(repr=False)
    kind: str
    source: str
    part: str
    weight: float
    phrase: float = 0.0
    vectors: Any = field(default=None, repr=False)
    words: int = 0

    @property
    def need(self) -> bool:
        return self.kind != "fine"


def main() -> int:
    parser = argparse.ArgumentParser(description="Learn the classifier of screening.")
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--held-out", action="store_true")
    options = parser.parse_args()
    # the phrases say which posts are ordinary, and must not ask the model that is about to be learned
    vars(concerns)["classify"] = lambda text: None
    posts = list(ready([*made("training_*.jsonl"), *ordinary(options.corpora), *real(options.corpora)], options.cache))
    short = list(ready(made("held_out.jsonl"), options.cache))
    for post in short:
        post.weight = 0.0
    print(f"{len(posts)} posts, {sum(post.need for post in posts)} in need")
    table = Table(posts + short)
    scores = out_of_fold(table)
    learned = learn(table, np.array([post.weight > 0 for post in table.posts]))
    learned |= thresholds(table, *scores)
    MODEL.parent.mkdir(exist_ok=True)
    np.savez(MODEL, **learned)
    print(f"{MODEL.relative_to(ROOT)}: {MODEL.stat().st_size} bytes\n")
    report(table, learned, *scores)
    if options.held_out:
        kept = Table(list(ready(real(options.corpora, held_out=True), options.cache)))
        print("\nheld out, looked at once:")
        report(kept, learned, *raw(learned, kept))
    return 0


# --- the texts ------------------------------------------------------------------------------------------------------


def held_out(identity: str) -> bool:
    """Whether the post with this id is never learned from."""
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) % 3 == 2


def made(pattern: str) -> Iterator[Post]:
    for file in sorted(POSTS.glob(pattern)):
        for post in map(json.loads, file.read_text("utf-8").splitlines()):
            yield Post(post["text"], post["kind"], "made", "made", 1.0)


def ordinary(corpora: Path) -> Iterator[Post]:
    with (corpora / "letters" / "health_letters_500.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Post(row["letter"], "fine", "", "health letters", 0.5)
    pairs = (corpora / "pairs" / "RQE_Train_8588_AMIA2016.xml").read_text("utf-8", errors="replace")
    for question in sorted({" ".join(one.split()) for one in re.findall(r"<chq>(.*?)</chq>", pairs, re.DOTALL)})[::3]:
        yield Post(question, "fine", "", "health questions", 0.3)


def real(corpora: Path, *, held_out: bool = False) -> Iterator[Post]:
    with (corpora / "noticing" / "reddit_2018_2020.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if globals()["held_out"](row["id"]) != held_out:
                continue
            told = [one for one in concerns.find_concerns(row["text"]) if one.kind != "minor"]
            phrase = max((one.certainty for one in told), default=0.0)
            said = any(one.kind == "self_harm" and one.certainty >= 0.9 for one in told)
            part = row["subreddit"]
            if part == NEED or said:
                yield Post(row["text"], "self_harm", "real", part, 1.0 if part == NEED else 0.5, phrase)
            else:
                weight = 0.0 if phrase else ORDINARY.get(part, 0.0)
                yield Post(row["text"], "fine", "real", part, weight, phrase)


def ready(posts: Sequence[Post] | Iterator[Post], cache: Path | None) -> Iterator[Post]:
    """The posts with their vectors; those without words are left out."""
    stored = cache / "vectors.pickle" if cache else None
    known = pickle.loads(stored.read_bytes()) if stored and stored.exists() else {}  # noqa: S301 - written below
    before = len(known)
    for post in posts:
        name = hashlib.sha256(post.text.encode("utf-8", "surrogatepass")).digest()
        if name not in known:
            found = encoder.sentences(post.text)
            known[name] = (found.vectors.astype(np.float16), found.words) if found else None
        if known[name]:
            post.vectors, post.words = known[name][0].astype(np.float32), known[name][1]
            yield post
    if stored and len(known) > before:
        stored.write_bytes(pickle.dumps(known))


class Table:
    """The posts as arrays."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.posts = posts
        self.whole = np.array([classifier.pooled(post.vectors) for post in posts])
        self.need = np.array([post.need for post in posts])
        self.weight = np.array([post.weight for post in posts])
        self.phrase = np.array([post.phrase for post in posts])
        self.short = np.array([post.words < classifier.SHORT for post in posts])
        self.kind = np.array([post.kind for post in posts])
        self.source = np.array([post.source for post in posts])
        self.part = np.array([post.part for post in posts])
        self.marks = np.stack([(self.source == one) * _OF_A_SOURCE for one in ("made", "real")], 1)
        self.sentences = np.vstack([post.vectors for post in posts])
        self.owner = np.repeat(np.arange(len(posts)), [len(post.vectors) for post in posts])

    def highest(self, weights: Any) -> Any:
        found = np.full(len(self.posts), -np.inf)
        np.maximum.at(found, self.owner, self.sentences @ weights)
        return found


# --- learning -------------------------------------------------------------------------------------------------------


def learn(table: Table, used: Any) -> dict[str, Any]:
    """The weights, learned from the posts that are used."""
    ordinary_ones = used & ~table.need & (table.source == "real")
    letter = [linear(table, used, table.need)]
    for kind in HEADS:
        mine = table.kind == kind
        # somebody else's need is no example against this one, except of the made-up kinds, which are told apart
        letter.append(linear(table, used & (mine | ~table.need | (table.source == "made")), mine))
    weights = np.array(letter, dtype=np.float32)
    scores = table.whole[ordinary_ones] @ weights.T
    sentence = sentences(table, used).astype(np.float32)
    highest = table.highest(sentence)[ordinary_ones]
    # real posts are all of one kind: few of them, or the kinds of the others are drowned
    told = used & np.isin(table.kind, KINDS) & ((table.source == "made") | (np.arange(len(table.posts)) % 3 == 0))
    which = LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight="balanced").fit(
        table.whole[told], [KINDS.index(kind) for kind in table.kind[told]]
    )
    return {
        "letter": weights,
        "norms": np.stack([scores.mean(0), scores.std(0)], 1),
        "sentence": sentence,
        "sentence_norm": np.array([highest.mean(), highest.std()]),
        "heads": np.array(list(HEADS)),
        "kinds": np.array(KINDS),
        "kind_weights": which.coef_.astype(np.float32),
        "kind_bias": which.intercept_,
    }


def linear(table: Table, used: Any, wanted: Any) -> Any:
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit(np.hstack([table.whole, table.marks])[used], wanted[used], sample_weight=table.weight[used])
    return model.coef_[0][: table.whole.shape[1]]


def sentences(table: Table, used: Any) -> Any:
    """The weights of a sentence: of a post in need only those that score highest stay examples of need."""
    features = np.hstack([table.sentences, table.marks[table.owner]])
    need, weight = table.need[table.owner], table.weight[table.owner]
    usable = used[table.owner] & (weight > 0)
    others = np.random.default_rng(0).permutation(np.flatnonzero(usable & ~need))[:_SENTENCES]
    all_in_need = np.flatnonzero(usable & need)
    chosen = all_in_need
    model = LogisticRegression(C=_STRENGTH, max_iter=500, class_weight="balanced")
    for _ in range(4):
        rows = np.concatenate([chosen, others])
        model.fit(features[rows], need[rows], sample_weight=weight[rows])
        scores = model.decision_function(features[all_in_need])
        highest = np.full(len(table.posts), -np.inf)
        np.maximum.at(highest, table.owner[all_in_need], scores)
        chosen = all_in_need[(scores >= highest[table.owner[all_in_need]] - 1e-9) | (scores > 1.0)]
    return model.coef_[0][: encoder.SIZE]


def raw(learned: dict[str, Any], table: Table) -> tuple[Any, Any]:
    """Each post's scores before thresholds, and the score of its highest sentence."""
    mean, deviation = learned["norms"].T
    highest = (table.highest(learned["sentence"]) - learned["sentence_norm"][0]) / learned["sentence_norm"][1]
    scores = (table.whole @ learned["letter"].T - mean) / deviation
    scores[:, 0] += classifier.SENTENCE * highest
    return scores, highest


def out_of_fold(table: Table) -> tuple[Any, Any]:
    """``raw`` of each post by a model that did not learn from it."""
    fold = np.array([hashlib.sha256(post.text.encode("utf-8", "surrogatepass")).digest()[4] for post in table.posts])
    fold %= FOLDS
    scores, highest = np.zeros((len(fold), 1 + len(HEADS))), np.zeros(len(fold))
    for one in range(FOLDS):
        learned = learn(table, (fold != one) & (table.weight > 0))
        some, most = raw(learned, table)
        scores[fold == one], highest[fold == one] = some[fold == one], most[fold == one]
    return scores, highest


def thresholds(table: Table, scores: Any, highest: Any) -> dict[str, Any]:
    quiet = ~table.need & (table.phrase == 0)
    distressed = quiet & np.isin(table.part, DISTRESSED)
    every = quiet & np.isin(table.part, (*DISTRESSED, *EVERYDAY, "health letters"))
    few = quiet & (table.source == "made") & table.short
    found = [np.quantile(scores[distressed, 0], [WELL, 1 - SOON, 1 - NOW])]
    found += [
        np.quantile(scores[every, 1 + place], [HEAD_WELL, 1 - soon, 1 - now])
        for place, (soon, now) in enumerate(HEADS.values())
    ]
    limits = np.array(found)
    shares = [SHORT, *(soon for soon, _ in HEADS.values())]
    short = [
        max(0.0, np.quantile(scores[few, place], 1 - share) - limits[place, 1]) for place, share in enumerate(shares)
    ]
    return {"thresholds": limits, "short": np.array(short), "alone": np.quantile(highest[every], 1 - ALONE)}


def report(table: Table, learned: dict[str, Any], scores: Any, highest: Any) -> None:
    """The curve of need of any kind, and what the whole classifier raises."""
    distressed = ~table.need & (table.phrase == 0) & np.isin(table.part, DISTRESSED)
    shown = {
        "in need (suicidewatch)": table.part == NEED,
        "... without a phrase": (table.part == NEED) & (table.phrase == 0),
        "distressed, no phrase": distressed,
        "everyday": np.isin(table.part, EVERYDAY) & ~table.need,
        "health letters": table.part == "health letters",
        **{
            f"made up: {kind}": (table.source == "made") & (table.kind == kind)
            for kind in (*KINDS, "minor", "need", "fine")
        },
    }
    shown = {name: chosen for name, chosen in shown.items() if chosen.any()}
    print("need of any kind alone, at false alarms among the distressed of")
    shares = (0.01, 0.02, 0.04, 0.06, 0.08, 0.10, 0.15)
    print(f"{'':26}{'posts':>6} " + "".join(f"{share:7.2f}" for share in shares))
    limits = [np.quantile(scores[distressed, 0], 1 - share) for share in shares]
    for name, chosen in shown.items():
        raised = "".join(f"{np.mean(scores[chosen, 0] > limit):7.3f}" for limit in limits)
        print(f"{name:26}{chosen.sum():6} {raised}")
    final = np.array([final_score(learned, *one) for one in zip(scores, highest, table.short, strict=True)])
    explicit = table.phrase >= 0.86
    rules = table.phrase > 0
    print(f"\nthe classifier as it is used{'':4} WEAK   SOON    NOW   with phrases")
    for name, chosen in shown.items():
        levels = "".join(f"{np.mean(final[chosen] > level):7.3f}" for level in (-1, 0, 1))
        whole = np.mean((explicit | (rules & (final > -1)) | (final > 0))[chosen])
        print(f"{name:26}{chosen.sum():6} {levels}  {whole:7.3f}")


def final_score(learned: dict[str, Any], scores: Any, highest: float, short: bool) -> float:  # noqa: FBT001
    found = scores - learned["short"] if short else scores.copy()
    found[0] = max(found[0], learned["thresholds"][0][1] + highest - learned["alone"])
    return float(classifier.scaled(learned, found).max())


if __name__ == "__main__":
    raise SystemExit(main())
