"""What an event says of who, why and whom: the national trust attributes."""

import dataclasses
import json
import uuid

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import audit
from portal.context import system_actor
from portal.models import AuditEvent, Role
from portal.trust import attributes
from tests.stories import a_case, consent, with_participants
from tests.world import World


def newest(world: World, **given: object) -> AuditEvent:
    """The newest event."""
    return AuditEvent.objects.filter(**given).latest("id")


def test_a_doctor_reading_a_case_is_told_by_every_attribute(world: World) -> None:
    """Given a GP let in by consent, when the case is opened, then the event has them all, and nobody's number."""
    case = a_case(world, level=1)
    world.municipality.org_number = "999999999"
    world.municipality.save()
    with_participants(case, world.gp)
    given = consent(case, [world.gp])
    world.client(world.doctor).get(f"/saker/{case.pk}/")
    event = newest(world, verb="case.overview")
    doctor = world.doctor.person
    told = attributes(event)
    assert told["practitioner"] == {
        "identifier": {"id": str(doctor.pk), "system": "samhandlingsportalen", "name": doctor.name},
        "hpr_nr": {"id": doctor.hpr_number, "system": "urn:oid:2.16.578.1.12.4.1.4.4"},
        "authorization": {"code": "LE", "system": "urn:oid:2.16.578.1.12.4.1.1.9060", "text": "Lege"},
        "legal_entity": {"id": "999999999", "system": "urn:oid:2.16.578.1.12.4.1.4.101", "name": "Fjordvik kommune"},
        "point_of_care": {"id": "999999999", "system": "urn:oid:2.16.578.1.12.4.1.4.101", "name": "Fjordvik kommune"},
        "department": {"id": str(world.gp.pk), "system": "samhandlingsportalen", "name": "Fjordvik legesenter"},
    }
    relation = told["care_relation"]
    assert relation["healthcare_service"]["code"] == "gp_office"
    assert relation["purpose_of_use"] == {
        "code": "COC", "system": "urn:oid:2.16.840.1.113883.1.11.20448", "text": "samordning av tjenester"
    }  # fmt: skip
    assert relation["purpose_of_use_details"]["code"] == event.basis != ""
    assert relation["decision_ref"]["id"].split(":")[0] in {"participant", "consent"}
    assert uuid.UUID(relation["decision_ref"]["id"].split(":")[1])
    assert relation["decision_ref"]["user_selected"] is False
    assert told["patient"]["id"] == str(case.child_id)
    assert told["toa"] == int(event.at.timestamp())
    assert json.dumps(told)
    assert given.case_id == case.pk


def test_someone_without_authorisation_has_none(world: World) -> None:
    case = a_case(world, level=1)
    world.client(world.coordinator).get(f"/saker/{case.pk}/")
    told = attributes(newest(world, verb="case.overview"))
    assert told["practitioner"]["hpr_nr"] is None
    assert told["practitioner"]["authorization"] is None
    # The holder's own place is no row: the case itself is the decision.
    assert told["care_relation"]["decision_ref"]["id"].startswith(("case:", "holder:"))


def test_who_manages_users_does_it_for_another_purpose(world: World) -> None:
    audit.record(world.actor(Role.USER_ADMINISTRATOR, world.administration), "person.invited")
    assert attributes(newest(world))["care_relation"]["purpose_of_use"]["code"] == "HSYSADMIN"


def test_a_purpose_can_be_said(world: World) -> None:
    """Given an emergency, then the reader has let themselves in, and that is told."""
    case = a_case(world)
    audit.record_read(world.doctor, "case.overview", case, case_id=case.pk, purpose=audit.Purpose("BTG", "nødtilgang"))
    relation = attributes(newest(world))["care_relation"]
    assert (relation["purpose_of_use"]["text"], relation["decision_ref"]["user_selected"]) == ("nødtilgang", True)


def test_a_job_of_the_system_is_nobody(world: World) -> None:
    audit.record(system_actor("cases.end_lapsed"), "case.overview")
    told = attributes(newest(world))
    assert told["practitioner"]["identifier"] == {
        "id": None, "system": "samhandlingsportalen", "name": "cases.end_lapsed"
    }  # fmt: skip
    assert told["practitioner"]["department"] is None
    assert told["patient"] is None
    assert told["care_relation"]["decision_ref"] is None


def test_one_event_is_one_statement_however_much_it_says(world: World) -> None:
    case = a_case(world)
    actor = dataclasses.replace(world.doctor)
    with CaptureQueriesContext(connection) as caught:
        audit.record_read(actor, "case.overview", case, case_id=case.pk, child_id=case.child_id, basis="consent")
    assert len(caught) == 1


def test_a_search_and_what_it_showed_are_one_statement(world: World) -> None:
    """Given a search that finds a case, then its kind is told, never its words, and that the case was shown."""
    case = a_case(world, level=1)
    client = world.client(world.coordinator)
    client.get("/saker/")
    with CaptureQueriesContext(connection) as caught:
        client.post("/saker/", {"q": case.reference}, follow=True)
    inserts = [query for query in caught if 'INSERT INTO "portal_auditevent"' in query["sql"]]
    assert len(inserts) == 1
    searched, shown = AuditEvent.objects.order_by("-id")[:2][::-1]
    assert (searched.kind, searched.verb, searched.detail) == ("search", "case.search", {"by": "reference"})
    assert (shown.verb, shown.case_id) == ("case.list", case.pk)
