"""What the portal stores with names of its own has the same words in the edition: no two names for one thing."""

import pytest
from django.db.models import TextChoices

from cases.models import Measure
from guideline.loader import load_editions
from referrals.models import Referral

PAIRS = (
    ("urgency", Referral.Urgency),
    ("measure_effect", Measure.Effect),
    ("sent_channel", Referral.Channel),
)


@pytest.mark.parametrize(("codes", "stored"), PAIRS)
def test_the_edition_and_the_forms_use_the_same_words(codes: str, stored: type[TextChoices]) -> None:
    """Given every edition, then each value that is stored is a code of it, with the label that the forms show."""
    for edition in load_editions():
        words = dict(edition.choices(codes))
        for value, label in stored.choices:
            assert not value or words.get(value) == str(label), (edition.key, codes, value)
