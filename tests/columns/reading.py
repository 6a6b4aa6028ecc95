"""A page as a reader's browser takes it apart, and the addresses there are to read."""

from __future__ import annotations

from html.parser import HTMLParser

from columns.models import Article, Column

_VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Tags with their attributes in order, and the words of the body. Fails on a tag that does not close."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self._inside: list[list[str]] = []
        self._of_class: list[tuple[set[str], list[str]]] = []
        self.feed(content.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)
            self._inside.append([])
            self._of_class.append((set((dict(attrs).get("class") or "").split()), self._inside[-1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open
        assert self._open.pop() == tag
        self._inside.pop()

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside != "title":
            (self.scripts if inside == "script" else self.pieces).append(data)
            for words in self._inside:
                words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def texts(self, name: str) -> list[str]:
        """The words of each element of that class, as they stand in the page."""
        return [" ".join("".join(words).split()) for classes, words in self._of_class if name in classes]

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]

    def meta(self, name: str) -> str:
        """The content of the one ``meta`` of that name or property."""
        found = [m["content"] for m in self.all("meta") if name in (m.get("name"), m.get("property"))]
        assert len(found) == 1
        return found[0]

    def link(self, rel: str, kind: str = "") -> str:
        """The address of the one ``link`` of that relation, and of that type if one is given."""
        links = [link for link in self.all("link") if link["rel"] == rel]
        (found,) = [link["href"] for link in links if not kind or link.get("type") == kind]
        return found


def pages(column: Column, article: Article) -> dict[str, str]:
    """Each kind of HTML page of a column that holds the article, by the name of its address."""
    home = column.get_absolute_url()
    out = article.publish_at
    assert article.topic is not None
    return {
        "home": home,
        "about": f"{home}about/",
        "archive": f"{home}archive/",
        "archive_month": f"{home}archive/{out.year}/{out.month}/",
        "topic": f"{home}topics/{article.topic.slug}/",
        "article": article.get_absolute_url(),
        "feeds": f"{home}feeds/",
    }


def everything(column: Column, article: Article) -> dict[str, str]:
    """The pages, and what machines read."""
    home = column.get_absolute_url()
    machines = {
        "feed": f"{home}feed.atom",
        "feed_json": f"{home}feed.json",
        "sitemap": "/sitemap.xml",
        "sitemap_of_column": f"/sitemap-{column.slug}.xml",
        "robots": "/robots.txt",
    }
    return pages(column, article) | machines
