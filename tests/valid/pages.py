"""Every public page is valid HTML (the Nu checker of the W3C), and what it tells machines is schema.org's vocabulary
(schema-dts, whose types are made from it). ``make valid`` runs it; ``make test`` does not, since it needs Java and npm.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from columns.models import Article, Column
from config import views
from inbox.models import User
from tests import factories
from tests.columns.reading import Page, pages
from tests.columns.test_article import WHOLE, correct

MODULES = Path(__file__).parent / "node_modules"
#: The letter's path, as it begins.
PATH = ("before-you-write/", "write/", "letter/", "search/")
HOSTILE = "'\"></script><img src=x onerror=a()>&{{"
TEXT = ("headline", "standfirst", "content_note", "pen_name", "question")


def run(*command: str | Path, where: Path) -> str:
    """What the program says, where it finds something."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or "it failed and said nothing"


def invalid(folder: Path) -> str:
    """What the Nu checker finds in the pages of a folder; warnings are not shown."""
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    how = ("--stdout", "--errors-only", "--format", "gnu")
    return run("java", "-jar", jar, *how, *sorted(folder.glob("*.html")), where=folder)


@pytest.fixture
def rich(column: Column, at: dt.datetime, author: User) -> list[Article]:
    """Articles of every kind: with everything, with what is hostile, read from the right, corrected, with help."""
    day, made = dt.timedelta(days=1), []
    everything = dict.fromkeys(TEXT, "Words & more: words?")
    hostile = dict.fromkeys(TEXT, HOSTILE)
    for number, words in enumerate(
        [
            {**everything, "answer": WHOLE},
            {
                **hostile,
                "answer": f"{HOSTILE}\n\n## {HOSTILE}\n\n[{HOSTILE}](https://a.example/?a&b)[^1]\n\n[^1]: {HOSTILE}",
            },
            {**everything, "answer": "# One\n\n> two\n\n1. three\n\n- four\n\n***\n\n`five`", "help_kinds": ["abuse"]},
        ],
        start=1,
    ):
        made.append(factories.make_article(column, at=at - number * day, **words))
    correct(made[0], "It was wrong.", at.date())
    Article.objects.filter(pk=made[1].pk).update(care=True)
    return made


@pytest.fixture
def folder(client: Client, column: Column, rich: list[Article], tmp_path: Path, rf, settings) -> Path:
    """Each template in each state, as files."""
    gone = rich.pop()
    wanted = {f"column-{kind}": path for kind, path in pages(column, rich[0]).items()}
    wanted |= {f"article-{number}": one.get_absolute_url() for number, one in enumerate([*rich, gone])}
    wanted |= {f"path-{path.strip('/')}": f"/plain/{path}" for path in PATH}
    wanted |= {
        "privacy": "/privacy/",
        "topics": "/plain/topics/",
        "nothing": "/plain/nothing/",
        "nowhere": "/none/write/",
    }
    taken = {name: client.get(path).content for name, path in wanted.items()}
    gone.take_down(at=dt.datetime.now(dt.UTC))
    taken["gone"] = client.get(gone.get_absolute_url()).content
    factories.make_column(slug="empty", title="Empty")
    taken |= {f"empty-{kind}": client.get(f"/empty/{kind}").content for kind in ("", "archive/", "topics/", "about/")}
    taken["index"] = client.get("/").content
    column.intake_open = False
    column.save()
    taken["paused"] = client.get("/plain/write/").content
    settings.LANGUAGES = [*settings.LANGUAGES, ("he", "Hebrew")]
    Column.objects.filter(pk=column.pk).update(language="he")
    taken["right"] = client.get(rich[0].get_absolute_url()).content
    taken["refused"] = views.forbidden(rf.get("/plain/write/")).content
    taken["failed"] = views.server_error(rf.get("/")).content
    for name, content in taken.items():
        (tmp_path / f"{name.strip('/').replace('/', '-')}.html").write_bytes(content)
    return tmp_path


def test_every_page_is_valid_html(folder: Path) -> None:
    assert len(list(folder.glob("*.html"))) >= 25
    assert invalid(folder) == ""


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text(
        '<!doctype html><html lang="en"><title>A</title><p><div id=a></div><b id=a></b></p>'
    )
    assert "Duplicate ID" in invalid(tmp_path)


def typed(blocks: list[str], folder: Path) -> str:
    """What TypeScript finds in blocks of linked data."""
    lines = ['import type { Article, WithContext } from "schema-dts";']
    lines += [
        f"export const block{number}: WithContext<Article> = {json.dumps(json.loads(block))};"
        for number, block in enumerate(blocks)
    ]
    (folder / "data.ts").write_text("\n".join(lines))
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(MODULES)
    compiler = shutil.which("tsc", path=str(MODULES / ".bin"))
    assert compiler
    return run(
        compiler,
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "data.ts",
        where=folder,
    )


def test_what_articles_tell_machines_is_the_vocabulary(client: Client, rich: list[Article], tmp_path: Path) -> None:
    blocks = [Page(client.get(one.get_absolute_url()).content).scripts[0] for one in rich]
    assert typed(blocks, tmp_path) == ""
    wrong = json.loads(blocks[0]) | {"headlines": "there is no such property"}
    assert "headlines" in typed([json.dumps(wrong)], tmp_path)


def test_articles_tell_what_search_engines_ask_for(client: Client, rich: list[Article]) -> None:
    """Google's properties of an Article, and of a question with one accepted answer."""
    for one in rich:
        data = json.loads(Page(client.get(one.get_absolute_url()).content).scripts[0])
        assert {"headline", "image", "datePublished", "dateModified", "author", "publisher"} <= set(data)
        assert {"name", "url"} <= set(data["author"])
        assert dt.datetime.fromisoformat(data["datePublished"]).tzinfo is not None
        question = data["mainEntity"]
        assert {"name", "text", "answerCount", "acceptedAnswer"} <= set(question)
        assert {"text", "url", "author"} <= set(question["acceptedAnswer"])
