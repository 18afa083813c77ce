"""The addresses of Bole, and before them those of the bare pages."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/basic/<str:number>/", bare.basic),
    path("bare/work/", bare.work),
    path("", include("bole.project.urls")),
]
