"""Which roles make sense in which kind of service, and which roles only a user administrator gives."""

from collections.abc import Mapping

from portal.models import Profession, Role, ServiceKind

LEADERS = frozenset({Role.SERVICE_LEADER, Role.DEPUTY})
_EVERYDAY = frozenset({Role.COORDINATOR, Role.CONTRIBUTOR}) | LEADERS
_HOSPITAL = frozenset({Role.INTAKE, Role.CLINICIAN, Role.PSYCHOLOGIST, Role.CHILD_OFFICER}) | LEADERS

ROLES_BY_KIND: Mapping[str, frozenset[Role]] = {
    ServiceKind.SCHOOL: _EVERYDAY,
    ServiceKind.KINDERGARTEN: _EVERYDAY,
    ServiceKind.PPT: _EVERYDAY | {Role.PSYCHOLOGIST},
    ServiceKind.HEALTH_VISITOR: _EVERYDAY | {Role.PSYCHOLOGIST},
    ServiceKind.GP_OFFICE: frozenset({Role.GP, Role.CONTRIBUTOR}) | LEADERS,
    ServiceKind.MUNICIPAL_PSYCHOLOGIST: _EVERYDAY | {Role.PSYCHOLOGIST},
    ServiceKind.COORDINATING_UNIT: _EVERYDAY | {Role.COORDINATING_UNIT, Role.MUNICIPALITY_LEADER},
    ServiceKind.CHILD_PROTECTION: _EVERYDAY | {Role.CHILD_PROTECTION_LEADER},
    ServiceKind.NAV_SOCIAL: _EVERYDAY,
    ServiceKind.EMERGENCY_CLINIC: frozenset({Role.EMERGENCY_CLINIC}) | LEADERS,
    ServiceKind.HEALTH_AND_CARE: _EVERYDAY | {Role.CHILD_OFFICER},
    ServiceKind.BUP: _HOSPITAL,
    ServiceKind.HABU: _HOSPITAL,
    ServiceKind.CHILDRENS_WARD: _HOSPITAL,
    ServiceKind.ADULT_DEPARTMENT: frozenset({Role.CLINICIAN, Role.CHILD_OFFICER, Role.PSYCHOLOGIST}) | LEADERS,
    ServiceKind.SECRETARIAT: frozenset({Role.SECRETARIAT}) | LEADERS,
    ServiceKind.PORTAL_ADMINISTRATION: frozenset({Role.USER_ADMINISTRATOR}),
    ServiceKind.EXTERNAL: frozenset({Role.CONTRIBUTOR, Role.PSYCHOLOGIST}) | LEADERS,
}

# A leader neither makes more leaders nor gives rights that reach outside the own service.
ADMINISTRATOR_GIVES = frozenset(
    {Role.SERVICE_LEADER, Role.MUNICIPALITY_LEADER, Role.SECRETARIAT, Role.USER_ADMINISTRATOR}
)

# Roles that stand on an authorisation: the profession they need.
PROFESSION_OF: Mapping[str, Profession] = {Role.GP: Profession.DOCTOR, Role.PSYCHOLOGIST: Profession.PSYCHOLOGIST}
AUTHORISED = frozenset({Profession.DOCTOR, Profession.PSYCHOLOGIST, Profession.NURSE, Profession.HEALTH_VISITOR})


def fits(kind: str, role: str) -> bool:
    """Whether a role makes sense in a kind of service."""
    return role in ROLES_BY_KIND[kind]
