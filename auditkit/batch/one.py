"""One case of a batch, in whatever process it runs: audited, written in one piece, recorded last."""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
import time
import traceback
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import fsspec

from auditkit.batch.cases import CasePlace, input_key
from auditkit.model import InputError, Issue

STATE: Final = ".batch"
"""Below the output: what is done, the facts for comparing compounds, tracebacks of failed cases."""

SELDOM: Final = 20_000
"""So many objects more before Python looks for cycles: at its own 700 that is 6 % of what a compound costs."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a batch was asked for; a case's result depends on it, but not on how it is run."""

    out: str
    period: str | None = None
    pack: str | None = None
    notebooks: str = "flagged"
    contract: bool = False

    def parameters(self) -> dict[str, Any]:
        """What goes into the key of a result."""
        asked: dict[str, Any] = {"period": self.period, "pack": self.pack, "notebooks": self.notebooks}
        return {**asked, "contract": True} if self.contract else asked


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one case: kept beside the output, so that the next run knows."""

    case: str
    key: str
    compound_id: str = ""
    compound_name: str = ""
    county: str = ""
    county_code: str = ""
    company: str = ""
    company_uscc: str = ""
    exit: int = 4
    findings: int = 0
    seconds: float = 0.0
    error: str = ""
    folder: str = ""
    given: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    period: tuple[str, str] = ("", "")
    pack: str = "000000"
    pack_loaded: bool = False


def is_local(fs: Any) -> bool:
    """Whether a file system is this machine's own."""
    return "file" in (fs.protocol if isinstance(fs.protocol, tuple) else (fs.protocol,))


def record_path(out: str, case: CasePlace) -> str:
    """Where the record of a case stands."""
    return f"{out.rstrip('/')}/{STATE}/cases/{case.slug}.json"


def read_record(out: str, case: CasePlace) -> Record | None:
    """The record of an earlier run, or None."""
    fs, path = fsspec.core.url_to_fs(record_path(out, case))
    if not fs.exists(path):
        return None
    return record_of(json.loads(fs.cat_file(path)))


def record_of(stored: dict[str, Any]) -> Record:
    """A record as JSON brings it back."""
    for name in ("given", "files", "period"):
        stored[name] = tuple(stored[name])
    return Record(**stored)


def write_record(out: str, case: CasePlace, record: Record) -> None:
    """Written last and in one piece: a case without its record was not finished."""
    fs, path = fsspec.core.url_to_fs(record_path(out, case))
    fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1).encode()
    if not is_local(fs):
        fs.pipe_file(path, text)
        return
    # On the same disk, so that the new name is given at once: a full disk leaves no empty record.
    beside = Path(f"{path}.new")
    beside.write_bytes(text)
    beside.replace(path)


def forget_record(out: str, case: CasePlace) -> None:
    """The case is to be done anew."""
    fs, path = fsspec.core.url_to_fs(record_path(out, case))
    if fs.exists(path):
        fs.rm(path)


def run_chunk(cases: Sequence[CasePlace], settings: Settings) -> list[Record]:
    """Audit these cases one after the other; a case that fails is recorded with its reason, and the rest goes on.

    What an earlier, interrupted attempt at this chunk had finished is not done again.
    Raises: OSError where the output cannot be written (a full disk is not a case's fault).
    """
    often = gc.get_threshold()
    gc.set_threshold(SELDOM, *often[1:])
    try:
        return [run_case(case, settings) for case in cases]
    finally:
        gc.set_threshold(*often)


def run_case(case: CasePlace, settings: Settings) -> Record:
    """Audit one case, as `auditkit audit` does."""
    key = input_key(case, settings.parameters())
    done = read_record(settings.out, case)
    if done is not None and done.key == key and not done.error:
        return done
    started = time.perf_counter()
    try:
        with _local(case) as path, _delivered(settings.out, case) as folder:
            record = _audit(case, path, folder, settings, key)
    except OSError:
        raise
    except Exception as error:
        record = Record(case.name, key, error=_one_line(error))
        _keep_traceback(settings.out, case, error)
    record = replace(record, seconds=round(time.perf_counter() - started, 3))
    write_record(settings.out, case, record)
    return record


def _audit(case: CasePlace, path: Path, folder: Path, settings: Settings, key: str) -> Record:
    from auditkit.audit import folder_name, open_case, write_outputs
    from auditkit.batch.facts import write_facts

    outcome = open_case(path, period=settings.period, pack=settings.pack)
    name = folder_name(outcome.case.compound_id)
    made = folder / "compound"
    made.mkdir()
    notebook = settings.notebooks == "all" or (settings.notebooks == "flagged" and bool(outcome.findings))
    fs, root = fsspec.core.url_to_fs(settings.out)
    write_outputs(outcome, path, made, Path(root if is_local(fs) else "") / name, notebook=notebook)
    write_facts(outcome, case.name, folder / "facts")
    books = outcome.books
    if settings.contract:
        from auditkit.batch.contract import write_rows

        write_rows(books, folder / "facts")
    return Record(
        case.name, key, outcome.case.compound_id, outcome.compound_name, books.compound("county") or "",
        books.compound("county_code") or "", books.compound("company_name") or "",
        books.compound("company_uscc") or "", outcome.exit_code,
        len(outcome.findings), folder=name, given=tuple(sorted(books.given)),
        files=tuple(sorted(p.name for p in made.iterdir())),
        period=(f"{outcome.case.start:%Y-%m-%d}", f"{outcome.case.end:%Y-%m-%d}"), pack=outcome.case.pack.code,
        pack_loaded=outcome.case.pack.loaded,
    )  # fmt: skip


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]


