"""The database keeps strangers out when the code has forgotten to: every check of the code taken away at once."""

import sys
from typing import Any

import pytest
from django.db.models import Exists

from cases import access
from cases.access import Viewer
from cases.models import Case, Scope
from portal import rights
from portal.context import Actor
from portal.models import HealthCommunity
from tests.access.pages import pages
from tests.access.rich import Rich
from tests.access.test_strangers import is_file, strangers, told

pytestmark = pytest.mark.django_db
EVERYTHING = frozenset(Scope.values)


def everywhere(monkeypatch: pytest.MonkeyPatch, original: Any, instead: Any) -> int:
    """Puts something else in the place of a function, wherever it has been imported. Returns in how many modules."""
    count = 0
    for module in list(sys.modules.values()):
        if module.__name__.split(".")[0] in {"portal", "cases", "referrals", "network"}:
            for name in [name for name, value in vars(module).items() if value is original]:
                monkeypatch.setattr(module, name, instead)
                count += 1
    return count


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A code base in which every list is unfiltered, everyone has a place in every case, and every right is given."""

    def in_every_case(actor: Actor, case: Case, now: Any = None) -> Viewer:
        return Viewer(actor, case, EVERYTHING, "holder")

    anything = Exists(HealthCommunity.objects.all())
    assert everywhere(monkeypatch, access.viewer_of, in_every_case) > 4
    assert everywhere(monkeypatch, access.cases_for, lambda *a, **k: Case.objects.all()) > 1
    assert everywhere(monkeypatch, access.visible, lambda *a, **k: anything) > 1
    assert everywhere(monkeypatch, access.names, lambda *a, **k: anything) > 1
    assert everywhere(monkeypatch, rights.can, lambda *a, **k: True) > 5
    assert everywhere(monkeypatch, rights.check, lambda *a, **k: None) > 5


@pytest.mark.parametrize("who", ["koordinator", "leder", "lege", "inntak"])
def test_strangers_see_no_row_when_the_code_forgets_to_filter(rich: Rich, careless: None, who: str) -> None:
    """Given code without a single filter; when a stranger opens every page there is, then no child's name, number or
    word is told, and no file is handed out."""
    actor = next(actor for name, actor in strangers(rich).items() if name.startswith(who))
    client = rich.world.client(actor)
    client.raise_request_exception = False
    wrong, asked = [], 0
    for page in pages(rich):
        # Pages of staff are for those who may; here they would tell of colleagues.
        if page.name.startswith("portal:"):
            continue
        asked += 1
        answer = client.get(page.url)
        if is_file(answer) or told(answer):
            wrong.append((page.name, answer.status_code, told(answer)))
    assert wrong == []
    assert asked > 100


def test_the_same_carelessness_shows_everything_to_the_owner_of_the_tables(rich: Rich, careless: None) -> None:
    """The test above would prove nothing if the filters were still there: those in the case do see its pages."""
    client = rich.world.client(rich.world.coordinator)
    shown = [page for page in pages(rich) if page.name == "cases:case" and told(client.get(page.url))]
    assert shown
