"""Rebuilds auditkit/data/fonts from Debian's fonts-noto-cjk: `python tools/build_font.py [NotoSansCJK-Regular.ttc]`.

Needs fonttools. Every character of GBK and what charts use beside it; layout tables and hints are left out, for
matplotlib uses neither. The subset is renamed: the Open Font License keeps the name «Noto» for the whole font.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED_CHINESE = 2
NAME = "Auditkit Sans SC"
FILE = Path(__file__).parents[1] / "auditkit" / "data" / "fonts" / "AuditkitSansSC-Regular.otf"
BESIDE_GBK = "¥€£©®²³㎡㎥№−–—…‰≤≥≠≈×÷±→←↑↓▲▼■□●○◆◇★☆✓①②③④⑤⑥⑦⑧⑨⑩"


def characters() -> set[int]:
    """Every character that GBK can write, and the few signs that charts use beside it."""
    found = {ord(c) for c in BESIDE_GBK} | set(range(0x20, 0x7F))
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                found.add(ord(bytes((lead, trail)).decode("gbk")))
            except UnicodeDecodeError:
                continue
    return found


def build(source: Path, target: Path) -> None:
    """Writes the subset, renamed, without a time of its own: the same source gives the same bytes."""
    font = TTFont(source, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG", "GDEF"]
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=characters())
    chosen.subset(font)
    for name_id, text in {
        1: NAME, 2: "Regular", 3: f"{NAME} 1", 4: NAME, 5: "Version 1", 6: NAME.replace(" ", "") + "-Regular",
    }.items():  # fmt: skip
        font["name"].setName(text, name_id, 3, 1, 0x409)
    top = font["CFF "].cff.topDictIndex[0]
    font["CFF "].cff.fontNames[0] = NAME.replace(" ", "") + "-Regular"
    top.FullName = top.FamilyName = NAME
    font.save(target)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE, FILE)
