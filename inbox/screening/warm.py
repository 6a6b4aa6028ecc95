"""Loading what screening needs, so that the first letter need not wait for it.

A web server's process does it beside its first pages (``config.wsgi``). Commands, workers and tests load what they use
when they use it.
"""

from __future__ import annotations

import collections
import threading

from inbox.screening import concerns, details, encoder, language, phrases, similarity, spam

#: For a text of these words every list is read.
_WORDS = ("i", "want", "to", "die.", "anna", "from", "leeds.", "husband", "left", "in", "may.", "anna@example.org")


def warm() -> None:
    """Load the encoder, the lists of words and the phrases."""
    encoder.warm()
    # compiled one by one with the letters that have their words, otherwise
    collections.deque((phrase.pattern for phrase in phrases.phrases()), maxlen=0)
    text = " ".join(_WORDS)
    concerns.find_concerns(text)
    language.code(text)
    spam.judge(text)
    details.find_details(text)
    similarity.rank(text, [text])


def begin() -> threading.Thread:
    """Begin to ``warm`` in a thread that stops no process from ending."""
    thread = threading.Thread(target=warm, name="warm", daemon=True)
    thread.start()
    return thread
