"""Backups, as two files that are stored apart, and their restore.

The *site* file holds every table but the keystore (and sessions, and open invitations); it opens no words, so it may
be kept for long. The *keys* file holds the keystore; it is deleted after ``KEYS_KEPT``. So a letter that is erased
today cannot be opened from any site file once the older keys files are deleted, within a week. A restore takes any site
file and the newest keys file: letters erased in between stay erased.

So that an older site file fits the newest keystore, the keys file also has state that a restore must not undo
(``standing``): keys, seats and second factors of people, index and consent of each letter, bundles (as sealed bytes),
which articles are published, and the hash of each article's text. It has no words, and all of this is in a site file of
the same moment too.

``dump_file`` is the form of a file, ``contents`` what the files hold, ``earlier`` what is done with files of an earlier
schema.
"""

from inbox.operations.backups.contents import dumped_models
from inbox.operations.backups.dump_file import CannotRestore, NoSecret
from inbox.operations.backups.folder import keys_dumps, site_dumps
from inbox.operations.backups.restoring import Restored, restore
from inbox.operations.backups.writing import Dumped, backup

__all__ = [
    "CannotRestore",
    "Dumped",
    "NoSecret",
    "Restored",
    "backup",
    "dumped_models",
    "keys_dumps",
    "restore",
    "site_dumps",
]
