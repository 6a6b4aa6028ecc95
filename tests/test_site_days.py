"""No code makes a day of a moment but by the site's time zone."""

from __future__ import annotations

import ast

from tests.test_structure import PACKAGES, ROOT, python_files

#: Days that are those of UTC or of no moment at all, with the reason.
NOT_OF_THE_SITE = {
    ("inbox/operations/audit_chain.py", "_day"): "a chain holds in whatever time zone the site is",
    ("inbox/triage/wellbeing.py", "_late"): "of a time of the site's clocks already",
}


def days_of_elsewhere(source: str) -> list[tuple[str, str]]:
    """The function and the text of each expression that makes a day of a moment by another clock than the site's."""
    found: list[tuple[str, str]] = []

    def look(node: ast.AST, function: str) -> None:
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, ast.FunctionDef) else function
            if isinstance(child, ast.Call):
                name = child.func.attr if isinstance(child.func, ast.Attribute) else getattr(child.func, "id", "")
                zone = next((word.value for word in child.keywords if word.arg == "tzinfo"), None)
                of_utc = zone is not None and ast.unparse(zone).endswith(("UTC", "utc"))
                bare = name in ("date", "today", "utcnow", "utctimetuple") and not child.args
                made = of_utc and (name == "combine" or name.startswith(("Trunc", "Extract")))
                cut = name == "replace" and any(ast.unparse(word) == "hour=0" for word in child.keywords)
                if (isinstance(child.func, ast.Attribute) and (bare or cut)) or made:
                    found.append((inside, ast.unparse(child)))
            look(child, inside)

    look(ast.parse(source), "")
    return found


def test_days_are_the_sites() -> None:
    """The day of a moment is ``timezone.localdate(at)``, its beginning that of ``columns/site_time.py``."""
    for wrong in (
        "def f(at): return at.date()",
        "def f(): return timezone.now().date()",
        "def f(): return dt.date.today()",
        "def f(day): return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)",
        "def f(): return TruncMonth('publish_at', tzinfo=dt.UTC)",
        "def f(at): return at.replace(hour=0, minute=0)",
    ):
        assert [function for function, _ in days_of_elsewhere(wrong)] == ["f"], wrong
    assert days_of_elsewhere("def f(at): return timezone.localdate(at), dt.date(2026, 1, 1), at.replace(day=1)") == []
    found = {
        (path.relative_to(ROOT).as_posix(), *place)
        for path in python_files()
        if path.relative_to(ROOT).parts[0] in PACKAGES and "migrations" not in path.parts
        for place in days_of_elsewhere(path.read_text())
    }
    assert {place for place in found if place[:2] not in NOT_OF_THE_SITE} == set()
    assert NOT_OF_THE_SITE.keys() <= {place[:2] for place in found}
