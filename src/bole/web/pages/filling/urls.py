"""Addresses of the filling pages, under /<site>/."""

from django.urls import path

from bole.web.pages.filling import evidence, records, sections, sending

CASE = "cases/<str:number>/"
SECTION = CASE + "sections/<slug:code>/"
FILE = CASE + "attachments/<uuid:attachment>/"

urlpatterns = [
    path("services/<slug:service>/", sending.start, name="start"),
    path(CASE, sending.case, name="case"),
    path(CASE + "preview/", sending.preview, name="preview"),
    path(CASE + "submit/", sending.submit, name="submit"),
    path(CASE + "submitted/", sending.submitted, name="submitted"),
    path(CASE + "withdraw/", sending.withdraw, name="withdraw"),
    path(CASE + "cancel/", sending.cancel, name="cancel"),
    path(CASE + "print/", sending.print_, name="print"),
    path(SECTION, sections.section, name="section"),
    path(SECTION + "autosave/", sections.autosave, name="section-autosave"),
    path(SECTION + "conflict/", sections.conflict, name="conflict"),
    path(SECTION + "none/", sections.none, name="section-none"),
    path(SECTION + "records/new/", records.record, name="record-new"),
    path(SECTION + "records/<slug:record>/", records.record, name="record"),
    path(SECTION + "records/<slug:record>/autosave/", records.autosave, name="record-autosave"),
    path(SECTION + "records/<slug:record>/drop/", records.drop, name="record-drop"),
    path(SECTION + "records/<slug:record>/remove/", records.remove, name="record-remove"),
    path(CASE + "evidence/", evidence.evidence, name="evidence"),
    path(CASE + "evidence/order/", evidence.order, name="attachment-order"),
    path(CASE + "evidence/<slug:section>/<str:record>/add/", evidence.attach, name="attach"),
    path(CASE + "evidence/<slug:section>/<str:record>/explain/", evidence.explain, name="explain"),
    path(CASE + "evidence/<slug:section>/<str:record>/gap/", evidence.gap, name="gap"),
    path(FILE, evidence.attachment, name="attachment"),
    path(FILE + "change/", evidence.change, name="attachment-change"),
    path(FILE + "act/", evidence.act, name="attachment-act"),
    path(FILE + "thumb/", evidence.page_image, name="attachment-thumb"),
    path(FILE + "pages/<int:leaf>/", evidence.page_image, name="attachment-page"),
]
