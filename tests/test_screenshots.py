"""The page of pictures shows every picture there is, each small enough to be read over a slow line."""

import re
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = sorted((DOCS / "screenshots").glob("*.png"))


def test_the_page_shows_every_picture_and_each_has_words():
    page = (DOCS / "screenshots.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(screenshots/([\w-]+\.png)\)", page)
    assert sorted(name for _, name in shown) == [p.name for p in PICTURES]
    assert all(len(words) > 10 for words, _ in shown)


def test_each_is_small_and_none_is_blank():
    sizes = [p.stat().st_size for p in PICTURES]
    assert max(sizes) < 200_000
    assert sum(sizes) < 2_000_000
    for path in PICTURES:
        with Image.open(path) as picture:
            assert picture.mode == "P"
            assert len(picture.getcolors() or range(99)) > 8, f"{path.name} is blank"
