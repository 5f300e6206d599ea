"""What somebody with another's session can reach at the most: the tables in which each kind of place shows any row.

It is the outer wall. Inside it the code decides page by page what is shown (tests/access).
"""

import pytest
from django.db import connection
from django.utils import timezone

from cases.models import Case, CaseAccess, Scope
from portal.context import portal_context
from portal.models import Role
from portal.policies import PROTECTED
from tests.access.rich import Rich
from tests.row_security.test_traps import rows_in

pytestmark = pytest.mark.django_db

# Any place: that there is a case, whose, that there is a referral, and what has moved.
ANY = {"cases_caseaccess", "cases_case", "cases_child", "referrals_referral", "portal_statechange"}
# A receiver or a referrer: what is sent, and what was said of it.
REFERRAL = ANY | {
    "cases_deadline", "cases_document", "cases_guardian", "referrals_attachment", "referrals_contribution",
    "referrals_contributionsection", "referrals_emergencyassessment", "referrals_gpassessment",
    "referrals_informationrequest", "referrals_receipt", "referrals_snapshot", "cases_withheld",
}  # fmt: skip
# In the case: all of it but what is somebody's own.
PERSONAL = {"cases_notification", "portal_kepttext"}
OPENS = {
    Scope.CONTRIBUTION: ANY,
    Scope.CONSULTATION: ANY,
    Scope.OWN: ANY,
    Scope.ITEMS_HEALTH: ANY,
    Scope.REFERRAL: REFERRAL,
}


def shown(rich: Rich, role: str) -> set[str]:
    """The tables in which somebody in the kindergarten sees rows."""
    with portal_context(rich.world.actor(role, rich.world.kindergarten)):
        return {table for table in PROTECTED if rows_in(table)}


def placed_everywhere(rich: Rich, scope: str) -> None:
    now = timezone.now()
    CaseAccess.objects.bulk_create(
        CaseAccess(case=case, principal_id=rich.world.kindergarten.pk, basis="prøve", scope=scope, valid_from=now)
        for case in Case.objects.all()
    )


def filled() -> set[str]:
    """The tables with rows at all."""
    return {table for table in PROTECTED if rows_in(table)}


@pytest.mark.parametrize("scope", OPENS)
def test_a_place_outside_the_case_opens_these_tables_and_no_others(rich: Rich, scope: str) -> None:
    """Given a service with one kind of place in every case; then it sees rows in these tables, and in no other."""
    assert shown(rich, Role.CONTRIBUTOR) == set()
    placed_everywhere(rich, scope)
    assert shown(rich, Role.CONTRIBUTOR) == OPENS[scope] & filled()


def test_a_place_in_the_case_opens_all_but_what_is_somebodys_own(rich: Rich) -> None:
    placed_everywhere(rich, Scope.CASE)
    # Consultations are many-sided; one without a case is seen by the two that had it alone.
    assert shown(rich, Role.CONTRIBUTOR) == filled() - PERSONAL
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_notification")
        assert cursor.fetchone() != (0,)


def test_a_role_opens_no_more_than_it_may(rich: Rich) -> None:
    """Given a place in every case; then a role that meets no children sees that the place is there, and nothing more;
    intake likewise, whose places are others."""
    placed_everywhere(rich, Scope.CASE)
    for role in (Role.SECRETARIAT, Role.MUNICIPALITY_LEADER, Role.USER_ADMINISTRATOR, Role.INTAKE):
        assert shown(rich, role) == {"cases_caseaccess"}, role
