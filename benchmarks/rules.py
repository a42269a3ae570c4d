"""All rules on the books of one compound: how long each takes.

Run: python benchmarks/rules.py [stays] [ledger rows] [costs]   (1,000,000 and 20,000; 10000 0 1300 is a usual compound)
"""

import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from auditkit.audit import judge
from auditkit.demo import books_of, case_of, make_compound
from auditkit.rules import catalogue


def signed(ledger):
    """What each row adds to the balance."""
    return ledger["amount"].where(ledger["direction"] == "收入", -ledger["amount"])


def with_ledger_rows(books, wanted):
    """Books that agree as before, with every cash taking at the barrier booked in parts: by lane, shift and car."""
    ledger = books["ledger"]
    whole = (ledger["method"] == "现金") & (ledger["category"] == "临时停车") & (ledger["amount"] > 0)
    parts = max(1, (wanted - len(ledger)) // max(1, int(whole.sum())) + 1)
    if parts == 1:
        return books
    times = np.where(whole, parts, 1)
    rows = ledger.loc[ledger.index.repeat(times)]
    at = rows.groupby(level=0).cumcount()
    amount, several = rows["amount"], whole.loc[rows.index]
    each = (amount // parts).where(at > 0, amount - (parts - 1) * (amount // parts))
    rows = rows.assign(amount=amount.mask(several, each)).reset_index(drop=True)
    numbers = range(1, len(rows) + 1)
    tickets = pd.Series([f"T{n:07d}" for n in numbers], dtype="str")
    rows = rows.assign(
        balance=ledger["balance"].iloc[0] - signed(ledger).iloc[0] + signed(rows).cumsum(),
        row=[n + 1 for n in numbers],
        voucher_no=pd.Series([f"JZ-{n:06d}" for n in numbers], dtype="str"),
        invoice_no=tickets.where(several.to_numpy(), rows["invoice_no"]),
    )
    return replace(books, tables={**books.tables, "ledger": rows})


def timed(books, case):
    """Seconds of each rule, what was asked once by several counted to the first, and the verdicts."""
    seconds, verdicts = {}, {}
    for code, (rule, examine) in catalogue().items():
        start = time.process_time()
        verdicts[code] = judge(rule, examine, books, case)
        seconds[code] = time.process_time() - start
    return seconds, verdicts


def main(stays, ledger, costs):
    start = time.perf_counter()
    compound, _ = make_compound(1, 0, stays=stays, costs=costs)
    case = case_of(compound)
    books = with_ledger_rows(books_of(compound), ledger)
    del compound
    counts = ", ".join(f"{len(books[t]):,} {t}" for t in ("parking", "ledger", "bank", "contracts", "cards"))
    print(f"{counts}: made in {time.perf_counter() - start:.1f} s")
    timed(*(lambda c: (books_of(c), case_of(c)))(make_compound(2)[0]))
    wall = time.perf_counter()
    seconds, verdicts = timed(replace(books, _derived={}), case)
    wall = time.perf_counter() - wall
    total = sum(seconds.values())
    for code, of in sorted(seconds.items(), key=lambda item: -item[1]):
        said = verdicts[code]
        print(f"{code}  {of:7.3f} s  {of / total:6.1%}  {said.state:9} {said.population:9,} items")
    print(f"all    {total:7.3f} s of processor, {wall:.3f} s by the clock")


if __name__ == "__main__":
    asked = [int(text) for text in sys.argv[1:]]
    main(*(asked + [1_000_000, 20_000, 1300][len(asked) :]))
