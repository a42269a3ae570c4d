"""Receipts applied to what was due: rents by the month first, then what invoices and remittances add."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from auditkit import apply_receipts
from auditkit.money import fen
from auditkit.reconcile.receivables import Applications
from tests.matching.cash_application import run, score
from tests.matching.scores import SHARED

A, B = "甲乙传媒有限公司", "丙丁通信有限公司"
SETS = SHARED / "cash-application"


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=sorted({key for row in rows for key in row} | {"id", "date", "amount"}))
    frame["date"] = pd.to_datetime(frame["date"])
    if "issued" in frame:
        frame["issued"] = pd.to_datetime(frame["issued"])
    return frame.assign(amount=[fen(Decimal(str(amount))) for amount in frame["amount"]])


def due(i: str, day: str, yuan: Any, **more: Any) -> dict[str, Any]:
    return {"id": i, "date": day, "amount": yuan, "counterparty": A} | more


def rents(*months: int, yuan: Any = 3000, contract: str = "HT-2025-001", name: str = A) -> list[dict[str, Any]]:
    return [due(f"{contract}/{m:02d}", f"2025-{m:02d}-05", yuan, reference=contract, counterparty=name) for m in months]


def lines(*rows: tuple[str, str, str, Any, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"id": i, "receipt": of, "reference": ref, "amount": fen(Decimal(str(yuan))) if yuan else 0, "text": text}
            for i, of, ref, yuan, text in rows
        ]
    )


def paid(found: Applications) -> dict[tuple[str, str], tuple[float, str]]:
    """What each receipt pays of each receivable, in yuan, and how."""
    rows = found.applied
    return {
        (a, b): (amount / 100, how)
        for a, b, amount, how in zip(rows["receipt"], rows["receivable"], rows["amount"], rows["how"], strict=True)
    }


def states(found: Applications) -> dict[str, str]:
    return dict(zip(found.receipts["id"], found.receipts["state"], strict=True))


class TestRent:
    def test_each_month_by_its_own_receipt_and_how_late(self) -> None:
        found = apply_receipts(
            table(*rents(1, 2, 3)), table(due("x", "2025-01-04", 3000), due("y", "2025-02-15", 3000))
        )
        assert paid(found) == {
            ("x", "HT-2025-001/01"): (3000, "full"),
            ("y", "HT-2025-001/02"): (3000, "full"),
        }
        months = found.receivables.set_index("id")
        assert months["state"].tolist() == ["paid", "paid", "unpaid"]
        assert months["days"].tolist()[:2] == [-1, 10]
        assert pd.isna(months["days"].iloc[2])
        assert found.applied["days"].tolist() == [-1, 10]

    def test_several_months_at_once(self) -> None:
        found = apply_receipts(table(*rents(1, 2, 3, 4)), table(due("x", "2025-03-31", 9000)))
        assert [month for _, month in paid(found)] == ["HT-2025-001/01", "HT-2025-001/02", "HT-2025-001/03"]

    def test_short_in_part_and_made_good_later(self) -> None:
        found = apply_receipts(table(*rents(1, 2)), table(due("x", "2025-01-05", 2000), due("y", "2025-02-05", 4000)))
        assert paid(found) == {
            ("x", "HT-2025-001/01"): (2000, "part"),
            ("y", "HT-2025-001/01"): (1000, "part"),
            ("y", "HT-2025-001/02"): (3000, "full"),
        }
        assert found.receivables["state"].tolist() == ["paid", "paid"]
        assert found.receivables["days"].tolist() == [31, 0]

    def test_short_stays_short(self) -> None:
        found = apply_receipts(table(*rents(1)), table(due("x", "2025-01-05", 2900)))
        assert found.receivables[["left", "state"]].to_numpy().tolist() == [[10_000, "part"]]

    def test_over_stays_over(self) -> None:
        found = apply_receipts(table(*rents(1, 2)), table(due("x", "2025-01-05", 7000)))
        assert states(found) == {"x": "over"}
        assert found.receipts["left"].tolist() == [100_000]

    def test_two_payments_in_one_month_pay_two_months(self) -> None:
        found = apply_receipts(
            table(*rents(1, 2, 3)), table(due("x", "2025-01-03", 3000), due("y", "2025-01-30", 3000))
        )
        assert list(paid(found)) == [("x", "HT-2025-001/01"), ("y", "HT-2025-001/02")]

    @pytest.mark.parametrize("text", ["付2月份租金", "2025年2月租金", "租金 2025-02"])
    def test_the_month_that_is_named_comes_before_the_oldest(self, text: str) -> None:
        found = apply_receipts(table(*rents(1, 2)), table(due("x", "2025-02-05", 3000, text=text)))
        assert list(paid(found)) == [("x", "HT-2025-001/02")]

    def test_a_month_that_is_named_twice_is_paid_twice(self) -> None:
        found = apply_receipts(
            table(*rents(1, 2)),
            table(due("x", "2025-01-05", 3000, text="1月租金"), due("y", "2025-01-08", 3000, text="1月租金")),
        )
        assert list(paid(found)) == [("x", "HT-2025-001/01")]
        assert states(found) == {"x": "applied", "y": "twice"}

    def test_after_a_rise_the_amount_says_which(self) -> None:
        found = apply_receipts(table(*rents(1, 2), *rents(3, yuan=3150)), table(due("x", "2025-03-05", 3150)))
        assert list(paid(found)) == [("x", "HT-2025-001/03")]

    def test_instalments_need_no_reference(self) -> None:
        months = table(*[due(f"m{m}", f"2025-{m:02d}-05", 3000) for m in (1, 2, 3)])
        found = apply_receipts(months, table(due("x", "2025-02-20", 4500)))
        assert paid(found) == {("x", "m1"): (3000, "full"), ("x", "m2"): (1500, "part")}

    def test_a_contract_named_by_a_payer_whose_name_the_bank_cuts(self) -> None:
        found = apply_receipts(
            table(*rents(1), *rents(1, contract="HT-2025-002", name=B)),
            table(due("x", "2025-01-05", 3000, counterparty="丙丁通信", text="HT2025-002 租金")),
        )
        assert list(paid(found)) == [("x", "HT-2025-002/01")]

    def test_two_contracts_of_one_payer_are_not_guessed_between(self) -> None:
        both = table(*rents(1), *rents(1, contract="HT-2025-002"))
        assert paid(apply_receipts(both, table(due("x", "2025-01-05", 2000)))) == {}
        assert states(apply_receipts(both, table(due("x", "2025-01-05", 3000)))) == {"x": "ambiguous"}

    def test_somebody_else_s_money_is_not_taken(self) -> None:
        found = apply_receipts(table(*rents(1)), table(due("x", "2025-01-05", 3000, counterparty=B)))
        assert paid(found) == {}
        assert states(found) == {"x": "left"}

    def test_money_without_a_name(self) -> None:
        found = apply_receipts(
            table(due("m1", "2025-01-05", 3210)),
            table(due("x", "2025-01-06", 3210, counterparty="财付通支付科技有限公司")),
        )
        assert list(paid(found)) == [("x", "m1")]
        late = apply_receipts(
            table(due("m1", "2025-01-05", 3210)), table(due("x", "2025-08-06", 3210, counterparty=""))
        )
        assert paid(late) == {}


class TestRemittances:
    BILLS = table(
        due("INV-00035", "2025-05-21", 28500, issued="2025-04-21"),
        due("INV-00067", "2025-07-16", 22700, issued="2025-05-17"),
        due("INV-00085", "2025-07-04", 555, issued="2025-06-04", counterparty=B),
    )

    def apply(self, yuan: Any, reference: str, line: Any = None, text: str = "", **more: Any) -> Applications:
        return apply_receipts(
            self.BILLS,
            table(due("x", "2025-06-20", yuan, **more)),
            lines(("r1", "x", reference, line or yuan, text)),
        )

    @pytest.mark.parametrize("reference", ["INV-00035", "inv 00035", "INV-35", "Invoice #35", "#35", "35", "INV-00053"])
    def test_a_reference_however_it_is_written(self, reference: str) -> None:
        assert paid(self.apply(28500, reference)) == {("x", "INV-00035"): (28500, "full")}

    def test_part_is_what_the_line_says(self) -> None:
        assert paid(self.apply(10000, "INV-00035")) == {("x", "INV-00035"): (10000, "part")}

    def test_a_slip_that_hits_somebody_else_s_number(self) -> None:
        assert paid(self.apply(28500, "INV-00085")) == {("x", "INV-00035"): (28500, "full")}
        assert paid(self.apply(14982, "INV-00076")) == {("x", "INV-00067"): (14982, "part")}

    def test_a_number_of_another_kind_leaves_payer_and_amount(self) -> None:
        assert paid(self.apply(22700, "PO-88317")) == {("x", "INV-00067"): (22700, "full")}
        assert paid(self.apply(22701, "PO-88317")) == {}

    def test_a_plain_rate_off(self) -> None:
        assert paid(self.apply(27645, "PO-88317")) == {("x", "INV-00035"): (27645, "short")}
        assert self.apply(27645, "INV-00035").receivables.set_index("id").loc["INV-00035", "state"] == "short"

    def test_a_deduction_that_is_stated(self) -> None:
        assert paid(self.apply(21100.25, "PO-1", text="扣罚款 1,599.75 元")) == {
            ("x", "INV-00067"): (21100.25, "short")
        }

    def test_a_number_in_the_words_misleads_nobody(self) -> None:
        assert list(paid(self.apply(10000, "INV-00035", text="on account of INV-00067"))) == [("x", "INV-00035")]

    def test_over(self) -> None:
        found = self.apply(28600, "INV-00035")
        assert paid(found) == {("x", "INV-00035"): (28500, "over")}
        assert found.receipts[["left", "state"]].to_numpy().tolist() == [[10_000, "over"]]

    def test_far_over_on_a_bare_number_is_no_payment(self) -> None:
        assert paid(self.apply(27645, "INV-00085", counterparty="")) == {}

    def test_twice(self) -> None:
        found = apply_receipts(
            self.BILLS,
            table(due("x", "2025-06-20", 28500), due("y", "2025-06-24", 28500)),
            lines(("r1", "x", "INV-00035", 28500, ""), ("r2", "y", "INV-00035", 28500, "")),
        )
        assert list(paid(found)) == [("x", "INV-00035")]
        assert states(found) == {"x": "applied", "y": "twice"}

    def test_a_credit_set_off(self) -> None:
        bills = table(due("INV-1", "2025-05-21", 14900), due("CN-1", "2025-05-30", -5030.59))
        found = apply_receipts(
            bills, table(due("x", "2025-06-20", 9869.41)),
            lines(("r1", "x", "INV-1", 14900, ""), ("r2", "x", "CN-1", -5030.59, "")),
        )  # fmt: skip
        assert paid(found) == {("x", "INV-1"): (14900, "full"), ("x", "CN-1"): (-5030.59, "credit")}
        assert states(found) == {"x": "applied"}

    def test_a_credit_that_is_not_there_pays_nothing(self) -> None:
        found = apply_receipts(
            table(due("INV-1", "2025-05-21", 14900)), table(due("x", "2025-06-20", 9869.41)),
            lines(("r1", "x", "INV-1", 14900, ""), ("r2", "x", "CN-1", -5030.59, "")),
        )  # fmt: skip
        assert paid(found) == {("x", "INV-1"): (9869.41, "part")}

    def test_lines_without_amounts(self) -> None:
        found = apply_receipts(
            self.BILLS, table(due("x", "2025-06-20", 51200)),
            lines(("r1", "x", "INV-00035", None, ""), ("r2", "x", "INV-00067", None, "")),
        )  # fmt: skip
        assert paid(found) == {("x", "INV-00035"): (28500, "full"), ("x", "INV-00067"): (22700, "full")}

    def test_a_receipt_whose_own_words_name_several(self) -> None:
        found = apply_receipts(self.BILLS, table(due("x", "2025-06-20", 51200, text="付INV-00035、INV-00067")))
        assert paid(found) == {("x", "INV-00035"): (28500, "full"), ("x", "INV-00067"): (22700, "full")}

    def test_several_that_nobody_names(self) -> None:
        found = apply_receipts(self.BILLS, table(due("x", "2025-06-20", 51200)))
        assert [b for _, b in paid(found)] == ["INV-00035", "INV-00067"]

    def test_what_was_issued_later_is_not_meant(self) -> None:
        found = apply_receipts(self.BILLS, table(due("x", "2025-05-01", 22700)))
        assert paid(found) == {}

    def test_a_line_of_no_receipt_is_refused(self) -> None:
        with pytest.raises(ValueError, match="a receipt that is not there"):
            apply_receipts(self.BILLS, table(due("x", "2025-06-20", 1)), lines(("r1", "y", "INV-1", 1, "")))


@pytest.mark.parametrize("name", ["n30_seed42.json", "n100_seed42.json"])
def test_the_aims_of_the_measuring_set_are_met(name: str) -> None:
    if not (SETS / name).is_file():
        pytest.skip("the shared measuring data are not here")
    found, truth = run(SETS / name)
    reached = score(found, truth)
    assert reached.precision >= 0.995, reached.wrong
    assert reached.f1 >= 0.985, reached.missed
    assert reached.amounts >= 0.98
