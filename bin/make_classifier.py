"""Learns the weights of ``inbox/screening/classifier.py`` and brings its scores to one scale.

    uv pip install scikit-learn        # in .venv; nothing of it runs in the product
    python bin/make_classifier.py CORPORA --answers FILE --advice FILE --counselling FILE [--cache FOLDER]

CORPORA: a folder with the texts that are learned from, none of which may go into the project; what is learned are
numbers alone:

- ``noticing/reddit_2018_2020.csv`` (``id``, ``subreddit``, ``text``): posts of the Reddit Mental Health Dataset (Low et
  al. 2020, Public Domain Dedication and License 1.0, use subject to the terms of Reddit). Words of real people in
  distress: they are learned from and counted, never printed, quoted or stored in the open. A third of them, by a hash
  of the id, is not learned from.
- ``letters/health_letters_500.csv`` (MeQSum, CC BY 4.0) and ``pairs/RQE_Train_8588_AMIA2016.xml`` (RQE, CC BY 4.0):
  ordinary letters and questions.

The other files are JSON lines (``text``, ``kind``):

- ``--answers``: what counsellors answered (CounselChat, MIT): people who comfort others use the words of those in need;
- ``--advice``, ``--counselling``: ordinary letters of an advice column (Dear Abby, as collected by The Pudding) and
  questions to counsellors (CounselChat). Nothing is learned from them: they say what ordinary letters of each length
  score. Only their development part is given; ``docs/classifier.md`` says how the parts are told apart.

Beside them ``bench/posts/training_*.jsonl`` and ``sentences_training.jsonl``, which were made up for this.

What is learned: need of any kind from all of them (posts of ``suicidewatch``, posts in which an explicit phrase of
self-harm stands, and the made-up posts in need, against all others that no phrase raises), with an intercept for each
source that is dropped afterwards, so that what is learned is need and not "this is a forum"; one head for each kind of
which there are made-up posts alone; and single sentences: those made up for it, those of short made-up posts, and of
other posts in need the highest alone.

``--cache``: a folder for the vectors and for what the phrases said (they say much of the texts: delete it, also when a
phrase changes).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import pickle
import re
import sys
from collections import Counter
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
#: Kinds with a head of their own. An age is for the phrases, since parents and teachers use the same words.
HEADS = ("abuse", "assault", "emergency")
#: The thresholds of need of any kind, of each head and of the highest sentence, in units in which 1 is exceeded by one
#: in twenty ordinary letters of that length: below the first a letter reads like one of somebody who is well, above the
#: others it is raised soon, and at once.
THRESHOLDS = {
    "need": (0.59, 0.99, 1.45),
    "abuse": (2.0, 2.4, 2.9),
    "assault": (1.8, 2.2, 2.7),
    "emergency": (2.4, 2.8, 3.3),
    "sentence": (1.3, 1.7, 2.3),
}
#: Lengths in sentences that ordinary letters are compared at, each by letters cut to it; and how much the ordinary
#: letters of each sort weigh there. Health letters speak of ailments: they count for the heads.
LENGTHS = (1, 2, 3, 5, 8, 12, 20)
SORTS = {"advice": 1.0, "counselling": 2.0}
OF_HEADS = {**SORTS, "health letters": 3.0}
#: The topics of counselling in which people in need write.
CRISIS = ("depression", "trauma", "domestic-violence", "self-harm")
#: The subreddits of ordinary posts, with the weight of a post: more where people are distressed and not in need.
ORDINARY = {
    "UKPersonalFinance": 0.5, "conspiracy": 0.5, "divorce": 0.5, "guns": 0.5, "legaladvice": 0.5, "mindfulness": 0.5,
    "personalfinance": 0.5, "teaching": 0.5, "ukpolitics": 0.5, "unitedkingdom": 0.5, "autism": 0.5,
    "healthanxiety": 1.5, "anxiety": 2.5, "socialanxiety": 2.5, "lonely": 2.5, "adhd": 1.5, "ForeverAlone": 1.0,
    "mentalhealth": 1.0, "depression": 0.7, "bpd": 0.7, "bipolarreddit": 0.7, "alcoholism": 0.7, "addiction": 0.7,
}  # fmt: skip
NEED = "suicidewatch"
#: Posts of one subreddit that are used, the first of the file: all of those in need, and of ordinary ones these.
MORE_OF, MORE, SOME = ("anxiety", "socialanxiety", "lonely", "divorce"), 150, 70
_STRENGTH, _OF_A_SOURCE = 3.0, 3.0
#: Ordinary sentences that are learned from, drawn by chance; the weight of a sentence made up for it, of the highest of
#: another post in need; a made-up post of no more sentences is need as a whole.
_SENTENCES, _MADE_UP, _HIGHEST, _FEW = 16_000, 8.0, 0.7, 3


@dataclass
class Post:
    """A text to learn from. ``weight`` 0: it is not learned from. ``told``: what the phrases found."""

    text: str = field(repr=False)
    kind: str
    source: str
    part: str
    weight: float
    told: list[tuple[str, float]] = field(default_factory=list)
    vectors: Any = field(default=None, repr=False)

    @property
    def need(self) -> bool:
        return self.kind != "fine"

    @property
    def phrase(self) -> float:
        """The certainty of the likeliest phrase."""
        return max((certainty for kind, certainty in self.told if kind != "minor"), default=0.0)


def main() -> int:
    parser = argparse.ArgumentParser(description="Learn the classifier of screening.")
    parser.add_argument("corpora", type=Path)
    for name in ("answers", "advice", "counselling"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    # the phrases say which posts are ordinary, and must not ask the model that is about to be learned
    vars(concerns)["classify"] = lambda text: None
    read = Reader(options.cache)
    posts = [*made("training_*.jsonl"), *health(options.corpora), *real(options.corpora), *answers(options.answers)]
    learned_from = [one for one in map(weighed, read(posts)) if one.weight]
    alone = list(read(made("sentences_training.jsonl")))
    print(f"{len(learned_from)} posts, {sum(one.need for one in learned_from)} in need; {len(alone)} sentences")
    ordinary = {
        "advice": list(quiet(read(lines(options.advice, "advice")))),
        "counselling": list(quiet(read(lines(options.counselling, "counselling")))),
        "health letters": list(quiet(one for one in learned_from if one.part == "health letters")),
    }
    read.store()
    learned = learn(learned_from, alone)
    learned |= scale(learned, ordinary)
    MODEL.parent.mkdir(exist_ok=True)
    np.savez(MODEL, **learned)
    print(f"{MODEL.relative_to(ROOT)}: {MODEL.stat().st_size} bytes")
    for name, letters in ordinary.items():
        levels = np.array([final(learned, one.vectors) for one in letters])
        shares = " ".join(
            f"{np.mean(levels > level):.3f}" for level in (classifier.WEAK, classifier.SOON, classifier.NOW)
        )
        print(f"{name}: {len(letters)} letters without a phrase; above WEAK, SOON, NOW {shares}")
    return 0


# --- the texts ------------------------------------------------------------------------------------------------------


def held_out(identity: str) -> bool:
    """Whether the text with this id is never learned from."""
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) % 3 == 2


def made(pattern: str) -> Iterator[Post]:
    for file in sorted(POSTS.glob(pattern)):
        for post in map(json.loads, file.read_text("utf-8").splitlines()):
            yield Post(post["text"], post["kind"], "made", file.stem, 1.0)


def health(corpora: Path) -> Iterator[Post]:
    with (corpora / "letters" / "health_letters_500.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Post(row["letter"], "fine", "", "health letters", 0.5)
    pairs = (corpora / "pairs" / "RQE_Train_8588_AMIA2016.xml").read_text("utf-8", errors="replace")
    for question in sorted({" ".join(one.split()) for one in re.findall(r"<chq>(.*?)</chq>", pairs, re.DOTALL)})[::3]:
        yield Post(question, "fine", "", "health questions", 0.3)


def real(corpora: Path) -> Iterator[Post]:
    seen = Counter[str]()
    with (corpora / "noticing" / "reddit_2018_2020.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            part = row["subreddit"]
            if held_out(row["id"]):
                continue
            seen[part] += 1
            if part == NEED or seen[part] <= (MORE if part in MORE_OF else SOME):
                yield Post(row["text"], "fine", "real", part, ORDINARY.get(part, 0.0))


def answers(file: Path) -> Iterator[Post]:
    for post in lines(file, "answers"):
        post.source = "answers"
        yield post


def lines(file: Path, part: str) -> Iterator[Post]:
    for row in map(json.loads, file.read_text("utf-8").splitlines()):
        if row["kind"] not in CRISIS:
            yield Post(row["text"], "fine", "", part, 1.0)


def weighed(post: Post) -> Post:
    """The post with what its forum and the phrases say of it: a real post in which a phrase stands is not ordinary."""
    if post.source == "real":
        said = any(kind == "self_harm" and certainty >= 0.9 for kind, certainty in post.told)
        if post.part == NEED or said:
            post.kind, post.weight = "self_harm", 1.0 if post.part == NEED else 0.5
        elif post.phrase:
            post.weight = 0.0
    elif not post.source and post.phrase:
        post.weight = 0.0
    return post


def quiet(posts: Iterator[Post]) -> Iterator[Post]:
    """Those in which no phrase stands: the others are raised by it, or not, whatever they score."""
    return (one for one in posts if not one.phrase)


class Reader:
    """Gives posts their vectors and what the phrases say; those without words are left out."""

    def __init__(self, cache: Path | None) -> None:
        self.file = cache / "vectors.pickle" if cache else None
        stored = self.file.read_bytes() if self.file and self.file.exists() else b""
        self.known: dict[bytes, Any] = pickle.loads(stored) if stored else {}  # noqa: S301 - written below

    def __call__(self, posts: Sequence[Post] | Iterator[Post]) -> Iterator[Post]:
        for post in posts:
            name = hashlib.sha256(post.text.encode("utf-8", "surrogatepass")).digest()
            if name not in self.known:
                found = encoder.sentences(post.text)
                told = [(one.kind, one.certainty) for one in concerns.find_concerns(post.text)]
                self.known[name] = (found.vectors.astype(np.float16), told) if found else None
            if self.known[name]:
                vectors, post.told = self.known[name]
                post.vectors = vectors.astype(np.float32)
                yield post

    def store(self) -> None:
        if self.file:
            self.file.write_bytes(pickle.dumps(self.known))


# --- learning -------------------------------------------------------------------------------------------------------


def learn(posts: Sequence[Post], alone: Sequence[Post]) -> dict[str, Any]:
    """The weights, learned from the posts and from single sentences."""
    whole = np.array([classifier.pooled(post.vectors) for post in posts])
    kind, source = np.array([post.kind for post in posts]), np.array([post.source for post in posts])
    weight = np.array([post.weight for post in posts])
    marks = np.stack([(source == one) * _OF_A_SOURCE for one in ("made", "real", "answers")], 1)
    features, ordinary = np.hstack([whole, marks]), kind == "fine"
    letter = [linear(features, ~ordinary, weight)]
    for one in HEADS:
        # somebody else's need is no example against this one, except of the made-up kinds, which are told apart
        used = (kind == one) | ordinary | (source == "made")
        letter.append(linear(features[used], kind[used] == one, weight[used]))
    # real posts are all of one kind: few of them, or the kinds of the others are drowned
    told = np.isin(kind, KINDS) & ((source == "made") | (np.arange(len(posts)) % 3 == 0))
    which = LogisticRegression(C=_STRENGTH, max_iter=300, class_weight="balanced").fit(
        whole[told], [KINDS.index(one) for one in kind[told]]
    )
    return {
        "letter": np.array(letter, dtype=np.float32)[:, : whole.shape[1]],
        "sentence": sentences(posts, alone).astype(np.float32),
        "heads": np.array(HEADS),
        "kinds": np.array(KINDS),
        "kind_weights": which.coef_.astype(np.float32),
        "kind_bias": which.intercept_.astype(np.float32),
    }


def linear(features: Any, wanted: Any, weight: Any, *, rounds: int = 200) -> Any:
    model = LogisticRegression(C=_STRENGTH, max_iter=rounds, class_weight="balanced")
    return model.fit(features, wanted, sample_weight=weight).coef_[0]


def sentences(posts: Sequence[Post], alone: Sequence[Post]) -> Any:
    """The weights of a sentence: of a post in need that has more than a few, the highest alone is an example."""
    longer = [one for one in posts if one.need and not (one.source == "made" and len(one.vectors) <= _FEW)]
    used = [one for one in posts if not one.need or (one.source == "made" and len(one.vectors) <= _FEW)]
    weights = [_MADE_UP] * len(alone) + [one.weight for one in used]
    rows = [*alone, *used]
    counts = [len(one.vectors) for one in rows]
    vectors = np.vstack([one.vectors for one in rows])
    need, weight = np.repeat([one.need for one in rows], counts), np.repeat(weights, counts)
    ordinary = np.flatnonzero(~need)
    drawn = np.random.default_rng(0).random(len(ordinary)) < _SENTENCES / len(ordinary)
    kept = np.concatenate([np.flatnonzero(need), ordinary[drawn]])
    vectors, need, weight = vectors[kept], need[kept], weight[kept]
    first = linear(vectors, need, weight, rounds=80)
    highest = np.array([one.vectors[(one.vectors @ first).argmax()] for one in longer])
    return linear(
        np.vstack([vectors, highest]),
        np.append(need, np.ones(len(highest), dtype=bool)),
        np.append(weight, np.full(len(highest), _HIGHEST)),
        rounds=80,
    )


# --- one scale ------------------------------------------------------------------------------------------------------


def scale(learned: dict[str, Any], ordinary: dict[str, list[Post]]) -> dict[str, Any]:
    """What ordinary letters of each length score: the median, and what one in twenty exceeds."""
    found = {name: np.array(list(cut(learned, letters))) for name, letters in ordinary.items()}
    norms = np.zeros((2, len(THRESHOLDS), len(LENGTHS)))
    for channel, name in enumerate(THRESHOLDS):
        for place, length in enumerate(LENGTHS):
            some, weights = [], []
            for sort, share in (OF_HEADS if name in HEADS else SORTS).items():
                near = found[sort][np.abs(np.log(found[sort][:, 0] / length)) < (0.05 if length < 8 else 0.36)]
                if len(near) >= 30:
                    some.append(near[:, 1 + channel])
                    weights.append(np.full(len(near), share / len(near)))
            values, weight = np.concatenate(some), np.concatenate(weights)
            norms[:, channel, place] = [quantile(values, weight, share) for share in (0.5, 0.95)]
    return {"lengths": np.array(LENGTHS), "norms": norms, "thresholds": np.array(list(THRESHOLDS.values()))}


def cut(learned: dict[str, Any], letters: Sequence[Post]) -> Iterator[list[float]]:
    """The number of sentences and the scores of each letter, whole and cut to each shorter length."""
    for one in letters:
        for length in sorted({*(some for some in LENGTHS if some < len(one.vectors)), len(one.vectors)}):
            yield [length, *raw(learned, one.vectors[:length])]


def raw(learned: dict[str, Any], vectors: Any) -> Any:
    return classifier.raw(learned, classifier.pooled(vectors), float((vectors @ learned["sentence"]).max()))


def final(learned: dict[str, Any], vectors: Any) -> float:
    scores = classifier.likely(learned, raw(learned, vectors), len(vectors))
    return float(classifier.scaled(learned, scores).max())


def quantile(values: Any, weight: Any, share: float) -> float:
    order = values.argsort()
    below = weight[order].cumsum()
    return float(values[order][np.searchsorted(below, share * below[-1])])


if __name__ == "__main__":
    raise SystemExit(main())
