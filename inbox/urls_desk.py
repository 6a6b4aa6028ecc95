"""The addresses of the desk. Everything of a column stands below its slug; ``access.py`` decides who gets in."""

from django.urls import path

from inbox.views import desk, drafts, keys, moves, owner, owner_keeping, owner_lists, proofs, publish, review, staff

app_name = "desk"
_LETTER = "<slug:column>/letters/<uuid:letter>/"
_DRAFT = "<slug:column>/drafts/<uuid:draft>/"

urlpatterns = [
    path("", desk.home, name="home"),
    path("unlock/", keys.unlock, name="unlock"),
    path("<slug:column>/inbox/", desk.inbox, name="inbox"),
    path("<slug:column>/inbox/<slug:view>/", desk.inbox, name="inbox_view"),
    path(_LETTER, desk.letter, name="letter"),
    path(_LETTER + "move/<slug:verb>/", moves.move, name="move"),
    path(_LETTER + "decline/", moves.decline, name="decline"),
    path(_LETTER + "reply/", moves.reply, name="reply"),
    path(_LETTER + "ask/", moves.ask, name="ask"),
    path(_LETTER + "note/", moves.note, name="note"),
    path("<slug:column>/drafts/", drafts.drafts, name="drafts"),
    path("<slug:column>/drafts/start/", drafts.start, name="draft_start"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(_DRAFT + "preview/", drafts.preview, name="draft_preview"),
    path(_DRAFT + "versions/", drafts.versions, name="draft_versions"),
    path(_DRAFT + "versions/<int:number>/restore/", drafts.restore, name="draft_restore"),
    path(_DRAFT + "letters/", drafts.letters, name="draft_letters"),
    path(_DRAFT + "move/<slug:verb>/", drafts.move, name="draft_move"),
    path(_DRAFT + "proof/", proofs.proof, name="proof"),
    path(_DRAFT + "publish/", publish.publish, name="publish"),
    path(_DRAFT + "take-down/", publish.take_down, name="take_down"),
    path("<slug:column>/owner/", owner.overview, name="owner"),
    path("<slug:column>/owner/texts/", owner.texts, name="owner_texts"),
    path("<slug:column>/owner/topics/", owner_lists.topics, name="owner_topics"),
    path("<slug:column>/owner/help-lines/", owner_lists.help_lines, name="owner_help_lines"),
    path("<slug:column>/owner/templates/", owner_lists.templates, name="owner_templates"),
    path("<slug:column>/owner/intake/", owner.intake, name="owner_intake"),
    path("<slug:column>/owner/retention/", owner_keeping.retention, name="owner_retention"),
    path("<slug:column>/owner/export/", owner_keeping.export, name="owner_export"),
    path("<slug:column>/owner/health/", owner.health_page, name="owner_health"),
    path("<slug:column>/staff/", staff.staff, name="staff"),
    path("<slug:column>/staff/invite/", staff.invite, name="staff_invite"),
    path("<slug:column>/staff/recover/", staff.recover, name="staff_recover"),
    path("<slug:column>/staff/reseal/", staff.reseal, name="staff_reseal"),
    path("<slug:column>/staff/<int:user>/seats/", staff.seats, name="staff_seats"),
    path("<slug:column>/staff/<int:user>/keys/", staff.give_keys, name="staff_keys"),
    path("<slug:column>/reviews/", review.reviews, name="reviews"),
    path("<slug:column>/reviews/<uuid:draft>/", review.review, name="review"),
    path("<slug:column>/reviews/<uuid:draft>/text/", review.text, name="review_text"),
]
