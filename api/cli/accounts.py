"""`users …`: who may log in. For the administrator of the machine; people use the web page."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from api.cli.opening import database, load_settings
from api.cli.output import emit, notice, say, show_table, terms
from models.errors import RequestError

commands = typer.Typer(help="用户。 · People who may log in.", no_args_is_help=True)


@commands.command()
def add(
    username: Annotated[str, typer.Argument(help="登录名。 · Login name.")],
    name: Annotated[str, typer.Option(help="显示名。 · Display name.")] = "",
    role: Annotated[Literal["administrator", "accountant", "staff"], typer.Option(help="角色。 · Role.")] = "staff",
) -> None:
    """新建用户，打印一次性密码。 · Create a user; prints a one-time password."""
    from api import audit
    from api.accounts.users import create_user
    from models.database import transaction
    from models.tables.accounts import Role

    with database(load_settings()) as sessions, transaction(sessions) as session:
        user, password = create_user(session, username=username, display_name=name, role=Role(role))
        audit.record(session, None, "cli:user:create", f"user:{user.username}", {"role": role})
    notice(f"用户 {username} 的一次性密码，首次登录须修改 · one-time password, to be changed at the first login:")
    say(password)


@commands.command("list")
def list_users(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 · As JSON.")] = False) -> None:
    """列出用户。 · List users."""
    from api.accounts import users

    settings = load_settings()
    with database(settings) as sessions, sessions() as session:
        rows = [
            {"username": u.username, "display_name": u.display_name, "role": u.role, "disabled": u.disabled}
            for u in users.list_users(session)
        ]
    if as_json:
        for row in rows:
            emit(row)
    else:
        headers = ["登录名 user", "显示名 name", "角色 role", "停用 disabled"]
        term = terms(settings.language)
        shown = [
            [row["username"], row["display_name"], term("role", row["role"]), "是 yes" if row["disabled"] else ""]
            for row in rows
        ]
        show_table("", headers, shown)


@commands.command("reset-password")
def reset_password(username: Annotated[str, typer.Argument(help="登录名。 · Login name.")]) -> None:
    """重设密码，打印一次性密码。 · New one-time password; ends all sessions of the user."""
    from sqlalchemy import select

    from api import audit
    from api.accounts import users
    from models.database import transaction
    from models.tables import User

    with database(load_settings()) as sessions, transaction(sessions) as session:
        user = session.scalar(select(User).where(User.username == username))
        if user is None:
            raise RequestError("no_such_item", what=username)
        password = users.reset_password(session, user)
        audit.record(session, None, "cli:user:reset", f"user:{username}")
    say(password)
