"""Short marks on statements and in ledgers: which way money went, whether a row counts, masked numbers, codes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from auditkit.read.vocabulary import words
from auditkit.schema import normal

_SIDES: Final = {normal(w): side for side, several in words()["marks"].items() for w in several}
_NOT_COUNTED: Final = re.compile("|".join(words()["not_counted"]))
_DENIED: Final = re.compile(r"(?:未|非|无|没有|不是)(?:被)?(?:冲正|撤销|冲销|作废|失败)")
_PAIR: Final = re.compile(r"【([^【】:：]+)[:：]([^【】]*)】")


def side_of(mark: Any, *, own_ledger: bool = False) -> str | None:
    """«in», «out» or «neutral» for the holder of the account; None where the mark is not known.

    A bank's 贷 is money in; in the holder's own ledger 借 on the bank account is.
    """
    word = normal(f"{mark:g}" if isinstance(mark, float) else str(mark)).lstrip("`'")
    side = _SIDES.get(word)
    if own_ledger and word[:1] in ("借", "贷", "d", "c"):
        return {"in": "out", "out": "in"}.get(side or "", side)
    return side


def counts(status: Any) -> bool:
    """Whether a row with this status moved money: 已冲正, 交易关闭, 失败 did not."""
    return not _NOT_COUNTED.search(_DENIED.sub("", unicodedata.normalize("NFKC", str(status))))


@dataclass(frozen=True, slots=True)
class Masked:
    """An account number of which only head and tail are shown."""

    head: str
    tail: str

    def fits(self, account: str) -> bool:
        """Whether a full number, or another masked one, may be the same account."""
        other = masked(account)
        if other is None:
            return account.startswith(self.head) and account.endswith(self.tail)
        heads = (self.head, other.head), (other.head, self.head)
        tails = (self.tail, other.tail), (other.tail, self.tail)
        return any(a.startswith(b) for a, b in heads) and any(a.endswith(b) for a, b in tails)


def masked(account: str) -> Masked | None:
    """Head and tail of a masked number («6226******5669»); None where nothing is masked."""
    found = re.fullmatch(r"(\w*?)[*xX×•·]{2,}(\w*)", unicodedata.normalize("NFKC", account).replace(" ", ""))
    return None if found is None else Masked(found[1], found[2])


def subject_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Code and path of an account of the ledger: «100206\\银行存款\\中信银行»."""
    code, *path = (part.strip() for part in re.split(r"[\\/]", unicodedata.normalize("NFKC", text)))
    return (code, tuple(path)) if re.fullmatch(r"[\d.]+", code) else ("", (code, *path))


def pairs_of(text: str) -> dict[str, str]:
    """The auxiliary items of an entry: «【银行账户：某支行0000】【部门：工程】»."""
    return {key.strip(): value.strip() for key, value in _PAIR.findall(text)}
