"""The command `auditkit`: it asks, calls, and shows; nothing is decided here.

Everything heavy is imported by the command that needs it, so that `auditkit --help` answers at once. Annotations are
evaluated as they stand (no postponed ones): the help texts in them are those of the chosen language.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from auditkit.report.words import say

USAGE: Final = 2


def app(arguments: Sequence[str] | None = None) -> None:
    """Runs the command; `--lang en` may stand anywhere."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang, rest = _language(given)
    build(lang)(rest, prog_name="auditkit")


def _language(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Takes `--lang zh|en` out of the arguments."""
    rest, lang = list(arguments), "zh"
    for at, word in enumerate(rest):
        if word == "--lang" and at + 1 < len(rest):
            lang, rest[at : at + 2] = rest[at + 1], []
            break
        if word.startswith("--lang="):
            lang, rest[at : at + 1] = word.removeprefix("--lang="), []
            break
    if lang not in ("zh", "en"):
        typer.echo(f"--lang {lang}: zh | en", err=True)
        raise SystemExit(USAGE)
    return lang, rest


def build(lang: str) -> typer.Typer:
    """The command with its help in a language."""
    made = typer.Typer(
        help=say("help.app", lang), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )  # fmt: skip

    def command(name: str) -> Callable[[Callable[..., int]], None]:
        def register(work: Callable[..., int]) -> None:
            made.command(name, help=say(f"help.{name}", lang))(guarded(work, lang))

        return register

    case_path = typer.Argument(help=say("help.case", lang), show_default=False)
    period_option = typer.Option(help=say("help.period", lang), show_default=False)
    pack_option = typer.Option(help=say("help.local_pack", lang), show_default=False)

    @command("demo")
    def demo(
        out: Annotated[Path, typer.Option(help=say("help.out", lang))] = Path("demo"),
        compounds: Annotated[int, typer.Option(min=1, help=say("help.compounds", lang))] = 12,
    ) -> int:
        from auditkit.console import run_demo

        return run_demo(out, compounds, lang)

    @command("template")
    def template(folder: Annotated[Path, typer.Argument(help=say("help.folder", lang))]) -> int:
        from auditkit.templates import write_templates

        paths = write_templates(folder)
        typer.echo(say("template.written", lang, count=len(paths), first=paths[0], folder=folder))
        return 0

    @command("check")
    def check(
        case: Annotated[Path, case_path],
        period: Annotated[str | None, period_option] = None,
        pack: Annotated[str | None, pack_option] = None,
    ) -> int:
        from auditkit.console import run_check

        return run_check(case, period, pack, lang)

    @command("audit")
    def audit(
        case: Annotated[Path, case_path],
        out: Annotated[Path, typer.Option(help=say("help.out", lang), show_default=False)],
        period: Annotated[str | None, period_option] = None,
        pack: Annotated[str | None, pack_option] = None,
        notebook: Annotated[bool, typer.Option(help=say("help.notebook", lang))] = True,
    ) -> int:
        from auditkit.console import run_audit

        return run_audit(case, out, period, pack, notebook, lang)

    @command("batch")
    def batch(
        county: Annotated[str, typer.Argument(help=say("help.county", lang), show_default=False)],
        out: Annotated[str, typer.Option(help=say("help.out", lang), show_default=False)],
        jobs: Annotated[int | None, typer.Option(min=1, help=say("help.jobs", lang), show_default=False)] = None,
        scheduler: Annotated[str | None, typer.Option(help=say("help.scheduler", lang), show_default=False)] = None,
        notebooks: Annotated[str, typer.Option(help=say("help.notebooks", lang))] = "flagged",
        period: Annotated[str | None, period_option] = None,
        pack: Annotated[str | None, pack_option] = None,
        fresh: Annotated[bool, typer.Option("--fresh", help=say("help.fresh", lang))] = False,
        contract: Annotated[bool, typer.Option("--contract", help=say("help.contract", lang))] = False,
    ) -> int:
        from auditkit.console import run_county

        return run_county(county, out, jobs, scheduler, notebooks, period, pack, fresh, contract, lang)

    @command("exit")
    def exit_(
        case: Annotated[Path, case_path],
        out: Annotated[Path, typer.Option(help=say("help.out", lang), show_default=False)],
        period: Annotated[str | None, period_option] = None,
        pack: Annotated[str | None, pack_option] = None,
    ) -> int:
        return settle_exit(case, out, period, pack, lang)

    @command("rules")
    def rules(
        code: Annotated[str | None, typer.Argument(help=say("help.code", lang), show_default=False)] = None,
        register: Annotated[str | None, typer.Option(help=say("help.register", lang), show_default=False)] = None,
    ) -> int:
        from auditkit.console import show_catalogue, show_page

        return show_page(code.upper(), lang) if code else show_catalogue(lang, register)

    @command("read")
    def read(
        file: Annotated[Path, typer.Argument(help=say("help.file", lang), show_default=False)],
        as_json: Annotated[bool, typer.Option("--json", help=say("help.json", lang))] = False,
        rows: Annotated[Path | None, typer.Option(help=say("help.rows", lang), show_default=False)] = None,
        year: Annotated[int | None, typer.Option(help=say("help.year", lang), show_default=False)] = None,
    ) -> int:
        from auditkit.console import run_read

        return run_read(file, as_json, rows, year, lang)

    @command("map")
    def map_file(
        file: Annotated[Path, typer.Argument(help=say("help.file_to_map", lang), show_default=False)],
        case: Annotated[Path | None, typer.Option(help=say("help.map_case", lang), show_default=False)] = None,
        sheet: Annotated[str | None, typer.Option(help=say("help.sheet", lang), show_default=False)] = None,
        yes: Annotated[bool, typer.Option("--yes", help=say("help.yes", lang))] = False,
    ) -> int:
        from auditkit.wizard import run_map

        return run_map(file, case, sheet, yes, lang)

    @command("strip")
    def strip(
        file: Annotated[Path, typer.Argument(help=say("help.annotated", lang), show_default=False)],
        out: Annotated[Path | None, typer.Option(help=say("help.strip_out", lang), show_default=False)] = None,
    ) -> int:
        return strip_annotation(file, out, lang)

    @command("pack")
    def pack_(
        folder: Annotated[Path, typer.Argument(help=say("help.outputs", lang), show_default=False)],
        out: Annotated[Path, typer.Option(help=say("help.out", lang), show_default=False)],
        case: Annotated[Path | None, typer.Option(help=say("help.packed_case", lang), show_default=False)] = None,
        redacted: Annotated[bool, typer.Option("--redacted", help=say("help.redacted", lang))] = False,
        key: Annotated[Path | None, typer.Option(help=say("help.key", lang), show_default=False)] = None,
    ) -> int:
        return make_package(folder, out, case, key, redacted, lang)

    @command("verify")
    def verify(
        file: Annotated[Path, typer.Argument(help=say("help.package", lang), show_default=False)],
        seal: Annotated[str, typer.Option(help=say("help.seal", lang), show_default=False)] = "",
    ) -> int:
        return check_package(file, seal, lang)

    @command("lab")
    def lab(case: Annotated[Path | None, case_path] = None) -> int:
        return open_lab(case, lang)

    from auditkit.office import register_app, spot_app, weekly_command

    made.add_typer(register_app, name="register")
    made.add_typer(spot_app, name="spot")
    made.command("weekly")(weekly_command)
    return made


def guarded(work: Callable[..., int], lang: str) -> Callable[..., None]:
    """A command that ends with its exit code; bad input is told whole and ends with 2, as does a bug in a rule."""
    from functools import wraps

    @wraps(work)
    def run(*args: object, **values: object) -> None:
        from auditkit.model import InputError

        try:
            code = work(*args, **values)
        except InputError as error:
            from auditkit.console import tell_issues

            tell_issues(error.issues, lang)
            code = USAGE
        except Exception as error:
            if type(error).__name__ != "RuleError":
                raise
            import traceback

            traceback.print_exc()
            typer.echo(say("error.rule", lang, rule=str(error)), err=True)
            code = USAGE
        raise typer.Exit(code)

    run.__annotations__["return"] = None
    return run


def settle_exit(case: Path, out: Path, period: str | None, pack: str | None, lang: str) -> int:
    """Writes the settlement of the company that left, beside the compound's other files."""
    from auditkit.audit import folder_name, open_case
    from auditkit.reconcile.exit import exit_of
    from auditkit.report.exit_settlement import write_exit

    outcome = open_case(case, period=period, pack=pack)
    left = exit_of(outcome.books, outcome.case)
    if left is None:
        typer.echo(say("exit.not_left", lang, name=outcome.compound_name), err=True)
        return USAGE
    book, page = write_exit(outcome, left, out / folder_name(outcome.case.compound_id), lang)
    typer.echo(say("exit.done", lang, book=book, page=page))
    codes = {v.rule.code: v for v in outcome.verdicts if v.rule.code in ("EXT01", "EXT02")}
    if any(v.findings for v in codes.values()):
        return 1
    return 3 if any(v.untested or v.state == "untested" for v in codes.values()) else 0


def strip_annotation(file: Path, out: Path | None, lang: str) -> int:
    """Gives back the file that was annotated, beside the annotation or where it is asked for; never over another."""
    from auditkit.report.annotate import NotAnnotatedError, original_name, restore

    try:
        target = out or file.with_name(original_name(file))
        if target.exists():
            typer.echo(say("strip.exists", lang, file=target), err=True)
            return USAGE
        restore(file, target)
    except FileNotFoundError:
        typer.echo(say("strip.missing", lang, file=file), err=True)
        return USAGE
    except NotAnnotatedError:
        typer.echo(say("strip.none", lang, file=file), err=True)
        return USAGE
    typer.echo(say("strip.done", lang, file=target))
    return 0


def make_package(folder: Path, out: Path, case: Path | None, key: Path | None, redacted: bool, lang: str) -> int:
    """Writes a compound's evidence package, or the one that may be published, and says its seal."""
    from auditkit.report.evidence import write_pack, write_redacted

    secret = key.read_bytes() if key is not None and key.is_file() else b""
    if redacted and len(secret) < 16:
        typer.echo(say("package.key", lang), err=True)
        return USAGE
    if not redacted and case is None:
        typer.echo(say("package.case", lang), err=True)
        return USAGE
    seal = write_redacted(folder, out, secret) if case is None or redacted else write_pack(folder, case, out)
    typer.echo(say("package.done", lang, file=out, seal=seal))
    return 0


def check_package(file: Path, seal: str, lang: str) -> int:
    """Says all that is wrong with an evidence package: 1 where anything is."""
    from auditkit.report.evidence import verify_pack

    if not file.is_file():
        typer.echo(say("strip.missing", lang, file=file), err=True)
        return USAGE
    faults = verify_pack(file, seal)
    for fault in faults:
        typer.echo(say(f"package.{fault.kind}", lang, file=fault.file))
    if not faults:
        typer.echo(say("package.whole", lang))
    return 1 if faults else 0


def open_lab(case: Path | None, lang: str) -> int:
    """Opens JupyterLab on copies of the notebooks, in Chinese where that is asked for, with the case as parameter."""
    from auditkit.lab import prepare_lab

    folder, environment = prepare_lab(case, Path("auditkit-lab"), lang)
    typer.echo(say("lab.opened", lang, folder=folder))
    command = [sys.executable, "-m", "jupyterlab", str(folder)]
    return subprocess.run(command, env={**os.environ, **environment}).returncode
