"""What the tree must always have."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_tables_are_those_of_the_contract():
    contract = SHARED / "design" / "tables.toml"
    if not contract.exists():
        pytest.skip("../shared is not here")
    ours = tomllib.loads((ROOT / "auditkit/data/tables.toml").read_text(encoding="utf-8"))
    assert ours == tomllib.loads(contract.read_text(encoding="utf-8"))


def test_the_rules_are_those_of_the_contract():
    from auditkit.rules import catalogue

    contract = SHARED / "design" / "rules.toml"
    if not contract.exists():
        pytest.skip("../shared is not here")
    wanted = tomllib.loads(contract.read_text(encoding="utf-8"))
    assert set(catalogue()) == set(wanted)
    for code, (rule, _) in catalogue().items():
        spec = wanted[code]
        same = {k: getattr(rule, k) for k in ("name", "zh", "problem", "severity", "kind", "subject")}
        assert same == {k: spec[k] for k in same}, code
        assert list(rule.needs) == spec["needs"], code
        assert list(rule.basis) == spec["basis"], code


def test_environment_yml_installs_the_package_and_asks_for_its_python():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "-e .[contract,office]" in text
    assert f"python {PROJECT['project']['requires-python']}" in text
    assert len(re.findall(r"^  - ", text, re.M)) == 3 + 1, "channels, python, pip and the package: nothing listed twice"


def test_every_dependency_is_used_and_locked():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "auditkit").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", code, re.M)) | set(
        re.findall(r"import_module\([\"'](\w+)", code)
    )
    names = {
        "chinesecalendar": "chinese_calendar", "ipykernel": None, "jupyterlab": None,
        "jupyterlab-language-pack-zh-CN": None, "msoffcrypto-tool": "msoffcrypto", "pyarrow": None,
        "ipython": "IPython", "pillow": "PIL", "python-calamine": "python_calamine", "python-docx": "docx", "XlsxWriter": "xlsxwriter",
        "python-stdnum": "stdnum",
    }  # fmt: skip
    for requirement in PROJECT["project"]["dependencies"]:
        name = re.split(r"[<>=\[ ;]", requirement)[0]
        module = names.get(name, name.replace("-", "_").lower())
        assert module is None or module in imported, f"{name} is not used"
        assert f"\n{name.lower()}==" in "\n" + lock, f"{name} is not locked"


def test_importing_auditkit_stays_light():
    heavy = "great_expectations|matplotlib|IPython|nbformat|nbconvert|scipy|duckdb|dask|openpyxl|jupyterlab"
    code = f"import re, sys, auditkit; print([m for m in sys.modules if re.fullmatch('{heavy}', m)])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_is_longer_than_a_sitting():
    long = {
        str(p.relative_to(ROOT)): n
        for folder in ("auditkit", "tests", "benchmarks")
        for p in (ROOT / folder).rglob("*.py")
        if (n := p.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert not long


def test_nothing_names_this_machine():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("no git checkout")
    place = re.compile(r"/(work|root|home)/(?!\.\.\.)\w+|pypi-more|/opt/wheels")
    bad = []
    for name in filter(None, done.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in (".otf", ".xlsx", ".png", ".xls", ".gz", ".zip") or not path.is_file():
            continue
        if path == Path(__file__):
            continue
        bad += [
            f"{name}:{i}"
            for i, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
            if place.search(line)
        ]
    assert not bad
