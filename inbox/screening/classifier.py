"""What a letter's sentences mean as a whole: a score of how much it reads like one of somebody in need.

Most people in despair never write the words that a list of phrases knows. So the sentences' vectors (``encoder``) are
weighed: their mean and their maximum, and each sentence alone. The weights were learned from posts
(``bin/make_classifier.py``, which says from which and how the thresholds were chosen). A score may only raise a letter:
it never lowers what a phrase says, hides or refuses. Pure functions; nothing is stored.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from inbox.screening import encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

#: The thresholds of a score, the same for every kind and length; what was learned is brought to this scale.
#: Below ``WEAK`` a letter reads like one of somebody who is well, and a weak phrase in it is likely to mean something
#: else. Above ``SOON`` a person should read it the same day though no phrase says why, above ``NOW`` at once.
WEAK: Final = -1.0
SOON: Final = 0.0
NOW: Final = 1.0
#: The scale of a letter of few words is already its own: its threshold has the same number.
SOON_OF_FEW: Final = SOON
#: Letters of fewer words have a threshold of their own, since a few words say little either way.
SHORT: Final = 40
#: The weight of the highest sentence beside the whole letter.
SENTENCE: Final = 0.4

_MODEL = Path(__file__).parent / "models" / "classifier.npz"


@dataclass(frozen=True)
class Classification:
    """``score``: to be compared with ``WEAK``, ``SOON`` and ``NOW``. ``kind``: the kind of concern it is most likely.

    ``start``, ``end``: the sentence that scored highest, as offsets into the text as written. ``words``: of the text.
    """

    kind: str
    start: int
    end: int
    score: float
    words: int


def classify(text: str) -> Classification | None:
    """The score of the text; ``None`` for a text without words, or where the encoder is not installed."""
    found = encoder.sentences(text)
    if found is None:
        return None
    learned = _model()
    whole = pooled(found.vectors)
    alone = found.vectors @ learned["sentence"]
    scores = scaled(learned, raw(learned, whole, float(alone.max()), short=found.words < SHORT))
    first = int(scores.argmax())
    if first == 0:  # need of any kind
        kind = str(learned["kinds"][int((learned["kind_weights"] @ whole + learned["kind_bias"]).argmax())])
        place = int(alone.argmax())
    else:
        kind = str(learned["heads"][first - 1])
        place = int(_shares(found.vectors, learned["letter"][first]).argmax())
    return Classification(kind, *found.spans[place], float(scores[first]), found.words)


def pooled(vectors: Floats) -> Floats:
    """The mean of the sentences and, number by number, their maximum."""
    import numpy as np  # noqa: PLC0415 - the encoder settles first how numpy is loaded

    return np.concatenate([vectors.mean(0), vectors.max(0)])


def raw(learned: dict[str, Any], whole: Floats, alone: float, *, short: bool) -> Floats:
    """The scores before they are scaled: of need of any kind, then of each head; in deviations of ordinary posts."""
    mean, deviation = learned["norms"].T
    scores: Floats = (learned["letter"] @ whole - mean) / deviation
    highest = (alone - learned["sentence_norm"][0]) / learned["sentence_norm"][1]
    scores[0] += SENTENCE * highest
    if short:
        scores -= learned["short"]
    # one sentence is enough where it is much higher than those of ordinary letters
    scores[0] = max(scores[0], learned["thresholds"][0][1] + highest - learned["alone"])
    return scores


def scaled(learned: dict[str, Any], scores: Floats) -> Floats:
    """The scores on the scale of ``WEAK``, ``SOON`` and ``NOW``."""
    import numpy as np  # noqa: PLC0415 - as above

    weak, soon, now = learned["thresholds"].T
    found: Floats = np.where(scores < soon, (scores - soon) / (soon - weak), (scores - soon) / (now - soon))
    return found


def _shares(vectors: Floats, weights: Floats) -> Floats:
    """How much each sentence adds to the score of the whole."""
    import numpy as np  # noqa: PLC0415 - as above

    mean, most = weights[: encoder.SIZE], weights[encoder.SIZE :]
    shares: Floats = vectors @ mean / len(vectors)
    np.add.at(shares, vectors.argmax(0), most * vectors.max(0))
    return shares


@functools.cache
def _model() -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415 - as above

    with np.load(_MODEL, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
