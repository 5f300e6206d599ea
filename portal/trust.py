"""An event of the log as the attributes of the national trust framework (Tillitsrammeverket): for those outside.

Who (practitioner), why (care_relation), whom it was about (patient) and when (toa). What the portal does not know is
None: it holds no national number of those who work, and those of children leave it in no log.
"""

from typing import Any

from portal.models import AuditEvent, Profession, ServiceKind

ORGANISATIONS = "urn:oid:2.16.578.1.12.4.1.4.101"
HPR = "urn:oid:2.16.578.1.12.4.1.4.4"
AUTHORIZATIONS = "urn:oid:2.16.578.1.12.4.1.1.9060"
PURPOSES = "urn:oid:2.16.840.1.113883.1.11.20448"
# Codes of our own: ids, kinds of service, bases.
OURS = "samhandlingsportalen"
# A break-glass: whoever reads has let themselves in.
BREAK_GLASS = "BTG"
# The national code of an authorisation (9060), for the professions that have one.
AUTHORIZED = {
    Profession.DOCTOR: "LE",
    Profession.PSYCHOLOGIST: "PS",
    Profession.NURSE: "SP",
    Profession.HEALTH_VISITOR: "SP",
}


def attributes(event: AuditEvent) -> dict[str, Any]:
    """The attributes of one event. No statement: the event holds what was known when it happened."""
    return {
        "toa": int(event.at.timestamp()),
        "practitioner": _practitioner(event),
        "care_relation": _care_relation(event),
        "patient": _coded("id", event.child_id, OURS),
    }


def _practitioner(event: AuditEvent) -> dict[str, Any]:
    authorized = AUTHORIZED.get(Profession(event.profession)) if event.profession in Profession.values else None
    organisation = _coded("id", event.organisation_number or None, ORGANISATIONS, name=event.organisation_name)
    return {
        "identifier": _coded("id", event.user_id, OURS, name=event.user_name),
        "hpr_nr": _coded("id", event.hpr_number or None, HPR),
        "authorization": _coded(
            "code", authorized, AUTHORIZATIONS, text=str(Profession(event.profession).label) if authorized else ""
        ),
        "legal_entity": organisation,
        # The directory has no numbers of the places within an organisation.
        "point_of_care": organisation,
        "department": _coded("id", event.service_id, OURS, name=event.service_name),
    }


def _care_relation(event: AuditEvent) -> dict[str, Any]:
    kind = event.service_kind
    known = str(ServiceKind(kind).label) if kind in ServiceKind.values else ""
    decided = event.decision_ref or (f"case:{event.case_id}" if event.case_id else "")
    return {
        "healthcare_service": _coded("code", kind or None, OURS, text=known),
        "purpose_of_use": _coded("code", event.purpose_code or None, PURPOSES, text=event.purpose),
        "purpose_of_use_details": _coded("code", event.basis or None, OURS),
        "decision_ref": {
            "id": decided,
            "description": event.verb,
            "user_selected": event.purpose_code == BREAK_GLASS,
        }
        if decided
        else None,
    }


def _coded(key: str, value: object, system: str, **words: str) -> dict[str, Any] | None:
    """A code or an id with its system, and its words where there are any; None where there is neither."""
    said = {name: text for name, text in words.items() if text}
    if value is None and not said:
        return None
    return {key: None if value is None else str(value), "system": system, **said}
