"""Addresses of the work list and the review page, under /<site>/."""

from django.urls import path

from bole.web.pages.work import (
    batch,
    choosing,
    claims,
    exports,
    matrix,
    phrases,
    printing,
    rerouting,
    review,
    saved,
    search,
    viewer,
    worklist,
)

CASE = "work/<str:number>/"

urlpatterns = [
    path("work/", worklist.work, name="review"),
    path("work/matrix/", matrix.matrix, name="matrix"),
    path("work/choose/", choosing.choose, name="review-choose"),
    path("work/filters/", saved.filters, name="review-filters"),
    path("work/export/", worklist.export, name="review-export"),
    path("unit/reroute/", rerouting.reroute, name="reroute"),
    path("work/print/", printing.print_chosen, name="review-print"),
    path("work/batch/", batch.batch, name="review-batch"),
    path("work/batch/next/", batch.go_on, name="review-batch-next"),
    path("work/exports/", exports.page, name="work-exports"),
    path("work/exports/<uuid:export>/stop/", exports.stop, name="work-export-stop"),
    path("work/exports/<uuid:export>/file/", exports.fetch, name="work-export-file"),
    path("work/search/", search.search, name="work-search"),
    path("work/search/export/", search.export, name="work-search-export"),
    path("work/phrases/", phrases.page, name="my-phrases"),
    path(CASE, review.page, name="review-case"),
    path(CASE + "claim/", claims.claim, name="review-claim"),
    path(CASE + "hand-over/", claims.hand_over, name="review-hand-over"),
    path(CASE + "unmask/", review.unmask, name="review-unmask"),
    path(CASE + "draft/", review.draft, name="review-draft"),
    path(CASE + "recall/", review.recall, name="review-recall"),
    path(CASE + "opening/", review.opening, name="review-opening"),
    path(CASE + "papers/<uuid:attachment>/", viewer.paper, name="review-paper"),
    path(CASE + "papers/<uuid:attachment>/mark/", viewer.mark, name="review-spot"),
    path(CASE + "phrases/", phrases.in_case, name="review-phrases"),
    path(CASE + "before/<slug:section>/", review.before, name="review-before"),
]
