"""Spoiled files: a clear error or a table whose cells are what they say; no traceback, no hang, no flood of memory."""

import os
import resource
import sys
import time

import pandas as pd
import pytest

from auditkit.model import InputError
from auditkit.read.case import read_books
from auditkit.read.settings import Settings
from auditkit.schema import tables
from tests.read.mutations import corpus, mutations

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
COUNT = 10_000 if NIGHTLY else 160
SEED = int(os.environ.get("AUDITKIT_FUZZ_SEED", "2024"))
MOST_SECONDS = 10.0
MOST_BYTES = 1 << 30


def memory():
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def judge(path):
    """Reads a spoiled file as the command would; what comes back must be whole."""
    try:
        books, intake = read_books(path, Settings())
    except InputError as error:
        assert error.issues and all(i.message for i in error.issues)
        return
    for name in books.given:
        frame = books[name]
        for column in tables()[name].columns:
            if column.must and column.type in ("date", "datetime", "money", "id"):
                blank = frame[column.name].isna() | (frame[column.name].astype("str") == "")
                named = frame["doubt"].str.contains(rf"(?:^|,){column.name}(?:,|$)")
                excused = (name, column.name) in (("bank", "credit"), ("bank", "debit"))
                assert excused or not (blank & ~named).any(), f"{name}.{column.name} is blank and not in doubt"
            if column.type in ("date", "datetime"):
                days = frame[column.name].dropna()
                assert days.between(pd.Timestamp(1950, 1, 1), pd.Timestamp(2101, 1, 1)).all()
    assert all(issue.message for issue in intake.issues)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return corpus(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize("part", range(20 if NIGHTLY else 4))
def test_spoiled_files_are_read_right_or_refused(samples, tmp_path, part):
    parts = 20 if NIGHTLY else 4
    before = memory()
    for name, data in mutations(samples, COUNT // parts, SEED + part):
        path = tmp_path / name
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            judge(path)
        except AssertionError as error:
            raise AssertionError(f"seed {SEED + part}, {name}: {error}") from error
        except Exception as error:
            raise AssertionError(f"seed {SEED + part}, {name}: {type(error).__name__}: {error}") from error
        took = time.perf_counter() - began
        assert took < MOST_SECONDS, f"seed {SEED + part}, {name}: {took:.1f} s"
        path.unlink()
    assert memory() - before < MOST_BYTES
