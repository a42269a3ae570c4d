"""The input contract as Great Expectations suites, one a table, run once over the rows of many compounds.

Importing the library takes seconds, so it happens inside the functions and nobody pays who did not ask for it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from auditkit.check.contract import CASE, Expectation, derived, expectations
from auditkit.check.tables import Failures, report, stacked
from auditkit.model import Books, Issue

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

_PLACE: Final = "row:at"
"""A name that no table's column has."""
_EITHER: Final = "either_value_is_missing"


def installed() -> bool:
    """Whether Great Expectations is there to be used."""
    return find_spec("great_expectations") is not None


def check_books(books: Books) -> tuple[Issue, ...]:
    """Everything in one compound's tables that the input contract does not allow.

    Raises: ModuleNotFoundError where Great Expectations is not installed.
    """
    return check_county({"": books})[""]


def check_county(county: Mapping[str, Books]) -> dict[str, tuple[Issue, ...]]:
    """The issues of each compound: the same rows as auditkit.check.tables names, found by Great Expectations."""
    frames = stacked(county)
    return report(county, frames, validate(frames))


def suite(table: str) -> ExpectationSuite:
    """The expectation suite of a table."""
    gx = _library()
    return gx.ExpectationSuite(f"auditkit.{table}", expectations=[_native(gx, e) for e in expectations(table)])


def validate(frames: Mapping[str, pd.DataFrame]) -> dict[str, Failures]:
    """The rows of each table that do not keep an expectation."""
    gx = _library()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("auditkit")
    found: dict[str, Failures] = {}
    for table, frame in frames.items():
        if frame.empty:
            continue
        whole = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("all")
        batch = whole.get_batch({"dataframe": _plain(table, frame)})
        outcome = batch.validate(
            suite(table),
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_PLACE]},
        )
        found[table] = _failures(table, outcome)
    return found


def _library() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


def _plain(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as plain Python values with None for blank, dates as they are, and the reckoned columns beside them."""
    plain: dict[str, Any] = {_PLACE: range(len(frame))}
    for column in frame.columns.drop(CASE):
        values = frame[column]
        if not pd.api.types.is_datetime64_any_dtype(values):
            values = values.astype("object").where(values.notna() & (values != "").fillna(False), None)
        plain[str(column)] = values.reset_index(drop=True)
    for expectation in expectations(table):
        plain |= {name: values.reset_index(drop=True) for name, values in derived(expectation, frame).items()}
    return pd.DataFrame(plain)


def _native(gx: Any, e: Expectation) -> Any:
    """One expectation in the library's own words; `meta` leads back to ours."""
    known, meta = gx.expectations, {"key": e.derived}
    column = e.columns[0] if e.columns else e.derived
    match e.kind:
        case "must":
            return known.ExpectColumnValuesToNotBeNull(column=column, meta=meta)
        case "type":
            return known.ExpectColumnValuesToBeOfType(column=column, type_=e.values[0], meta=meta)
        case "choice":
            return known.ExpectColumnValuesToBeInSet(column=column, value_set=list(e.values), meta=meta)
        case "between":
            least, most = e.values
            return known.ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most, meta=meta)
        case "match":
            return known.ExpectColumnValuesToMatchRegex(column=column, regex=e.values[0], meta=meta)
        case "check_digit":
            return known.ExpectColumnPairValuesToBeEqual(
                column_A=f"{e.derived}:written", column_B=f"{e.derived}:reckoned", ignore_row_if=_EITHER, meta=meta
            )
        case "unique":
            return known.ExpectColumnValuesToBeUnique(column=e.derived, meta=meta)
        case "order":
            return known.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=e.columns[1], column_B=e.columns[0], or_equal=True, ignore_row_if=_EITHER, meta=meta
            )
        case _:
            return known.ExpectMulticolumnSumToEqual(
                column_list=[f"{e.derived}:{c}" for c in e.columns], sum_total=1, meta=meta
            )


def _failures(table: str, outcome: Any) -> Failures:
    """Raises: RuntimeError where an expectation could not be evaluated at all: a bug, never a clean table."""
    by_key = {e.derived: e for e in expectations(table)}
    found: dict[Expectation, list[int]] = {}
    for result in outcome.results:
        expectation = by_key[result.expectation_config.meta["key"]]
        if "unexpected_count" not in result.result:
            raise RuntimeError(f"{table} {expectation.derived}: {result.exception_info}")
        places = sorted({int(p[_PLACE]) for p in result.result.get("unexpected_index_list") or ()})
        if places:
            found[expectation] = places
    return {e: found[e] for e in expectations(table) if e in found}
