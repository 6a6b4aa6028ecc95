"""Find the sentences that people see and that are not marked for translation.

In templates: text between tags, the attributes that are shown or read out, literals given to tags and filters, and
dates in a fixed form. In Python: every literal that reads like a sentence, every literal where only people's words
stand (labels, errors, choices), and marks around something that no catalogue can hold. In both: lists whose separator
is written out, and sentences with a number that have one form for all numbers. Docstrings, log lines,
programmers' exceptions, management commands and migrations are not for the people of a column. In scripts: every
literal that reads like a sentence, and every literal that is put on the page as text; a script takes what it says from
the page that loads it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from unmarked.python import in_python
from unmarked.scripts import in_script
from unmarked.sentences import JOINED_BY_HAND, Finding
from unmarked.templates import in_template

ROOT = Path(__file__).resolve().parent.parent
#: Folders of templates.
TEMPLATES = ("templates",)
PYTHON = ("columns", "inbox", "config/views.py")
SCRIPTS = ("static",)

#: Files without translatable sentences, with the reason.
EXCLUDED = {
    "templates/500.html": "stands alone: no tag works when everything else has failed",
    "templates/robots.txt": "for machines",
    "templates/security.txt": "for machines",
    "columns/urls.py": "patterns of addresses",
    "columns/machine_readable/pictures.py": "the markup of a picture; its words are an article's",
    "columns/triggers.py": "what the database answers to a faulty program; no page shows it",
    "inbox/screening/warm.py": "a made-up letter that loads the lists of words; no page shows it",
    "inbox/screening/language.py": "the small words of many languages; what people read in it is marked",
    "columns/help_lines.py": "names of countries as people type them",
    "columns/search/engines.py": "statements of SQL",
    "columns/search/words.py": "the small words of English; no page shows them",
    "inbox/models/times/listed.py": "reasons for programmers; no page shows them",
    "inbox/models/times/row_order.py": "statements of SQL",
    "inbox/operations/audit_chain.py": "findings for whoever runs the server, printed by a command",
    "inbox/operations/as_recorded.py": "findings for whoever runs the server, printed by a command",
}
#: Folders for which the same holds.
EXCLUDED_FOLDERS = {
    "migrations": "sentences for programmers",
    "vendor": "as its makers wrote it",
    "fonts": "a licence, as its makers wrote it",
    "demo": "the demonstration's invented columns are in English",
    "backups": "refusals for whoever runs the server, printed by a command",
    "management": "sentences for whoever runs the server, in English as the documentation is",
}

#: Literals that read like sentences and are none, by file, with the reason.
NOT_SENTENCES = {
    ("columns/machine_readable/feeds.py", 'type="text/css" href="…"'): "what XML says of a stylesheet",
    ("columns/machine_readable/feeds.py", "…; charset=utf-8"): "a header",
    ("inbox/desk/account/adapters.py", "not kept"): "takes the place of a browser's name; no page shows it",
    ("inbox/models/sealed_kind.py", JOINED_BY_HAND): "privileges and columns in SQL",
    (
        "inbox/operations/column_settings.py",
        JOINED_BY_HAND,
    ): "stored names of fields; the desk lists their labels",
    ("inbox/staff/invitations.py", JOINED_BY_HAND): "stored names of roles; the desk lists their labels",
    ("inbox/staff/membership.py", JOINED_BY_HAND): "stored names of roles; the desk lists their labels",
    ("inbox/keys/unlock.py", "unlocked session v1"): "the purpose of a derived key",
    ("inbox/models/times/days.py", "who and when"): "the name of a sealed field",
}


def in_file(name: str, root: Path = ROOT) -> list[Finding]:
    """The unmarked sentences of a file, also of one that is excluded."""
    return [one for one in looks_unmarked(name, root) if (name, one.text) not in NOT_SENTENCES]


def looks_unmarked(name: str, root: Path = ROOT) -> list[Finding]:
    """All findings in a file, also those of ``NOT_SENTENCES``."""
    look = {".py": in_python, ".js": in_script}.get(Path(name).suffix, in_template)
    return look((root / name).read_text("utf-8"), name)


def files(root: Path = ROOT) -> Iterator[str]:
    """The path below ``root`` of every file that is checked."""
    for place in (*TEMPLATES, *PYTHON, *SCRIPTS):
        start = root / place
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            name = path.relative_to(root).as_posix()
            left_out = name in EXCLUDED or EXCLUDED_FOLDERS.keys() & set(path.parts)
            if path.suffix in (".html", ".txt", ".py", ".js") and not left_out and "lexicons" not in path.parts:
                yield name


def main() -> int:
    found = sorted(finding for name in files() for finding in in_file(name))
    for finding in found:
        print(finding)
    if found:
        print(
            f"{len(found)} sentences are not marked for translation (docs/architecture.md says how).", file=sys.stderr
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
