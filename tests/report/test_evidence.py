"""The evidence package: whatever is changed, missing or added is told; what is published tells nobody's numbers."""

import json
import zipfile

import pytest

from auditkit.model import InputError
from auditkit.reconcile.privacy import mask, token
from auditkit.report.evidence import CHAIN, Fault, verify_pack, write_pack, write_redacted
from auditkit.report.manifest import sha256

KEY = b"0123456789abcdef"


@pytest.fixture
def case(tmp_path):
    papers, folder = tmp_path / "papers", tmp_path / "out"
    papers.mkdir()
    folder.mkdir()
    (papers / "台账.csv").write_text("凭证号,金额\nJZ-1,1\n", encoding="utf-8")
    finding = {
        "id": "PRK07-5f1c0a9b3e", "rule": "PRK07", "subject": {"type": "plate", "id": "晋A12345"},
        "message": "车牌 晋A12345，收款账号 6222020200012345678，电话 13800001234", "evidence": [], "alternatives": [],
    }  # fmt: skip
    matter = {"id": "PRK07-5f1c0a9b3e", "findings": [finding["id"]]}
    record = {"compound_id": "140802001", "findings": [finding], "matters": [matter]}
    (folder / "findings.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    entry = lambda p, root: {"file": p.name, "bytes": p.stat().st_size, "sha256": sha256(p)}  # noqa: E731
    manifest = {
        "compound_id": "140802001", "compound": {"compound_name": "虚构花园"},
        "inputs": [entry(papers / "台账.csv", papers)], "outputs": [entry(folder / "findings.json", folder)],
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return papers, folder


@pytest.fixture
def pack(case, tmp_path):
    path = tmp_path / "pack.zip"
    write_pack(case[1], case[0], path)
    return path


def changed(path, change):
    """A copy of a package whose files went through a change: name, content -> content, or None to leave it out."""
    made = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return made


def test_what_nobody_touched_is_whole_and_the_same_bytes(case, pack, tmp_path):
    assert verify_pack(pack) == []
    seal = write_pack(case[1], case[0], tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()
    assert verify_pack(pack, seal) == []
    assert verify_pack(pack, "f" * 64) == [Fault("seal", CHAIN)]


@pytest.mark.parametrize("name", ["inputs/台账.csv", "outputs/findings.json", "manifest.json"])
def test_a_changed_and_a_missing_file(pack, name):
    assert verify_pack(changed(pack, lambda n, c: c + b" " if n == name else c)) == [Fault("changed", name)]
    assert Fault("missing", name) in verify_pack(changed(pack, lambda n, c: None if n == name else c))


def test_an_added_file(pack):
    with zipfile.ZipFile(pack, "a") as z:
        z.writestr("inputs/新.txt", "x")
    assert verify_pack(pack) == [Fault("added", "inputs/新.txt")]


def test_a_file_that_stands_twice(pack):
    with pytest.warns(UserWarning), zipfile.ZipFile(pack, "a") as z:
        z.writestr("inputs/台账.csv", "x")
    assert Fault("doubled", "inputs/台账.csv") in verify_pack(pack)


def test_a_broken_bit(pack):
    data = bytearray(pack.read_bytes())
    with zipfile.ZipFile(pack) as z:
        info = z.getinfo("inputs/台账.csv")
    data[info.header_offset + 30 + len(info.filename.encode()) + 20 + 2] ^= 1
    pack.write_bytes(data)
    assert [f.file for f in verify_pack(pack)] == ["inputs/台账.csv"]


def test_a_chain_that_was_written_over(pack):
    def swap(name, content):
        return b"".join(reversed(content.splitlines(keepends=True))) if name == CHAIN else content

    def drop(name, content):
        return b"".join(content.splitlines(keepends=True)[1:]) if name == CHAIN else content

    assert "chain" in {f.kind for f in verify_pack(changed(pack, swap))}
    assert {"chain", "added"} <= {f.kind for f in verify_pack(changed(pack, drop))}
    assert verify_pack(changed(pack, lambda n, c: None if n == CHAIN else c)) == [Fault("chain", "other.zip")]


def test_a_chain_made_anew_without_a_paper_of_the_manifest(case, tmp_path):
    papers, folder = case
    manifest = json.loads((folder / "manifest.json").read_bytes())
    kept = dict(manifest, inputs=[])
    (folder / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")
    path = tmp_path / "short.zip"
    short = write_pack(folder, papers, path)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert write_pack(folder, papers, tmp_path / "full.zip") != short
    assert verify_pack(path) == [], "a chain of its own is whole; the seal on paper tells"
    assert verify_pack(path, write_pack(folder, papers, tmp_path / "full.zip")) == [Fault("seal", CHAIN)]


def test_a_paper_that_changed_since_the_audit_is_not_packed(case, tmp_path):
    (case[0] / "台账.csv").write_text("x", encoding="utf-8")
    (case[1] / "findings.json").unlink()
    with pytest.raises(InputError) as error:
        write_pack(case[1], case[0], tmp_path / "p.zip")
    assert len(error.value.issues) == 2, "all of them, not the first"
    assert not (tmp_path / "p.zip").exists()


def test_what_is_published_names_no_numbers(case, tmp_path):
    path = tmp_path / "redacted.zip"
    write_redacted(case[1], path, KEY)
    assert verify_pack(path) == []
    with zipfile.ZipFile(path) as z:
        assert sorted(z.namelist()) == [CHAIN, "findings.json", "manifest.json"]
        text = "".join(z.read(n).decode() for n in z.namelist())
        record = json.loads(z.read("findings.json"))
    for secret in ("12345678", "138000", "晋A12345", "台账.csv", "虚构花园", "PRK07-5f1c0a9b3e"):
        assert secret not in text, secret
    (found,) = record["findings"]
    assert found["subject"] == {"type": "plate", "id": "晋A·***45", "token": token("plate=晋A12345", KEY)}
    assert record["matters"][0]["findings"] == [found["id"]] == [record["matters"][0]["id"]]
    write_redacted(case[1], tmp_path / "other.zip", KEY[::-1])
    assert (tmp_path / "other.zip").read_bytes() != path.read_bytes(), "another key, other tokens"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("晋A12345", "晋A·***45"), ("晋AD12345 出场", "晋A·***45 出场"), ("粤B·12345", "粤B·***45"),
        ("11010119900307123X", "110101************"), ("电话13800001234。", "电话138****1234。"),
        ("账号6222020200012345678", "账号****5678"), ("合同 HT-2024-0001", "合同 HT-2024-0001"),
        ("差 2,000.00 元", "差 2,000.00 元"), ("2024-01-31", "2024-01-31"),
    ],
)  # fmt: skip
def test_what_is_masked_and_what_is_not(text, masked):
    assert mask(text) == masked
