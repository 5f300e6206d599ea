"""Who may do what with a referral, a contribution, a consultation, and at intake. docs/access.md is the same by
hand."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.rights import COORDINATORS, LEADERS, ONLY_HOLDER, PROFESSIONALS, holds, in_case, with_holder
from guideline.editions import current_edition
from portal.context import Actor
from portal.models import Role
from portal.rights import define
from referrals.models import Referral
from referrals.roles import HOSPITAL, REFERRERS
from referrals.states import BEING_MADE


def contributes(actor: Actor, subject: Any) -> bool:
    """The acting service was asked for this contribution."""
    return bool(actor.service_id == subject.service_id)


def is_referrer(actor: Actor, subject: Any) -> bool:
    """The acting service is the one asked to assess and finalise, or takes part in the case."""
    referral = getattr(subject, "referral", subject)
    asked = referral.referrer is not None and referral.referrer.service_id == actor.service_id
    return asked or in_case(actor, referral)


def entitled_to_refer(actor: Actor, subject: Any) -> bool:
    """Entitled by role or profession as the edition says (guideline 6.1.2), and asked or taking part."""
    return may_refer(actor) and is_referrer(actor, subject)


def may_refer(actor: Actor) -> bool:
    """Entitled by role or profession as the edition says, whichever child it is."""
    if actor.user is None or actor.community is None:
        return False
    return current_edition(actor.community).may_refer(actor.role, actor.user.profession)


def entitled_in_case(actor: Actor, subject: Any) -> bool:
    """Entitled to refer, and taking part in the case now: having sent the referral once is not enough."""
    return entitled_to_refer(actor, subject) and in_case(actor, subject)


def receives(actor: Actor, subject: Any) -> bool:
    """The acting service has the referral now."""
    referral = getattr(subject, "referral", subject)
    return bool(actor.service_id == referral.receiver_id)


def was_consulted(actor: Actor, subject: Any) -> bool:
    """The acting service is the department asked."""
    return bool(actor.service_id == subject.department_id)


def was_asked(actor: Actor, subject: Any) -> bool:
    """The acting service is asked for more information."""
    return bool(actor.service_id == subject.asked_service_id)


def asks_or_answers(actor: Actor, subject: Any) -> bool:
    """Either side of a consultation: the department, the service that asked, or the holder's."""
    if actor.service_id in {subject.department_id, subject.asked_in_id}:
        return True
    return subject.case_id is not None and with_holder(actor, subject)


def near_consultation(actor: Actor, subject: Any) -> bool:
    """Either side of a consultation, or taking part in its case; what consent covers is judged when it is fetched."""
    return asks_or_answers(actor, subject) or (subject.case_id is not None and in_case(actor, subject))


def follows(actor: Actor, subject: Any) -> bool:
    """The acting service is in the case, refers, or wrote the GP's assessment. Consent decides how much it reads."""
    return is_referrer(actor, subject) or assessed(actor, subject)


def assessed(actor: Actor, subject: Any) -> bool:
    """The acting service completed the GP's assessment that goes with the referral."""
    standing = subject.gp_assessments.filter(error_at__isnull=True, completed_at__isnull=False)
    return bool(standing.filter(service_id=actor.service_id).exists())


def has_intake(actor: Actor, subject: Any) -> bool:
    """The acting service receives referrals."""
    return actor.service is not None and actor.service.receives_referrals


def consults(actor: Actor, subject: Any) -> bool:
    """Either side, by a role that discusses children: intake and clinicians there, coordinators and referrers here."""
    if not asks_or_answers(actor, subject):
        return False
    side = HOSPITAL if was_consulted(actor, subject) else COORDINATORS | REFERRERS
    return actor.role in side or (subject.case_id is not None and holds(actor, subject))


def asked_for_it(actor: Actor, subject: Any) -> bool:
    """The municipality's side of a consultation: the service that asked, or the holder's. Never the department."""
    if was_consulted(actor, subject):
        return False
    return actor.service_id == subject.asked_in_id or (subject.case_id is not None and with_holder(actor, subject))


def corrects_consultation(actor: Actor, subject: Any) -> bool:
    """The municipality's side of one that belongs to a case; the department's, of one it recorded without a case."""
    if was_consulted(actor, subject):
        return subject.case_id is None and actor.role in HOSPITAL
    if subject.case_id is not None and holds(actor, subject):
        return True
    return actor.role in COORDINATORS | REFERRERS and asked_for_it(actor, subject)


def refers_by_reason(actor: Actor, subject: Any) -> bool:
    """The subject is a referral being made, and the acting service has it while a reason stands for lacking consent."""
    if not isinstance(subject, Referral) or subject.state not in BEING_MADE or not subject.missing_consent_reason:
        return False
    return subject.referrer is not None and subject.referrer.service_id == actor.service_id


def judges_emergency(actor: Actor, subject: Any) -> bool:
    """A doctor or the emergency clinic (6.1.5), or whoever is to refer the child, in the case; of one referral also
    the one who has it by the reason for lacking consent, and could not send it without an answer."""
    if actor.role not in {Role.GP, Role.EMERGENCY_CLINIC} and not may_refer(actor):
        return False
    return in_case(actor, subject) or refers_by_reason(actor, subject)


def holds_or_refers(actor: Actor, subject: Any) -> bool:
    """The holder in person, or someone entitled to refer in this case, in a role that works with the child."""
    return holds(actor, subject) or (actor.role in PROFESSIONALS and entitled_to_refer(actor, subject))


def wrote_or_holder_side(actor: Actor, subject: Any) -> bool:
    """Registered in the acting service, or the actor can stand in for the holder."""
    return actor.service_id == subject.service_id or with_holder(actor, subject.referral)


