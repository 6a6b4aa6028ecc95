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
#: The same where several weak phrases of one kind stand in it: together they say more than one does.
WEAK_OF_SEVERAL: Final = -2.0
SOON: Final = 0.0
NOW: Final = 1.0
#: The scale of a letter of few sentences is already its own: its threshold has the same number.
SOON_OF_FEW: Final = SOON
#: Of fewer words a score never says that a person should look at once.
SHORT: Final = 40
#: The weight of the highest sentence beside the whole letter.
SENTENCE: Final = 0.2

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
    alone = found.vectors @ learned["sentence"]
    whole = pooled(found.vectors)
    scores = scaled(learned, likely(learned, raw(learned, whole, float(alone.max())), len(found.vectors)))
    first = int(scores.argmax())
    if 0 < first <= len(learned["heads"]):
        kind = str(learned["heads"][first - 1])
        place = int(_shares(found.vectors, learned["letter"][first]).argmax())
    else:  # need of any kind, of the letter or of one sentence
        kind = str(learned["kinds"][int((learned["kind_weights"] @ whole + learned["kind_bias"]).argmax())])
        place = int(alone.argmax())
    return Classification(kind, *found.spans[place], float(scores[first]), found.words)


def pooled(vectors: Floats) -> Floats:
    """The mean of the sentences and, number by number, their maximum."""
    import numpy as np  # noqa: PLC0415 - the encoder settles first how numpy is loaded

    return np.concatenate([vectors.mean(0), vectors.max(0)])


def raw(learned: dict[str, Any], whole: Floats, highest: float) -> Floats:
    """The scores as learned: of need of any kind, of each head, and of the highest sentence."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.append(learned["letter"] @ whole, highest)


def likely(learned: dict[str, Any], scores: Floats, sentences: int) -> Floats:
    """The scores in comparison with ordinary letters of as many sentences: 0 is their median, and one in twenty is
    above 1. Few sentences vary more, and of many the highest is higher, so that each length has its own."""
    import numpy as np  # noqa: PLC0415 - as above

    at, length = np.log(learned["lengths"]), np.log(sentences)
    middle, high = (np.array([np.interp(length, at, row) for row in side]) for side in learned["norms"])
    found: Floats = (scores - middle) / (high - middle)
    found[0] = (found[0] + SENTENCE * found[-1]) / (1 + SENTENCE)
    return found


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
