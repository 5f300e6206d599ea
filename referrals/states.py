"""Transition tables of the referral, the contribution and the consultation (docs/states.md is generated from them)."""

from django.utils.translation import gettext_lazy as _

from portal.states import Process
from referrals.models import Consultation, Contribution, Referral

R = Referral.State
REFERRAL = Process(
    name="referral",
    title=_("Henvisning"),
    labels=dict(R.choices),
    initial=R.DRAFT,
    moves={
        R.DRAFT: [R.COLLECTING, R.FOR_ASSESSMENT, R.SENT, R.WITHDRAWN],
        R.COLLECTING: [R.FOR_ASSESSMENT, R.SENT, R.WITHDRAWN],
        # Back to collecting: the referrer found that something is missing, or has lost the place in the case.
        R.FOR_ASSESSMENT: [R.COLLECTING, R.SENT, R.WITHDRAWN],
        R.SENT: [R.RECEIVED, R.WITHDRAWN],
        # To itself: redirected to another department, with the first date kept. Back: the receipt was feilregistrert.
        R.RECEIVED: [R.RECEIVED, R.SENT, R.DECIDED, R.WITHDRAWN],
        # Back: the decision was feilregistrert.
        R.DECIDED: [R.RECEIVED],
    },
)

C = Contribution.State
CONTRIBUTION = Process(
    name="contribution",
    title=_("Bidrag"),
    labels=dict(C.choices),
    initial=C.REQUESTED,
    moves={
        C.REQUESTED: [C.STARTED, C.SUBMITTED, C.DECLINED, C.CANCELLED],
        C.STARTED: [C.SUBMITTED, C.DECLINED, C.CANCELLED],
        # Reopened for one section by an information request, or by its writer before the referral is sent.
        C.SUBMITTED: [C.STARTED],
        # Asked once more, or the service thought again.
        C.DECLINED: [C.REQUESTED, C.STARTED],
    },
)

K = Consultation.State
CONSULTATION = Process(
    name="consultation",
    title=_("Drøfting før henvisning"),
    labels=dict(K.choices),
    initial=K.ASKED,
    moves={K.ASKED: [K.ANSWERED]},
)

# States in which the referral is still being made, and those in which the hospital has it.
BEING_MADE = (R.DRAFT, R.COLLECTING, R.FOR_ASSESSMENT)
WITH_HOSPITAL = (R.SENT, R.RECEIVED)
OPEN = (*BEING_MADE, *WITH_HOSPITAL)
