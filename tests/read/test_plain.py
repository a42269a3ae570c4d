"""What is read at once is what reading cell by cell gives, note and all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.read.plain import plain_values
from auditkit.read.values import Context, Reading, UnreadableError, read_cell
from auditkit.schema import tables

COLUMNS = [
    (table, column)
    for table, name in (
        ("ledger", "date"), ("parking", "entry"), ("ledger", "amount"), ("parking", "plate"), ("ledger", "account"),
        ("bank", "time"),
    )
    for column in (tables()[table].column(name),)
]  # fmt: skip
WRITTEN = st.one_of(
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True),
    st.from_regex(r"[0-9]{1,13}(\.[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[\u4e00-\u9fff]?[A-Z]{0,9}-?[0-9]?[0-9A-Z\-]*", fullmatch=True),
    st.text(st.sampled_from("0123456789-/.:, 年月日E+晋A无'`０\t"), max_size=20),
)


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda x: getattr(x, "name", x))
@pytest.mark.parametrize("unit", ["元", "万元"])
@given(cell=WRITTEN)
def test_a_plain_cell_is_read_as_any_other(table, column, unit, cell):
    for value in plain_values(column, unit, [cell]).values():
        assert read_cell(table, column, cell, Context(unit=unit)) == Reading(value)


def test_most_of_an_export_is_plain():
    export = {
        "entry": "2024-03-05 08:12:09",
        "plate": "晋A12345",
        "account": "6222020000000001",
        "amount": "12.50",
    }
    for table, column in COLUMNS:
        if column.name in export:
            assert plain_values(column, "元", [export[column.name]]), (table, column.name)


@pytest.mark.parametrize("cell", ["2024-02-30", "1949-12-31", "2101-01-01"])
def test_an_impossible_day_is_left_to_the_reader_that_says_why(cell):
    column = tables()["ledger"].column("date")
    assert not plain_values(column, "元", [cell])
    with pytest.raises(UnreadableError):
        read_cell("ledger", column, cell)
