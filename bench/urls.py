"""The addresses of Bole, and before them those of the bare pages."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/basic/<str:number>/", bare.basic),
    path("bare/scans/<str:number>/", bare.scans),
    path("bare/work/", bare.work),
    path("bare/tree/", bare.tree),
    path("", include("bole.project.urls")),
]
