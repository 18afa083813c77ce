"""Addresses of the work list and the review page, under /<site>/."""

from django.urls import path

from bole.web.pages.work import review, worklist

CASE = "work/<str:number>/"

urlpatterns = [
    path("work/", worklist.work, name="review"),
    path("work/export/", worklist.export, name="review-export"),
    path(CASE, review.page, name="review-case"),
    path(CASE + "unmask/", review.unmask, name="review-unmask"),
    path(CASE + "phrases/", review.phrases, name="review-phrases"),
    path(CASE + "before/<slug:section>/", review.before, name="review-before"),
]
