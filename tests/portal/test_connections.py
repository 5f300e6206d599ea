"""A connection forgets who asked when the transaction ends."""

import pytest
from django.db import connection

from portal.context import Actor, as_job, portal_context
from portal.models import Role
from tests.world import World


def asked() -> tuple[str, str, str]:
    """Role, user and services as the database sees them now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), coalesce(portal_user_id()::text, ''),"
            " coalesce(portal_service_ids()::text, '')"
        )
        row = cursor.fetchone()
    assert row is not None
    return row


def test_a_connection_forgets_who_asked(lasting: World) -> None:
    teacher, doctor = lasting.teacher, lasting.doctor
    assert teacher.user is not None
    with portal_context(teacher):
        assert asked() == ("portal_app", str(teacher.user.pk), f"{{{teacher.service_id}}}")
    assert asked() == ("none", "", "")
    with pytest.raises(RuntimeError), portal_context(doctor):
        raise RuntimeError
    assert asked() == ("none", "", "")


def test_actors_do_not_mix(lasting: World) -> None:
    for actor in (lasting.teacher, lasting.doctor, lasting.actor(Role.INTAKE, lasting.bup)):
        assert actor.user is not None
        with portal_context(actor):
            assert asked()[1] == str(actor.user.pk)
    with portal_context(Actor(user=None, membership=None)):
        assert asked() == ("portal_app", "", "")


def test_the_job_role_is_given_back(lasting: World) -> None:
    with portal_context(lasting.teacher):
        with as_job():
            assert asked()[0] == "portal_job"
        assert asked()[0] == "portal_app"
