"""Addresses of the guideline, below /retningslinje/."""

from django.urls import path

from guideline import views

app_name = "guideline"

urlpatterns = [
    path("", views.page, name="page"),
    path("plikt/<str:key>/", views.obligation, name="obligation"),
]
