"""Roles that several rights, tasks and notices name together."""

from typing import Final

from portal.models import Role

# Who reads and decides at a department; and who can be entitled to refer (the edition says who is).
HOSPITAL: Final = frozenset({Role.INTAKE, Role.CLINICIAN})
REFERRERS: Final = frozenset({Role.GP, Role.PSYCHOLOGIST, Role.CHILD_PROTECTION_LEADER, Role.EMERGENCY_CLINIC})
