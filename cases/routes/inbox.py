"""Addresses of the inbox, the notifications, the log and unusual access."""

from django.urls import path

from cases.views import inbox, log, unusual

urlpatterns = [
    path("innboks/", inbox.inbox, name="inbox"),
    path("innboks/bjelle/", inbox.bell, name="bell"),
    path("innboks/oppgave/<uuid:task_id>/", inbox.reassign, name="task_reassign"),
    path("varsler/", inbox.notifications, name="notifications"),
    path("varsler/<uuid:notification_id>/", inbox.notification, name="notification"),
    path("oppslag/", unusual.unusual, name="unusual"),
    path("saker/<uuid:case_id>/kjennskap/", unusual.acquaintances, name="acquaintances"),
    path("kjennskap/<uuid:acquaintance_id>/ta-bort/", unusual.acquaintance_end, name="acquaintance_end"),
    path("saker/<uuid:case_id>/logg/", log.case_log, name="log"),
    path("saker/<uuid:case_id>/logg/csv/", log.log_csv, name="log_csv"),
    path("saker/<uuid:case_id>/logg/pdf/", log.log_pdf, name="log_pdf"),
]
