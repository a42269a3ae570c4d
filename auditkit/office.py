"""`auditkit register …`, `auditkit weekly`, `auditkit spot …`: the register from the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

register_app = typer.Typer(help="整改台账：登记疑点、填报、核验。The register of problems.", no_args_is_help=True)
spot_app = typer.Typer(help="双随机抽查。Spot checks.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)

Place = Annotated[str, typer.Option("--register", help="SQLite 文件, 或 postgresql+psycopg://… 地址")]
Who = Annotated[str, typer.Option("--who", help="办理人")]
Lang = Annotated[str, typer.Option("--lang", help="zh 或 en")]
DEFAULT = "register.db"


def _now() -> str:
    return dt.datetime.now().isoformat(timespec="seconds")


def _guarded(work: Callable[[], int]) -> None:
    """Bad input is told in full, with its cells, and ends with 2; a bug is left to be seen."""
    from auditkit.model import InputError

    try:
        code = work()
    except InputError as error:
        for issue in error.issues:
            where = f"{issue.place()} {issue.column}".strip()
            stood = f"（写作“{issue.value}”）" if issue.value else ""
            console.print(f"[red]✗[/red] {where}: {issue.message}{stood}" if where else f"[red]✗[/red] {issue.message}")
        code = 2
    raise typer.Exit(code)


@register_app.command("import-run")
def import_run_command(
    folder: Annotated[Path, typer.Argument(help="审计输出目录: 一个小区, 或 batch 的整个输出")],
    register: Place = DEFAULT,
    who: Who = "auditkit",
) -> None:
    """登记一次审计的疑点；再次登记同一结果不产生任何变动。例: auditkit register import-run out/"""
    from auditkit.register.intake import compounds_below, import_run, runs_below
    from auditkit.register.store import open_register

    def work() -> int:
        files = runs_below(folder)
        if not files:
            console.print(f"[red]✗[/red] {folder} 下没有 findings.json")
            return 2
        at = _now()
        done = import_run(open_register(register), files, at=at, who=who, compounds=compounds_below(folder, at[:10]))
        words = {"新增": done.new, "未变": done.unchanged, "金额变动": done.changed, "本次未发现": done.gone,
                 "再次发现": done.returned, "本次未测试": done.not_tested}  # fmt: skip
        console.print("；".join(f"{word} {len(ids)} 项" for word, ids in words.items()))
        return 0

    _guarded(work)


@register_app.command("export")
def export_command(
    path: Annotated[Path, typer.Argument(help="写到哪个 xlsx")],
    register: Place = DEFAULT,
    county: Annotated[list[str] | None, typer.Option("--county", help="只要这些县区")] = None,
) -> None:
    """导出工作台账供填报。例: auditkit register export 台账.xlsx"""
    from auditkit.register.sheet import export_sheet
    from auditkit.register.store import open_register

    def work() -> int:
        rows = export_sheet(open_register(register), path, counties=county or ())
        console.print(f"已写出 {rows} 项: {path}")
        return 0

    _guarded(work)


@register_app.command("import")
def import_command(
    path: Annotated[Path, typer.Argument(help="填好的台账")],
    register: Place = DEFAULT,
    who: Who = "auditkit",
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="有一行不行就都不收")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """读回填好的台账：先列差异, 再收可收的。例: auditkit register import 台账.xlsx --who 王某"""
    from auditkit.register.sheet import apply_plan, plan_import
    from auditkit.register.store import open_register

    def work() -> int:
        opened, at = open_register(register), _now()
        plan = plan_import(opened, path, who=who, at=at)
        _show("将要改动", plan.changes)
        _show("不能接受", plan.refused)
        _show("冲突, 须人工决定", plan.conflicts)
        if not plan.changes or (all_or_nothing and not plan.clean):
            console.print("没有收入任何内容")
            return 0 if plan.clean else 3
        if not yes and not typer.confirm("收入以上改动?"):
            return 3
        done = apply_plan(opened, plan, who=who, at=at, all_or_nothing=all_or_nothing)
        _show("收入时不能接受", done.refused[len(plan.refused) :])
        console.print(f"已收入 {len(done.changes)} 项, 未收 {len(done.refused) + len(done.conflicts)} 项")
        return 0 if done.clean else 3

    _guarded(work)


def _show(title: str, changes: Sequence[object]) -> None:
    from auditkit.register.sheet import Change

    if not changes:
        return
    table = Table("行", "编号", "内容", title=f"{title} ({len(changes)})", title_justify="left")
    for change in changes:
        if isinstance(change, Change):
            table.add_row(str(change.row or "—"), change.number, change.words)
    console.print(table)


@register_app.command("verify")
def verify_command(
    register: Place = DEFAULT,
    anchor: Annotated[str, typer.Option("--anchor", help="以前核验时记下的末条哈希, 日志中必须仍有")] = "",
) -> None:
    """核验日志: 被改动、缺失、插入或调换的条目都会列出, 末尾被删的也会。"""
    from auditkit.register.log import log_end, verify
    from auditkit.register.store import open_register

    def work() -> int:
        opened = open_register(register)
        wrong = verify(opened, anchor)
        for line in wrong:
            console.print(f"[red]✗[/red] {line}")
        if not wrong:
            count, last = log_end(opened)
            console.print(f"日志完整, 与台账一致: 共{count}条, 末条哈希 {last}", soft_wrap=True)
        return 1 if wrong else 0

    _guarded(work)


def weekly_command(
    week: Annotated[str, typer.Option("--week", help="该周的星期五, 如 2024-06-07")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录")],
    register: Place = DEFAULT,
    office: Annotated[str, typer.Option("--office", help="填报单位")] = "（填报单位）",
    layouts: Annotated[Path | None, typer.Option("--layouts", help="本单位的版式目录")] = None,
    closing: Annotated[bool, typer.Option("--closing", help="另写专项行动总结")] = False,
) -> None:
    """一周材料: 工作台账、情况汇总表、问题清单、整改台账、简报。例: auditkit weekly --week 2024-06-07 --out 周报"""
    from auditkit.register.figures import DoesNotFootError
    from auditkit.register.store import open_register
    from auditkit.register.weekly import Office, write_closing, write_weekly

    def work() -> int:
        opened, bureau = open_register(register), Office(office, layouts=layouts)
        try:
            friday = dt.date.fromisoformat(week)
            files = write_weekly(opened, friday, out, bureau)
            if closing:
                files.append(out / "总结报告.docx")
                write_closing(opened, friday, files[-1], bureau)
        except (DoesNotFootError, ValueError) as error:
            console.print(f"[red]✗[/red] {error}")
            return 2
        for file in files:
            console.print(str(file))
        return 0

    _guarded(work)


@spot_app.command("draw")
def draw_command(
    path: Annotated[Path, typer.Argument(help="写到哪个 xlsx")],
    seed: Annotated[str, typer.Option("--seed", help="种子: 同样的总体和种子抽出同样的名单")],
    register: Place = DEFAULT,
    by_risk: Annotated[int, typer.Option("--by-risk", help="按风险抽几个")] = 3,
    at_random: Annotated[int, typer.Option("--at-random", help="随机抽几个")] = 3,
    title: Annotated[str, typer.Option("--title", help="抬头")] = "",
) -> None:
    """抽取检查小区, 每个小区一页核查单。例: auditkit spot draw 核查单.xlsx --seed 2024-06"""
    from auditkit.register.spot import draw_compounds, write_spot_sheets
    from auditkit.register.store import open_register
    from auditkit.report.phrases import inspection_asks

    def work() -> int:
        drawn = draw_compounds(open_register(register), by_risk=by_risk, at_random=at_random, seed=seed)
        write_spot_sheets(drawn, path, asks=inspection_asks(), title=title)
        console.print(f"抽取 {len(drawn.compounds)} 个小区, 总体哈希 {drawn.frame_hash[:12]}: {path}")
        return 0

    _guarded(work)


@spot_app.command("take")
def take_command(
    path: Annotated[Path, typer.Argument(help="填好的核查单")],
    on: Annotated[str, typer.Option("--on", help="检查日期, 如 2024-07-01")],
    who: Who,
    second: Annotated[str, typer.Option("--second", help="第二名检查人")],
    register: Place = DEFAULT,
) -> None:
    """读回核查单。例: auditkit spot take 核查单.xlsx --on 2024-07-01 --who 甲 --second 乙"""
    from auditkit.register.spot import read_spot_sheets, take_visits
    from auditkit.register.store import open_register

    def work() -> int:
        results = read_spot_sheets(path)
        refused = take_visits(open_register(register), results, who=who, second=second, on=dt.date.fromisoformat(on))
        for number, why in refused:
            console.print(f"[red]✗[/red] {number}: {why}")
        console.print(f"读回 {len(results)} 项, 未收 {len(refused)} 项")
        return 3 if refused else 0

    _guarded(work)
