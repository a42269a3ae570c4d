"""The page on matching: its examples run, and it names every setting."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
from pathlib import Path

from auditkit import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")


def test_the_examples_say_what_the_page_says() -> None:
    blocks = re.findall(r"```python\n(.*?)```\n+```\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 2
    space: dict[str, object] = {}
    for code, said in blocks:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(code, space)
        assert told.getvalue() == said


def test_every_setting_stands_there_with_its_value() -> None:
    for field in dataclasses.fields(Settings):
        line = re.search(rf"^\| {field.name} \| (.*?) \|", PAGE, re.M)
        assert line, field.name
        if isinstance(field.default, int | float):
            assert line[1] == str(field.default), field.name
