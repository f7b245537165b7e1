"""What others would use to find a record whose number was misread, on the same ledger and the same documents.

rapidfuzz: brute force over every stored number. recordlinkage: blocks on the amount, compares number, seller and date,
takes the best pair that scores at least 3 of 4; a batch, so its time is divided by the documents. Neither is a
dependency of the house: recordlinkage is passed over with a message where it is not installed.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Hamming
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import RecordRow

BRUTE_CASES = 20  #: a second and more each
ENOUGH = 3.0

Outcome = tuple[str, list[float], int]  #: name, processor milliseconds a document, how many right


def brute_force(session: Session, documents: Sequence[dict[str, Any]], truths: Sequence[str]) -> Outcome:
    numbers = [key for key in session.scalars(select(RecordRow.identity_key)) if key]
    taken, right = [], 0
    for fields, truth in list(zip(documents, truths, strict=True))[:BRUTE_CASES]:
        start = time.process_time()
        found = process.extractOne(fields["invoice_number"], numbers, scorer=Hamming.distance, score_cutoff=2)
        taken.append((time.process_time() - start) * 1000)
        right += found is not None and found[0] == truth
    return "rapidfuzz brute force", taken, right


def record_linkage(session: Session, documents: Sequence[dict[str, Any]], truths: Sequence[str]) -> Outcome | None:
    try:
        linkage, pandas = importlib.import_module("recordlinkage"), importlib.import_module("pandas")
    except ImportError:
        return None
    columns = (RecordRow.identity_key, RecordRow.seller_tax_id, RecordRow.total_incl_fen, RecordRow.issue_date)
    ledger = pandas.DataFrame(session.execute(select(*columns)).all(), columns=["number", "seller", "gross", "day"])
    ledger["day"] = ledger["day"].astype(str)
    held = pandas.DataFrame(
        [
            {"number": d["invoice_number"], "seller": d["seller_tax_id"], "day": d["issue_date"],
             "gross": round(float(d["total_incl_tax"]) * 100)}
            for d in documents
        ]
    )  # fmt: skip
    start = time.process_time()
    index = linkage.Index()
    index.block("gross")
    pairs = index.index(held, ledger)
    compare = linkage.Compare()
    compare.string("number", "number", method="levenshtein", label="number")
    compare.exact("seller", "seller", label="seller")
    compare.exact("day", "day", label="day")
    compare.exact("gross", "gross", label="gross")
    scores = compare.compute(pairs, held, ledger).sum(axis=1)
    best = scores[scores >= ENOUGH].groupby(level=0).idxmax()
    right = sum(ledger["number"][at] == truths[document] for document, at in best)
    spent = (time.process_time() - start) * 1000 / len(documents)
    return "recordlinkage, as a batch", [spent] * len(documents), right
