"""What others would use to find a record whose number was misread, on the same ledger and the same documents.

rapidfuzz: brute force over every stored number. recordlinkage: blocks on the amount, compares number, seller and date,
takes the best pair that scores at least 3 of 4. Splink: the same block and fields, weights learned from the data. Both
are batches, so that their time is divided by the documents, and no dependencies of the house: what is not installed is
passed over with a message (`pip install splink recordlinkage pandas`).
"""

from __future__ import annotations

import importlib
import logging
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


def frames(pandas: Any, session: Session, documents: Sequence[dict[str, Any]]) -> tuple[Any, Any]:
    """The documents and the whole ledger, as both batch tools want them."""
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
    return held, ledger


def splink(session: Session, documents: Sequence[dict[str, Any]], truths: Sequence[str]) -> Outcome | None:
    """Splink 5 on DuckDB: blocked on the amount; u from random pairs, m from the pairs of one seller."""
    try:
        tool, pandas = importlib.import_module("splink"), importlib.import_module("pandas")
        compared = importlib.import_module("splink.comparison_library")
    except ImportError:
        return None
    held, ledger = (frame.assign(unique_id=range(len(frame))) for frame in frames(pandas, session, documents))
    start, wall = time.process_time(), time.perf_counter()
    database = tool.DuckDBAPI()
    settings = tool.SettingsCreator(
        link_type="link_only",
        comparisons=[
            compared.LevenshteinAtThresholds("number", [1, 2]),
            compared.ExactMatch("seller"),
            compared.ExactMatch("day"),
        ],
        blocking_rules_to_generate_predictions=[tool.block_on("gross")],
    )
    tables = [database.register(held, table_name="held"), database.register(ledger, table_name="ledger")]
    linker = tool.Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(tool.block_on("seller", "gross"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    best = found.sort_values("match_weight").drop_duplicates("unique_id_l", keep="last")
    pairs = zip(best["unique_id_l"], best["unique_id_r"], strict=True)
    right = sum(ledger["number"][record] == truths[document] for document, record in pairs)
    spent = (time.process_time() - start) * 1000 / len(documents)
    print(f"splink: {len(found)} pairs offered, wall {time.perf_counter() - wall:.1f} s")  # noqa: T201
    return "splink, as a batch", [spent] * len(documents), right


def record_linkage(session: Session, documents: Sequence[dict[str, Any]], truths: Sequence[str]) -> Outcome | None:
    try:
        linkage, pandas = importlib.import_module("recordlinkage"), importlib.import_module("pandas")
    except ImportError:
        return None
    held, ledger = frames(pandas, session, documents)
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
