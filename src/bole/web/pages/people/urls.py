"""Addresses of a unit's people, under /<site>/."""

from django.urls import path

from bole.web.pages.people import applicants, inviting, transfers

urlpatterns = [
    path("people/", applicants.applicants, name="applicants"),
    path("people/new/", inviting.new, name="applicant-new"),
    path("people/<uuid:person>/", applicants.applicant, name="applicant"),
    path("people/<uuid:person>/reset/", applicants.reset, name="applicant-reset"),
    path("people/<uuid:person>/remove/", applicants.remove, name="applicant-remove"),
    path("people/invitations/<uuid:invitation>/", inviting.change, name="applicant-change"),
    path("people/invitations/<uuid:invitation>/renew/", inviting.renew, name="applicant-renew"),
    path("people/invitations/<uuid:invitation>/withdraw/", inviting.withdraw, name="applicant-withdraw"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new/", transfers.new, name="transfer-new"),
]
