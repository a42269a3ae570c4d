"""Which cases stand below a folder, and whether one has changed since it was last audited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import fsspec

from auditkit import __version__

PAPERS: Final = (
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
    ".et",
    ".csv",
    ".txt",
    ".tsv",
    ".zip",
    ".gz",
    ".xml",
    ".htm",
    ".html",
)
SETTINGS: Final = "case.toml"


@dataclass(frozen=True, slots=True)
class CasePlace:
    """One case below a county: a folder or a single workbook.

    `name` is its path below the county, with «/»; `url` where its files are, on any file system that fsspec knows.
    """

    name: str
    url: str

    @property
    def slug(self) -> str:
        """The name as a file may be called, the same for the same name everywhere."""
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        return f"{self.name.rsplit('/', 1)[-1][:40]}-{digest}"


def find_cases(county: str | Path) -> list[CasePlace]:
    """Every case below a county, by name: a folder that itself holds papers or a case.toml, and is not the county
    itself; a workbook that stands in the county's own folder is a case of its own.

    Raises: FileNotFoundError where there is no such folder.
    """
    fs, root = fsspec.core.url_to_fs(str(county))
    root = root.rstrip("/\\")
    if not fs.isdir(root):
        raise FileNotFoundError(str(county))
    found: list[CasePlace] = []
    for folder, entries in _walk(fs, root):
        papers = [e for e in entries if _is_paper(e)]
        if folder == root:
            found += [CasePlace(_below(root, p), fs.unstrip_protocol(p)) for p in papers]
        elif papers or any(e.rsplit("/", 1)[-1] == SETTINGS for e in entries):
            found.append(CasePlace(_below(root, folder), fs.unstrip_protocol(folder)))
    return sorted(found, key=lambda c: c.name)


def _walk(fs: Any, root: str) -> Iterator[tuple[str, list[str]]]:
    """Folders from the top down with their files; below a case there is no other case."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        listed = fs.ls(folder, detail=True)
        files = sorted(str(e["name"]) for e in listed if e["type"] == "file")
        yield folder, files
        names = [f.rsplit("/", 1)[-1] for f in files]
        if folder == root or not (SETTINGS in names or any(_is_paper(f) for f in files)):
            inner = sorted((str(e["name"]) for e in listed if e["type"] == "directory"), reverse=True)
            waiting += [f for f in inner if not f.rstrip("/").rsplit("/", 1)[-1].startswith((".", "_"))]


def _is_paper(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return name.lower().endswith(PAPERS) and not name.startswith((".", "~$"))


def _below(root: str, path: str) -> str:
    return path.rstrip("/")[len(root) :].lstrip("/")


def input_key(case: CasePlace, parameters: Mapping[str, Any]) -> str:
    """The hash that a case's result is kept under: its files' names and bytes, the parameters, the program's version
    (which the packs and rules travel with)."""
    fs, path = fsspec.core.url_to_fs(case.url)
    total = hashlib.sha256(json.dumps([__version__, dict(parameters)], sort_keys=True, default=str).encode())
    files = [path] if fs.isfile(path) else sorted(fs.find(path))
    for file in files:
        total.update(_below(path, file).encode() + b"\0")
        with fs.open(file, "rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
        total.update(b"\0")
    return total.hexdigest()
