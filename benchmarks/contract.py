"""The input contract over many compounds: one by one against all at once, pandas against Great Expectations.

Run: python benchmarks/contract.py [compounds]
"""

import sys
import time

from auditkit.check import expectations, tables
from auditkit.demo import books_of, make_compound


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main(compounds):
    county = {c.id: books_of(c) for c, _ in (make_compound(1, n) for n in range(compounds))}
    rows = sum(len(frame) for books in county.values() for frame in books.tables.values())
    one_by_one, apart = timed(lambda: {case: tables.check_books(books) for case, books in county.items()})
    at_once, together = timed(lambda: tables.check_county(county))
    loading, _ = timed(lambda: expectations.suite("bank"))
    first, single = timed(lambda: expectations.check_books(next(iter(county.values()))))
    whole, suites = timed(lambda: expectations.check_county(county))
    assert apart == together == suites
    assert single == next(iter(apart.values()))
    print(f"{compounds} compounds, {rows:,} rows")
    print(f"pandas, one by one          {one_by_one:8.2f} s  {one_by_one / compounds * 1000:8.1f} ms a compound")
    print(f"pandas, all at once         {at_once:8.2f} s  {at_once / compounds * 1000:8.1f} ms a compound")
    print(f"Great Expectations, import  {loading:8.2f} s")
    print(f"Great Expectations, one     {first:8.2f} s")
    print(f"Great Expectations, all     {whole:8.2f} s  {whole / compounds * 1000:8.1f} ms a compound")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
