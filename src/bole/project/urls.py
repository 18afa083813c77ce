"""Addresses of the installation."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("bole.web.urls"))]

handler400 = "bole.web.pages.errors.bad_request"
handler403 = "bole.web.pages.errors.forbidden"
handler404 = "bole.web.pages.errors.not_found"
handler500 = "bole.web.pages.errors.failure"
