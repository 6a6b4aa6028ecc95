"""How static files are collected and named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names every file by a hash of its content, compressed beside it, in what scripts import from each other too.

    Without that a module would be fetched twice, by its hashed name from a page and by its plain one from another
    module, and the two would not share their state.
    """

    support_js_module_import_aggregation = True