def wrote_assessment(actor: Actor, subject: Any) -> bool:
    """The acting service wrote this assessment, and refers or takes part in the case. To write in it is to stand for
    it, and the outcome follows whoever does, so it is never taken over from another."""
    return actor.service_id == subject.service_id and is_referrer(actor, subject)


ONLY_RECEIVER = _("Bare inntaket i avdelingen som har henvisningen, kan gjøre dette.")
ONLY_CONTRIBUTOR = _("Bare tjenesten som er bedt om bidraget, kan gjøre dette.")
ONLY_REFERRER = _("Bare lege, psykolog eller barnevernsleder som deltar i saken, kan ferdigstille henvisningen.")

define("referral.start", roles=COORDINATORS | REFERRERS, position=in_case, in_person=holds, message=ONLY_HOLDER)
define("referral.edit", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("referral.ask", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("referral.nudge", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("referral.hand_over", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define("referral.withdraw", roles=COORDINATORS, position=with_holder, in_person=holds_or_refers, message=ONLY_HOLDER)
define(
    "referral.assess",
    roles={Role.GP, Role.EMERGENCY_CLINIC},
    position=is_referrer,
    message=_("Bare fastlegen eller legevakten kan skrive denne vurderingen."),
)
define(
    "referral.correct_assessment",
    roles={Role.GP, Role.EMERGENCY_CLINIC},
    position=wrote_assessment,
    message=_("Bare tjenesten som skrev vurderingen, kan rette den etter at henvisningen er sendt."),
)
define(
    "referral.register_assessment",
    roles=COORDINATORS | REFERRERS,
    position=is_referrer,
    in_person=holds,
    message=ONLY_HOLDER,
)
define(
    "referral.mark_assessment_wrong",
    roles=PROFESSIONALS,
    position=wrote_or_holder_side,
    message=_("Bare tjenesten som registrerte vurderingen, eller stafettholderens, kan markere den som feil."),
)
define(
    "referral.emergency",
    roles=PROFESSIONALS,
    position=judges_emergency,
    message=_(
        "Fastlegen, legevakten eller den som henviser, vurderer øyeblikkelig hjelp. Ring vakten hvis du er i tvil."
    ),
)
define("referral.finalise", roles=PROFESSIONALS, position=entitled_to_refer, message=ONLY_REFERRER)
define("referral.new_version", roles=PROFESSIONALS, position=entitled_in_case, message=ONLY_REFERRER)
define(
    "referral.read",
    roles=PROFESSIONALS | LEADERS,
    position=is_referrer,
    message=_("Rollen din gir ikke innsyn i henvisningen."),
)
define(
    "referral.outcome",
    roles=PROFESSIONALS | LEADERS,
    position=follows,
    message=_("Rollen din gir ikke innsyn i utfallet."),
)
define(
    "contribution.read",
    roles=PROFESSIONALS | LEADERS,
    position=contributes,
    message=_("Rollen din gir ikke innsyn i bidraget."),
)
define("contribution.write", roles=PROFESSIONALS, position=contributes, message=ONLY_CONTRIBUTOR)
define("contribution.decline", roles=PROFESSIONALS | LEADERS, position=contributes, message=ONLY_CONTRIBUTOR)
define("request.answer", roles=PROFESSIONALS, position=was_asked, message=_("Bare tjenesten som er spurt, kan svare."))
define("consultation.ask", roles=COORDINATORS | REFERRERS, position=in_case, in_person=holds, message=ONLY_HOLDER)
define(
    "consultation.answer", roles=HOSPITAL, position=was_consulted, message=_("Bare avdelingen som er spurt, kan svare.")
)
define(
    "consultation.read",
    roles=PROFESSIONALS | LEADERS | HOSPITAL,
    position=near_consultation,
    message=_("Rollen din gir ikke innsyn i drøftinger."),
)
define(
    "consultation.record",
    position=consults,
    message=_("Bare de som drøftet, kan registrere svaret."),
)
define(
    "consultation.mark_wrong",
    position=corrects_consultation,
    message=_(
        "Bare tjenesten som spurte, eller stafettholderens, kan markere drøftingen som feil. "
        "Avdelingen kan bare rette det den selv har registrert uten sak."
    ),
)
define(
    "consultation.register",
    roles=HOSPITAL,
    position=has_intake,
    message=_("Bare inntak og behandlere kan registrere drøftinger for avdelingen."),
)
define("consultation.attach", roles=COORDINATORS, position=with_holder, in_person=holds, message=ONLY_HOLDER)
define(
    "intake.list",
    roles=HOSPITAL | LEADERS,
    position=has_intake,
    message=_("Bare inntak og behandlere i avdelinger som tar imot henvisninger, ser listen."),
)
define("intake.read", roles=HOSPITAL | LEADERS, position=receives, message=ONLY_RECEIVER)
define("intake.receive", roles={Role.INTAKE}, position=receives, message=ONLY_RECEIVER)
define("intake.assign", roles={Role.INTAKE} | LEADERS, position=receives, message=ONLY_RECEIVER)
define("intake.ask", roles=HOSPITAL, position=receives, message=ONLY_RECEIVER)
define("intake.redirect", roles={Role.INTAKE}, position=receives, message=ONLY_RECEIVER)
define("intake.change_urgency", roles=HOSPITAL, position=receives, message=ONLY_RECEIVER)
define("intake.correct", roles=HOSPITAL, position=receives, message=ONLY_RECEIVER)
define("intake.decide", roles=HOSPITAL, position=receives, message=ONLY_RECEIVER)
define("intake.start_treatment", roles=HOSPITAL, position=receives, message=ONLY_RECEIVER)
