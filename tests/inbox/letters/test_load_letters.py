"""Letters from a table are taken in as letters from the form are, and each one left out is reported."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from columns.models import Column
from inbox.crypto import receipts
from inbox.keys import vault
from inbox.letters import intake, writer_acts
from inbox.models import Letter, Need, PublicKey
from inbox.workflow import LetterStatus
from tests import factories

GOOD = "I have wondered about this for a long time and never asked."
OTHER = "My question is another one and it is also long enough to be taken."


def load(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("load_letters", str(path), *options, stdout=out)
    return out.getvalue()


def texts(column: Column) -> set[str]:
    return {words["text"] for words in factories.desk_keys().open_many(Letter.objects.filter(column=column)).values()}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "letters.csv"


def test_every_row_is_taken_or_counted_with_its_line(column: Column, table: Path) -> None:
    table.write_bytes(
        b"\xef\xbb\xbfletter,summary\r\n"  # a byte order mark, and the line ends of spreadsheets
        + f"{GOOD},one\r\n".encode()  # 2
        + f'"First a line,\r\nthen ""another"" one. {GOOD}",two\r\n'.encode()  # 3 and 4
        + b"Too short.,three\r\n"  # 5
        + b",four\r\n"  # 6
        + b"\xff\xfe caf\xe9 " + GOOD.encode() + b",five\r\n"  # 7
        + b"x" * (intake.MAX_CHARACTERS + 1) + b",six\r\n"  # 8
        + f"{GOOD}, one comma too many,seven\r\n".encode()  # 9
        + b"   \t ,eight\r\n"  # 10
        + f"{OTHER}\r\n".encode()  # 11, without its last cell
    )  # fmt: skip
    told = load(table)
    assert texts(column) == {GOOD, OTHER, f'First a line,\nthen "another" one. {GOOD}'}
    assert "Taken: 3. Refused: 6. Last line: 11." in told
    assert "shorter than 40 characters: 1 (line 5)" in told
    assert "empty: 2 (line 6, 10)" in told
    assert "not UTF-8: 1 (line 7)" in told
    assert "longer than 16,000 characters: 1 (line 8)" in told
    assert "more cells than the first line has names: 1 (line 9)" in told
    assert "letters a second" in told


def test_nothing_of_a_letter_is_printed(column: Column, table: Path) -> None:
    table.write_text(f"letter\n{GOOD}\nsecret but short\n")
    told = load(table)
    assert "Taken: 1. Refused: 1." in told
    assert "wondered" not in told
    assert "secret" not in told


def test_the_longest_and_the_shortest_letter_are_taken(column: Column, table: Path) -> None:
    table.write_text(f"letter\n{'s' * intake.MIN_CHARACTERS}\n{'l' * intake.MAX_CHARACTERS}\n")
    assert "Taken: 2. Refused: 0." in load(table)


def test_a_letter_is_private_and_screened(column: Column, table: Path) -> None:
    table.write_text(f"letter\n{GOOD}\nSome nights I think about ending my life and I cannot tell anyone.\n")
    load(table)
    assert {letter.consent for letter in Letter.objects.all()} == {"private"}
    assert {(letter.need, letter.status) for letter in Letter.objects.all()} == {
        (Need.NONE, LetterStatus.RECEIVED),
        (Need.NOW, LetterStatus.HELD),
    }


def test_control_characters_are_tidied_away(column: Column, table: Path) -> None:
    table.write_text(f"letter\n{GOOD}\x00\x07\n")
    load(table)
    assert texts(column) == {GOOD}


@pytest.mark.parametrize(
    "header", ["id,Text,note", "id, letter ,note", "id,QUESTION,note", "id,chq,note", "id,words,note"]
)
def test_the_column_of_the_letters_is_found(column: Column, table: Path, header: str) -> None:
    table.write_text(f"{header}\n7,{GOOD},{'n' * 50}\n")
    load(table)
    assert texts(column) == {GOOD}


def test_the_column_of_the_letters_can_be_named(column: Column, table: Path) -> None:
    table.write_text(f"letter,story\n{'n' * 50},{GOOD}\n")
    load(table, "--text-column", "Story")
    assert texts(column) == {GOOD}


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", [], "The file is empty"),
        (f"letter\n{GOOD}\n", ["--text-column", "story"], "The first line has no such name"),
        ("id,name\n1,two\n", [], "No column holds letters"),
        (f"{GOOD}\n{OTHER}\n", [], "The first line looks like a letter"),
        (f'letter\n{GOOD}\n"{OTHER}\n', [], "The row that begins on line 3 is not CSV"),
        (f"letter\n{GOOD}\n", ["--column", "nowhere"], "There is no column with the address nowhere"),
    ],
)
def test_a_table_that_cannot_be_read_takes_nothing(
    column: Column, table: Path, content: str, options: list[str], sentence: str
) -> None:
    table.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        load(table, *options)
    assert Letter.objects.count() == 0


def test_a_missing_file_is_said(column: Column, table: Path) -> None:
    with pytest.raises(CommandError, match="The file cannot be read"):
        load(table)


def test_with_several_columns_one_is_named(column: Column, other_column: Column, table: Path) -> None:
    table.write_text(f"letter\n{GOOD}\n")
    with pytest.raises(CommandError, match="Say which one with --column"):
        load(table)
    load(table, "--column", "elsewhere")
    assert texts(other_column) == {GOOD}
    assert texts(column) == set()


def test_without_a_column_nothing_can_be_taken(db: None, table: Path) -> None:
    table.write_text(f"letter\n{GOOD}\n")
    with pytest.raises(CommandError, match="There is no column yet"):
        load(table)


def test_a_column_without_a_key_is_said(column: Column, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    PublicKey.objects.filter(column=column).delete()
    table.write_text(f"letter\n{GOOD}\n")
    with pytest.raises(CommandError, match="make_keys plain"):
        load(table)
    assert Letter.objects.count() == 0


def test_stopped_half_way_says_how_far_it_came(column: Column, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table.write_text(f"letter\n{GOOD}\n{OTHER}\n{GOOD}\n")
    take, out = intake.take, io.StringIO()

    def tired(*args: object, **words: object) -> intake.Taken:
        if Letter.objects.count() == 2:
            raise KeyboardInterrupt
        return take(*args, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "take", tired)
    with pytest.raises(KeyboardInterrupt):
        call_command("load_letters", str(table), stdout=out)
    assert "Taken: 2. Refused: 0. Last line: 3." in out.getvalue()
    assert Letter.objects.count() == 2


def test_receipts_are_written_for_one_persons_eyes(column: Column, table: Path, tmp_path: Path) -> None:
    table.write_text(f"letter\n{GOOD}\nshort\n{OTHER}\n")
    kept = tmp_path / "receipts.txt"
    told = load(table, "--receipts", str(kept))
    assert kept.stat().st_mode & 0o777 == 0o600
    rows = [line.split("\t") for line in kept.read_text().splitlines()]
    assert [line for line, _ in rows] == ["2", "4"]
    for (_, receipt), text in zip(rows, [GOOD, OTHER], strict=True):
        letter, derived = writer_acts.find(receipts.normalise(receipt))
        assert letter is not None
        assert vault.writer(derived.key).open(letter)["text"] == text
        assert receipt not in told


def test_a_file_of_receipts_is_never_written_over(column: Column, table: Path, tmp_path: Path) -> None:
    table.write_text(f"letter\n{GOOD}\n")
    kept = tmp_path / "receipts.txt"
    kept.write_text("earlier ones")
    with pytest.raises(CommandError, match="must be a new one"):
        load(table, "--receipts", str(kept))
    assert kept.read_text() == "earlier ones"
    assert Letter.objects.count() == 0
