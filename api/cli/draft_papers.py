"""`drafts packet`, `drafts progress`, `drafts remind`: what one hands on, asks after, and reminds of."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.drafts import AsJson, Number, commands, find
from api.cli.opening import database, load_settings
from api.cli.output import emit, notice, say
from models.errors import RequestError

if TYPE_CHECKING:
    from matching.supplement.tasks import Digest

__all__ = ["commands"]


@commands.command()
def packet(number: Number, out: Annotated[Path, typer.Option(help="写到此文件（.zip）。 · File to write.")]) -> None:
    """支持材料包：申请表、说明、原件、附件。 · Support packet: form, text, originals, attachments."""
    from api import audit
    from api.supplement.packet import write_packet
    from capture.store import OriginalStore
    from models.database import transaction

    settings = load_settings()
    if out.exists():
        raise RequestError("target_not_empty", name=str(out))
    with database(settings) as sessions, transaction(sessions) as session:
        draft = find(session, number)
        partial = out.with_name(out.name + ".part")
        try:
            write_packet(session, OriginalStore(settings.originals), draft, partial, settings.language)
            partial.replace(out)
        finally:
            partial.unlink(missing_ok=True)
        audit.record(session, None, "cli:draft:packet", f"draft:{draft.application_number}")
    notice(f"{out}")


@commands.command()
def progress(number: Number, as_json: AsJson = False) -> None:
    """按编号查进度；输错一位会提示。 · Where an application stands; a wrong digit is noticed."""
    from api.supplement.form import build_form

    settings = load_settings()
    with database(settings) as sessions, sessions() as session:
        form = build_form(session, find(session, number), settings.language)
    happened = [{"when": h.when, "who": h.who, "what": h.what, "details": list(h.details)} for h in form.history]
    if as_json:
        emit({"application_number": form.number, "state": form.state, "due": form.due, "history": happened})
        return
    say(f"{form.number}  {form.state}  {form.due}")
    for each in form.history:
        say("  ".join((each.when, each.who, each.what, *each.details)))


@commands.command()
def remind(as_json: AsJson = False) -> None:
    """每人待办：打印并写入各人的通知，不外发。 · Everyone's tasks: printed, and a notice to each; nothing is sent."""
    from api.audit import Action
    from api.reminding import remind as remind_everybody
    from models.database import transaction

    today = datetime.now().astimezone().date()
    with database(load_settings()) as sessions, transaction(sessions) as session:
        found = remind_everybody(session, today=today, action=Action.CLI_DRAFT_REMIND)
        for digest in found:
            if as_json:
                emit(digest.export())
            else:
                _say(digest)
    if not found:
        notice("没有待办。 · Nothing waits.")


def _say(digest: Digest) -> None:
    tasks = digest.tasks
    say(f"{digest.display_name} ({digest.username})")
    late = {row.id for row in tasks.overdue}
    lists = (("退回 returned", tasks.returned), ("待审核 to review", tasks.to_review),
             ("待填写 to complete", tasks.to_complete))  # fmt: skip
    for title, rows in lists:
        for row in rows:
            mark = "  已逾期 overdue" if row.id in late else ""
            say(f"  {title}: {row.application_number}  {row.due_on or ''}{mark}")
