"""Addresses of measures, words, documents, and of marking an entry as wrong."""

from django.urls import path

from cases.views import documents, errors, measures, reserve, voice

urlpatterns = [
    path("saker/<uuid:case_id>/tiltak/", measures.measures, name="measures"),
    path("saker/<uuid:case_id>/tiltak/nytt/", measures.measure_new, name="measure_new"),
    path("tiltak/<uuid:measure_id>/start/", measures.measure_start, name="measure_start"),
    path("tiltak/<uuid:measure_id>/evaluer/", measures.measure_evaluate, name="measure_evaluate"),
    path("tiltak/<uuid:measure_id>/stopp/", measures.measure_stop, name="measure_stop"),
    path("saker/<uuid:case_id>/barnets-stemme/", voice.voices, name="voices"),
    path("saker/<uuid:case_id>/barnets-stemme/ny/", voice.voice_new, name="voice_new"),
    path("saker/<uuid:case_id>/dokumenter/", documents.documents, name="documents"),
    path("saker/<uuid:case_id>/dokumenter/nytt/", documents.document_new, name="document_new"),
    path("dokumenter/<uuid:document_id>/", documents.document, name="document"),
    path("reserver/<slug:kind>/<uuid:entry_id>/", reserve.reserve_entry, name="reserve"),
    path("reservert/<uuid:reserved_id>/opphev/", reserve.reserve_lift, name="reserve_lift"),
    path("feilregistrer/<slug:kind>/<uuid:entry_id>/", errors.mark_as_error, name="mark_error"),
]
