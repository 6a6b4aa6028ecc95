"""What finds acts that lock rows in another order finds them."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.models import F

from columns.models import Article, Column
from inbox.models import Letter
from tests import factories, lock_order

WRITTEN: dict[type[Letter | Article | Column], str] = {Letter: "events_count", Article: "reviewed_on", Column: "title"}


@pytest.fixture
def letter(column: Column) -> Letter:
    return factories.make_letter(column)


@pytest.fixture
def article(column: Column) -> Article:
    return factories.make_article(column)


def touch(model: type[Letter | Article | Column], **which: object) -> None:
    model._default_manager.filter(**which).update(**{WRITTEN[model]: F(WRITTEN[model])})


def test_one_table_after_another(letter: Letter, article: Article) -> None:
    with lock_order.kept():
        with transaction.atomic():
            touch(Column)
            touch(Letter)
            with transaction.atomic():
                touch(Article)
            touch(Letter)
            touch(Column)
        touch(Letter)
        with transaction.atomic():
            touch(Article)
            touch(Letter, events_count=-1)
            factories.make_letter(letter.column)


def out_of_order() -> None:
    with transaction.atomic():
        with transaction.atomic():
            touch(Article)
        touch(Letter)


def test_acts_in_a_block_of_the_test(letter: Letter, article: Article) -> None:
    with lock_order.kept(), transaction.atomic():
        lock_order.within()
        for model in (Article, Letter):
            with transaction.atomic():
                touch(model)
        with pytest.raises(lock_order.OutOfOrder):
            out_of_order()


def test_the_other_way_round(letter: Letter, article: Article) -> None:
    with lock_order.kept(), pytest.raises(lock_order.OutOfOrder, match="inbox_letter after columns_article"):
        out_of_order()
