"""Addresses of the case itself."""

from django.urls import URLPattern, path

from cases.views import (
    case,
    child,
    closing,
    emergency_access,
    holder,
    level,
    listing,
    opening,
    own,
    participants,
    waive,
)

urlpatterns: list[URLPattern] = [
    path("saker/", listing.case_list, name="list"),
    path("saker/ny/", opening.new, name="new"),
    path("saker/<uuid:case_id>/", case.overview, name="case"),
    path("saker/<uuid:case_id>/tidslinje/", case.timeline, name="timeline"),
    path("saker/<uuid:case_id>/barnet/", child.child, name="child"),
    path("saker/<uuid:case_id>/undring/", opening.concern_new, name="concern_new"),
    path("saker/<uuid:case_id>/plikter/", waive.obligations, name="obligations"),
    path("saker/<uuid:case_id>/plikter/<str:key>/", waive.waive, name="waive"),
    path("saker/<uuid:case_id>/niva/", level.level, name="level"),
    path("saker/<uuid:case_id>/niva/steg/", level.step, name="step"),
    path("saker/<uuid:case_id>/foresatte-informert/", level.inform, name="inform"),
    path("saker/<uuid:case_id>/foresatte-ikke-informert/", level.not_informed, name="not_informed"),
    path("saker/<uuid:case_id>/foresatte-informert/trekk/", level.informed_withdraw, name="informed_withdraw"),
    path("saker/<uuid:case_id>/stafettholder/", holder.holder, name="holder"),
    path("stafettholder/<uuid:holder_id>/", holder.holder_answer, name="holder_answer"),
    path("stafettholder/<uuid:holder_id>/trekk/", holder.holder_withdraw, name="holder_withdraw"),
    path("saker/<uuid:case_id>/deltakere/", participants.participants, name="participants"),
    path("saker/<uuid:case_id>/deltakere/ny/", participants.participant_new, name="participant_new"),
    path("deltakere/<uuid:participant_id>/endre/", participants.participant_edit, name="participant_edit"),
    path("deltakere/<uuid:participant_id>/avslutt/", participants.participant_end, name="participant_end"),
    path("nodtilgang/", emergency_access.emergency_access, name="emergency_access"),
    path("nodtilgang/<uuid:access_id>/", emergency_access.emergency_review, name="emergency_review"),
    path("nodtilgang/<uuid:access_id>/avslutt/", emergency_access.emergency_end, name="emergency_end"),
    path("saker/<uuid:case_id>/eget/", own.own, name="own"),
    path("saker/<uuid:case_id>/avslutt/", closing.close, name="close"),
    path("saker/<uuid:case_id>/gjenapne/", closing.reopen, name="reopen"),
    path("saker/<uuid:case_id>/sla-sammen/", closing.merge, name="merge"),
    path("saker/<uuid:case_id>/ikke-dublett/<uuid:other_id>/", closing.not_duplicate, name="not_duplicate"),
]
