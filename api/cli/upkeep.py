"""`backup`, `restore`, `verify`, `doctor`, `settings`: for whoever looks after the machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.opening import load_settings
from api.cli.output import emit, notice, progress_bar, say, show_table

if TYPE_CHECKING:
    from rich.progress import Progress

    from api.backup import Report

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。 · As JSON.")]


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)
    app.command()(verify)
    app.command()(doctor)
    app.command("settings")(show_settings)


def backup(
    target: Annotated[Path, typer.Argument(help="备份文件，如 backup.tar。 · File to write.")], as_json: AsJson = False
) -> None:
    """备份数据库与原件，可在使用中进行。 · Back up database and originals; people may go on working."""
    from api.backup import back_up

    settings = load_settings()
    with progress_bar() as bar:
        report = back_up(settings, target, _tick(bar, "备份 backing up"))
    _conclude(report, as_json, f"已备份 written: {target}")


def restore(source: Annotated[Path, typer.Argument(help="备份文件。 · Backup file.")]) -> None:
    """恢复到空的数据目录。 · Restore into an empty data folder."""
    from api.backup import restore as restore_backup

    settings = load_settings()
    with progress_bar() as bar:
        originals = restore_backup(settings, source, _tick(bar, "恢复 restoring"))
    say(f"{settings.data}: {originals} 份原件 originals")


def verify(as_json: AsJson = False) -> None:
    """检查数据库与每一份原件。 · Check the database and every original."""
    from api.backup import verify as verify_all

    settings = load_settings()
    with progress_bar() as bar:
        report = verify_all(settings, _tick(bar, "核验 verifying"))
    _conclude(report, as_json, "完好 sound")


def doctor(as_json: AsJson = False) -> None:
    """检查安装是否正常，并说明如何处理。 · Look at the installation and say what to do."""
    from api.doctor import examine

    findings = []
    for finding in examine(load_settings()):
        findings.append(finding)
        if as_json:
            emit({"name": finding.name, "state": finding.state, "detail": finding.detail, "advice": finding.advice})
    if not as_json:
        show_table(
            "",
            ["项目", "状态", "详情 detail", "处理 advice"],
            [[f.name, f.state, f.detail, f.advice] for f in findings],
        )
    if any(f.state == "problem" for f in findings):
        raise typer.Exit(1)


def show_settings(
    as_json: AsJson = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="docs/settings.md 的内容。 · The documentation page.")
    ] = False,
) -> None:
    """列出全部设置及当前值。 · All settings and their present values."""
    if markdown:
        say(settings_page().rstrip("\n"))
        return
    from models.settings import Settings

    settings = load_settings()
    if as_json:
        emit(settings.model_dump(mode="json"))
        return
    rows = [
        [f"CHAPIAO_{name.upper()}", getattr(settings, name), info.description]
        for name, info in Settings.model_fields.items()
    ]
    show_table("", ["环境变量 variable", "值 value", "说明 description"], rows)


def settings_page() -> str:
    """The text of docs/settings.md, made from the one typed class."""
    from models.settings import Settings

    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable `CHAPIAO_…`, or a line of `chapiao.toml` in the working folder (the",
        "name in lower case, without the prefix). The environment wins. `chapiao settings` shows the values in force.",
        "",
        "| Variable | In `chapiao.toml` | Default | Meaning |",
        "|---|---|---|---|",
    ]
    for name, info in Settings.model_fields.items():
        default = (
            ""
            if info.default is None
            else f"`{str(info.default).lower() if isinstance(info.default, bool) else info.default}`"
        )
        lines.append(f"| `CHAPIAO_{name.upper()}` | `{name}` | {default} | {info.description} |")
    return "\n".join(lines) + "\n"


def _tick(bar: Progress, description: str) -> Callable[[int, int], None]:
    task = bar.add_task(description, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)


def _conclude(report: Report, as_json: bool, good: str) -> None:
    if as_json:
        emit(
            {
                "sound": report.sound,
                "originals": report.originals,
                "damaged": report.damaged,
                "missing": report.missing,
                "database": report.database,
            }
        )
    else:
        for label, found in (
            ("原件已改变 damaged", report.damaged),
            ("原件缺失 missing", report.missing),
            ("数据库 database", report.database),
        ):
            for each in found:
                notice(f"{label}: {each}", "red")
        if report.sound:
            say(f"{good} ({report.originals} 份原件 originals)")
    if not report.sound:
        raise typer.Exit(1)
