"""Addresses of the secretariat's room, below /nettverk/."""

from django.urls import path

from network import views

app_name = "network"

urlpatterns = [path("droftinger/", views.consultations, name="consultations")]
