"""What a role opens of what its service has: access belongs to the service, but not to all who work there."""

from cases.models import Scope
from portal.context import add_scopes
from portal.models import Role

# Roles that never meet a child: they lead a municipality, follow the network in numbers, or manage users.
NEVER_IN_CASES = frozenset({Role.MUNICIPALITY_LEADER, Role.SECRETARIAT, Role.USER_ADMINISTRATOR})
# Intake sees the referral as sent and the consultation, whatever else the department has a basis for.
INTAKE_SCOPES = frozenset({Scope.REFERRAL, Scope.CONSULTATION})


def opens(role: str, scope: str) -> bool:
    """Whether a role can use a scope that its service has."""
    if role in NEVER_IN_CASES:
        return False
    return role != Role.INTAKE or scope in INTAKE_SCOPES


@add_scopes
def scopes_of(role: str) -> list[str]:
    """All that a role opens: what the database's policies go by."""
    return [scope for scope in Scope.values if opens(role, scope)]
