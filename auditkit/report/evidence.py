"""The evidence package of a compound: what went in, what came out, and a chain of hashes over all of it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from auditkit.model import InputError, Issue
from auditkit.reconcile.privacy import masked_record
from auditkit.report.manifest import NAME, sha256

CHAIN: Final = "chain.jsonl"
START: Final = "0" * 64
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a package: changed, missing, added, doubled, or a break of the chain, and in which file."""

    kind: str
    file: str


def write_pack(folder: Path, case: Path, target: Path) -> str:
    """Packs a compound's outputs with the papers of its case; the seal: the last hash of the chain.

    Raises: InputError with every file that is missing or is not the one that was audited or written.
    """
    manifest = _manifest(folder)
    parts: dict[str, Path] = {NAME: folder / NAME}
    faults: list[Issue] = []
    for kind, root in (("inputs", case if case.is_dir() else case.parent), ("outputs", folder)):
        for entry in manifest[kind]:
            path = root / entry["file"]
            parts[f"{kind}/{entry['file']}"] = path
            if not path.is_file():
                faults.append(_issue(path, "文件不在，不能入包", "the file is missing"))
            elif sha256(path) != entry["sha256"]:
                faults.append(_issue(path, "与审计时的文件不同，不能入包", "not the file that was audited"))
    if faults:
        raise InputError(faults)
    return _write(target, {name: _opened(path) for name, path in parts.items()})


def write_redacted(folder: Path, target: Path, key: bytes) -> str:
    """Packs what may be published: the masked findings and the hashes of everything that stays in the file room."""
    manifest = _manifest(folder)
    record = json.loads((folder / "findings.json").read_bytes())
    public = {**manifest, "inputs": _unnamed(manifest["inputs"]), "redacted": True}
    public.pop("compound", None)
    contents = {NAME: public, "findings.json": masked_record(record, key)}
    return _write(target, {n: _bytes(json.dumps(c, ensure_ascii=False, indent=1) + "\n") for n, c in contents.items()})


def verify_pack(path: Path, seal: str = "") -> list[Fault]:
    """Every file that was changed, is missing or was added, and every break of the chain; `seal` as noted on paper.

    A chain that was made anew over changed files is whole: only the seal tells.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            return _faults(pack, seal)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return [Fault("chain", path.name)]


def _faults(pack: zipfile.ZipFile, seal: str) -> list[Fault]:
    names = pack.namelist()
    faults = [Fault("doubled", n) for n in sorted({n for n in names if names.count(n) > 1})]
    previous = START
    listed: set[str] = set()
    for number, line in enumerate(pack.read(CHAIN).decode().splitlines(), start=1):
        entry = json.loads(line)
        listed.add(entry["file"])
        if entry["hash"] != _link(entry) or entry["previous"] != previous or entry["number"] != number:
            faults.append(Fault("chain", entry["file"]))
        previous = entry["hash"]
        if entry["file"] not in names:
            faults.append(Fault("missing", entry["file"]))
        elif _digest(pack, entry["file"]) != entry["sha256"]:
            faults.append(Fault("changed", entry["file"]))
    faults += [Fault("added", n) for n in sorted(set(names) - listed - {CHAIN})]
    if seal and seal != previous:
        faults.append(Fault("seal", CHAIN))
    if NAME not in listed:
        return [*faults, Fault("missing", NAME)]
    if any(f.file == NAME for f in faults):
        return faults
    manifest: dict[str, Any] = json.loads(pack.read(NAME))
    if not manifest.get("redacted"):
        own = {f"{kind}/{e['file']}" for kind in ("inputs", "outputs") for e in manifest[kind]}
        faults += [Fault("missing", n) for n in sorted(own - listed)]
    return faults


def _digest(pack: zipfile.ZipFile, name: str) -> str:
    """A part's SHA-256, or nothing where its bytes are not even those that were packed."""
    total = hashlib.sha256()
    try:
        with pack.open(name) as part:
            for piece in _pieces(part):
                total.update(piece)
    except zipfile.BadZipFile:
        return ""
    return total.hexdigest()


def _write(target: Path, parts: Mapping[str, Callable[[], IO[bytes]]]) -> str:
    """The same parts give the same bytes."""
    chain: list[str] = []
    previous = START
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
        for number, (name, opened) in enumerate(sorted(parts.items()), start=1):
            total, size = hashlib.sha256(), 0
            with opened() as source, pack.open(zipfile.ZipInfo(name, _DAY), "w", force_zip64=True) as out:
                for piece in _pieces(source):
                    total.update(piece)
                    size += len(piece)
                    out.write(piece)
            entry = {
                "number": number, "file": name, "bytes": size, "sha256": total.hexdigest(), "previous": previous,
            }  # fmt: skip
            previous = _link(entry)
            chain.append(json.dumps({**entry, "hash": previous}, ensure_ascii=False))
        pack.writestr(zipfile.ZipInfo(CHAIN, _DAY), "\n".join(chain) + "\n")
    return previous


def _link(entry: Mapping[str, Any]) -> str:
    text = "\x1f".join(str(entry[k]) for k in ("number", "file", "bytes", "sha256", "previous"))
    return hashlib.sha256(text.encode()).hexdigest()


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: source.read(_PIECE), b"")


def _opened(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _bytes(text: str) -> Callable[[], IO[bytes]]:
    return lambda: io.BytesIO(text.encode())


def _unnamed(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hashes without names: a file may be called by a person's name or number."""
    return [{**entry, "file": f"{n:03d}"} for n, entry in enumerate(files, start=1)]


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / NAME
    if not path.is_file():
        raise InputError([_issue(path, "不是一个小区的审计输出目录：没有 manifest.json", "no manifest.json here")])
    return json.loads(path.read_bytes())


def _issue(path: Path, zh: str, en: str) -> Issue:
    return Issue("F13", zh, en, file=str(path))
