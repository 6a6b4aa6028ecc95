"""Loading what screening needs, so that the first letter need not wait for it.

A web server's process does it beside its first pages (``config.wsgi``). Commands, workers and tests load what they use
when they use it.
"""

from __future__ import annotations

import collections
import threading

from inbox.screening import concerns, details, encoder, language, phrases, similarity, spam

#: A text for which every list of words is read.
_LETTER = "Anna"


def warm() -> None:
    """Load the encoder, the lists of words and the phrases."""
    encoder.warm()
    # compiled one by one with the letters that have their words, otherwise
    collections.deque((phrase.pattern for phrase in phrases.phrases()), maxlen=0)
    concerns.find_concerns(_LETTER)
    language.code(_LETTER)
    spam.judge(_LETTER)
    details.find_details(_LETTER)
    similarity.rank(_LETTER, [_LETTER])


def begin() -> threading.Thread:
    """Begin to ``warm`` in a thread that stops no process from ending."""
    thread = threading.Thread(target=warm, name="warm", daemon=True)
    thread.start()
    return thread
