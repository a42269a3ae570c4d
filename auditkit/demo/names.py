"""Invented names, numbers and plates: nobody and no company of the example county exists."""

from __future__ import annotations

from random import Random
from typing import Final

SYLLABLES: Final = "云帆启明泰和远山长河景行嘉木清源安澜瑞丰同舟百川知夏望岳承光锦程乐居沐风向阳"
LINES: Final = {
    "ad": ("传媒", "广告", "文化传播"),
    "room": ("商贸", "教育咨询", "餐饮管理", "健身服务", "便民服务"),
    "machine": ("智能科技", "快递服务", "新能源", "环保科技", "通信服务"),
    "works": ("建筑维修", "机电安装", "园林绿化", "消防工程", "防水工程", "门窗"),
    "office": ("会计师事务所", "税务师事务所", "律师事务所"),
    "labour": ("劳务服务", "人力资源", "保洁服务"),
    "power": ("供电服务", "供水服务"),
}
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_USCC: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PLATE: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def company(rng: Random, line: str, used: set[str]) -> str:
    """A company name that no other party of the compound has, nor contains."""
    while True:
        pair = "".join(rng.sample(SYLLABLES, 2))
        name = f"虚构{pair}{rng.choice(LINES[line])}有限公司"
        if pair not in used:
            used.add(pair)
            return name


def person(rng: Random) -> str:
    """A person's name that says it is invented."""
    return f"{rng.choice(SURNAMES)}某{rng.choice('甲乙丙丁')}"


def uscc(rng: Random) -> str:
    """A unified social credit code with a right check character, in a region that does not exist."""
    body = "91" + "140899" + "".join(rng.choice(_USCC) for _ in range(9))
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


def plate(rng: Random, used: set[str]) -> str:
    """A plate of a letter that Shanxi does not give out, two characters away from any other."""
    while True:
        tail = "".join(rng.choice(_PLATE[:10]) for _ in range(3)) + rng.choice(_PLATE[10:]) + rng.choice(_PLATE[:10])
        if tail not in used and not any(_near(tail, c) in used for c in range(5)):
            used.add(tail)
            used.update(_near(tail, c) for c in range(5))
            return f"晋Z{tail}"


def visitor(n: int) -> str:
    """The n-th visitor's plate: no two of a quarter of a million are alike, nor like a card holder's."""
    code = (n * 99_991 + 4_321) % 240_000
    return f"晋Z{_PLATE[10 + code // 10_000]}{code % 10_000:04d}"


def _near(tail: str, at: int) -> str:
    return tail[:at] + "?" + tail[at + 1 :]


def digits(rng: Random, length: int) -> str:
    """A number of so many digits, as an account has."""
    return "".join(rng.choice("0123456789") for _ in range(length))
