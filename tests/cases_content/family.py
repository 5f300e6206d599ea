"""Entries of a case with everything filled in, for tests that change one thing."""

from typing import Any

from cases.actions.documents import add_document
from cases.actions.measures import add_measure
from cases.actions.voice import record_voice
from cases.models import Case, ChildVoice, Document, Measure
from portal.context import Actor
from portal.timeframe import today
from tests.uploads import files


def a_measure(case: Case, by: Actor, **facts: Any) -> Measure:
    """A measure of the actor's service, begun today."""
    given = {"service": by.service, "title": "Liten gruppe", "description": "To timer i uka", "started_on": today()}
    return add_measure(case=case, by=by, **given | facts)


def a_voice(case: Case, by: Actor, **facts: Any) -> ChildVoice:
    """Words of the child, said today."""
    given = {"words": "Jeg liker ikke friminuttene.", "how_obtained": "Samtale", "obtained_on": today()}
    return record_voice(case=case, by=by, **given | facts)


def an_upload(case: Case, by: Actor, **facts: Any) -> Document:
    """A PDF of one page about school."""
    given = {
        "data": files.pdf(),
        "file_name": "rapport.pdf",
        "declared_type": "",
        "title": "Pedagogisk rapport",
        "category": "school",
    }
    return add_document(case=case, by=by, **given | facts)
