"""Each situation of the table is decided as the table says."""

import pytest

from cases.consent_rules import Because, Need, basis_for
from tests.consent.family import RULES
from tests.consent.situations import ALLOWED, SITUATIONS, Situation


@pytest.mark.parametrize("s", SITUATIONS, ids=lambda s: s.told)
def test_situation(s: Situation) -> None:
    need = Need(s.service, s.category, s.when, withheld_by_child=s.withheld)
    basis = basis_for(need, s.child, s.guardians, s.consents, RULES, statutory=s.statutory)
    assert basis.because is s.because
    assert basis.allowed is (s.because in ALLOWED)
    assert basis.explanation.endswith(".")
    assert "%" not in basis.explanation
    if basis.allowed and basis.because is not Because.STATUTORY:
        assert basis.consent_ids
        assert set(basis.consent_ids) <= {consent.id for consent in s.consents}


def test_the_table_is_long_enough_and_no_situation_is_told_twice() -> None:
    told = [situation.told for situation in SITUATIONS]
    assert len(set(told)) == len(told) >= 45
    assert {situation.because for situation in SITUATIONS} == set(Because)
