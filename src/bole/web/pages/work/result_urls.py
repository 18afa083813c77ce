"""Addresses of 「待送审」 and 「评审结果」, under /<site>/; they stand before those of single cases."""

from django.urls import path

from bole.web.pages.work import awarding, dispatching, ending, proclaiming, publicizing, results

urlpatterns = [
    path("work/dispatch/papers/", dispatching.upload, name="dispatch-upload"),
    path("work/dispatch/papers/remove/", dispatching.remove, name="dispatch-remove"),
    path("work/dispatch/publicity/", publicizing.publicity, name="dispatch-publicity"),
    path("work/dispatch/", dispatching.send, name="dispatch-send"),
    path("work/<str:number>/dispatch-papers/<uuid:paper>/", dispatching.paper, name="dispatch-paper"),
    path("work/results/", results.results, name="results"),
    path("work/results/export/", results.export, name="results-export"),
    path("work/results/template/", awarding.template, name="results-template"),
    path("work/results/import/", awarding.import_, name="results-import"),
    path("work/results/publish/", awarding.publish, name="results-publish"),
    path("work/results/announce/", proclaiming.announce, name="results-announce"),
    path("work/results/<str:number>/", awarding.result, name="result"),
    path("work/results/<str:number>/end/", ending.end, name="result-end"),
    path("work/results/<str:number>/restore/", ending.restore, name="result-restore"),
]
