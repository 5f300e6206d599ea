"""What tests of access ask: which rows a service has, and which categories it sees at an instant."""

import datetime as dt

from cases.models import Case, CaseAccess
from cases.sharing import item_scopes
from portal.models import Service


def rows(case: Case, service: Service) -> set[tuple[str, str, dt.datetime | None]]:
    """(scope, basis without ids, until) of the rows that ever stand open."""
    return {
        (row.scope, row.basis.split(":")[0], row.until)
        for row in CaseAccess.objects.filter(case=case, principal_id=service.pk)
        if row.until is None or row.until > row.valid_from
    }


def sees(case: Case, service: Service, at: dt.datetime) -> set[str]:
    """The categories of others' items a service sees at an instant, by the access table alone."""
    return item_scopes(case.pk, service.pk, at)


def is_in(case: Case, service: Service, at: dt.datetime) -> bool:
    """Whether a service has a place in the case at an instant."""
    return CaseAccess.objects.in_force(at).filter(case=case, principal_id=service.pk, scope="case").exists()
