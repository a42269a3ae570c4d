"""The laws of matching, on any two sides."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from auditkit import match
from auditkit.reconcile.matching import Matches

WINDOW = 5
FIRST = pd.Timestamp("2025-03-01")
PARTIES = [
    "",
    "甲乙传媒有限公司",
    "甲乙传媒有限责任公司",
    "丙丁通信有限公司",
    "财付通支付科技有限公司",
    "支付宝(中国)网络技术有限公司",
]
TEXTS = ["", "租金", "3月停车费", "回单TX2025030112345678", "12345678901", "支票4613", "冲正", "红字冲销"]
AMOUNTS = [500, 1_000, 1_500, 2_000, 49_700, 50_000, 99_400, 100_000, 120_000]

row = st.fixed_dictionaries(
    {
        "day": st.integers(0, 25),
        "amount": st.sampled_from(AMOUNTS) | st.integers(-100_000, 100_000),
        "counterparty": st.sampled_from(PARTIES),
        "text": st.sampled_from(TEXTS),
        "reference": st.sampled_from(["", "", "TX2025030112345678", "12345678901", "4613"]),
        "account": st.sampled_from(["", "", "A1", "A2"]),
        "category": st.sampled_from(["", "停车费", "广告费"]),
        "method": st.sampled_from(["", "微信", "银行转账"]),
        "contract_no": st.sampled_from(["", "HT-001", "HT-002"]),
    }
)


BLANK = {
    "day": 0, "amount": 0, "counterparty": "", "text": "", "reference": "", "account": "", "category": "", "method": "",
    "contract_no": "",
}  # fmt: skip
PARKING = BLANK | {"category": "停车费", "method": "微信"}
SETTLED = BLANK | {"counterparty": "财付通支付科技有限公司"}
RENT = BLANK | {"counterparty": "甲乙传媒有限公司", "category": "广告费", "method": "银行转账"}
Rows = list[dict[str, Any]]


@st.composite
def happening(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Something that leaves its traces in the books, in the statement, or in both."""
    day, amount = draw(st.integers(0, 25)), draw(st.sampled_from(AMOUNTS) | st.integers(1, 100_000))
    parts = draw(st.lists(st.sampled_from(AMOUNTS) | st.integers(1, 30_000), min_size=2, max_size=4))
    total, lag = sum(parts), draw(st.integers(0, 6))
    rate = draw(st.sampled_from([0, 6, 6, 10]))
    kind = draw(st.integers(0, 8))
    if kind == 0:
        days = [day + draw(st.integers(0, 2)) for _ in parts]
        books = [PARKING | {"day": d, "amount": a} for d, a in zip(days, parts, strict=True)]
        return books, [SETTLED | {"day": max(days) + 1, "amount": total - total * rate // 1000}]
    if kind == 1:
        days = [day + draw(st.integers(0, 3)) for _ in parts]
        money = [SETTLED | {"day": d, "amount": a - a * rate // 1000} for d, a in zip(days, parts, strict=True)]
        return [PARKING | {"day": max(days), "amount": total}], money
    if kind == 2:
        return [RENT | {"day": day + draw(st.integers(0, 4)), "amount": a} for a in parts], [
            RENT | {"day": day + 2, "amount": total}
        ]
    if kind == 3:
        return [RENT | {"day": day, "amount": total}], [
            BLANK | {"day": day + draw(st.integers(0, 4)), "amount": a} for a in parts
        ]
    if kind == 4:
        return [], [
            SETTLED | {"day": day, "amount": amount},
            BLANK | {"day": day + lag, "amount": -amount, "text": "冲正"},
        ]
    if kind == 5:
        return [
            RENT | {"day": day, "amount": amount},
            RENT | {"day": day + lag, "amount": -amount, "text": "红字冲销"},
        ], []
    if kind == 6:
        other = draw(st.integers(1, max(total - 1, 1)))
        return [RENT | {"day": day, "amount": a} for a in parts], [
            RENT | {"day": day, "amount": a} for a in (other, total - other) if a
        ]
    if kind == 7:
        crowd = [draw(st.integers(0, 4)) for _ in range(draw(st.integers(1, 6)))]
        half = crowd[: draw(st.integers(0, len(crowd)))]
        return [PARKING | {"day": day + d, "amount": 500} for d in crowd], [
            BLANK | {"day": day + d, "amount": 500} for d in half
        ]
    return [RENT | {"day": day, "amount": a} for a in (6_000, 4_000, 7_000, 3_000)], [
        RENT | {"day": day, "amount": 10_000}
    ]


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Books, and a statement that repeats some of them a few days later, net of fees, in sums; and strangers on both."""
    ledger = draw(st.lists(row, max_size=8))
    statement: Rows = []
    for entry in ledger:
        how = draw(st.sampled_from(["absent", "same", "same", "net", "bare"]))
        later = entry["day"] + draw(st.integers(-6, 6))
        if how == "net":
            statement.append(
                entry | {"day": later, "amount": entry["amount"] - entry["amount"] * 6 // 1000, "method": ""}
            )
        elif how != "absent":
            statement.append(
                entry | {"day": later} | ({"counterparty": "", "category": "", "method": ""} if how == "bare" else {})
            )
    statement += draw(st.lists(row, max_size=3))
    for books, money in draw(st.lists(happening(), max_size=5)):
        ledger, statement = ledger + books, statement + money
    return frame("L", ledger), frame("S", statement)


def frame(letter: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["day", "amount", "counterparty", "text", "reference", "account", "category", "method", "contract_no"]
    found = pd.DataFrame(rows, columns=columns).astype({"day": "int64", "amount": "int64"})
    found.insert(0, "id", [f"{letter}{i:03d}" for i in range(len(rows))])
    return found.assign(date=FIRST + pd.to_timedelta(found["day"], unit="D")).drop(columns="day")


def said(found: Matches) -> tuple[dict[str, Any], ...]:
    """What an answer says, whatever the order of its rows."""
    groups = {
        group: (code, fee, remark)
        for group, code, fee, remark in zip(*(found.groups[c] for c in ("group", "pass", "fee", "remark")), strict=True)
    }
    rows = {
        (side, i): (group, state, alternatives)
        for side, i, group, state, alternatives in zip(
            *(found.rows[c] for c in ("side", "id", "group", "state", "alternatives")), strict=True
        )
    }
    nearest = {
        (side, i): (other, difference, why)
        for side, i, other, difference, why in zip(
            *(found.nearest[c] for c in ("side", "id", "other_id", "difference", "why")), strict=True
        )
    }
    return groups, rows, nearest


def members(found: Matches) -> dict[str, dict[str, list[str]]]:
    matched = found.rows[found.rows["group"] != ""]
    return {
        str(group): {side: sorted(part.loc[part["side"] == side, "id"]) for side in ("ledger", "statement")}
        for group, part in matched.groupby("group")
    }


@given(two_sides())
def test_nothing_is_lost_or_made(sides: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    ledger, statement = sides
    found = match(ledger, statement)
    for name, side in (("ledger", ledger), ("statement", statement)):
        rows = found.rows[found.rows["side"] == name]
        assert sorted(rows["id"]) == sorted(side["id"])
        assert set(rows["state"]) <= {"matched", "netted", "ambiguous", "left"}
        assert ((rows["group"] != "") == (rows["state"] == "matched")).all()
        amounts = side.set_index("id")["amount"]
        assert sum(int(amounts[part["id"]].sum()) for _, part in rows.groupby("state")) == int(side["amount"].sum())
        assert int(amounts[rows.loc[rows["state"] == "netted", "id"]].sum()) == 0
    assert set(found.groups["group"]) == set(members(found))


@given(two_sides(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(sides: tuple[pd.DataFrame, pd.DataFrame], random: Any) -> None:
    ledger, statement = sides
    shuffled = [side.sample(frac=1, random_state=random.randrange(2**31)) for side in sides]
    assert said(match(*shuffled)) == said(match(ledger, statement))


@given(two_sides())
def test_swapping_the_sides_changes_nothing_but_the_names(sides: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    ledger, statement = sides
    there, back = match(ledger, statement), match(statement, ledger)
    turned = {"5": "6", "6": "5"}
    other = {"ledger": "statement", "statement": "ledger"}

    def groups(found: Matches, turn: bool) -> set[Any]:
        codes = dict(
            zip(found.groups["group"], zip(found.groups["pass"], found.groups["fee"], strict=True), strict=True)
        )
        return {
            (
                turned.get(codes[group][0], codes[group][0]) if turn else codes[group][0],
                codes[group][1],
                tuple(of[other["ledger"] if turn else "ledger"]),
                tuple(of[other["statement"] if turn else "statement"]),
            )
            for group, of in members(found).items()
        }

    assert groups(there, False) == groups(back, True)
    _, rows, nearest = said(there)
    _, back_rows, back_nearest = said(back)
    assert {k: v[1:] for k, v in rows.items()} == {(other[s], i): v[1:] for (s, i), v in back_rows.items()}
    assert nearest == {(other[s], i): v for (s, i), v in back_nearest.items()}


@given(two_sides())
def test_a_group_agrees_to_the_fen_and_keeps_the_window_of_its_pass(sides: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    ledger, statement = sides
    found = match(ledger, statement)
    by_id = {name: side.set_index("id") for name, side in (("ledger", ledger), ("statement", statement))}
    codes = dict(zip(found.groups["group"], zip(found.groups["pass"], found.groups["fee"], strict=True), strict=True))
    for group, of in members(found).items():
        mine, theirs = by_id["ledger"].loc[of["ledger"]], by_id["statement"].loc[of["statement"]]
        code, fee = codes[group]
        totals = abs(int(mine["amount"].sum())), abs(int(theirs["amount"].sum()))
        assert abs(totals[0] - totals[1]) == fee
        assert 0 <= fee * 100 <= max(totals) + 1
        assert fee == 0 or code in {"2b", "4", "5", "6"}
        accounts = {a for a in (*mine["account"], *theirs["account"]) if a}
        if 1 in (len(mine), len(theirs)):
            assert len(accounts) <= 1 or len(set(mine["account"]) - {""}) > 1 or len(set(theirs["account"]) - {""}) > 1
        apart = [abs((a - b).days) for a in mine["date"] for b in theirs["date"]]
        if code in {"2", "2b", "3", "4", "8"}:
            assert max(apart) <= WINDOW
        elif code in {"5", "6"}:
            assert max(apart) <= 31 + WINDOW
        elif code == "7":
            assert len({d.isocalendar()[:2] for d in (*mine["date"], *theirs["date"])}) == 1


@given(two_sides(), st.integers(0, 25))
def test_a_pair_that_matches_alone_changes_no_other_match(sides: tuple[pd.DataFrame, pd.DataFrame], day: int) -> None:
    ledger, statement = sides
    alone = {
        "date": FIRST + pd.Timedelta(days=day), "amount": 987_654_321, "counterparty": "戊己投资有限公司", "text": "",
        "reference": "", "account": "", "category": "", "method": "", "contract_no": "",
    }  # fmt: skip
    more = [
        pd.concat([pd.DataFrame([alone | {"id": name}]), side], ignore_index=True)
        for name, side in (("L999", ledger), ("S999", statement))
    ]
    before, after = said(match(ledger, statement)), said(match(*more))
    assert after[0].pop("L999=S999") == ("2", 0, "")
    assert after[1].pop(("ledger", "L999"))[1] == after[1].pop(("statement", "S999"))[1] == "matched"
    assert after == before


@given(two_sides())
def test_every_match_says_by_which_pass_and_on_what_evidence(sides: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = match(*sides)
    for code, zh, en in zip(*(found.groups[c] for c in ("pass", "sentence", "sentence_en")), strict=True):
        assert f"第{code}遍" in zh and f"pass {code}," in en
        assert zh.endswith("。") and len(zh) > 10
