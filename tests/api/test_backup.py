"""What was backed up comes back byte for byte, and nothing damaged passes for sound."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import select

from api.backup import back_up, restore, verify
from capture.intake import take_in
from capture.store import OriginalStore
from models.database import migrate, open_engine, session_factory, transaction
from models.errors import RequestError
from models.settings import Settings
from models.tables import DocumentRow

ORIGINALS = {"a.xml": b"<a/>", "b.xml": b"<b/>", "c.txt": b"no invoice"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with three documents."""
    settings = Settings(data=tmp_path / "data", database_url=None)
    migrate(settings.resolved_database_url)
    engine = open_engine(settings.resolved_database_url)
    with transaction(session_factory(engine)) as session:
        store = OriginalStore(settings.originals)
        for name, content in ORIGINALS.items():
            take_in(session, store, settings, name=name, source=content, channel="cli")
    engine.dispose()
    return settings


def documents(settings: Settings) -> dict[str, bytes]:
    engine = open_engine(settings.resolved_database_url)
    store = OriginalStore(settings.originals)
    with session_factory(engine)() as session:
        found = {row.name: store.read(row.sha256) for row in session.scalars(select(DocumentRow))}
    engine.dispose()
    return found


def an_original(settings: Settings) -> Path:
    return next(path for path in sorted(settings.originals.rglob("*")) if path.is_file())


def damage(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"changed")


def test_a_restored_backup_is_the_installation_again(settings: Settings, tmp_path: Path) -> None:
    report = back_up(settings, tmp_path / "backup.tar")
    assert (report.sound, report.originals) == (True, 3)
    elsewhere = Settings(data=tmp_path / "elsewhere", database_url=None)
    assert restore(elsewhere, tmp_path / "backup.tar") == 3
    assert documents(elsewhere) == ORIGINALS
    assert verify(elsewhere).sound
    assert not list(elsewhere.data.glob(".restoring*"))


def test_a_backup_is_taken_while_somebody_writes(settings: Settings, tmp_path: Path) -> None:
    writer = sqlite3.connect(settings.data / "chapiao.sqlite")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE documents SET name = 'half done'")
    back_up(settings, tmp_path / "backup.tar")
    writer.rollback()
    elsewhere = Settings(data=tmp_path / "elsewhere", database_url=None)
    restore(elsewhere, tmp_path / "backup.tar")
    assert documents(elsewhere) == ORIGINALS


def test_progress_reaches_the_end(settings: Settings, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    back_up(settings, tmp_path / "backup.tar", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_damaged_original_is_reported_and_still_kept(settings: Settings, tmp_path: Path) -> None:
    original = an_original(settings)
    damage(original)
    assert verify(settings).damaged == [original.name]
    report = back_up(settings, tmp_path / "backup.tar")
    assert report.damaged == [original.name]
    assert not report.sound


def test_a_missing_original_is_reported(settings: Settings, tmp_path: Path) -> None:
    original = an_original(settings)
    original.unlink()
    assert verify(settings).missing == [original.name]
    assert back_up(settings, tmp_path / "backup.tar").missing == [original.name]


def test_a_damaged_database_is_reported(settings: Settings) -> None:
    database = settings.data / "chapiao.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE documents SET duplicate_of = 'nobody' WHERE name = 'a.xml'")
    assert verify(settings).database


def test_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.tar")
    with pytest.raises(RequestError) as error:
        back_up(settings, tmp_path / "backup.tar")
    assert error.value.code == "target_not_empty"
    with pytest.raises(RequestError) as error:
        restore(settings, tmp_path / "backup.tar")
    assert error.value.code == "target_not_empty"
    assert documents(settings) == ORIGINALS


@pytest.mark.parametrize("kind", ["truncated", "changed", "escaping", "no manifest", "not an archive"])
def test_a_backup_that_is_not_whole_restores_nothing(settings: Settings, tmp_path: Path, kind: str) -> None:
    backup, spoilt = tmp_path / "backup.tar", tmp_path / "spoilt.tar"
    back_up(settings, backup)
    spoil(backup, spoilt, kind)
    elsewhere = Settings(data=tmp_path / "elsewhere", database_url=None)
    with pytest.raises(RequestError) as error:
        restore(elsewhere, spoilt)
    assert error.value.code == "backup_damaged"
    assert list(elsewhere.data.iterdir()) == []
    assert not (tmp_path / "escaped").exists()


def spoil(backup: Path, spoilt: Path, kind: str) -> None:
    if kind == "truncated":
        spoilt.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
        return
    if kind == "not an archive":
        spoilt.write_bytes(b"%PDF-1.7")
        return
    with tarfile.open(backup) as old, tarfile.open(spoilt, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            if kind == "changed" and member.name.startswith("originals/"):
                data = data[::-1]
            if kind == "escaping" and member.name.startswith("originals/"):
                member.name = "../escaped"
            if kind == "no manifest" and member.name == "manifest.json":
                continue
            new.addfile(member, io.BytesIO(data))


def test_the_manifest_names_every_file(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as archive:
        names = archive.getnames()
        content = archive.extractfile("manifest.json")
        assert content is not None
        manifest = json.load(content)
    assert sorted(manifest["files"]) == sorted(names[:-1])
    assert names[-1] == "manifest.json"


def test_a_postgresql_database_is_left_to_its_own_tools(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url="postgresql+psycopg://user@localhost/chapiao")
    with pytest.raises(RequestError) as error:
        back_up(settings, tmp_path / "backup.tar")
    assert error.value.code == "backup_needs_sqlite"


@pytest.mark.parametrize("left", ["", "-wal"])
def test_restore_writes_over_no_database_wherever_it_lies(settings: Settings, tmp_path: Path, left: str) -> None:
    """The data folder may be empty by mistake while the address names the database people work with."""
    back_up(settings, tmp_path / "backup.tar")
    live = tmp_path / "live.sqlite"
    there = live.with_name(live.name + left)
    there.write_bytes(b"what people work with")
    elsewhere = Settings(data=tmp_path / "elsewhere", database_url=f"sqlite:///{live}")
    with pytest.raises(RequestError, match="已存在"):
        restore(elsewhere, tmp_path / "backup.tar")
    assert there.read_bytes() == b"what people work with"


def test_a_folder_may_have_any_name(tmp_path: Path, settings: Settings) -> None:
    odd = settings.data.rename(tmp_path / "账 100% #1")
    assert verify(Settings(data=odd, database_url=None)).originals == 3


@pytest.mark.parametrize("said", [[], {"format": 1}, {"format": 1, "files": []}], ids=str)
def test_a_manifest_that_is_none_is_a_damaged_backup(tmp_path: Path, said: object) -> None:
    with tarfile.open(tmp_path / "odd.tar", "w") as archive:
        content = json.dumps(said).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    with pytest.raises(RequestError, match="不完整"):
        restore(Settings(data=tmp_path / "elsewhere", database_url=None), tmp_path / "odd.tar")
