"""The mark of a sentence that pure modules hold and others translate: they may not import Django."""


def gettext_noop(message: str) -> str:
    """Return the message as it is. Its use marks the message for translation; the code that shows the message calls
    ``gettext()``."""
    return message
