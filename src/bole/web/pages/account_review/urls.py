"""Addresses of 「审核账户」, under /<site>/."""

from django.urls import path

from bole.web.pages.account_review import listing
from bole.web.pages.work import choosing, saved

urlpatterns = [
    path("account-review/", listing.page, name="account-review"),
    path("account-review/export/", listing.export, name="account-review-export"),
    path("account-review/choose/", choosing.choose_accounts, name="account-review-choose"),
    path("account-review/filters/", saved.account_filters, name="account-review-filters"),
]
