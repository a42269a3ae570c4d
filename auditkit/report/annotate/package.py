"""An xlsx package byte by byte: parts that nobody touched are copied raw, and the original can be put together again.

The annotated file holds the original's records as they were, with the touched ones replaced; what was replaced goes
into one more part, the record, beside a list of where every byte of the original is.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

RECORD: Final = "auditkit/original.bin"
CHUNK: Final = 1 << 18
_SPOOL: Final = 1 << 22
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_NEW_YEAR_1980: Final = 0x21

Edit = Callable[[Iterator[bytes]], Iterable[bytes]]
"""What makes a part's new content out of its old."""


class NotAnnotatedError(Exception):
    """The file carries no annotation, or was saved by another program since."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A part deflated and ready to be written."""

    data: IO[bytes]
    crc: int
    compressed: int
    size: int
    method: int


class Package:
    """An xlsx file open for reading, with its raw records."""

    def __init__(self, path: Path) -> None:
        """Opens it. Raises: zipfile.BadZipFile."""
        self.path = path
        self.zip = zipfile.ZipFile(path)
        self.parts: Mapping[str, zipfile.ZipInfo] = {i.filename: i for i in self.zip.infolist()}
        starts = sorted(i.header_offset for i in self.zip.infolist())
        self._next = dict(zip(starts, [*starts[1:], self.zip.start_dir], strict=True))

    def close(self) -> None:
        """Closes the file."""
        self.zip.close()

    def read(self, part: str) -> bytes:
        """A part's content, whole."""
        return self.zip.read(part)

    def stream(self, part: str) -> Iterator[bytes]:
        """A part's content, piece by piece."""
        with self.zip.open(part) as file:
            while piece := file.read(CHUNK):
                yield piece

    def span(self, part: str) -> tuple[int, int]:
        """Where a part's whole record lies in the file: offset and length."""
        start = self.parts[part].header_offset
        return start, self._next[start] - start

    def annotated(self) -> bool:
        """Whether it carries a record of its original."""
        return RECORD in self.parts

    def write(self, target: Path, edits: Mapping[str, Edit], added: Mapping[str, bytes]) -> None:
        """Writes the package with some parts edited and some added, and the record of what it was."""
        with self.path.open("rb") as source, target.open("wb") as out:
            central: list[bytes] = []
            with tempfile.SpooledTemporaryFile(_SPOOL) as replaced:
                segments: list[list[Any]] = []
                order = sorted(self.zip.infolist(), key=lambda i: i.header_offset)
                first = order[0].header_offset if order else self.zip.start_dir
                _keep(source, replaced, segments, 0, first)
                for info in order:
                    start, length = self.span(info.filename)
                    if info.filename in edits:
                        _keep(source, replaced, segments, start, length)
                        central.append(
                            _put(out, info.filename, _pack(edits[info.filename](self.stream(info.filename))))
                        )
                    else:
                        segments.append(["part", info.filename, length])
                        central.append(_central_of(info, out.tell()))
                        _copy(source, out, start, length)
                _keep(source, replaced, segments, self.zip.start_dir, self.path.stat().st_size - self.zip.start_dir)
                for name, content in added.items():
                    central.append(_put(out, name, _pack([content])))
                head = _head(self.path.name, self.path, segments)
                replaced.seek(0)
                central.append(_put(out, RECORD, _stored([head, *iter(lambda: replaced.read(CHUNK), b"")])))
            _close(out, central)


def embed_original(package: Path, original: Path, target: Path) -> None:
    """Gives an xlsx copy of a file of another kind the record of that file, whole."""
    opened = Package(package)
    try:
        size = original.stat().st_size
        head = _head(original.name, original, [["kept", "", size]])
        with package.open("rb") as source, target.open("wb") as out, original.open("rb") as kept:
            central: list[bytes] = []
            for info in sorted(opened.zip.infolist(), key=lambda i: i.header_offset):
                if info.filename != RECORD:
                    central.append(_central_of(info, out.tell()))
                    _copy(source, out, *opened.span(info.filename))
            central.append(_put(out, RECORD, _stored([head, *iter(lambda: kept.read(CHUNK), b"")])))
            _close(out, central)
    finally:
        opened.close()


def original_name(path: Path) -> str:
    """The name of the file that was annotated.

    Raises: NotAnnotatedError.
    """
    with path.open("rb") as file:
        return str(_record(path, file)[0]["name"])


