"""Addresses of the platform itself: front page, roles, people, kept texts, pages about the portal."""

from django.urls import path

from portal.views import acting, kept, memberships, pages, people, review

app_name = "portal"

urlpatterns = [
    path("", acting.home, name="home"),
    path("rolle/", acting.acting_as, name="acting_as"),
    path("brukere/", people.users, name="users"),
    path("brukere/ny/", people.invite_person, name="invite"),
    path("brukere/<uuid:user_id>/", people.user, name="user"),
    path("brukere/<uuid:user_id>/rett/", people.correct, name="user_correct"),
    path("brukere/<uuid:user_id>/nullstill/", people.reset, name="user_reset"),
    path("tilganger/venter/", memberships.waiting, name="memberships"),
    path("tilganger/<uuid:membership_id>/godkjenn/", memberships.approve_membership, name="membership_approve"),
    path("tilganger/<uuid:membership_id>/avslutt/", memberships.end_membership, name="membership_end"),
    path("tilganger/<uuid:membership_id>/flytt/", memberships.move_membership, name="membership_move"),
    path("tilganger/<uuid:membership_id>/send/", memberships.invite_again, name="membership_send"),
    path("tilganger/<uuid:membership_id>/gjennomgatt/", review.reviewed, name="membership_reviewed"),
    path("tilganger/", review.review, name="review"),
    path("tilganger/tjenester/", review.services, name="services"),
    path("tekster/", kept.texts, name="kept"),
    path("tekster/<uuid:text_id>/slett/", kept.discard_text, name="kept_discard"),
    path("om/", pages.about, name="about"),
    path("personvern/", pages.privacy, name="privacy"),
    path("tilgjengelighet/", pages.accessibility, name="accessibility"),
]
