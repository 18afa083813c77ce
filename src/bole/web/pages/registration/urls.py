"""Addresses of registration, under /<site>/."""

from django.urls import path

from bole.web.pages.registration import invitations, units

urlpatterns = [
    path("register/unit/", units.entry, name="register-unit"),
    path("register/unit/<slug:service>/", units.service, name="register-unit-service"),
    path("invitation/", invitations.take, name="invitation"),
    path("invitations/<uuid:invitation>/", invitations.answer, name="invited"),
]
