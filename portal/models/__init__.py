"""People, organisations and the trail: everything the platform knows without knowing a case."""

from portal.models.directory import (
    CommunityMembership,
    HealthCommunity,
    OnCallRoute,
    Organisation,
    Service,
    ServiceArea,
    ServiceKind,
)
from portal.models.people import Membership, Profession, Role, User
from portal.models.seals import AuditSeal
from portal.models.sessions import Session
from portal.models.trail import AuditEvent, KeptText, StateChange

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "CommunityMembership",
    "HealthCommunity",
    "KeptText",
    "Membership",
    "OnCallRoute",
    "Organisation",
    "Profession",
    "Role",
    "Service",
    "ServiceArea",
    "ServiceKind",
    "Session",
    "StateChange",
    "User",
]
