"""Addresses of the catalogue of titles, under /<site>/."""

from django.urls import path

from bole.web.pages.titles import committees, lines, listing, moving

urlpatterns = [
    path("titles/", listing.index, name="titles"),
    path("titles/new/", lines.new, name="title-new"),
    path("titles/import/", moving.take, name="titles-import"),
    path("titles/import/template/", moving.template, name="titles-template"),
    path("titles/export/", moving.export, name="titles-export"),
    path("titles/committees/new/", committees.new, name="committee-new"),
    path("titles/committees/<uuid:committee>/", committees.edit, name="committee"),
    path("titles/committees/<uuid:committee>/retire/", committees.retire, name="committee-retire"),
    path("titles/<uuid:line>/", lines.edit, name="title"),
    path("titles/<uuid:line>/retire/", lines.retire, name="title-retire"),
]