def _keep_traceback(out: str, case: CasePlace, error: Exception) -> None:
    fs, path = fsspec.core.url_to_fs(f"{out.rstrip('/')}/{STATE}/failed/{case.slug}.txt")
    fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    with fs.open(path, "wb") as file:
        file.write("".join(traceback.format_exception(error)).encode())


@contextmanager
def _local(case: CasePlace) -> Generator[Path]:
    """The case as a path of this machine: itself where it is one, else a copy for the time of its audit."""
    fs, path = fsspec.core.url_to_fs(case.url)
    if is_local(fs):
        yield Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="auditkit-case-") as temporary:
        target = Path(temporary) / case.name.rsplit("/", 1)[-1]
        fs.get(path, str(target), recursive=True)
        yield target


@contextmanager
def _delivered(out: str, case: CasePlace) -> Generator[Path]:
    """A folder to write in; what was made goes to its places only when all of it stands.

    The compound's folder is `folder/compound`, renamed to its number by the record that `_audit` returns; on a local
    disk by renaming, elsewhere by copying, and in both the record comes last.
    """
    fs, root = fsspec.core.url_to_fs(out)
    local = is_local(fs)
    work = Path(root) / STATE / "work" if local else None
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=work, prefix=f"{case.slug}-"))
    try:
        yield temporary
        _deliver(fs, root, local, temporary, case)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _deliver(fs: Any, root: str, local: bool, made: Path, case: CasePlace) -> None:
    from auditkit.audit import folder_name

    name = folder_name(json.loads((made / "compound" / "manifest.json").read_bytes())["compound_id"])
    _claim(fs, f"{root}/{STATE}/claims/{name}", case)
    moves: dict[Path, str] = {made / "compound": f"{root}/{name}"}
    code = json.loads((made / "compound" / "manifest.json").read_bytes())["compound"]["county_code"] or "000000"
    for table in sorted((made / "facts").iterdir()):
        folder = made / "facts" / table.stem
        folder.mkdir()
        table.rename(folder / "part.parquet")
        moves[folder] = f"{root}/tables/{table.stem}/county_code={code}/compound_id={name}"
        _leave_other_counties(fs, f"{root}/tables/{table.stem}", code, name)
    for number, (source, target) in enumerate(moves.items()):
        if not local:
            _put(fs, source, target)
            continue
        place = Path(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            _keep_what_people_added(place, source)
            place.rename(made / f"old-{number}")
        source.rename(place)


def _leave_other_counties(fs: Any, table: str, code: str, name: str) -> None:
    """A compound whose county was written otherwise before stands under one county only, or it would count twice."""
    for county in fs.ls(table, detail=False) if fs.isdir(table) else ():
        old = f"{county}/compound_id={name}"
        if not str(county).endswith(f"county_code={code}") and fs.isdir(old):
            fs.rm(old, recursive=True)


def _put(fs: Any, source: Path, target: str) -> None:
    """A folder to a store that cannot rename; what an earlier audit wrote there and this one did not goes away."""
    manifest = f"{target}/manifest.json"
    old = json.loads(fs.cat_file(manifest))["outputs"] if fs.exists(manifest) else []
    fs.put(f"{source}/", f"{target}/", recursive=True)
    for entry in old:
        if not (source / entry["file"]).exists() and fs.exists(f"{target}/{entry['file']}"):
            fs.rm(f"{target}/{entry['file']}")


def _claim(fs: Any, path: str, case: CasePlace) -> None:
    """One compound number is one case's: two cases that give the same one are told so, not written over each other.

    Raises: InputError.
    """
    if fs.exists(path):
        owner = fs.cat_file(path).decode()
        if owner != case.name:
            zh = f"小区编号与案卷“{owner}”相同, 请核对“小区概况”或 case.toml 中的 compound_id"
            raise InputError([Issue("B01", zh, f"same compound_id as case {owner}", file=case.name)])
        return
    fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    with fs.open(path, "wb") as file:
        file.write(case.name.encode())


def _keep_what_people_added(old: Path, new: Path) -> None:
    """Files beside the outputs that no audit wrote go along to the new folder."""
    listed = json.loads((old / "manifest.json").read_bytes())["outputs"] if (old / "manifest.json").exists() else []
    ours = {entry["file"] for entry in listed} | {"manifest.json"}
    for path in old.rglob("*"):
        below = path.relative_to(old)
        if path.is_file() and below.as_posix() not in ours and not (new / below).exists():
            (new / below).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, new / below)
