"""What is done to a column itself, and the sentence of the owner's history for each. Pure data."""

from __future__ import annotations

from inbox.i18n import gettext_noop as _

#: The sentence of each verb of a column's events; whom or what it concerned (``ColumnEvent.about``) is
#: shown beside it.
COLUMN_VERBS: dict[str, str] = {
    "set_up": _("The column was set up."),
    "begin_chains": _("The checked history begins here."),
    "set_texts": _("Texts were changed."),
    "open_intake": _("The column takes letters again."),
    "pause_intake": _("The column takes no letters for a while."),
    "set_period": _("A retention period was changed."),
    "export": _("The column was exported."),
    "back_up": _("A backup was made."),
    "set_right": _("Letters and drafts that somebody had changed in the database were set right by their events."),
    "make_key": _("The key of a month was made."),
    "grant_keys": _("Keys were given."),
    "revoke_keys": _("Keys were taken away."),
    "new_recovery_key": _("A new recovery key was made."),
    "invite": _("Somebody was invited."),
    "accept_invitation": _("An invitation was accepted."),
    "decline_invitation": _("An invitation was declined."),
    "call_back_invitation": _("An invitation was called back."),
    "set_seats": _("Seats were changed."),
    "reset_second_factor": _("A second factor was removed."),
    "end_sessions": _("The sessions of somebody were ended."),
    "reset_password": _("The password of somebody was ended."),
    "practise": _("A practice day was begun."),
    "throw_away": _("A practice day was thrown away."),
    "add_topic": _("A topic was added."),
    "change_topic": _("A topic was changed."),
    "reorder_topic": _("The order of the topics was changed."),
    "remove_topic": _("A topic was removed."),
    "add_help_line": _("A help line was added."),
    "change_help_line": _("A help line was changed."),
    "reorder_help_line": _("The order of the help lines was changed."),
    "remove_help_line": _("A help line was removed."),
    "confirm_care_card": _("A care card was confirmed."),
    "change_care_card": _("A care card was changed, and waits for a second reader."),
    "accept_care_card": _("The change of a care card was confirmed by a second reader."),
    "drop_care_card": _("The change of a care card was dropped."),
    "add_template": _("A letter template was added."),
    "change_template": _("A letter template was changed."),
    "reorder_template": _("The order of the letter templates was changed."),
    "remove_template": _("A letter template was removed."),
}
