"""Which rows of referrals and consultations the database shows a request (the words are those of ``cases.policies``).

The referral itself is seen by all who have a place in its case, since a contributor's page tells what is asked and of
whom it is asked; what is written in it, by the case's own people, the referrer and the receiving department.
"""

from cases.models import Scope
from cases.policies import part_of, placed
from portal.policies import Rows, both, either, mine, protect

INSIDE = (Scope.CASE, Scope.REFERRAL)


def of_referral(table: str, *scopes: str) -> str:
    """The acting service has a place, of one of the scopes, in the case of the referral that the row belongs to."""
    return (
        f"EXISTS (SELECT FROM referrals_referral r WHERE r.id = {table}.referral_id AND {placed('r.case_id', *scopes)})"
    )


ASKED = both(
    mine("referrals_consultation.department_id"),
    either(
        "referrals_consultation.nameless",
        "referrals_consultation.case_id IS NULL",
        placed("referrals_consultation.case_id", Scope.CONSULTATION),
    ),
)
WITHOUT_CASE = both("referrals_consultation.case_id IS NULL", mine("referrals_consultation.asked_in_id"))

protect(
    Rows("referrals_referral", placed("referrals_referral.case_id"), placed("referrals_referral.case_id", *INSIDE)),
    Rows("referrals_snapshot", of_referral("referrals_snapshot", *INSIDE)),
    Rows("referrals_rendereddocument", part_of("referrals_rendereddocument", "snapshot_id", "referrals_snapshot")),
    # A department that sent the referral on keeps the sight of its own stay.
    Rows(
        "referrals_receipt",
        either(of_referral("referrals_receipt", *INSIDE), mine("referrals_receipt.service_id")),
        of_referral("referrals_receipt", *INSIDE),
    ),
    *(
        Rows(table, of_referral(table, *INSIDE))
        for table in (
            "referrals_intakedecision",
            "referrals_urgencychange",
            "referrals_treatmentstart",
            "referrals_gpassessment",
        )
    ),
    Rows(
        "referrals_emergencyassessment",
        either(
            placed("referrals_emergencyassessment.case_id", *INSIDE),
            mine("referrals_emergencyassessment.service_id"),
        ),
        placed("referrals_emergencyassessment.case_id", *INSIDE),
    ),
    Rows(
        "referrals_consultation",
        either(placed("referrals_consultation.case_id", Scope.CASE), ASKED, WITHOUT_CASE),
    ),
    Rows(
        "referrals_contribution",
        either(
            of_referral("referrals_contribution", *INSIDE),
            both(mine("referrals_contribution.service_id"), of_referral("referrals_contribution")),
        ),
    ),
    Rows(
        "referrals_contributionsection",
        part_of("referrals_contributionsection", "contribution_id", "referrals_contribution"),
    ),
    Rows(
        "referrals_attachment",
        either(
            of_referral("referrals_attachment", *INSIDE),
            part_of("referrals_attachment", "contribution_id", "referrals_contribution"),
        ),
    ),
    Rows(
        "referrals_informationrequest",
        either(
            of_referral("referrals_informationrequest", *INSIDE),
            both(
                mine("referrals_informationrequest.asked_service_id"),
                of_referral("referrals_informationrequest"),
            ),
        ),
    ),
)
