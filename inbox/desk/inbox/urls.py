"""The URLs of the inbox: Today, lists of letters, one letter, and decisions about it."""

from django.urls import path

from inbox.desk.inbox import (
    bundles,
    decide,
    decline_many,
    letter,
    limit_and_practice,
    presence,
    queue,
    saved_views,
    search,
    today,
)

_LETTER = "<slug:column>/letters/<uuid:letter>/"

urlpatterns = [
    path("", today.home, name="home"),
    path("<slug:column>/practice/", limit_and_practice.practise, name="practice"),
    path("<slug:column>/inbox/", queue.inbox, name="inbox"),
    path("<slug:column>/inbox/<slug:view>/", queue.inbox, name="inbox_view"),
    path("<slug:column>/start/", queue.start, name="start"),
    path("<slug:column>/news/", queue.news, name="news"),
    path("<slug:column>/pulse/", presence.pulse, name="pulse"),
    path("<slug:column>/panels/", saved_views.panels, name="panels"),
    path("<slug:column>/search/", search.search, name="search"),
    path("<slug:column>/did/", saved_views.did, name="did"),
    path("<slug:column>/decline/", decline_many.decline_many, name="decline_many"),
    path("<slug:column>/decline/undo/<uuid:batch>/", decline_many.undo_many, name="undo_many"),
    path("<slug:column>/views/save/", saved_views.save_view, name="view_save"),
    path("<slug:column>/views/<uuid:saved>/drop/", saved_views.drop_view, name="view_drop"),
    path(_LETTER, letter.letter, name="letter"),
    path(_LETTER + "move/<slug:verb>/", decide.move, name="move"),
    path(_LETTER + "mark/", decide.mark, name="mark"),
    path(_LETTER + "not-so/", decide.not_so, name="not_so"),
    path(_LETTER + "opened/", letter.opened_now, name="opened"),
    path(_LETTER + "alike/", letter.alike, name="alike"),
    path(_LETTER + "claim/", presence.claim, name="claim"),
    path(_LETTER + "look/", decide.look, name="look"),
    path(_LETTER + "undo/<uuid:event>/", decide.undo, name="undo"),
    path(_LETTER + "point/", decide.point, name="point"),
    path(_LETTER + "decline/", decide.decline, name="decline"),
    path(_LETTER + "reply/", decide.reply, name="reply"),
    path(_LETTER + "ask/", decide.ask, name="ask"),
    path(_LETTER + "note/", decide.note, name="note"),
    path(_LETTER + "together/", bundles.together, name="together"),
    path(_LETTER + "bundle/out/", bundles.out, name="bundle_out"),
    path(_LETTER + "bundle/lead/", bundles.lead, name="bundle_lead"),
    path(_LETTER + "limit/", limit_and_practice.limit, name="limit"),
]
