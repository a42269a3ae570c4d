"""The life of a problem as a closed machine: what may follow what, and what each step must bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

CLUE: Final = "线索"
REOPENED: Final = "反弹重开"
CLOSED: Final = "销号"
NOT_SO: Final = "不属实"
ACCEPTED: Final = "接受说明"

STATES: Final = (
    CLUE, "核查", "属实", "部分属实", NOT_SO, "无法核实", ACCEPTED,
    "责令整改", "整改反馈", "复核", CLOSED, "回头看", REOPENED,
)  # fmt: skip
ENDED: Final = frozenset({NOT_SO, ACCEPTED, CLOSED})
"""States in which nothing is owed; each can be taken up again on new facts."""


class ForbiddenError(ValueError):
    """A step that the machine does not allow, or that lacks what it must bring."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(zh)


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step: the state it leads to, the facts it must bring, whether a second person must sign."""

    to: str
    needs: tuple[str, ...] = ()
    second_person: bool = False


FACTS: Final[Mapping[str, tuple[str, str]]] = {
    "reason": ("理由", "reason"),
    "evidence": ("证据", "evidence"),
    "document_no": ("文书号", "document number"),
    "deadline": ("完成时限", "deadline"),
    "feedback": ("整改情况", "what was done"),
    "result": ("复核结论", "result of the check"),
    "visited_on": ("回访日期", "day of the visit"),
    "receiver": ("接收单位", "receiving body"),
    "date": ("日期", "date"),
    "receipt": ("回执", "receipt"),
    "amount": ("金额", "amount"),
    "bank_row": ("到账流水", "bank row"),
}
"""Field -> its words, zh and en. Values are text; amounts are whole fen."""

_JUDGED: Final = {
    "认定属实": Step("属实", ("evidence",)),
    "认定部分属实": Step("部分属实", ("evidence", "reason")),
    "认定不属实": Step(NOT_SO, ("reason", "evidence"), second_person=True),
    "无法核实": Step("无法核实", ("reason",)),
    "接受说明": Step(ACCEPTED, ("reason", "evidence"), second_person=True),
}
_ORDERED: Final = {"责令整改": Step("责令整改", ("document_no", "deadline"))}

MACHINE: Final[Mapping[str, Mapping[str, Step]]] = {
    CLUE: {"核查": Step("核查")},
    "核查": _JUDGED,
    "属实": _ORDERED,
    "部分属实": _ORDERED,
    NOT_SO: {"重新核查": Step("核查", ("reason",))},
    ACCEPTED: {"重新核查": Step("核查", ("reason",))},
    "无法核实": {"重新核查": Step("核查", ("reason",))},
    "责令整改": {
        "整改反馈": Step("整改反馈", ("feedback",)),
        "延期": Step("责令整改", ("document_no", "deadline", "reason")),
    },
    "整改反馈": {"复核": Step("复核", ("result",))},
    "复核": {
        "销号": Step(CLOSED, ("evidence",), second_person=True),
        "退回整改": Step("责令整改", ("reason", "deadline")),
    },
    CLOSED: {"回头看": Step("回头看", ("visited_on",))},
    "回头看": {
        "回访合格": Step(CLOSED, ("result",)),
        "反弹重开": Step(REOPENED, ("reason",)),
    },
    REOPENED: {"核查": Step("核查")},
}
"""State -> action -> step."""

BRANCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "移送": ("receiver", "date", "receipt"),
    "立案处罚": ("document_no", "date", "amount"),
    "信用推送": ("receiver", "date"),
    "约谈": ("date",),
    "曝光": ("date",),
    "服务等级重新核定": ("document_no", "date"),
    "解聘退出": ("date",),
}
"""Side branches: they are recorded beside the state, once the problem was judged to be so, and do not change it."""

BRANCH_STATES: Final = frozenset({"属实", "部分属实", "责令整改", "整改反馈", "复核", CLOSED, "回头看", REOPENED})
RECOVERY: Final = "追回"
RECOVERY_NEEDS: Final = ("amount", "bank_row")


def step(state: str, action: str, facts: Mapping[str, Any], who: str, second: str = "") -> str:
    """The state that an action leads to.

    Raises: ForbiddenError where the machine forbids it, a fact is missing, or a second person is needed.
    """
    if not who.strip():
        raise ForbiddenError("没有写明办理人", "nobody is named as acting")
    if action in BRANCHES or action == RECOVERY:
        if state not in BRANCH_STATES:
            raise ForbiddenError(f"“{state}”状态下不能{action}", f"{action} is not possible in state {state}")
        _require(action, BRANCHES.get(action, RECOVERY_NEEDS), facts)
        return state
    allowed = MACHINE[state]
    if action not in allowed:
        can = "、".join(allowed)
        raise ForbiddenError(f"“{state}”之后不能{action}, 只能: {can}", f"{action} cannot follow {state}; only {can}")
    taken = allowed[action]
    _require(action, taken.needs, facts)
    if taken.second_person and (not second.strip() or second.strip() == who.strip()):
        raise ForbiddenError(f"{action}须由第二人审核", f"{action} needs a second person's signature")
    return taken.to


def _require(action: str, needs: tuple[str, ...], facts: Mapping[str, Any]) -> None:
    missing = [name for name in needs if facts.get(name) in (None, "")]
    if missing:
        zh = "、".join(FACTS[name][0] for name in missing)
        en = ", ".join(FACTS[name][1] for name in missing)
        raise ForbiddenError(f"{action}缺少: {zh}", f"{action} lacks: {en}")
