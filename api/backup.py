"""Backup, restore and verification of an installation: the database and the originals, nothing that can be made again.

A backup is one tar file: `chapiao.sqlite` (SQLite's online backup, taken while people work), `originals/…`, and last
`manifest.json` with the SHA-256 of each. Originals are stored before their rows, so every row of the database copy has
its original. The queue is left out: it is rebuilt from the rows. A PostgreSQL database is for its own tools to copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from sqlalchemy import make_url

from capture.store import OriginalStore, sync_folder
from models.errors import RequestError
from models.settings import Settings

DATABASE = "chapiao.sqlite"
MANIFEST = "manifest.json"
FORMAT = 1
_COMPANIONS = ("-wal", "-shm", "-journal")  #: of an SQLite file
_MEMBER = re.compile(r"originals/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")

Progress = Callable[[int, int], None]  #: done, of how many


def _silent(_done: int, _total: int) -> None:
    """No progress wanted."""


@dataclass(slots=True)
class Report:
    """What a check found. Empty lists: all is well."""

    originals: int = 0
    damaged: list[str] = field(default_factory=list)  #: originals whose bytes changed
    missing: list[str] = field(default_factory=list)  #: originals a document names and that are not there
    database: list[str] = field(default_factory=list)  #: what SQLite's own check says

    @property
    def sound(self) -> bool:
        return not (self.damaged or self.missing or self.database)


def back_up(settings: Settings, target: Path, progress: Progress = _silent) -> Report:
    """Write a backup. It has its final name only once it is whole. Damaged originals go in and are reported."""
    database = _sqlite_path(settings)
    if not database.exists():
        raise RequestError("nothing_to_back_up", name=str(settings.data))
    if target.exists():
        raise RequestError("target_not_empty", name=str(target))
    report = Report()
    partial = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent) as folder,
            partial.open("wb") as out,
            tarfile.open(fileobj=out, mode="w") as archive,
        ):
            copy = Path(folder) / DATABASE
            _copy_database(database, copy)
            report.database = _check_database(copy)
            files = {DATABASE: _add(archive, copy, DATABASE)}
            wanted = _document_hashes(copy)
            store = OriginalStore(settings.originals)
            for done, sha256 in enumerate(wanted, start=1):
                path = store.path(sha256)
                if path.exists():
                    name = f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}"
                    files[name] = _add(archive, path, name)
                    report.originals += 1
                    if files[name] != sha256:
                        report.damaged.append(sha256)
                else:
                    report.missing.append(sha256)
                progress(done, len(wanted))
            manifest = {
                "format": FORMAT,
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": files,
                "damaged": report.damaged,
                "missing": report.missing,
            }
            _add_bytes(archive, json.dumps(manifest, indent=1).encode(), MANIFEST)
            archive.close()
            _to_disk(out)
        partial.replace(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return report


def restore(settings: Settings, source: Path, progress: Progress = _silent) -> int:
    """Unpack a backup into an empty data folder, after every hash has been checked. Number of originals."""
    database = _sqlite_path(settings)
    if settings.data.exists() and any(settings.data.iterdir()):
        raise RequestError("target_not_empty", name=str(settings.data))
    for there in (database, *(database.with_name(database.name + part) for part in _COMPANIONS)):
        if there.exists():  # elsewhere than in the data folder; a journal of before would be played into what comes
            raise RequestError("target_not_empty", name=str(there))
    if not source.is_file():
        raise RequestError("not_found", name=str(source))
    settings.data.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=settings.data, prefix=".restoring-"))
    try:
        found = _unpack(source, staging, progress)
        if (staging / "originals").exists():
            (staging / "originals").replace(settings.data / "originals")
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(staging / DATABASE, database)
        sync_folder(database.parent)
        sync_folder(settings.data)
    finally:
        shutil.rmtree(staging)
    return found


def verify(settings: Settings, progress: Progress = _silent) -> Report:
    """Check the database, every original's hash, and that no document lacks its original."""
    report = Report()
    wanted: list[str] = []
    database = _sqlite_path(settings)
    if database.exists():
        report.database = _check_database(database)
        wanted = _document_hashes(database)
    store = OriginalStore(settings.originals)
    for done, sha256 in enumerate(wanted, start=1):
        path = store.path(sha256)
        if not path.exists():
            report.missing.append(sha256)
        else:
            report.originals += 1
            if _hash_file(path) != sha256:
                report.damaged.append(sha256)
        progress(done, len(wanted))
    return report


def _unpack(source: Path, staging: Path, progress: Progress) -> int:
    hashes: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source, "r:") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or not (member.name in (DATABASE, MANIFEST) or _MEMBER.fullmatch(member.name)):
                    raise RequestError("backup_damaged", what=member.name)
                if member.name == MANIFEST:
                    manifest = json.load(content)
                    continue
                hashes[member.name] = _write(content, staging / member.name)
                progress(len(hashes), len(hashes))
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise RequestError("backup_damaged", what=str(error)) from error
    known = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    if manifest is None or not known or not isinstance(manifest.get("files"), dict):
        raise RequestError("backup_damaged", what=MANIFEST)
    wrong = [name for name, sha256 in manifest["files"].items() if hashes.get(name) != sha256]
    if wrong or hashes.keys() - manifest["files"].keys() or DATABASE not in hashes:
        raise RequestError("backup_damaged", what=", ".join(wrong[:3]) or DATABASE)
    return len(hashes) - 1


def _write(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := content.read(1024 * 1024):
            digest.update(chunk)
            file.write(chunk)
        _to_disk(file)
    return digest.hexdigest()


def _to_disk(file: IO[bytes]) -> None:
    """A name that is there after a power cut must not stand for nothing."""
    file.flush()
    os.fsync(file.fileno())


def _sqlite_path(settings: Settings) -> Path:
    url = make_url(settings.resolved_database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise RequestError("backup_needs_sqlite")
    return Path(url.database)


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy while others write."""
    reader, writer = sqlite3.connect(_read_only(source), uri=True), sqlite3.connect(target)
    try:
        reader.backup(writer)
        writer.execute("PRAGMA journal_mode=DELETE")  # one file, no companions
    finally:
        writer.close()
        reader.close()


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _check_database(path: Path) -> list[str]:
    connection = sqlite3.connect(_read_only(path), uri=True)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [
            f"{row[0]}: row {row[1]} refers to a missing {row[2]}"
            for row in connection.execute("PRAGMA foreign_key_check")
        ]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        connection.close()
    return found


def _document_hashes(path: Path) -> list[str]:
    connection = sqlite3.connect(_read_only(path), uri=True)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        query = "SELECT sha256 FROM documents"
        if "draft_attachments" in tables:  # a backup of an earlier version has none
            query += " UNION SELECT sha256 FROM draft_attachments"
        return [row[0] for row in connection.execute(f"{query} ORDER BY sha256")]
    finally:
        connection.close()


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file and give the hash of what was added."""
    entry = tarfile.TarInfo(name)
    entry.size = path.stat().st_size
    entry.mtime = int(path.stat().st_mtime)
    with path.open("rb") as file:
        hashed = _Hashing(file)
        archive.addfile(entry, hashed)
    return hashed.digest.hexdigest()


def _add_bytes(archive: tarfile.TarFile, data: bytes, name: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, BytesIO(data))


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Hashing:
    """Hashes what passes through, so that the file is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk
