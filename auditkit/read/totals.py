"""Subtotals and totals as they stand on paper, beside the sums of the rows that they are of."""

from __future__ import annotations

from typing import Final

COLUMNS: Final = (
    "file", "sheet", "row", "cell", "table", "column", "label", "direction", "written",
    "sum_plain", "sum_net", "sum_income", "sum_cost", "formula", "left_out",
)  # fmt: skip
"""One row a total cell.

`cell` as Excel names it («F27»); `column` the money column it stands in; `label` as on paper; `direction` «», 收入 or
支出 where label or column says which; `written` what stands there, reckoned from the formula where no value is stored;
`sum_plain` of all rows it covers, `sum_net` income less cost, `sum_income`, `sum_cost`; `formula` without «=»;
`left_out` names the rows that the formula's range leaves out, "" if none.
Units: written and the sums in fen, Int64; missing where a row that it covers cannot be read.
"""
