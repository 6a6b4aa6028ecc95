"""The URLs of drafts: editing, writer approval, publishing."""

from django.urls import path

from inbox.desk.writing import correct, drafts, publish, writer_approval

_DRAFT = "<slug:column>/drafts/<uuid:draft>/"

urlpatterns = [
    path("<slug:column>/drafts/", drafts.drafts, name="drafts"),
    path("<slug:column>/drafts/start/", drafts.start, name="draft_start"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(_DRAFT + "preview/", drafts.preview, name="draft_preview"),
    path(_DRAFT + "versions/", drafts.versions, name="draft_versions"),
    path(_DRAFT + "versions/<int:number>/restore/", drafts.restore, name="draft_restore"),
    path(_DRAFT + "letters/", drafts.letters, name="draft_letters"),
    path(_DRAFT + "move/<slug:verb>/", drafts.move, name="draft_move"),
    path(_DRAFT + "writer-approval/", writer_approval.show, name="writer_approval"),
    path(_DRAFT + "publish/", publish.publish, name="publish"),
    path(_DRAFT + "correct/", correct.correct, name="correct"),
    path(_DRAFT + "date/", publish.reschedule, name="reschedule"),
    path(_DRAFT + "take-down/", publish.take_down, name="take_down"),
]
