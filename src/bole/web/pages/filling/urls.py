"""Addresses of the filling pages, under /<site>/."""

from django.urls import path

from bole.web.pages.filling import (
    choices,
    evidence,
    files,
    lookups,
    opening,
    printing,
    records,
    sections,
    sending,
    starting,
)

CASE = "cases/<str:number>/"
SECTION = CASE + "sections/<slug:code>/"
FILE = CASE + "attachments/<uuid:attachment>/"

urlpatterns = [
    path("services/<slug:service>/", starting.start, name="start"),
    path("lookups/<slug:lookup>/", lookups.lookup, name="lookup"),
    path(CASE, sending.case, name="case"),
    path(CASE + "preview/", sending.preview, name="preview"),
    path(CASE + "submit/", sending.submit, name="submit"),
    path(CASE + "submitted/", sending.submitted, name="submitted"),
    path(CASE + "withdraw/", sending.withdraw, name="withdraw"),
    path(CASE + "cancel/", sending.cancel, name="cancel"),
    path(CASE + "opening/", opening.opening, name="opening"),
    path(CASE + "print/", printing.print_, name="print"),
    path(CASE + "print/pages/", printing.pages, name="print-pages"),
    path(CASE + "print/pages/<int:leaf>/", printing.page_image, name="print-page"),
    path(SECTION, sections.section, name="section"),
    path(SECTION + "autosave/", sections.autosave, name="section-autosave"),
    path(SECTION + "conflict/", sections.conflict, name="conflict"),
    path(SECTION + "choices/<slug:field>/", choices.choices, name="section-choices"),
    path(SECTION + "none/", sections.none, name="section-none"),
    path(SECTION + "records/new/", records.record, name="record-new"),
    path(SECTION + "records/<slug:record>/", records.record, name="record"),
    path(SECTION + "records/<slug:record>/autosave/", records.autosave, name="record-autosave"),
    path(SECTION + "records/<slug:record>/drop/", records.drop, name="record-drop"),
    path(SECTION + "records/<slug:record>/remove/", records.remove, name="record-remove"),
    path(CASE + "evidence/", evidence.evidence, name="evidence"),
    path(CASE + "evidence/order/", files.order, name="attachment-order"),
    path(CASE + "evidence/<slug:section>/<str:spot>/", evidence.place, name="evidence-place"),
    path(CASE + "evidence/<slug:section>/<str:spot>/add/", evidence.attach, name="attach"),
    path(CASE + "evidence/<slug:section>/<str:spot>/explain/", evidence.explain, name="explain"),
    path(CASE + "evidence/<slug:section>/<str:spot>/gap/", evidence.gap, name="gap"),
    path(FILE, files.attachment, name="attachment"),
    path(FILE + "change/", files.change, name="attachment-change"),
    path(FILE + "act/", files.act, name="attachment-act"),
    path(FILE + "thumb/", files.page_image, name="attachment-thumb"),
    path(FILE + "leaves/", files.leaves, name="attachment-leaves"),
    path(FILE + "marks/", files.marks, name="attachment-spots"),
    path(FILE + "pages/<int:leaf>/", files.page_image, name="attachment-page"),
]
