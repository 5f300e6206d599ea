"""Which rows of a case the database shows a request: those of cases in which the acting service has a place now.

The place is a row of ``case_access`` in force, of a scope that the table accepts and the acting role opens. A part of
something is seen where the whole is: the policy of the whole holds in the subquery that asks for it.
"""

from cases.models import Scope
from portal.policies import PRINCIPALS, SCOPES, Rows, both, either, in_my_name, leave_open, me, mine, protect

# The application's clock may run a little ahead of the database's; who was just let in is not to meet a closed door.
CLOCKS_DIFFER = "interval '2 seconds'"


def placed(case_id: str, *scopes: str) -> str:
    """The acting service has a place in the case now, of one of the scopes (none: any), as far as the role opens it."""
    accepted = f" AND a.scope IN ({', '.join(repr(str(scope)) for scope in scopes)})" if scopes else ""
    return (
        f"EXISTS (SELECT FROM cases_caseaccess a WHERE a.case_id = {case_id} AND a.principal_id = ANY ({PRINCIPALS})"
        f" AND a.scope = ANY ({SCOPES}){accepted} AND a.valid_from <= portal_now() + {CLOCKS_DIFFER}"
        " AND (a.until IS NULL OR a.until > portal_now()))"
    )


def own(table: str, service: str = "service_id") -> str:
    """What the acting service wrote itself, while it has any place in the case."""
    return both(mine(f"{table}.{service}"), placed(f"{table}.case_id"))


def in_the_case(table: str, service: str = "service_id") -> str:
    """Seen by all who are in the case, and by its author."""
    return either(placed(f"{table}.case_id", Scope.CASE), own(table, service))


def part_of(table: str, column: str, whole: str) -> str:
    """Seen where the row it is part of is seen."""
    return f"EXISTS (SELECT FROM {whole} whole WHERE whole.id = {table}.{column})"


# A hand-over is also seen where it is offered: by the one asked, and their leader.
OFFERED_HERE = (
    f"EXISTS (SELECT FROM portal_membership m WHERE m.id = cases_caseholder.membership_id AND {mine('m.service_id')})"
)

protect(
    # Who may be in a case: read by the service or the person it is about, written by the job role alone
    # (``cases.admission``).
    Rows("cases_caseaccess", f"cases_caseaccess.principal_id = ANY ({PRINCIPALS})"),
    # Any place shows that there is a case; only one in it changes it, and with that who holds it.
    Rows("cases_case", placed("cases_case.id"), placed("cases_case.id", Scope.CASE)),
    Rows(
        "cases_child",
        f"EXISTS (SELECT FROM cases_case c WHERE c.child_id = cases_child.id AND {placed('c.id')})",
    ),
    Rows(
        "cases_guardian",
        "EXISTS (SELECT FROM cases_case c WHERE c.child_id = cases_guardian.child_id AND "
        f"{placed('c.id', Scope.CASE, Scope.REFERRAL)})",
    ),
    Rows("cases_concern", in_the_case("cases_concern")),
    Rows("cases_levelchange", placed("cases_levelchange.case_id", Scope.CASE)),
    Rows("cases_levelstepdone", placed("cases_levelstepdone.case_id", Scope.CASE)),
    Rows(
        "cases_caseholder",
        either(placed("cases_caseholder.case_id", Scope.CASE), OFFERED_HERE),
        placed("cases_caseholder.case_id", Scope.CASE),
    ),
    Rows("cases_participant", placed("cases_participant.case_id", Scope.CASE)),
    Rows("cases_consent", placed("cases_consent.case_id", Scope.CASE)),
    Rows("cases_consentparty", part_of("cases_consentparty", "consent_id", "cases_consent")),
    Rows("cases_consentservice", part_of("cases_consentservice", "consent_id", "cases_consent")),
    Rows("cases_consentwithdrawal", part_of("cases_consentwithdrawal", "consent_id", "cases_consent")),
    Rows("cases_signedform", placed("cases_signedform.case_id", Scope.CASE)),
    # What guardians are not to know of: all who see the entry see that it is reserved.
    Rows("cases_withheld", either(in_the_case("cases_withheld"), placed("cases_withheld.case_id", Scope.REFERRAL))),
    Rows("cases_statutorybasis", in_the_case("cases_statutorybasis")),
    Rows("cases_measure", in_the_case("cases_measure", "recorded_in_id")),
    Rows("cases_childvoice", in_the_case("cases_childvoice")),
    Rows("cases_document", either(in_the_case("cases_document"), placed("cases_document.case_id", Scope.REFERRAL))),
    Rows(
        "cases_emergencyaccess",
        either(
            me("cases_emergencyaccess.opened_by_id"),
            mine("cases_emergencyaccess.service_id"),
            placed("cases_emergencyaccess.case_id", Scope.CASE),
        ),
        placed("cases_emergencyaccess.case_id", Scope.CASE),
    ),
    Rows("cases_acquaintance", placed("cases_acquaintance.case_id", Scope.CASE)),
    # What a leader has looked at of their own people's access; nothing of a case stands in it.
    Rows("cases_lookedat", mine("cases_lookedat.service_id")),
    Rows("cases_waiver", placed("cases_waiver.case_id", Scope.CASE)),
    Rows("cases_obligationstatus", placed("cases_obligationstatus.case_id", Scope.CASE)),
    Rows("cases_task", either(mine("cases_task.service_id"), placed("cases_task.case_id", Scope.CASE))),
    Rows(
        "cases_deadline",
        either(mine("cases_deadline.service_id"), placed("cases_deadline.case_id", Scope.CASE, Scope.REFERRAL)),
    ),
    Rows("cases_notification", me("cases_notification.user_id")),
)
protect(
    # The log of a case is for those in it, and each reads what was done in their own name; nobody writes in another's.
    Rows(
        "portal_auditevent",
        either(me("portal_auditevent.user_id"), placed("portal_auditevent.case_id", Scope.CASE)),
        in_my_name("portal_auditevent.user_id"),
    ),
    Rows(
        "portal_statechange",
        either(
            me("portal_statechange.user_id"),
            placed("portal_statechange.case_id"),
            mine("portal_statechange.service_id"),
        ),
        in_my_name("portal_statechange.user_id"),
    ),
)


leave_open("Teller referanser per år, uten å si hvilke.", "cases_referencecounter")
