"""Addresses of the unit's pages, under /<site>/."""

from django.urls import path

from bole.web.pages.unit import affairs, attesting, home, opening, profile

ATTEST = "cases/<str:number>/attest/"

urlpatterns = [
    path("unit/", home.home, name="unit-collection"),
    path("unit/export/", home.export, name="unit-export"),
    path("unit/profile/", profile.profile, name="unit-profile"),
    path("unit/profile/superiors/", profile.superiors, name="unit-superiors"),
    path("unit/profile/route/", profile.route, name="unit-route"),
    path("unit/new/", opening.new, name="unit-new"),
    path("unit/start/", affairs.affairs, name="unit-affairs"),
    path("unit/start/<slug:service>/", affairs.start, name="unit-start"),
    path(ATTEST, attesting.attest, name="attest"),
    path(ATTEST + "ask/", attesting.ask, name="attest-ask"),
    path(ATTEST + "code/", attesting.send_code, name="attest-send-code"),
    path(ATTEST + "code/check/", attesting.check_code, name="attest-check-code"),
    path(ATTEST + "paper/", attesting.paper, name="attest-paper"),
]
