"""INC05: more stands on site than the contracts in force are for."""

from __future__ import annotations

from fractions import Fraction

from auditkit.model import Books, Case, Finding, Rule, Subject, Untested, Verdict, evidence, in_doubt, row_subject
from auditkit.money import divide, exact, yuan
from auditkit.reconcile import terms
from auditkit.reconcile.doubt import untested_row
from auditkit.reconcile.quantities import IN_USE, Holding, holdings, months, number, total
from auditkit.reconcile.schedule import CALENDAR, MONTHS, PRICE, instalments

RULE = Rule(
    code="INC05",
    name="quantity-above-contract",
    zh="现场数量多于合同数量",
    problem="2.3",
    severity="S2",
    kind="exception",
    needs=("resources", "contracts"),
    subject="resource_id",
    basis=("民法典282",),
)
_NEEDED = ("resource_id", "status", "surveyed_on", "quantity")
_TERMS = ("contract_no", "quantity", *CALENDAR, *PRICE)


def examine(books: Books, case: Case) -> Verdict:
    """Resources in use that a contract in force lists, both with a quantity."""
    contracts = books["contracts"]
    unread, doubtful, tainted = _doubts(books)
    passed: set[str] = set()
    open_: set[str] = set()
    found: dict[str, Finding] = {}
    for holding in holdings(books):
        members = set(holding.resources)
        surveyed = total(books["resources"].loc[list(holding.rows), "quantity"])
        let = total(contracts.loc[list(holding.contracts), "quantity"])
        if surveyed is None or let is None:
            open_ |= members & doubtful
        elif surveyed <= let:
            (open_ if tainted & set(holding.contracts) else passed).update(members)
        elif members & doubtful:
            open_ |= members
        elif not members & set(found):
            new = _finding(books, case, holding, surveyed - let, len(members))
            found |= dict.fromkeys(members, new)
        else:
            open_ |= members
    open_ = (open_ | (doubtful - passed)) - set(found) - set(unread)
    untested = [item for resource, item in unread.items() if resource not in found]
    untested += [_unclear(resource) for resource in sorted(open_)]
    population = len(passed | open_ | set(found) | set(unread))
    return RULE.verdict(population, dict.fromkeys(found.values()), untested)


def _doubts(books: Books) -> tuple[dict[str, Untested], set[str], set[int]]:
    """Resources in doubt; resources that a contract in doubt lists; contracts that list one of the first."""
    resources, contracts = books["resources"], books["contracts"]
    listed = terms.listings(contracts)
    rows = resources[(resources["status"] == IN_USE) | in_doubt(resources, "status")]
    rows = rows[rows["resource_id"].isin(listed["resource_id"])]
    own = rows[in_doubt(rows, *_NEEDED)]
    unread = {
        subject.id: untested_row("resources", own.loc[at], subject, f"资源{subject.id}", *_NEEDED)
        for at, subject in zip(own.index, row_subject(own, "resource_id"), strict=True)
    }
    links = rows[["resource_id", "surveyed_on"]].merge(listed, on="resource_id")
    of = contracts.loc[links["contract"]].set_axis(links.index)
    running = terms.in_force(of, links["surveyed_on"], links["surveyed_on"])
    running |= terms.may_be_in_force(of, links["surveyed_on"], links["surveyed_on"])
    doubtful = set(links.loc[in_doubt(of, *_TERMS) & running, "resource_id"])
    return unread, doubtful, set(listed.loc[listed["resource_id"].isin(list(unread)), "contract"])


def _unclear(resource: str) -> Untested:
    return Untested(
        Subject("resource_id", resource),
        f"资源{resource}：同一合同的另一资源数量无法读取，或列有它的合同日期、数量、价格存疑，未测试",
        f"Resource {resource}: a contract that lists it, or another resource of that contract, is in doubt",
    )


def _finding(books: Books, case: Case, holding: Holding, above: Fraction, items: int) -> Finding:
    rows = books["resources"].loc[list(holding.rows)]
    contracts = books["contracts"].loc[list(holding.contracts)]
    numbers, resources = "、".join(contracts["contract_no"]), "、".join(holding.resources)
    surveyed, let = total(rows["quantity"]) or Fraction(0), total(contracts["quantity"]) or Fraction(0)
    amount = _amount(books, case, holding, above)
    told = f"，审计期间按合同单价约{yuan(amount)}元" if amount is not None else ""
    return RULE.finding(
        Subject("resource_id", holding.resources[0]),
        f"{holding.day:%Y-%m-%d}现场核查资源{resources}共{number(surveyed)}，在履行的合同{numbers}共{number(let)}，"
        f"多{number(above)}{told}。请核实多出部分的使用方、合同和收款",
        f"Surveyed {number(surveyed)} of {', '.join(holding.resources)} on {holding.day:%Y-%m-%d}; contracts "
        f"{', '.join(contracts['contract_no'])} are for {number(let)}: {number(above)} more",
        [
            *evidence("resources", rows, [f"现场数量 {number(exact(q))}" for q in rows["quantity"]]),
            *evidence("contracts", contracts, [f"合同数量 {number(exact(q))}" for q in contracts["quantity"]]),
        ],
        amount=amount,
        items=items,
    )


def _amount(books: Books, case: Case, holding: Holding, above: Fraction) -> int | None:
    """The extra quantity at the contracts' unit price a month, for the months of the period that they are in force."""
    contracts, rent = books["contracts"].loc[list(holding.contracts)], instalments(books)
    let = total(contracts["quantity"])
    if not let or not contracts["cycle"].isin(MONTHS).all():
        return None
    now = rent[rent["contract"].isin(contracts.index) & (rent["first"] <= holding.day) & (rent["last"] >= holding.day)]
    cycles = contracts["cycle"].map(MONTHS).to_dict()
    price = sum((p / cycles[at] for at, p in zip(now["contract"], now["price"], strict=True)), Fraction(0))
    first, last = contracts["start"].min(), terms.last_day(contracts).max()
    value = above * price / let * months(max(first, case.start), min(last, case.end))
    return divide(value.numerator, value.denominator)
