"""What holds of every application of receipts, whatever comes in."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from auditkit import apply_receipts
from auditkit.reconcile.receivables import Applications

FIRST = pd.Timestamp("2025-01-01")
NAMES = [
    "甲乙传媒有限公司",
    "甲乙传媒",
    "丙丁通信有限公司",
    "Northern Star Logistics",
    "NSL",
    "",
    "财付通支付科技有限公司",
]
AMOUNTS = [300_000, 300_000, 150_000, 600_000, 2_990_000, 3_000_000, -50_000]
REFERENCES = ["", "HT-1", "HT-001", "HT-12", "HT-21", "INV-00017", "INV-00071", "INV-17", "PO-3", "x"]
TEXTS = ["", "1月租金", "2025年2月租金", "扣 100.00 元", "3% off", "HT-12"]

day = st.integers(0, 120).map(lambda n: FIRST + pd.Timedelta(days=n))
amount = st.sampled_from(AMOUNTS) | st.integers(-100_000, 1_000_000)
row = st.fixed_dictionaries(
    {"date": day, "issued": day, "amount": amount, "counterparty": st.sampled_from(NAMES),
     "reference": st.sampled_from(REFERENCES), "text": st.sampled_from(TEXTS)}
)  # fmt: skip
line = st.fixed_dictionaries(
    {
        "receipt": st.integers(0, 7),
        "reference": st.sampled_from(REFERENCES),
        "amount": amount,
        "text": st.sampled_from(TEXTS),
    }
)
COLUMNS = ["id", "date", "issued", "amount", "counterparty", "reference", "text"]
Case = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    dues, money = draw(st.lists(row, max_size=8)), draw(st.lists(row, max_size=8))
    said = [one for one in draw(st.lists(line, max_size=6)) if one["receipt"] < len(money)]
    frames = [
        pd.DataFrame([one | {"id": f"{letter}{i}"} for i, one in enumerate(rows)], columns=COLUMNS)
        for letter, rows in (("HT-", dues), ("R", money))
    ]
    lines = [one | {"id": f"l{i}", "receipt": f"R{one['receipt']}"} for i, one in enumerate(said)]
    return frames[0], frames[1], pd.DataFrame(lines, columns=["id", "receipt", "reference", "amount", "text"])


def rows_of(found: Applications) -> list[list[Any]]:
    return [
        sorted(frame.astype(object).where(frame.notna(), None).to_numpy().tolist(), key=str)
        for frame in (found.applied, found.receivables, found.receipts)
    ]


@given(cases())
def test_nothing_is_lost_or_made(case: Case) -> None:
    found = apply_receipts(*case)
    for side, key, rows in (("receivables", "receivable", case[0]), ("receipts", "receipt", case[1])):
        frame = getattr(found, side).set_index("id")
        assert sorted(frame.index) == sorted(rows["id"])
        assert (frame["applied"] + frame["left"] == frame["amount"]).all()
        applied = found.applied.groupby(key)["amount"].sum().reindex(frame.index, fill_value=0)
        assert (applied == frame["applied"]).all()
    assert not found.applied.duplicated(["receipt", "receivable"]).any()
    assert (found.applied["amount"] != 0).all()


@given(cases())
def test_no_more_is_applied_than_came_in_or_was_due(case: Case) -> None:
    found = apply_receipts(*case)
    dues = found.receivables
    assert (dues["left"].abs() <= dues["amount"].abs()).all()
    assert (dues["left"] * dues["amount"] >= 0).all()
    money = found.receipts
    assert (money["left"] * money["amount"] >= 0).all()


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case: Case, random: Any) -> None:
    shuffled = [frame.sample(frac=1, random_state=random.randrange(2**31)) for frame in case]
    assert rows_of(apply_receipts(*shuffled)) == rows_of(apply_receipts(*case))


@given(cases())
def test_every_application_says_why(case: Case) -> None:
    found = apply_receipts(*case)
    assert found.applied["how"].isin(["full", "part", "short", "over", "credit"]).all()
    assert found.applied["sentence"].str.endswith("。").all()
    assert found.applied["sentence_en"].str.endswith(".").all()
    left = found.receipts[found.receipts["state"] != "applied"]
    assert (left["reason"] != "").all() and (left["reason_en"] != "").all()


@given(cases(), day)
def test_a_pair_that_fits_alone_changes_nothing_else(case: Case, on: pd.Timestamp) -> None:
    alone = {
        "date": on,
        "issued": on,
        "amount": 987_654_321,
        "counterparty": "戊己投资有限公司",
        "reference": "",
        "text": "",
    }
    more = [
        pd.concat([pd.DataFrame([alone | {"id": i}]), frame], ignore_index=True)
        for i, frame in (("ZZ", case[0]), ("YY", case[1]))
    ]
    before, after = apply_receipts(*case), apply_receipts(*more, case[2])
    assert after.applied.set_index("receipt").loc["YY", "receivable"] == "ZZ"
    kept = after.applied[after.applied["receipt"] != "YY"].reset_index(drop=True)
    assert kept.astype(object).to_numpy().tolist() == before.applied.astype(object).to_numpy().tolist()
