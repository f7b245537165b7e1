"""`serve` and `worker`: the long-running commands. Both end in order on SIGTERM and SIGINT."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.opening import load_settings
from api.cli.output import notice
from models.errors import RequestError

if TYPE_CHECKING:
    from models.settings import Settings


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认见设置。 · Address; default from settings.")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口。 · Port.")] = None,
    watch: Annotated[Path | None, typer.Option(help="同时监视此目录。 · Watch this folder as well.")] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="只开网页，读取由 chapiao worker 负责。 · Web only.")
    ] = False,
) -> None:
    """网页服务＋读取＋（可选）目录监视，一个进程。 · Web, worker and optional watched folder in one process."""
    import uvicorn

    from api.app import create_app
    from api.cli.watching import watched
    from api.pipeline import queue

    settings = load_settings()
    given = {"host": host, "port": port, "watch_folder": watch}
    settings = settings.model_copy(update={name: value for name, value in given.items() if value is not None})
    require_free_port(settings)
    # uvicorn ends in order on these signals and then raises them again, which must not cut the worker's own end short
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        if not no_worker:
            queue.start(settings)
        with watched(settings, settings.watch_folder):
            notice(f"查票 http://{_shown(settings)}  数据 data: {settings.data.absolute()}  (Ctrl+C 结束 stops)")
            uvicorn.run(
                create_app(settings),
                host=settings.host,
                port=settings.port,
                log_level="warning",
                timeout_graceful_shutdown=5,
            )
    finally:
        queue.stop()


def worker() -> None:
    """只做读取与核对，可与 serve 并行，可多开。 · Read and match only; several may run beside `serve`."""
    from api.pipeline import queue

    settings = load_settings()
    asked_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_end.set())
    with queue.running(settings):
        notice(f"worker 已启动 started  数据 data: {settings.data.absolute()}")
        asked_to_end.wait()
        notice("正在结束 stopping …")


def require_free_port(settings: Settings) -> None:
    """Say so before anything is started, rather than after."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise RequestError("port_in_use", address=f"{settings.host}:{settings.port}", why=error.strerror) from None


def _shown(settings: Settings) -> str:
    return f"{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0', '::') else settings.host}:{settings.port}"  # noqa: S104 — only shown
