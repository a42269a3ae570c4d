"""INC01: a common resource is in use, and no contract in force is for it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import divide, exact, yuan
from auditkit.reconcile import terms
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.names import normal_name
from auditkit.reconcile.quantities import IN_USE

RULE = Rule(
    code="INC01",
    name="resource-without-contract",
    zh="在用公共资源无合同",
    problem="2.3",
    severity="S2",
    kind="exception",
    needs=("resources", "contracts"),
    subject="resource_id",
    basis=("民法典282", "物业管理条例54", "物业管理条例63"),
)
_NEEDED = ("resource_id", "category", "status", "surveyed_on")
_OF_CONTRACT = ("resource_ids", "category", *terms.TERM)


def examine(books: Books, case: Case) -> Verdict:
    """Resources in use, each on the days it was surveyed."""
    resources, contracts = books["resources"], books["contracts"]
    used = resources[(resources["status"] == IN_USE) | in_doubt(resources, "status")]
    used = used.assign(state=_states(used, contracts).mask(in_doubt(used, *_NEEDED), "doubt"))
    surveys: dict[Subject, list[int]] = {}
    for at, subject in zip(used.index, row_subject(used, "resource_id"), strict=True):
        surveys.setdefault(subject, []).append(at)
    findings: list[Finding] = []
    untested: list[Untested] = []
    for subject, at in surveys.items():
        rows = used.loc[at]
        without, doubt = rows[rows["state"] == "without"], rows[rows["state"] == "doubt"]
        if len(without):
            findings.append(_finding(books, case, subject, without))
        elif len(doubt):
            name = f"资源{subject.id}（{doubt['location'].iloc[0]}{doubt['occupant'].iloc[0]}）"
            untested.append(untested_row("resources", doubt.iloc[0], subject, name, *_NEEDED))
        elif (rows["state"] == "unnamed").any():
            reason = f"资源{subject.id}：合同台账都没有列资源编号，现场使用方也没有填，不知道同类合同是不是它的，未测试"
            untested.append(Untested(subject, reason, f"Resource {subject.id}: no contract lists any resource"))
        elif (rows["state"] == "unclear").any():
            untested.append(_unclear(subject, rows.iloc[0], contracts))
    return RULE.verdict(len(surveys), findings, untested)


def _states(used: pd.DataFrame, contracts: pd.DataFrame) -> pd.Series[str]:
    """covered: a contract is in force, or a listed one has ended (CTR01's). unclear: one in doubt may be; unnamed: one
    may be in a register that lists no resources. without."""
    rows = used[["resource_id", "category", "surveyed_on"]].assign(
        at=used.index, party=used["occupant"].map(normal_name)
    )
    listed = rows.merge(terms.listings(contracts), on="resource_id")[["at", "surveyed_on", "contract"]].assign(
        lists=True
    )
    general = contracts[contracts["resource_ids"] == ""]
    general = general[["category"]].assign(contract=general.index, party=general["counterparty"].map(normal_name))
    tenant = rows[rows["party"] != ""].merge(general, on="party", suffixes=("", "_of"))
    unsure = tenant["contract"].isin(contracts.index[in_doubt(contracts, "category")])
    tenant = tenant[(tenant["category"] == tenant["category_of"]) | unsure].assign(lists=False)
    pairs = pd.concat([listed, tenant[["at", "surveyed_on", "contract", "lists"]]], ignore_index=True)
    of = contracts.loc[pairs["contract"]].set_axis(pairs.index)
    sure = terms.known(of) & (pairs["lists"] | ~in_doubt(of, "category"))
    ended = pairs["lists"] & (terms.last_day(of) < pairs["surveyed_on"])
    covers = sure & (terms.in_force(of, pairs["surveyed_on"], pairs["surveyed_on"]) | ended)
    may = ~sure & ~(of["start"] > pairs["surveyed_on"])
    state = pd.Series("without", used.index).mask(used.index.to_series().isin(_unnamed(rows, contracts)), "unnamed")
    state = state.mask(used.index.to_series().isin(pairs.loc[may, "at"]), "unclear")
    return state.mask(used.index.to_series().isin(pairs.loc[covers, "at"]), "covered")


def _unnamed(rows: pd.DataFrame, contracts: pd.DataFrame) -> pd.Series[Any]:
    """Resources without an occupant, where no contract lists any resource and one of the category is in force."""
    if (contracts["resource_ids"] != "").any():
        return rows.loc[[], "at"]
    pairs = rows[rows["party"] == ""].merge(contracts[["category"]].reset_index(names="contract"), on="category")
    of = contracts.loc[pairs["contract"]].set_axis(pairs.index)
    return pairs.loc[terms.in_force(of, pairs["surveyed_on"], pairs["surveyed_on"]), "at"]


def _unclear(subject: Subject, row: pd.Series[Any], contracts: pd.DataFrame) -> Untested:
    lists = [subject.id in terms.ids(listed) for listed in contracts["resource_ids"]]
    theirs = contracts["counterparty"].map(normal_name) == normal_name(row["occupant"])
    doubtful = contracts[
        (pd.Series(lists, contracts.index, dtype="bool") | theirs) & in_doubt(contracts, *_OF_CONTRACT)
    ]
    names = "、".join(
        no or f"{party}的合同" for no, party in zip(doubtful["contract_no"], doubtful["counterparty"], strict=True)
    )
    return Untested(
        subject,
        f"资源{subject.id}（{row['location']}{row['occupant']}）：有关合同（{names}）的起止日期或类别空缺、无法读取，"
        f"核查日是否在合同期内未测试；请提供合同原件",
        f"Resource {subject.id}: the dates of a contract that may cover it cannot be read",
    )


def _finding(books: Books, case: Case, subject: Subject, rows: pd.DataFrame) -> Finding:
    row = rows.sort_values("surveyed_on").iloc[0]
    estimate = _estimate(books, case, rows)
    low, high, peers = estimate or (None, None, 0)
    told = (
        ""
        if estimate is None
        else f"按同类{peers}份合同单价的四分位区间估算{yuan(low or 0)}元至{yuan(high or 0)}元（估算）。"
    )
    return RULE.finding(
        subject,
        f"{row['surveyed_on']:%Y-%m-%d}现场核查，资源{subject.id}（{row['category']}，{row['location']}，使用方"
        f"{row['occupant'] or '未填'}）正在经营，合同台账中没有当日在履行、列有该资源的合同。{told}"
        f"请问明使用方、起始时间、约定价格和收款账户",
        f"Resource {subject.id} ({row['category']}) was in use on {row['surveyed_on']:%Y-%m-%d}; no contract in force "
        f"lists it",
        evidence("resources", rows, [f"{day:%Y-%m-%d}现场状态：经营中" for day in rows["surveyed_on"]]),
        amount=low,
        up_to=high,
    )


def _estimate(books: Books, case: Case, rows: pd.DataFrame) -> tuple[int, int, int] | None:
    """Months since the earliest survey in the period x quantity x the peers' quartiles; None without peers.

    The months are whole ones for the lower bound, begun ones for the upper.
    """
    first = rows.loc[case.in_period(rows["surveyed_on"]), "surveyed_on"].min()
    if books.county is None or pd.isna(first):
        return None
    row = rows[rows["surveyed_on"] == first].iloc[0]
    peers = books.county["contracts"]
    prices = peers.loc[peers["category"] == row["category"], "unit_price_month"].dropna()
    if prices.empty or pd.isna(row["quantity"]):
        return None
    after = case.end + pd.Timedelta(days=1)
    whole = (after.year - first.year) * 12 + after.month - first.month - (after.day < first.day)
    begun = whole + (first + pd.DateOffset(months=whole) < after)
    low, high = (
        exact(float(prices.quantile(q))) * exact(row["quantity"]) * count for q, count in ((0.25, whole), (0.75, begun))
    )
    return divide(low.numerator, low.denominator), divide(high.numerator, high.denominator), len(prices)
