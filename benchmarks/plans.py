"""How PostgreSQL means to find the rows of the lists: the plan alone, nothing is run."""

from django.utils import timezone

from cases.inbox_list import inbox_tasks
from cases.listing import MINE, SERVICE, cases_listed
from portal.demo.people import actor_of


def plans() -> dict[str, str]:
    """The plans of the inbox and of the list of cases, for the coordinator of the demo."""
    actor, now = actor_of("marte-eksempelmo"), timezone.now()
    return {
        "inbox": inbox_tasks(actor, now)[:50].explain(),
        "cases_of_the_service": cases_listed(actor, scope=SERVICE, closed=False, now=now)[:25].explain(),
        "my_cases": cases_listed(actor, scope=MINE, closed=False, now=now)[:25].explain(),
    }
