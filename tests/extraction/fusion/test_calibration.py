"""A stated confidence is how often such values are right: fitted curves keep the order and bend towards the truth."""

from __future__ import annotations

from random import Random

import pytest

from extraction.fusion.calibration import AS_STATED, CURVES, Curve, Standing
from tests.bench.accuracy_tables import calibration_error
from tests.bench.calibration import fit


@pytest.mark.parametrize("standing", Standing)
def test_a_surer_value_is_never_stated_less_sure(standing: Standing) -> None:
    stated = [n / 1000 for n in range(1, 1000)]
    calibrated = [CURVES[standing](s) for s in stated]
    assert calibrated == sorted(calibrated)
    assert 0 < calibrated[0] < calibrated[-1] < 1


def test_without_evidence_nothing_is_bent() -> None:
    assert fit([]) == Curve(0.0, 1.0)
    assert AS_STATED[Standing.ALONE](0.8) == pytest.approx(0.8)


def test_fitting_undoes_overconfidence() -> None:
    rng = Random(5)
    honest = [rng.uniform(0.6, 0.99) for _ in range(4000)]
    boastful = [(Curve(0.0, 2.0)(p), rng.random() < p) for p in honest]  # states the log odds twice as high
    curve = fit(boastful)
    assert calibration_error([(curve(s), r) for s, r in boastful]) < calibration_error(boastful) / 3
    assert curve.slope == pytest.approx(0.5, abs=0.1)
