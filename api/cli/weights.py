"""`weights …`: what matching learned from decisions on proposed records, with its support; and to forget it."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.opening import database, load_settings
from api.cli.output import emit, notice, say, show_table
from models.errors import RequestError

commands = typer.Typer(help="学得的匹配权重。 · Weights learned from decisions.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。 · As JSON.")]


@commands.command()
def show(as_json: AsJson = False) -> None:
    """学到了什么、依据多少次确认和否定。 · What was learned, and from how many decisions."""
    from matching.learning import MINIMUM, MINIMUM_OF_EACH, experience

    with database(load_settings()) as sessions, sessions() as session:
        found = experience(session)
        if as_json:
            emit(found.export())
            return
        say(f"已确认 confirmed {found.confirmed}, 已否定 rejected {found.rejected}")
        if not found.weights:
            notice(
                f"尚未学得权重：至少 {MINIMUM} 次决定，其中确认和否定各 {MINIMUM_OF_EACH} 次。 · Nothing learned yet."
            )
            return
        show_table(
            "",
            ["字段 field", "关系 relation", "调整 shift (log2)", "确认 confirmed", "否定 rejected", "时间 learned"],
            [
                [w.field, w.relation, f"{w.shift:+.2f}", w.confirmed, w.rejected, f"{w.learned_at:%Y-%m-%d %H:%M}"]
                for w in found.weights
            ],
        )


@commands.command()
def forget(user: Annotated[str, typer.Option("--as", help="以哪个用户的身份。 · User who acts.")]) -> None:
    """忘掉学得的权重；已作的确认和否定仍然有效。 · Forget it; what was decided stays decided."""
    from sqlalchemy import select

    from api import audit
    from api.audit import Action
    from matching.learning import forget as forget_all
    from models.database import transaction
    from models.tables import User
    from models.tables.accounts import Role

    with database(load_settings()) as sessions, transaction(sessions) as session:
        row = session.scalar(select(User).where(User.username == user, User.disabled.is_(False)))
        if row is None:
            raise RequestError("no_such_item", what=user)
        if row.role != Role.ADMINISTRATOR.value:
            raise RequestError("forbidden")
        gone = forget_all(session)
        detail = {"confirmed": gone.confirmed, "rejected": gone.rejected, "weights": [w.export() for w in gone.weights]}
        audit.record(session, row.id, Action.CLI_WEIGHTS_FORGET, "weights", detail)
    notice(f"已忘记 {len(gone.weights)} 项权重、{gone.confirmed + gone.rejected} 次决定 · forgotten")
