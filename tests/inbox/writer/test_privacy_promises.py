"""The public page about privacy says nothing that no test holds."""

from __future__ import annotations

import ast
import re

import pytest
from django.conf import settings

from inbox.management.commands.privacy_doc import PATH, document
from inbox.writer import privacy_promises

ALL = [promise for section in privacy_promises.sections() for promise in section.promises]


@pytest.mark.parametrize("promise", ALL, ids=lambda promise: promise.says[:40])
def test_each_sentence_names_a_test_that_asserts_something(promise: privacy_promises.Promise) -> None:
    file, _, name = promise.test.partition("::")
    tree = ast.parse((settings.BASE_DIR / file).read_text())
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    assert found, promise.test
    assert any(isinstance(node, ast.Assert) or _raises(node) for node in ast.walk(found[0]))


def _raises(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.raises", "refused")


@pytest.mark.parametrize("figure", privacy_promises.figures(), ids=lambda figure: figure.claim[:40])
def test_each_figure_names_what_shows_it(figure: privacy_promises.Figure) -> None:
    named = re.findall(r"(?:tests|bench)/[\w/]+\.py", figure.by)
    assert named
    for file in named:
        assert (settings.BASE_DIR / file).exists(), file


def test_no_sentence_is_said_twice() -> None:
    said = [promise.says for promise in ALL]
    assert len(said) == len(set(said)) > 20


def test_the_document_is_what_the_page_says() -> None:
    assert PATH.read_text() == document()
