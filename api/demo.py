"""The main job on the samples that come with the service, through the same intake, queue and processes as real work.

Builds its own data folder anew each time; touches no other one.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import samples
from api.annotating import annotate
from api.cli.intake import read_all, show_documents, take_paths
from api.cli.opening import database
from api.cli.output import notice, say
from api.cli.records import take_file
from api.pipeline import queue
from api.pipeline.documents import Sessions
from api.pipeline.pictures import page_picture
from api.pipeline.summary import summarise
from matching.companies import add_company
from models.database import transaction
from models.errors import RequestError
from models.settings import Settings
from models.tables import DocumentRow, InvoiceRow

_OURS = ".made-by-chapiao-demo"  #: only a folder with this mark is ever cleared
_LEDGERS = (".xlsx", ".csv")
_ABOUT = (".json", ".jsonl")
_PHOTO = "07-ordinary-paper-photo.jpg"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the samples are about: who we are, and the day on which their ledger was downloaded."""

    companies: tuple[dict[str, Any], ...]
    as_of: date
    documents: tuple[Path, ...]
    ledgers: tuple[Path, ...]
    expected: dict[str, str]  #: file → status

    @classmethod
    def load(cls, folder: Path) -> Scene:
        about = json.loads((folder / "companies.json").read_text(encoding="utf-8"))
        truths = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
        files = sorted(path for path in folder.iterdir() if path.is_file())
        return cls(
            companies=tuple(about["companies"]),
            as_of=date.fromisoformat(about["as_of"]),
            documents=tuple(path for path in files if path.suffix not in _LEDGERS + _ABOUT),
            ledgers=tuple(path for path in files if path.suffix in _LEDGERS),
            expected={truth["file"]: truth["expect_status"] for truth in truths},
        )


def run(folder: Path, finished: Path = samples.FINISHED) -> None:
    """Everything, with what was found printed as a table."""
    started = time.monotonic()
    _clear(folder)
    scene = Scene.load(finished)
    settings = Settings(data=folder / "data", database_url=f"sqlite:///{(folder / 'data/chapiao.sqlite').absolute()}")
    with database(settings) as sessions:
        with transaction(sessions) as session:
            for company in scene.companies:
                add_company(session, name=company["name"], tax_id=company["tax_id"])
        for ledger in scene.ledgers:
            imported = take_file(sessions, settings, ledger)
            notice(f"台账 ledger {ledger.name}: {imported['added']} 条 records")
        ids, _ = take_paths(sessions, settings, list(scene.documents))
        with queue.running(settings, today=scene.as_of):
            read_all(sessions, settings, ids)
        rows = summarise(sessions, ids, settings.language)
        show_documents(rows, settings.language)
        _annotated(sessions, settings, folder)
    _conclude(rows, scene, folder, time.monotonic() - started)


def _clear(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _OURS).exists():
        raise RequestError("target_not_empty", name=str(folder))
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _OURS).touch()


def _annotated(sessions: Sessions, settings: Settings, folder: Path) -> None:
    """One photo with the boxes that were read, to look at."""
    with sessions() as session:
        document = session.query(DocumentRow).filter_by(name=_PHOTO).one_or_none()
        invoice = session.query(InvoiceRow).filter_by(document_id=document.id).first() if document else None
        if document is None or invoice is None:
            notice(f"没有读出 {_PHOTO} · was not read", "red")
            return
        picture = page_picture(settings, sha256=document.sha256, name=document.name, number=1)
        target = folder / "annotated.jpg"
        boxes = annotate(picture, invoice.data["fields"], target)
    say(f"标注图 annotated picture ({boxes} 个字段 fields): {target}")


def _conclude(rows: Iterable[dict[str, Any]], scene: Scene, folder: Path, seconds: float) -> None:
    found: dict[str, str] = {}
    for row in rows:  # a document with several invoices is judged by its first
        found.setdefault(row["document"], row["status"])
    right = sum(found.get(file) == status for file, status in scene.expected.items())
    drafts = sum(row["draft"] is not None for row in rows)
    say(f"{len(scene.documents)} 份单据 documents, {drafts} 份补录草稿 drafts, {seconds:.0f} s")
    say(f"与样例真值一致 status as in the samples' truth: {right}/{len(scene.expected)}")
    for file, status in scene.expected.items():
        if found.get(file) != status:
            notice(f"  {file}: {found.get(file)}，应为 should be {status}", "yellow")
    say("打开网页 web page:")
    say(f"  CHAPIAO_DATA={folder / 'data'} .venv/bin/chapiao serve   →  http://localhost:8600")
