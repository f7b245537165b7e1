"""Looks at an installation and says what to do: engine, models, database, folders, disk, libraries, fonts.

Changes nothing beyond a probe file that it removes again.
"""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError

from api.fonts import chinese_font
from api.pipeline.liveness import alive
from api.pipeline.processes import ReadingProcesses
from models.database import open_engine
from models.errors import ChapiaoError
from models.settings import Settings

State = Literal["ok", "warning", "problem"]
LEAST_FREE = 2 * 1024**3
PROBE_TEXT = "24312000000136634917"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `advice` says what to do; empty where all is well."""

    name: str
    state: State
    detail: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Findings one by one, quick ones first."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        _python, _opencv, _data_folder, _disk, _database, _watch_folder, _port, _workers, _fonts, _engine,
    )  # fmt: skip
    for check in checks:
        yield check(settings)


def _python(_: Settings) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok", version)


def _opencv(_: Settings) -> Finding:
    """All opencv wheels write the same folder: different versions give a broken mixture."""
    wheels = {
        name: d.version for d in metadata.distributions() if (name := (d.name or "").lower()).startswith("opencv-")
    }
    detail = ", ".join(f"{name} {version}" for name, version in sorted(wheels.items()))
    if len(set(wheels.values())) > 1:
        return Finding(
            "opencv", "problem", detail, "版本不一致，请重新运行 make setup。 · Versions differ: run make setup again."
        )
    return Finding("opencv", "ok", detail)


def _data_folder(settings: Settings) -> Finding:
    return _writable("data", settings.data)


def _watch_folder(settings: Settings) -> Finding:
    if settings.watch_folder is None:
        return Finding("watch folder", "ok", "未设置 not set")
    return _writable("watch folder", settings.watch_folder)


def _writable(name: str, folder: Path) -> Finding:
    probe = folder / ".chapiao-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"probe")
        probe.unlink()
    except OSError as error:
        return Finding(
            name,
            "problem",
            f"{folder}: {error.strerror}",
            "请检查目录权限或更换位置。 · Check permissions, or choose another folder.",
        )
    return Finding(name, "ok", str(folder.absolute()))


def _disk(settings: Settings) -> Finding:
    place = next(p for p in (settings.data.absolute(), *settings.data.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    detail = f"{free / 1024**3:.1f} GiB free"
    if free < LEAST_FREE:
        return Finding(
            "disk", "warning", detail, "空间不足 2 GiB，请清理磁盘。 · Less than 2 GiB left: free some space."
        )
    return Finding("disk", "ok", detail)


def _database(settings: Settings) -> Finding:
    url = sqlalchemy.make_url(settings.resolved_database_url)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return Finding("database", "ok", f"{shown} (尚未建立，首次使用时建立 made at first use)")
    engine = open_engine(settings.resolved_database_url)
    try:
        with engine.connect() as connection:
            version = connection.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar()
            if url.get_backend_name() == "sqlite":
                answer = connection.execute(sqlalchemy.text("PRAGMA quick_check")).scalar()
                if answer != "ok":
                    return Finding(
                        "database",
                        "problem",
                        f"{shown}: {answer}",
                        "请用 chapiao restore 恢复备份。 · Restore a backup.",
                    )
    except SQLAlchemyError as error:
        cause = str(error.__cause__ or error)
        return Finding(
            "database",
            "problem",
            f"{shown}: {cause}",
            "请检查 CHAPIAO_DATABASE_URL 与数据库服务。 · Check the address and the server.",
        )
    finally:
        engine.dispose()
    return Finding("database", "ok", f"{shown}, schema {version}")


def _port(settings: Settings) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            advice = "服务可能已在运行；否则请设置 CHAPIAO_PORT。 · The service may be running; else set CHAPIAO_PORT."
            return Finding("port", "warning", f"{settings.host}:{settings.port}: {error.strerror}", advice)
    return Finding("port", "ok", f"{settings.host}:{settings.port}")


def _workers(settings: Settings) -> Finding:
    return Finding("workers", "ok", f"{len(alive(settings.data))} 个在运行 running")


def _fonts(_: Settings) -> Finding:
    font = chinese_font()
    if font is None:
        return Finding(
            "fonts", "warning", "没有中文字体 none with Chinese", "标注图将不显示中文：apt-get install fonts-noto-cjk"
        )
    return Finding("fonts", "ok", str(font))


def _engine(settings: Settings) -> Finding:
    processes = ReadingProcesses(settings, workers=1)
    try:
        name, text = processes.call(try_engine, settings)
    except ChapiaoError as error:
        return Finding(
            "engine", "problem", f"{error.message()} [{error.code}]", "请重新运行 make setup。 · Run make setup again."
        )
    finally:
        processes.close()
    if text != PROBE_TEXT:
        return Finding(
            "engine",
            "problem",
            f"{name}: read {text!r}, not {PROBE_TEXT!r}",
            "请换用 CHAPIAO_OCR_ENGINE=onnxruntime。 · Try the other runtime.",
        )
    return Finding("engine", "ok", f"{name}: 模型校验和正确，试读正确 models intact, trial reading right")


def try_engine(settings: Settings) -> tuple[str, str]:
    """Load the engine and read a drawn number; runs in a reading process."""
    import cv2
    import numpy as np

    from api.pipeline.engine import engine_for

    picture = np.full((160, 900, 3), 255, np.uint8)
    cv2.putText(picture, PROBE_TEXT, (40, 100), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 3, cv2.LINE_AA)
    engine = engine_for(settings)
    return engine.name, "".join(token.text for token in engine.read(picture)).replace(" ", "")
