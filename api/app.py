"""The web service: pages and REST over one database. Never reads a document: workers do.

Order of the gates, outermost first: security headers, origin of unsafe requests, size of small bodies, HEAD as GET.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api import audit
from api.accounts.login import AddressThrottle
from api.accounts.users import FIRST_USERNAME, ensure_administrator
from api.audit import Action
from api.gate.body_limit import BodyLimit
from api.gate.head import HeadAsGet
from api.gate.headers import SecurityHeaders
from api.gate.language import LanguageChoice
from api.gate.origin import OriginCheck
from api.importing.runner import ImportRunner
from api.pipeline.logs import log_to_stderr
from api.pipeline.processes import ReadingProcesses
from api.rest import describe, routes
from api.rest.metrics import Measured
from api.web import errors
from api.web.pages import (
    absent,
    companies,
    correcting,
    document,
    documents,
    drafts,
    imports,
    login,
    mappings,
    notices,
    reconciliation,
    records,
    search,
    upload,
    users,
)
from api.web.rendering import STATIC
from models.database import migrate, open_engine, session_factory, transaction
from models.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application. Brings the database up to date; the first start creates `admin` and prints the password."""
    if not structlog.is_configured():  # served without the command: its own default would print secrets of a fault
        log_to_stderr()
    settings.data.mkdir(parents=True, exist_ok=True)
    migrate(settings.resolved_database_url)
    app = FastAPI(**describe.APPLICATION, lifespan=_lifetime)
    app.state.settings = settings
    app.state.engine = open_engine(settings.resolved_database_url)
    app.state.sessions = session_factory(app.state.engine)
    app.state.throttle = AddressThrottle()
    app.state.processes = ReadingProcesses(settings, workers=1)  # starts none before a picture is asked for
    app.state.imports = ImportRunner(app.state.sessions, settings)
    for page in (
        login,
        upload,
        documents,
        document,
        correcting,
        absent,
        drafts,
        imports,
        mappings,
        records,
        companies,
        users,
        search,
        reconciliation,
        notices,
    ):
        app.include_router(page.router)
    app.include_router(routes.router)
    app.mount("/static", _LastingFiles(directory=STATIC), name="static")
    errors.install(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit)
    app.add_middleware(OriginCheck)
    app.add_middleware(LanguageChoice)
    app.add_middleware(Measured)
    app.add_middleware(SecurityHeaders)
    return app


@asynccontextmanager
async def _lifetime(app: FastAPI) -> AsyncIterator[None]:
    await run_in_threadpool(_first_start, app)
    await run_in_threadpool(app.state.imports.start)
    yield
    await run_in_threadpool(app.state.imports.close)
    await run_in_threadpool(app.state.processes.close)
    app.state.engine.dispose()


def _first_start(app: FastAPI) -> None:
    with transaction(app.state.sessions) as session:
        password = ensure_administrator(session)
        if password is not None:
            audit.record(session, None, Action.SYSTEM_USER_CREATE, f"user:{FIRST_USERNAME}")
    if password is not None:  # only after the commit, and only here: it is nowhere else
        sys.stdout.write(
            f"\n  首次启动：已创建管理员 / first start, administrator created\n"
            f"    用户名 user      {FIRST_USERNAME}\n"
            f"    一次性密码 one-time password  {password}\n"
            f"  登录后须立即修改密码 / it must be changed at the first login\n\n"
        )
        sys.stdout.flush()


class _LastingFiles(StaticFiles):
    """Static files whose address carries their hash may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        lasting = b"v=" in scope["query_string"]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response
