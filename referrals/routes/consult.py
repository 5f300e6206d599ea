"""Addresses of the consultation before referral."""

from django.urls import URLPattern, path

from referrals.views import consult

urlpatterns: list[URLPattern] = [
    path("saker/<uuid:case_id>/drofting/ny/", consult.consult_new, name="consult_new"),
    path("saker/<uuid:case_id>/drofting/registrer/", consult.consult_record, name="consult_record"),
    path("saker/<uuid:case_id>/drofting/legg-ved/", consult.consult_place, name="consult_place"),
    path("droftinger/", consult.consultations, name="consultations"),
    path("droftinger/registrer/", consult.consult_register, name="consult_register"),
    path("droftinger/<uuid:consultation_id>/", consult.consultation, name="consultation"),
    path("droftinger/<uuid:consultation_id>/legg-ved/", consult.consult_attach, name="consult_attach"),
    path("droftinger/<uuid:consultation_id>/feil/", consult.consult_wrong, name="consult_wrong"),
]
