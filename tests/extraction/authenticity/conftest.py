"""Keys are made once: making one takes a pure-Python library a moment."""

from __future__ import annotations

import pytest
from pyhanko.sign.signers import SimpleSigner

from tests.extraction.authenticity.pdf_signing import pyhanko_signer
from tests.extraction.authenticity.sm2_signing import Holder, Key


@pytest.fixture(scope="session")
def holder() -> Holder:
    return Holder.named("某市税务局", Key.made())


@pytest.fixture(scope="session")
def maker() -> Holder:
    return Holder.named("印章制作系统", Key.made())


@pytest.fixture(scope="session")
def signer() -> SimpleSigner:
    return pyhanko_signer("某某商贸有限公司")
