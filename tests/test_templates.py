"""The blank templates: what stands in data_templates/ is what the tables say today, and guides the hand that fills it."""

from pathlib import Path

import openpyxl
import pytest

from auditkit.read.values import parse_cell
from auditkit.schema import normal, tables
from auditkit.templates import EXAMPLE, GUIDE, WORKBOOK, write_templates

KEPT = Path(__file__).parents[1] / "data_templates"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    write_templates(folder)
    return folder


def content(path):
    """All that a person sees or is guided by: cells, formats, notes, drop-downs, what stays in view."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: {
            "cells": {
                c.coordinate: (c.value, c.number_format, c.font.color.rgb if c.font.color else None, c.fill.fgColor.rgb)
                for row in sheet.iter_rows()
                for c in row
            },
            "notes": {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment},
            "lists": sorted((str(v.sqref), v.formula1) for v in sheet.data_validations.dataValidation),
            "frozen": sheet.freeze_panes,
            "widths": {k: d.width for k, d in sheet.column_dimensions.items()},
        }
        for sheet in book.worksheets
    }


def test_kept_templates_are_what_the_tables_say(fresh):
    assert sorted(p.name for p in KEPT.iterdir()) == sorted(p.name for p in fresh.iterdir())
    for path in fresh.iterdir():
        assert content(KEPT / path.name) == content(path), f"{path.name}: run `auditkit template data_templates`"


def test_one_workbook_with_all_tables_and_one_file_a_table(fresh):
    book = openpyxl.load_workbook(fresh / WORKBOOK)
    assert book.sheetnames == [*(t.zh for t in tables().values()), GUIDE]
    assert len(list(fresh.iterdir())) == 1 + len(tables())


@pytest.mark.parametrize("table", tables().values(), ids=lambda t: t.name)
def test_sheet_guides_the_hand(fresh, table):
    sheet = openpyxl.load_workbook(fresh / WORKBOOK)[table.zh]
    assert [c.value for c in sheet[1]] == [c.zh for c in table.columns]
    assert sheet.freeze_panes == "B2"
    assert str(sheet["A2"].value).startswith(EXAMPLE)
    lists = {
        str(v.sqref).split(":")[0]: v.formula1.strip('"').split(",") for v in sheet.data_validations.dataValidation
    }
    for head, example, column in zip(sheet[1], sheet[2], table.columns, strict=True):
        note = head.comment.text
        assert ("必填" in note) == column.must
        for choice in column.choices:
            assert choice in note
        if column.choices:
            assert lists[example.coordinate] == list(column.choices)
        if column.type in ("text", "id", "list", "month"):
            assert example.number_format == "@"
        if column.type in ("date", "datetime"):
            assert example.number_format.startswith("yyyy-mm-dd")
        assert example.font.color.rgb == "FF808080"
        if example.value is not None and example is not sheet["A2"]:
            assert parse_cell(table.name, column, example.value) is not None


def test_must_and_may_are_told_apart_without_colour_names_in_the_header(fresh):
    sheet = openpyxl.load_workbook(fresh / WORKBOOK)["公共收益台账"]
    fills = {c.value: c.fill.fgColor.rgb for c in sheet[1]}
    assert fills["日期"] == fills["金额"] != fills["票据号"]


def test_guide_has_no_line_that_could_be_taken_for_a_header(fresh):
    guide = openpyxl.load_workbook(fresh / WORKBOOK)[GUIDE]
    words = {normal(c.zh) for t in tables().values() for c in t.columns}
    for row in guide.iter_rows(values_only=True):
        assert sum(normal(str(v)) in words for v in row if v is not None) == 0


def test_written_twice_the_same_bytes(fresh, tmp_path):
    write_templates(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (fresh / path.name).read_bytes()
