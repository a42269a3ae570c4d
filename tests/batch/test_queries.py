"""The questions in docs/queries.md are asked of a batch, each as it stands there."""

import re
from pathlib import Path

import duckdb
import pytest

from auditkit.batch.run import run_batch
from auditkit.demo import write_county

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
TITLES = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
QUERIES = dict(zip(TITLES, re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL), strict=True))


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    county, out = tmp_path_factory.mktemp("county"), tmp_path_factory.mktemp("out")
    write_county(county, 3, plant=False, stays=60, costs=40)
    (county / "truth.json").unlink()
    run_batch(str(county), str(out), jobs=1, notebooks="none")
    (out / "compact").mkdir()
    return out


@pytest.mark.parametrize("title", QUERIES)
def test_a_question_has_an_answer(out, title):
    asked = duckdb.sql(QUERIES[title].replace("{out}", out.as_posix()))
    if asked is None:
        assert list((out / "compact").rglob("*.parquet"))
    elif "revenue" in title:
        assert len(asked.df()) > 3
    elif "finds" in title:
        assert set(asked.df()["rule"]) > {"INC02", "CSH01"}
    else:
        asked.df()
