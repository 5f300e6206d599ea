"""Addresses of the demo login; included only where settings.DEMO is true."""

from django.urls import path

from portal.views import demo

app_name = "demo"

urlpatterns = [
    path("", demo.people, name="people"),
    path("<uuid:membership_id>/", demo.enter, name="enter"),
]
