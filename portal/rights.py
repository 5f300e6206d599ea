"""Rights: one table of verbs, who may do each, and from what position. docs/access.md says the same by hand; a test
compares.

A right asks two things: the role of the membership the person acts as, and the position towards the subject (holds the
case, takes part in it, writes the contribution, receives the referral). Fetching has already turned strangers away.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from portal.access import Denied, Refusal
from portal.context import Actor

Position = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class Right:
    """One verb: roles (empty: any role), position, and the sentence a person without the right reads."""

    verb: str
    roles: frozenset[str]
    position: Position
    message: Any
    # Who, other than by role, may: for instance the holder in person, whatever their role is.
    in_person: Position | None = None


_RIGHTS: dict[str, Right] = {}


def anywhere(actor: Actor, subject: Any) -> bool:
    """The position of everyone: the role alone decides."""
    return True


def define(
    verb: str,
    *,
    roles: Set[str] = frozenset(),
    position: Position = anywhere,
    message: Any,
    in_person: Position | None = None,
) -> None:
    """Adds a right to the table; each verb once."""
    if verb in _RIGHTS:
        raise ValueError(f"Rettigheten {verb} er definert to ganger.")
    _RIGHTS[verb] = Right(verb, frozenset(roles), position, message, in_person)


def table() -> dict[str, Right]:
    """All rights by verb."""
    return dict(_RIGHTS)


def can(actor: Actor, verb: str, subject: Any = None) -> bool:
    """Whether the actor may; for templates. The system itself may what its jobs do."""
    if actor.user is None:
        return bool(actor.system)
    if actor.membership is None:
        return False
    right = _RIGHTS[verb]
    if right.in_person is not None and right.in_person(actor, subject):
        return True
    return (not right.roles or actor.role in right.roles) and right.position(actor, subject)


def check(actor: Actor, verb: str, subject: Any = None) -> None:
    """Raises ``Denied`` with a sentence for the person unless ``can``; every action starts here."""
    if not can(actor, verb, subject):
        # A viewer stands for the case it looks at.
        subject = subject if hasattr(subject, "_meta") else getattr(subject, "case", None)
        case_id = getattr(subject, "case_id", None)
        raise Denied(
            str(_RIGHTS[verb].message),
            Refusal(
                verb=verb,
                subject_type=subject._meta.label_lower if subject is not None else "",
                subject_id=getattr(subject, "pk", None),
                case_id=case_id or (subject.pk if getattr(subject, "reference", None) else None),
            ),
        )
