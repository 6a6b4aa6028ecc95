"""Cut the fonts of the pictures for social cards: ``python bin/make_picture_fonts.py FOLDER``, the unpacked npm package
``@fontsource-variable/literata`` 5.3.0. Needs fonttools and brotli, which nothing else here does.

The pictures are drawn on the server, so the fonts are whole scripts, as TTF, and never sent to a reader. Their advance
widths are written beside them, by which lines are broken.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).parent.parent / "columns" / "data" / "fonts"
SCRIPTS = ("latin", "latin-ext", "greek", "cyrillic", "vietnamese")
#: The display cut of the column's headings, and the italic of their second halves.
STYLES = {"normal": {"opsz": 40, "wght": 650}, "italic": {"opsz": 40, "wght": 400}}
_FAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC = 1, 4, 6, 16


def cut(source: Path, script: str, style: str, folder: Path) -> Path:
    """One style of one script, without axes and without features."""
    font = TTFont(source / "files" / f"literata-{script}-opsz-{style}.woff2")
    font = instantiateVariableFont(font, STYLES[style])
    font.flavor = None
    for table in ("STAT", "GSUB", "GPOS", "GDEF", "BASE"):
        if table in font:
            del font[table]
    path = folder / f"{script}-{style}.ttf"
    font.save(path)
    return path


def merged(parts: list[Path], style: str) -> TTFont:
    """The scripts of one style in one font, under a name of its own."""
    font = Merger().merge([str(part) for part in parts])
    name = "Literata Picture"
    for record in font["name"].names:
        if record.nameID in (_FAMILY, _FULL, _TYPOGRAPHIC):
            record.string = name
        elif record.nameID == _POSTSCRIPT:
            record.string = name.replace(" ", "") + style
    font.recalcTimestamp = False
    return font


def main() -> None:
    source = Path(sys.argv[1])
    OUT.mkdir(exist_ok=True)
    widths: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for style in STYLES:
            font = merged([cut(source, script, style, Path(folder)) for script in SCRIPTS], style)
            font.save(OUT / f"literata-{style}.ttf")
            advances, per_em = font["hmtx"].metrics, font["head"].unitsPerEm
            points = sorted(font.getBestCmap().items())
            widths[style] = {chr(point): round(advances[glyph][0] / per_em, 3) for point, glyph in points}
    (OUT / "widths.json").write_text(json.dumps(widths, ensure_ascii=True, separators=(",", ":")) + "\n")
    shutil.copyfile(source / "LICENSE", OUT / "OFL.txt")
    for path in sorted(OUT.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
