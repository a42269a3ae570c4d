"""Where the county's own files are made: in the output itself where that is a folder of this machine, or beside it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec

from auditkit.batch.one import STATE, Record, is_local

WRITTEN_BACK = ("findings.json", "manifest.json")
"""What the county's own tests change in a compound's folder."""


def read_json(out: str, below: str) -> Any:
    """A JSON file of the output, or None where there is none."""
    fs, path = fsspec.core.url_to_fs(f"{out.rstrip('/')}/{below}")
    return json.loads(fs.cat_file(path)) if fs.exists(path) else None


@contextmanager
def county_folder(out: str, records: Sequence[Record]) -> Generator[Path]:
    """The output as a folder of this machine. Of an object store it has what the county's files are made from, and what
    was made or changed in it is copied back when all of it stands."""
    fs, root = fsspec.core.url_to_fs(out)
    root = str(root).rstrip("/")
    if is_local(fs):
        yield Path(root)
        return
    told = (f"{root}/{r.folder}/{name}" for r in records if not r.error for name in WRITTEN_BACK)
    with tempfile.TemporaryDirectory(prefix="auditkit-county-") as temporary:
        place = Path(temporary)
        _fetch(fs, root, place, [*fs.find(f"{root}/tables"), *told])
        before = _stamps(place)
        yield place
        made = [path for path, stamp in _stamps(place).items() if before.get(path) != stamp]
        fs.put([str(place / path) for path in made], [f"{root}/{path}" for path in made])


def _fetch(fs: Any, root: str, place: Path, paths: Iterable[str]) -> None:
    wanted = {path: place / path[len(root) + 1 :] for path in paths}
    for target in wanted.values():
        target.parent.mkdir(parents=True, exist_ok=True)
    fs.get(list(wanted), [str(target) for target in wanted.values()])


def _stamps(place: Path) -> dict[str, tuple[int, int]]:
    """Every file with what changes when it is written anew."""
    files = {p.relative_to(place).as_posix(): p.stat() for p in sorted(place.rglob("*")) if p.is_file()}
    return {p: (s.st_ino, s.st_mtime_ns) for p, s in files.items() if not p.startswith(f"{STATE}/work/")}
