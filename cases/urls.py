"""Addresses of the case."""

from cases.routes import case, consent, content, inbox, people

app_name = "cases"
urlpatterns = [*inbox.urlpatterns, *case.urlpatterns, *people.urlpatterns, *consent.urlpatterns, *content.urlpatterns]
