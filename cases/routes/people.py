"""Addresses of guardians and of who decides."""

from django.urls import path

from cases.views import guardians

urlpatterns = [
    path("saker/<uuid:case_id>/foresatte/ny/", guardians.guardian_new, name="guardian_new"),
    path("saker/<uuid:case_id>/foresatte/<uuid:guardian_id>/", guardians.guardian_edit, name="guardian_edit"),
    path("saker/<uuid:case_id>/hvem-bestemmer/", guardians.capacity, name="capacity"),
]
