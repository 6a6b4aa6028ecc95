"""What screening costs: one letter as people write it, and contrived ones.

    python bench/screening.py [--rounds 7] [--hostile FILE] [--worst 8]

Processor time of this process, in milliseconds: the least and the median of the rounds. Screened is as a letter is when
it comes: concerns with the encoder, details with their wider words, junk, language. A letter of 2,000 characters is
another one in each round, so that no sentence of it was encoded before. The contrived letters are short pieces repeated
to 16,000 characters, those of ``PIECES`` and of a FILE (a JSON list of texts); the dearest are printed, with the check
page of each: how long it takes and how many bytes and marks it has. See README.md for the goals and what was seen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processor time of one thread, as in a web server
ROOT = Path(__file__).resolve().parent.parent
LONGEST = 16_000
#: Pieces that each make much of one rule: details, concerns, junk, what is normalised, and what pages show.
PIECES = (
    *("@a1 ", "@a ", "a@b.co ", "+1 555 0100 ", "www.a.b ", "u/a ", "insta: a ", "#a ", "user_1 ", "http://a.co "),
    *("1 ", "1,", "£1 ", "No. 1 ", "12 May ", "1/2/2020 ", "I am 31 ", "SW1A 1AA ", "AB12 CDE ", "12 High Street "),
    *(
        "Ann and ",
        "my wife Ann ",
        "Mr. Smith ",
        "Mr A. ",
        "St. ",
        "my name is ",
        "in Paris ",
        "at Foo Bar ",
        "A.",
        "A ",
    ),
    *("the only ", "the only woman in ", "I work at ", "i want to die ", "he hits me ", "kill ", "not ", "want to "),
    *("k i l l ", "K.I.L.L. ", "to ", "i ", "x", "_", "- ", "-a", "[", "(", "'", '"', "'s ", "\n", "\n\n", "<", "&"),
    *("💔", "é", "a\u0301", "\u200b", "\uff21", "\uff11", "我", "ی", "۱ ", "\U000e0041", "ſ", "ﬃ"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="What screening costs.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--hostile", type=Path)
    parser.add_argument("--worst", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steady-screening-") as folder:
        os.environ.update(STEADY_VAR=folder, STEADY_DEMO="1", STEADY_PROCESS="both")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
        measure(options.rounds, options.hostile, options.worst)
    return 0


def measure(rounds: int, hostile: Path | None, worst: int) -> None:
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    import concerns as bench  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    from columns.models import Column  # noqa: PLC0415
    from inbox.screening import encoder  # noqa: PLC0415

    setup_test_environment()  # the client of the tests asks for pages
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("demo", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115 - nothing is kept
    encoder.warm()
    posts = (bench.POSTS / "training_1.jsonl").read_text("utf-8").splitlines()
    letter = " ".join(json.loads(line)["text"] for line in posts)[:2000]
    whole(letter)
    print("a letter of 2,000 characters: least, median")
    for name, work in (("encoder", encoder.sentences), ("all of screening", whole)):
        print(f"  {name:18}", shown([spent(work, bench.varied(letter, number)) for number in range(rounds)]))
    pieces = [*PIECES, *(json.loads(hostile.read_text("utf-8")) if hostile else ())]
    repeated = {piece: (piece * (LONGEST // len(piece) + 1))[:LONGEST] for piece in pieces if piece}
    once = {piece: spent(whole, text) for piece, text in repeated.items()}
    dearest = sorted(once, key=lambda piece: -once[piece])[:worst]
    print(f"16,000 characters, the {worst} dearest of {len(once)}: least, median; the check page: least, median")
    slug = Column.objects.get(slug="plain-answers").slug
    for piece in [*dearest, *(one for one in ("@a1 ", "[") if one not in dearest)]:
        text = repeated[piece]
        screened = shown([spent(whole, text) for _ in range(rounds)])
        pages = [check_page(slug, text) for _ in range(rounds)]
        print(
            f"  {piece[:24]!r:26} {screened};  {shown([ms for ms, _page in pages])}, {len(pages[0][1]) / 1000:.0f} kB,"
            f" {pages[0][1].count('<mark')} marks"
        )


def spent(work: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    work(text)
    return 1000 * (time.process_time() - begin)


def shown(times: list[float]) -> str:
    return f"{min(times):6.0f} {statistics.median(times):6.0f} ms"


def whole(text: str) -> None:
    """All of screening, as the check page and the taking of a letter need it."""
    from inbox.screening import spam  # noqa: PLC0415
    from inbox.writer.check import Seen  # noqa: PLC0415

    seen = Seen(text, "")
    _ = seen.found, seen.groups, seen.language
    spam.judge(text)


def check_page(slug: str, text: str) -> tuple[float, str]:
    """The page that a form with this letter is answered with, and what it cost."""
    from tests.reader import Reader  # noqa: PLC0415

    reader = Reader(slug)
    reader.open("write/")
    fields: dict[str, Any] = {**forms(reader, slug), "text": text, "consent": "private"}
    begin = time.process_time()
    page = reader.post("write/", fields)
    return 1000 * (time.process_time() - begin), page


def forms(reader: Any, slug: str) -> dict[str, str]:
    from tests.reader import forms as of_page  # noqa: PLC0415

    return next(fields for action, fields in of_page(reader.page).items() if action.startswith(f"/{slug}/write/"))


if __name__ == "__main__":
    raise SystemExit(main())
