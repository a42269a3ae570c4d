"""Files spoiled on purpose: seeded mutations of the samples, of texts and of workbooks, and of what stands in them."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.read.papers import BANK, LEDGER, ROWS, book

HERE = Path(__file__).parent
ODD = (
    "", "0", "-", "--", "1e999", "-1e-999", "NaN", "inf", "9" * 400, "1,2,3,4", "(((1)))", "6.22E+18", "2024-02-30", "0000-00-00",
    "9999-99-99", "2018.1", "１２，３", "壹仟零伍", "=SUM(A1:A9)", "#REF!", "\u200b", "\u202e123", "合计", "本页小计", "日期", "借", "\x00",
    "a" * 70_000, "[" * 3000, "(" * 3000, "年" * 500, "1" + "0" * 30 + ".0001", "1/" * 200, "至" * 400, "2024年" * 300, "-" * 5000,
    "1 " * 2000, "【" * 2000, "万元", "\ud7ff", "🚗", "true", "24:61:61", "\\", '"', "'", "`0.01",
)  # fmt: skip
XLSX = b"PK\x03\x04"


def corpus(folder: Path) -> list[tuple[str, bytes]]:
    """Every sample of an importer, and a workbook made on the spot."""
    found = [
        (path.name, path.read_bytes())
        for path in sorted(HERE.glob("*/samples/*"))
        if ".golden" not in path.name and path.suffix in (".csv", ".xml", ".txt", ".xls", ".xlsx", ".zip", ".gz")
    ]
    made = book(
        folder / "台账.xlsx", 台账=[["某小区公共收益台账"], LEDGER, *ROWS], 流水=[BANK, *STATEMENT], 公示=MATRIX
    )
    return [*found, ("台账.xlsx", made.read_bytes())]


STATEMENT = [
    ["6222020001", "2024-01-03", "09:10:11", "100.00", "", "1100.00", "甲传媒有限公司", "广告费", "S1"],
    ["6222020001", "2024-01-09", "", "", "30.00", "1070.00", "乙维修部", "维修", "S2"],
]
MATRIX = [
    ["2024年公共收益公示（万元）"],
    ["项目", "1月", "2月", "3月", "合计"],
    ["电梯广告", "0.1", "0.2", "0.3", "0.6"],
    ["支出：维修养护", "0.05", "", "", "0.05"],
]


def mutations(samples: list[tuple[str, bytes]], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many spoiled files, the same for the same seed."""
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        name, data = samples[number % len(samples)]
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            data = _spoil(data, rng)
        yield f"{number:05d}-{name}", data


def _spoil(data: bytes, rng: random.Random) -> bytes:
    if data.startswith(XLSX) and rng.random() < 0.7:
        try:
            return _in_archive(data, rng)
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            zlib.error,
            zipfile.LargeZipFile,
        ):
            return _bytes(data, rng)
    if rng.random() < 0.3:
        return _bytes(data, rng)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _bytes(data, rng)
    return _text(text, rng).encode(rng.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16")), "replace")


def _bytes(data: bytes, rng: random.Random) -> bytes:
    """Bytes turned, cut out, doubled, put in."""
    if not data:
        return bytes(rng.randrange(256) for _ in range(20))
    at, much = rng.randrange(len(data)), rng.choice((1, 2, 8, 64, 1000))
    match rng.randrange(5):
        case 0:
            return data[:at] + bytes(b ^ (1 << rng.randrange(8)) for b in data[at : at + much]) + data[at + much :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[at + much :]
        case 3:
            return data[:at] + data[at : at + much] * rng.choice((2, 50)) + data[at + much :]
        case _:
            return data[:at] + bytes(rng.randrange(256) for _ in range(min(much, 64))) + data[at:]


def _text(text: str, rng: random.Random) -> str:
    """Cells turned into odd ones; lines cut out, doubled, moved; delimiters changed."""
    lines = text.splitlines(keepends=True) or [text]
    at = rng.randrange(len(lines))
    mark = rng.choice((",", "\t", ">", "<"))
    match rng.randrange(8):
        case 0 | 1 | 2:
            cells = lines[at].split(mark)
            cells[rng.randrange(len(cells))] = rng.choice(ODD)
            lines[at] = mark.join(cells)
        case 3:
            del lines[at]
        case 4:
            lines[at:at] = [lines[at]] * rng.choice((1, 3, 400))
        case 5:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 6:
            old, new = rng.choice(
                ((",", "\t"), (",", ";"), ("\n", "\r\n"), ("\n", "\r"), ('"', ""), (",", "，"), ("(", "（"))
            )
            return text.replace(old, new)
        case _:
            cells = lines[at].split(mark)
            rng.shuffle(cells)
            lines[at] = mark.join(cells)
    return "".join(lines)


def _in_archive(data: bytes, rng: random.Random) -> bytes:
    """One member of a workbook or archive spoiled, or left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        sheets = [n for n in names if "sheet" in n and n.endswith(".xml")] or names
        victim = rng.choice(sheets if rng.random() < 0.7 else names)
        for name in names:
            inner = old.read(name)
            if name == victim:
                if rng.random() < 0.1:
                    continue
                try:
                    inner = _text(inner.decode("utf-8").replace("><", ">\n<"), rng).encode("utf-8", "replace")
                except UnicodeDecodeError:
                    inner = _bytes(inner, rng)
            new.writestr(name, inner)
    return made.getvalue()
