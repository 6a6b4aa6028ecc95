"""The mark of a sentence that is translated where it is shown, for modules that know no Django."""


def gettext_noop(message: str) -> str:
    return message
