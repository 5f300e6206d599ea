"""The URLconf of the demo, for tests that run in test mode."""

from django.urls import include, path

from portal import urls

urlpatterns = [*urls.urlpatterns, path("demo/", include("portal.demo_urls"))]
