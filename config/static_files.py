"""The storage of static files."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Adds a content hash to every file name, also in imports between JavaScript modules, and compresses the files.

    Without the hash in imports a module would be loaded twice, under two names, and the copies would not share state.
    """

    support_js_module_import_aggregation = True
