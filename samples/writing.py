"""Writes a set of samples to a folder: documents, manifest.jsonl, both ledgers, ledger truth and companies.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from models.invoice import identity_key
from models.kinds import InvoiceKind
from samples import forms
from samples.defects import with_defects
from samples.forms.form import PICTURES
from samples.inventing import invent
from samples.ledger import Entry, blue_of, write_bureau, write_erp
from samples.outcomes import EXPECTED, IN_BUREAU, IN_ERP, Outcome, Scene, issue_date_for, new_scene, parties_for
from samples.pdf_defects import two_on_a4
from samples.planning import Plan
from samples.rendering import SUFFIXES, render
from samples.truth import Defect, InvoiceTruth, Medium, Truth

MANIFEST, COMPANIES = "manifest.jsonl", "companies.json"
BUREAU, ERP, LEDGER_TRUTH = "全量发票查询导出结果.xlsx", "erp-应付发票.csv", "ledger-truth.jsonl"
_SPARE_KINDS = (
    InvoiceKind.DIGITAL_SPECIAL,
    InvoiceKind.DIGITAL_ORDINARY,
    InvoiceKind.ORDINARY_E,
    InvoiceKind.SPECIAL_PAPER,
)


def write_set(folder: Path, plans: list[Plan], seed: int, progress: Callable[[int], None] | None = None) -> list[Truth]:
    """Every planned document and the ledgers that go with them. The same plans and seed give the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    scene = new_scene(Random(f"{seed}/scene"))
    truths: dict[str, Truth] = {}
    for done, plan in enumerate(plans, 1):
        for truth in _write_document(folder, plan, truths, scene, seed):
            truths[truth.id] = truth
        if progress:
            progress(done)
    found = list(truths.values())
    lines = [json.dumps(truth.export(), ensure_ascii=False) for truth in found]
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_ledgers(folder, plans, truths, scene, seed)
    _write_companies(folder, scene)
    return found


def _write_document(folder: Path, plan: Plan, before: dict[str, Truth], scene: Scene, seed: int) -> list[Truth]:
    name = f"{seed}/{plan.id}"
    invoice = before[plan.of].invoice if plan.of else planned_invoice(Random(name), plan, scene)
    data = render(invoice, plan.medium, Random(f"{name}/render"), plan.handling)
    invoices = [invoice]
    if plan.pair:
        lower = planned_invoice(Random(f"{name}/lower"), plan, scene)
        data = two_on_a4(data, render(lower, plan.medium, Random(), plan.handling))
        invoices.append(lower)
    file = plan.id + (".png" if Defect.FALSE_EXTENSION in plan.defects else SUFFIXES[plan.medium])
    (folder / file).write_bytes(data)
    return [
        _truth(plan, each, file=file, seed=name, index=index, sha256=hashlib.sha256(data).hexdigest())
        for index, each in enumerate(invoices)
    ]


def _truth(plan: Plan, invoice: InvoiceTruth, *, file: str, seed: str, index: int, sha256: str) -> Truth:
    status, cause = EXPECTED[plan.outcome]
    worn = plan.medium in (Medium.SCAN, Medium.PHOTO)
    unscored = _not_on_it(plan, invoice)
    return Truth(
        id=plan.id if not index else f"{plan.id}-lower",
        file=file,
        medium=Medium.SCREENSHOT if Defect.PICTURE_ONLY in plan.defects else plan.medium,
        quality=plan.handling.level.name if worn else "clean",
        invoice=invoice,
        seed=seed,
        index=index,
        sha256=sha256,
        same_as=plan.of,
        expect_status=status,
        expect_cause=cause,
        unscored=tuple(sorted(unscored)),
    )


def _not_on_it(plan: Plan, invoice: InvoiceTruth) -> set[str]:
    """What the invoice has and this document does not show."""
    lacking = {"colour"}  # of the paper of a railway ticket, which is no text
    if invoice.kind is InvoiceKind.ORDINARY_ROLL:
        lacking.add("total_tax")
    if Defect.CHECK_CODE_IN_REMARKS in plan.defects:
        lacking.add("remarks")
    if plan.medium in PICTURES and len(forms.draw(invoice)) > 1:  # a picture shows the first page alone
        lacking |= {"total_excl_tax", "total_tax", "total_in_words", "remarks", "drawer", "lines"}
    if plan.medium is Medium.XML:
        lacking.add("corner_mark")
    elif invoice.extra.get("business_type") == "售" and Defect.XBRL_ATTACHED not in plan.defects:
        lacking.add("business_type")
    return lacking


def planned_invoice(rng: Random, plan: Plan, scene: Scene) -> InvoiceTruth:
    """What the plan says, without rendering it."""
    buyer, seller = parties_for(rng, plan.outcome, scene)
    issued = issue_date_for(rng, plan.outcome, scene)
    invoice = invent(rng, plan.kind, traits=plan.traits, buyer=buyer, seller=seller, issue_date=issued)
    if plan.kind is InvoiceKind.RAIL_E and plan.medium is Medium.XML:
        invoice = replace(invoice, without=invoice.without - {"total_excl_tax", "total_tax"})
    return with_defects(invoice, plan.defects, rng)


def _write_ledgers(folder: Path, plans: list[Plan], truths: dict[str, Truth], scene: Scene, seed: int) -> None:
    rng = Random(f"{seed}/ledger")
    bureau: list[Entry] = []
    erp: list[Entry] = []
    planned = {plan.id: plan for plan in plans}
    for truth in truths.values():
        plan = planned[truth.id.removesuffix("-lower")]
        entry = Entry(invoice=truth.invoice, outcome=plan.outcome, document=truth.file)
        if plan.outcome in IN_BUREAU:
            bureau.append(entry)
        if plan.outcome in IN_ERP or (plan.outcome is Outcome.MATCHED and rng.random() < 0.5):
            erp.append(entry)
        if plan.outcome is Outcome.IS_RED:
            bureau.append(Entry(invoice=blue_of(truth.invoice), outcome=Outcome.RED_FLUSHED))
    for index in range(max(6, len(plans) // 5)):
        kind = rng.choice(_SPARE_KINDS)
        issued = issue_date_for(rng, Outcome.MATCHED, scene)
        if index < 2:
            issued = (scene.first_day, scene.last_day)[index]
        bureau.append(Entry(invoice=invent(rng, kind, buyer=scene.us, issue_date=issued)))
    bureau.sort(key=lambda e: (e.invoice.issue_date, e.invoice.invoice_number))
    write_bureau(folder / BUREAU, bureau)
    write_erp(folder / ERP, erp, Random(f"{seed}/typing"))
    rows = [_ledger_truth("bureau", e) for e in bureau] + [_ledger_truth("erp", e) for e in erp]
    (folder / LEDGER_TRUTH).write_text("\n".join(rows) + "\n", encoding="utf-8")


def _ledger_truth(ledger: str, entry: Entry) -> str:
    invoice = entry.invoice
    return json.dumps(
        {
            "ledger": ledger,
            "identity_key": identity_key(invoice.invoice_code, invoice.invoice_number),
            "document": entry.document,
            "outcome": entry.outcome.value if entry.outcome else "no_document",
        },
        ensure_ascii=False,
    )


def _write_companies(folder: Path, scene: Scene) -> None:
    us: dict[str, object] = {"name": scene.us.name, "tax_id": scene.us.tax_id, "former_names": []}
    text = json.dumps({"companies": [us], "as_of": scene.as_of.isoformat()}, ensure_ascii=False, indent=1)
    (folder / COMPANIES).write_text(text + "\n", encoding="utf-8")
