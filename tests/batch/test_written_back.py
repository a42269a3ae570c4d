"""What only a county can tell stands in each compound's own findings.json, and its manifest knows."""

import csv
import hashlib
import json

import pytest

from auditkit.batch.run import run_batch

PEERS = 8


def write(path, header, *rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def compound(folder, number, price):
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text('period = "2024-01..2024-12"\n', encoding="utf-8")
    write(folder / "概况.csv", ["小区编号", "小区名称", "物业企业", "电梯数"], [number, number, "某物业公司", 10])
    write(
        folder / "台账.csv",
        ["日期", "收支", "类别", "合同编号", "金额"],
        *([["2024-01-05", "收入", "电梯广告", "HT-1", price]] if price else []),
        ["2024-01-06", "支出", "手续费", "", 1],
    )
    header = ["合同编号", "类别", "相对方", "数量", "起始日", "截止日", "每期金额", "付款周期", "资源编号"]
    write(
        folder / "合同.csv",
        header,
        *([["HT-1", "电梯广告", "甲", 10, "2024-01-01", "2024-12-31", price, "年", "R9"]] if price else []),
    )
    write(
        folder / "资源.csv",
        ["资源编号", "类别", "数量", "现场状态", "核查日期"],
        ["R1", "电梯广告", 5, "空置" if price else "经营中", "2024-07-01"],
    )


def of(out, number):
    folder = out / number
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for entry in manifest["outputs"]:
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    said = json.loads((folder / "findings.json").read_bytes())
    tests = {t["rule"]: t for t in said["tests"]}
    for t in tests.values():
        assert t["population"] == t["passed"] + t["findings"] + t["untested"]
    return {f["rule"]: (f["subject"]["id"], f["amount_low"], f["amount_high"]) for f in said["findings"]}, tests


@pytest.mark.slow
def test_findings_of_the_county_stand_in_the_compound_s_own_file(tmp_path):
    county, out = tmp_path / "county", tmp_path / "out"
    compound(county / "C0", "C0", None)
    for n in range(1, PEERS + 1):
        compound(county / f"C{n}", f"C{n}", 12000)
    run_batch(str(county), str(out), jobs=1, notebooks="none")
    found, tests = of(out, "C0")
    assert found["INC06"] == ("电梯广告", 1200000, 1200000)
    assert found["INC01"] == ("R1", 300000, 300000)
    assert tests["CTR02"]["state"] == "empty"
    assert of(out, "C1")[1]["CTR02"]["state"] == "untested"
    (county / "C1" / "台账.csv").write_text(
        "日期,收支,类别,合同编号,金额\n2024-01-06,支出,手续费,,1\n", encoding="utf-8"
    )
    stamp = (out / "C2" / "findings.json").stat().st_mtime_ns
    run_batch(str(county), str(out), jobs=1, notebooks="none")
    assert of(out, "C1")[0]["INC06"][0] == "电梯广告"
    assert "INC06" in of(out, "C0")[0]
    assert (out / "C2" / "findings.json").stat().st_mtime_ns == stamp
