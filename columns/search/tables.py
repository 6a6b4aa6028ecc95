"""The tables of the index. They hold nothing that the articles do not say, and no word of an article that is gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SearchEntry(models.Model):
    """What an article is found by. ``approval``: that of the words that were indexed; an entry of other words than the
    article's is not looked at. A new entry has a greater number than all others."""

    column = models.ForeignKey("columns.Column", on_delete=models.CASCADE, related_name="+")
    article = models.OneToOneField("columns.Article", on_delete=models.CASCADE, related_name="search_entry")
    approval = models.UUIDField()
    lexemes = models.TextField()
    vectors = models.BinaryField(default=b"")

    class Meta:
        app_label = "columns"

    def __str__(self) -> str:
        return str(self.pk)


class SearchWord(models.Model):
    """A word of a column's articles, to which misspelt ones are brought back. ``lexeme``: that of its stem."""

    column = models.ForeignKey("columns.Column", on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=80)
    lexeme = models.CharField(max_length=12, db_index=True)
    slips = models.TextField()

    class Meta:
        app_label = "columns"
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "word"], name="search_word_once_per_column")]

    def __str__(self) -> str:
        return self.word


class Likeness(models.Model):
    """How near another article is to an article, in thousandths; the nearest alone are kept."""

    article = models.ForeignKey("columns.Article", on_delete=models.CASCADE, related_name="likenesses")
    other = models.ForeignKey("columns.Article", on_delete=models.CASCADE, related_name="+")
    nearness = models.SmallIntegerField()

    class Meta:
        app_label = "columns"
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "other"], name="likeness_once_per_pair")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.other_id}"
