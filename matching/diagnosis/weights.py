"""Odds of each cause, by the evidence for it, against the base of "in the right period, yet not recorded".

Judgement from the domain's table of causes, one number a piece of evidence, so that they can be learned from closed
cases later. docs/matching.md shows this table; a test keeps the two alike.
"""

from __future__ import annotations

BASE = 1.0  #: never_recorded, always possible
NEVER_RECORDED_COVERED = 4.0  #: the period and kind are imported, the number was read exactly

CANDIDATE = 10.0  #: × odds of the candidate record, for causes that a candidate shows
CANDIDATE_CAP = 4000.0
NUMBER_SHAPE = 30.0  #: 8 digits on a kind that bears 20; code and number of each other's length
NUMBER_DOUBTED = 6.0  #: extraction doubts the number, no candidate found

JUST_ISSUED = 60.0  #: within the delay of synchronisation
AFTER_LAST_IMPORT = 25.0  #: later than every import's last day, beyond the delay
PERIOD_NOT_COVERED = 40.0  #: outside every import of its direction
PERIOD_EDGE = 8.0  #: outside by no more than 3 days
NO_IMPORT_AT_ALL = 80.0

KIND_NEVER_IN_FEED = 400.0  #: 定额, taxi, paper train ticket, toll slip …
KIND_RARELY_IN_FEED = 30.0  #: 卷票
ONLY_DEDUCTION_FEED = 120.0  #: a plain 普票 where only 抵扣勾选 was imported
KIND_NOT_SEEN = 2.0  #: no record of that kind in the covering imports

WRONG_DIRECTION = 300.0  #: we are the seller and no 销项 was imported
OTHER_ENTITY = 300.0  #: the buyer is none of ours
WRONG_BUYER_ID = 150.0  #: our name, another id
FORMER_NAME = 40.0
FORMER_NAME_ENDED = 100.0  #: issued after the name's last day
COMPANY_CLOSED = 200.0  #: issued after the company's last day
BUYER_ID_MISSING = 60.0
BUYER_IS_PERSON = 150.0
NO_ACCESS = 90.0  #: ours, but that entity's account was never imported

IS_RED = 120.0
RED_FLUSHED = 200.0  #: a red record names this invoice
ON_BEHALF = 6.0
SUSPICIOUS_PER_CHECK = 5.0  #: each grave check that fails, once the record is overdue
SUSPICIOUS_CAP = 100.0
SEAL_BROKEN = 2000.0  #: a signature shows that the file was changed after it was signed
