"""`import-records`: the stored side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.opening import database, load_settings
from api.cli.output import emit, notice, progress_bar, say, terms
from models.errors import ChapiaoError

if TYPE_CHECKING:
    from api.pipeline.documents import Sessions
    from models.settings import Settings
    from models.tables import ImportRow

_COUNTED = ("rows", "added", "updated", "unchanged", "rejected")
AsJson = Annotated[bool, typer.Option("--json", help="逐行输出 JSON。 · One JSON line each.")]


def register(app: typer.Typer) -> None:
    app.command("import-records")(import_records)


def import_records(  # noqa: PLR0917 — a command's options
    files: Annotated[
        list[Path], typer.Argument(help="税务局导出的 xlsx 或 csv。 · The bureau's export, as downloaded.")
    ],
    direction: Annotated[
        Literal["input", "output"] | None, typer.Option(help="进项 input / 销项 output；默认从文件判断。")
    ] = None,
    owner_tax_id: Annotated[str | None, typer.Option(help="以哪个税号导出。 · Tax id it was exported for.")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="按网页上保存的列对应读取。 · Read by a column mapping saved on the pages.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="只看不存。 · Say what it would do; store nothing.")
    ] = False,
    problems: Annotated[
        Path | None, typer.Option(help="把有问题的行写成 xlsx。 · Write the rows that need a person.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """导入台账并重新核对。 · Import record exports, then match again what was open."""
    if problems is not None and len(files) != 1:
        raise typer.BadParameter("一次一个文件 one file at a time", param_hint="--problems")
    settings = load_settings()
    failed = False
    with database(settings) as sessions:
        for file in files:
            try:
                report = take_file(
                    sessions, settings, file, direction=direction, owner_tax_id=owner_tax_id, mapping=mapping,
                    preview=preview,
                )  # fmt: skip
            except ChapiaoError as error:
                failed = True
                if as_json:
                    emit({"source": str(file), "error": error.export(settings.language)})
                notice(f"{file}: {error.message(settings.language)} [{error.code}]", "red")
                continue
            if problems is not None:
                _write_problems(report, problems)
            _tell(report, settings.language, as_json=as_json)
        changed = 0 if preview else match_again(sessions, settings)
    if not as_json and not preview:
        notice(f"重新核对 matched again: {changed}")
    if failed:
        raise typer.Exit(1)


def take_file(
    sessions: Sessions,
    settings: Settings,
    file: Path,
    *,
    direction: str | None = None,
    owner_tax_id: str | None = None,
    mapping: str | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """One table in one transaction, with a progress bar; with `preview` nothing is stored. What became of it."""
    from api import audit
    from api.importing.working import import_as
    from api.pipeline.reading import readable
    from matching.importing.preview import preview as look
    from matching.importing.saved_mappings import find_mapping, mapping_for, restore
    from matching.importing.tables import sheets
    from models.database import transaction
    from models.ledger import Direction

    readable(file, settings)
    said = Direction(direction) if direction else None
    with progress_bar() as bar, transaction(sessions) as session:
        task = bar.add_task(f"{'预览 looking at' if preview else '导入 importing'} {file.name}", total=None)
        saved = find_mapping(session, mapping) if mapping else mapping_for(session, sheets(file))
        columns = restore(saved) if saved else None

        def progress(rows: int) -> None:
            bar.update(task, completed=rows)

        if preview:
            found = look(
                session, file, file.name, direction=said or (columns.direction if columns else None),
                owner_tax_id=owner_tax_id or (columns.owner_tax_id if columns else None), mapping=columns,
                near=mapping is not None, progress=progress,
            )  # fmt: skip
            session.rollback()
            return {"source": str(file), "preview": True, "from": found["date_from"], "to": found["date_to"]} | found
        imported = import_as(
            session, file, file.name, user_id=None, direction=said, owner_tax_id=owner_tax_id, mapping=columns,
            near=mapping is not None, progress=progress,
        )  # fmt: skip
        detail = {"name": file.name, "rows": imported.rows}
        audit.record(session, None, audit.Action.CLI_RECORDS_IMPORT, f"import:{imported.id}", detail)
        return _report(file, imported)


def _tell(report: dict[str, Any], language: str, *, as_json: bool) -> None:
    if as_json:
        emit(report)
        return
    term = terms(language)
    counted = [f"{told.text} {report[told.code]}" for name in _COUNTED if (told := term("counted", name))]
    say(f"{report['source']}: " + " · ".join(counted))
    if not report.get("preview"):
        return
    about = [told.text for group in ("format", "direction") if (told := term(group, report[group]))]
    say("  " + " · ".join([*about, f"{report['from'] or '—'} – {report['to'] or '—'}"]))
    for what, count in report["changed"].items():
        say(f"  {what} × {count}")
    for problem in report["problems"][:20]:
        say(
            f"  {problem.get('sheet') or ''} {problem.get('row') or ''} {problem.get('column') or ''} {problem['what']}"
        )


def _write_problems(report: dict[str, Any], path: Path) -> None:
    from matching.importing.problem_sheet import write_problem_sheet

    write_problem_sheet(report["problems"], path, name=Path(report["source"]).name)
    notice(f"已写入 written: {path}（{len(report['problems'])}）")


def match_again(sessions: Sessions, settings: Settings) -> int:
    """Match what is open against the records as they are now, and draft what has turned out absent."""
    from api.rematching import match_all_again
    from models.database import transaction

    with transaction(sessions) as session:
        return match_all_again(session, settings=settings)


def _report(file: Path, imported: ImportRow) -> dict[str, Any]:
    return {
        "source": str(file),
        "format": imported.format,
        "direction": imported.direction,
        "rows": imported.rows,
        "added": imported.added,
        "updated": imported.updated,
        "unchanged": imported.unchanged,
        "rejected": imported.rejected,
        "from": imported.date_from,
        "to": imported.date_to,
        "problems": imported.problems,
    }
