"""Each finding cites what was in force on the day of the act."""

import datetime as dt
import re
import tomllib
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from auditkit.law import basis_on, citation, citations, in_force
from auditkit.rules import catalogue

BEFORE, AFTER = dt.date(2020, 12, 31), dt.date(2021, 1, 1)
TAGS = set("VSKHX")


@pytest.mark.parametrize("code", catalogue())
def test_a_rule_cites_only_articles_that_are_known(code):
    rule, _ = catalogue()[code]
    assert set(rule.basis) <= set(citations())


def test_all_articles_of_the_catalogue_are_known():
    named = {
        "民法典": (275, 278, 280, 282, 283, 705, 722, 734, 942, 943, 946, 947, 949, 950, 1259),
        "物业管理条例": (12, 29, 38, 54, 63),
        "会计法": (14, 16, 17, 24), "刑法": (163, 271, 272), "区分所有权解释": (14,), "价格法": (13,),
    }  # fmt: skip
    assert {f"{law}{no}" for law, numbers in named.items() for no in numbers} | {"local"} <= set(citations())


def test_every_version_says_what_it_is():
    for key, versions in citations().items():
        for one in versions:
            assert key == one.key
            assert one.zh
            assert one.en
            assert one.law
            assert one.source
            assert one.confidence in TAGS
            assert one.since or key == "local"
            assert set(one.before) <= set(citations())
        for earlier, later in pairwise(versions):
            assert earlier.until + dt.timedelta(1) == later.since, key


def test_no_article_stands_below_a_law_that_is_not_told():
    data = tomllib.loads(resources.files("auditkit.law").joinpath("citations.toml").read_text(encoding="utf-8"))
    assert {a["law"] for a in data["articles"]} == set(data["laws"])


def test_an_unknown_key_is_refused():
    with pytest.raises(KeyError):
        citation("民法典9999", AFTER)
    with pytest.raises(KeyError):
        basis_on(("民法典282", "无此法1"), AFTER)


@pytest.mark.parametrize(
    ("keys", "day", "held"),
    [
        (["民法典282"], AFTER, ("民法典282",)),
        (["民法典282"], BEFORE, ("物权法70", "物权法72", "物业管理条例54", "区分所有权解释14")),
        (["民法典282", "物业管理条例54"], BEFORE, ("物权法70", "物权法72", "物业管理条例54", "区分所有权解释14")),
        (["民法典282"], dt.date(2008, 6, 1), ("物权法70", "物权法72", "物业管理条例55")),
        (["民法典278", "物业管理条例12"], AFTER, ("民法典278",)),
        (["民法典278", "物业管理条例12"], BEFORE, ("物权法76", "物业管理条例12")),
        (["民法典1259"], dt.date(2017, 9, 30), ("民法通则155",)),
        (["民法典1259"], dt.date(2017, 10, 1), ("民法总则205",)),
        (["会计法24"], dt.date(2024, 6, 30), ("会计法26",)),
        (["会计法24"], dt.date(2024, 7, 1), ("会计法24",)),
        (["物业管理条例63"], dt.date(2018, 3, 18), ("物业管理条例64",)),
        (["物业管理条例63"], dt.date(2010, 1, 1), ("物业管理条例66",)),
        (["local", "区分所有权解释14"], dt.date(2005, 1, 1), ("local",)),
        (["民法典282", "local"], None, ("民法典282", "local")),
    ],
)
def test_basis_on_the_day_of_the_act(keys, day, held):
    assert basis_on(keys, day) == held


def test_the_version_of_the_day_is_cited():
    assert "2009" in citation("区分所有权解释14", BEFORE).law
    assert "2020" in citation("区分所有权解释14", AFTER).law
    assert citation("区分所有权解释14") == citation("区分所有权解释14", AFTER)
    with pytest.raises(LookupError, match="2020-12-31"):
        citation("民法典282", BEFORE)
    assert [one.confidence for one in in_force(["民法典282", "物权法72"], AFTER)] == ["V"]


@pytest.mark.parametrize("number", [278, 946, 947, 949, 950])
def test_the_law_of_an_exit_is_read_in_the_primary_text_and_in_force_from_2021(number):
    one = citation(f"民法典{number}", AFTER)
    assert (one.since, one.confidence) == (AFTER, "V")
    with pytest.raises(LookupError):
        citation(f"民法典{number}", BEFORE)


def test_the_papers_of_a_handover_are_cited_as_not_checked_against_the_text():
    assert citation("物业管理条例29", AFTER).confidence == "K"


def test_what_the_page_of_an_exit_cites_is_known():
    page = (Path(__file__).parents[2] / "docs" / "exit.md").read_text(encoding="utf-8")
    law = page.split("## 依据")[1]
    numbers = re.search(r"民法典第([0-9、]+)条", law)[1].split("、")
    rules = re.findall(r"第([0-9]+)条(?:（|、第|）)", law.split("物业管理条例", 1)[1].split("；")[0])
    assert rules
    assert {f"民法典{n}" for n in numbers} | {f"物业管理条例{n}" for n in rules} <= set(citations())
