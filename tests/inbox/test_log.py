"""The log page: everything in plain words, for the holder alone, at a constant cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions.closing import close_case, reopen_case
from cases.log_words import known, said, said_basis
from portal import rights
from portal.models import AuditEvent, Role
from portal.states import PROCESSES
from tests.access.verbs import written_verbs
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World


def test_every_verb_in_the_code_has_words() -> None:
    verbs, unknown = written_verbs()
    assert len(verbs) > 100, "the reading of the code must find them"
    assert not unknown, "name what these f-strings can become in tests/access/verbs.py"
    assert {verb for verb in verbs if not known(verb)} == set()


def test_every_right_that_can_be_refused_has_words() -> None:
    assert {verb for verb in rights.table() if not known(verb)} == set()


def test_every_move_of_every_process_is_told() -> None:
    for process in PROCESSES.values():
        for state in process.labels:
            words = said(f"{process.name}.{state}")
            assert words == f"{process.title}: {str(process.labels[state]).lower()}"


BASES = [
    "holder",
    "opened",
    "author",
    "participant",
    "consent",
    "statutory",
    "contribution",
    "referrer",
    "sender",
    "receiver",
    "request",
    "consultation",
    "offer",
]


@pytest.mark.parametrize("basis", BASES)
def test_every_basis_of_access_has_words(basis: str) -> None:
    assert said_basis(basis) != basis


def test_the_same_verb_is_told_by_what_happened() -> None:
    assert said("case.open", AuditEvent.Kind.WRITE) == "Sak: åpen"
    assert said("case.open", AuditEvent.Kind.REFUSED) == "opprette sak"


def test_the_holder_reads_who_did_what_in_plain_words(world: World) -> None:
    case = a_case(world, level=1)
    with_participants(case, world.school)
    consent(case, [world.school])
    world.client(world.teacher).get(f"/saker/{case.pk}/")
    world.client(world.actor(Role.CONTRIBUTOR, world.other_school)).get(f"/saker/{case.pk}/")
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/").content.decode()
    for words in (
        "Endret: saken er opprettet",
        "Leste: oversikten",
        "Grunnlag: deltar i saken",
        "Ble avvist: oversikten",
    ):
        assert words in page
    assert world.teacher.name in page
    assert "Skogdal skole" in page
    assert "case." not in page.replace("case.css", "")


def test_the_log_is_narrowed_by_kind(world: World) -> None:
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    client.get(f"/saker/{case.pk}/")
    reads = client.get(f"/saker/{case.pk}/logg/?type=read").content.decode()
    assert "Leste: oversikten" in reads
    assert "Endret:" not in reads
    assert "Ingen hendelser" in client.get(f"/saker/{case.pk}/logg/?type=refused").content.decode()
    assert "Endret:" in client.get(f"/saker/{case.pk}/logg/?type=tull").content.decode()


def test_a_reopened_case_tells_so(world: World) -> None:
    case = a_case(world, level=1)
    close_case(case=case, code="goal_reached", reason="Målene er nådd.", by=world.coordinator)
    reopen_case(case=fresh(case), reason="Nye vansker.", by=world.coordinator)
    page = world.client(world.coordinator).get(f"/saker/{case.pk}/logg/?type=write").content.decode()
    assert "Sak: avsluttet" in page
    assert "Sak: åpen" in page


def test_others_in_the_case_do_not_read_the_log(world: World) -> None:
    case = a_case(world, level=1)
    with_participants(case, world.school)
    consent(case, [world.school])
    assert world.client(world.teacher).get(f"/saker/{case.pk}/logg/").status_code == 403
    refused = AuditEvent.objects.filter(kind="refused", case_id=case.pk).latest("id")
    assert (refused.verb, refused.user_id) == ("case.read_log", world.teacher.user.pk)


def test_the_log_costs_the_same_with_forty_times_the_rows(world: World) -> None:
    case = a_case(world, level=1)
    client, costs = world.client(world.coordinator), []
    url = f"/saker/{case.pk}/logg/"
    for more in (1, 45):
        for _n in range(more):
            client.get(url)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        costs.append(len(caught))
    # From the second page on it takes no more either: the count is one statement however many there are.
    assert costs[0] == costs[1] <= 20
