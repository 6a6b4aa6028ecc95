"""The URLs of a column's owner: its texts, lists, retention periods, export and staff."""

from django.urls import path

from inbox.desk.owner import care, column, export, lists, opening, reassign, retention, staff

urlpatterns = [
    path("<slug:column>/owner/", column.overview, name="owner"),
    path("<slug:column>/owner/opening/", opening.opening, name="owner_opening"),
    path("<slug:column>/owner/texts/", column.texts, name="owner_texts"),
    path("<slug:column>/owner/texts/preview/", column.texts_preview, name="owner_texts_preview"),
    path("<slug:column>/owner/topics/", lists.topics, name="owner_topics"),
    path("<slug:column>/owner/help-lines/", lists.help_lines, name="owner_help_lines"),
    path("<slug:column>/owner/help-lines/national/", opening.known_lines, name="owner_known_lines"),
    path("<slug:column>/owner/care/", care.care_cards_page, name="owner_care"),
    path("<slug:column>/owner/templates/", lists.templates, name="owner_templates"),
    path("<slug:column>/owner/intake/", column.intake, name="owner_intake"),
    path("<slug:column>/owner/retention/", retention.retention, name="owner_retention"),
    path("<slug:column>/owner/export/", export.export, name="owner_export"),
    path("<slug:column>/owner/health/", column.health_page, name="owner_health"),
    path("<slug:column>/staff/", staff.staff, name="staff"),
    path("<slug:column>/staff/invite/", staff.invite, name="staff_invite"),
    path("<slug:column>/staff/invitations/<uuid:invitation>/", staff.call_back, name="staff_call_back"),
    path("<slug:column>/staff/recover/", staff.recover, name="staff_recover"),
    path("<slug:column>/staff/reseal/", staff.reseal, name="staff_reseal"),
    path("<slug:column>/staff/<int:user>/seats/", staff.seats, name="staff_seats"),
    path("<slug:column>/staff/<int:user>/second-factor/", staff.second_factor, name="staff_second_factor"),
    path("<slug:column>/staff/<int:user>/sessions/", staff.sessions, name="staff_sessions"),
    path("<slug:column>/staff/<int:user>/password/", staff.password, name="staff_password"),
    path("<slug:column>/staff/<int:user>/keys/", staff.give_keys, name="staff_keys"),
    path("<slug:column>/staff/<int:user>/reassign/", reassign.reassign, name="reassign"),
    path("<slug:column>/reassign/<uuid:act>/undo/", reassign.reassign_undo, name="reassign_undo"),
]
