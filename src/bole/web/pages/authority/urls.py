"""Addresses of 「采集授权」, under /<site>/."""

from django.urls import path

from bole.web.pages.authority import authorization

urlpatterns = [
    path("authority/", authorization.authorization, name="authorization"),
    path("authority/enable/", authorization.enable, name="authorization-enable"),
    path("authority/choose/", authorization.choose, name="authorization-choose"),
    path("authority/units/<uuid:unit>/", authorization.appointment, name="appointment"),
    path("authority/units/<uuid:unit>/<uuid:appointment>/end/", authorization.end, name="appointment-end"),
]