def restore(path: Path, target: Path) -> None:
    """Puts the original together again, byte for byte.

    Raises: NotAnnotatedError where there is no annotation, or the bytes are no longer those that were written.
    """
    with path.open("rb") as file, tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out:
        made = Path(out.name)
        try:
            record, kept_at = _record(path, file)
            opened = Package(path)
            try:
                for kind, name, length in record["segments"]:
                    if kind == "part":
                        if name not in opened.parts:
                            raise NotAnnotatedError(path.name)
                        _copy(file, out, opened.parts[name].header_offset, length)
                    else:
                        _copy(file, out, kept_at, length)
                        kept_at += length
            finally:
                opened.close()
            out.close()
            if _sha256(made) != record["sha256"]:
                raise NotAnnotatedError(path.name)
            made.replace(target)
        finally:
            made.unlink(missing_ok=True)


def _record(path: Path, file: IO[bytes]) -> tuple[dict[str, Any], int]:
    """The record's list, and where in the file the bytes it keeps begin."""
    if not zipfile.is_zipfile(path):
        raise NotAnnotatedError(path.name)
    with zipfile.ZipFile(path) as opened:
        if RECORD not in opened.namelist() or opened.getinfo(RECORD).compress_type != zipfile.ZIP_STORED:
            raise NotAnnotatedError(path.name)
        file.seek(opened.getinfo(RECORD).header_offset)
    fields = _LOCAL.unpack(file.read(_LOCAL.size))
    file.seek(fields[9] + fields[10], 1)
    line = file.readline()
    return json.loads(line), file.tell()


def _head(name: str, original: Path, segments: list[list[Any]]) -> bytes:
    record = {"auditkit": 1, "name": name, "sha256": _sha256(original), "segments": segments}
    return json.dumps(record, ensure_ascii=True).encode() + b"\n"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(source: IO[bytes], replaced: IO[bytes], segments: list[list[Any]], start: int, length: int) -> None:
    if length:
        _copy(source, replaced, start, length)
        segments.append(["kept", "", length])


def _copy(source: IO[bytes], out: IO[bytes], start: int, length: int) -> None:
    source.seek(start)
    while length:
        piece = source.read(min(CHUNK, length))
        if not piece:
            raise NotAnnotatedError("the file ends too early")
        out.write(piece)
        length -= len(piece)


def _pack(pieces: Iterable[bytes]) -> _Packed:
    """A part deflated into a temporary file: its sizes stand in front of it in the package."""
    data = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    crc = size = 0
    for piece in pieces:
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        data.write(deflate.compress(piece))
    data.write(deflate.flush())
    return _Packed(data, crc, data.tell(), size, zipfile.ZIP_DEFLATED)


def _stored(pieces: Iterable[bytes]) -> _Packed:
    data = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        data.write(piece)
    return _Packed(data, crc, data.tell(), data.tell(), zipfile.ZIP_STORED)


def _put(out: IO[bytes], name: str, part: _Packed) -> bytes:
    """Writes a part; gives its entry of the directory."""
    offset, raw = out.tell(), name.encode()
    flags = 0 if name.isascii() else 0x800
    common = (20, flags, part.method, 0, _NEW_YEAR_1980, part.crc, part.compressed, part.size, len(raw), 0)
    out.write(_LOCAL.pack(b"PK\3\4", *common) + raw)
    with part.data as data:
        data.seek(0)
        shutil.copyfileobj(data, out, CHUNK)
    return _CENTRAL.pack(b"PK\1\2", 20, *common, 0, 0, 0, 0, offset) + raw


def _close(out: IO[bytes], central: Iterable[bytes]) -> None:
    """Writes the directory."""
    entries, start = list(central), out.tell()
    for entry in entries:
        out.write(entry)
    out.write(_END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), out.tell() - start, start, 0))


def _central_of(info: zipfile.ZipInfo, offset: int) -> bytes:
    """The directory entry of a part that was copied raw."""
    year, month, day, hour, minute, second = info.date_time
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")
    return _CENTRAL.pack(
        b"PK\1\2", info.create_version | info.create_system << 8, info.extract_version, info.flag_bits,
        info.compress_type, hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day, info.CRC,
        info.compress_size, info.file_size, len(raw), 0, 0, 0, info.internal_attr, info.external_attr, offset,
    ) + raw  # fmt: skip
