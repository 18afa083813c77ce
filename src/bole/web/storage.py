"""Static files with hashed names, script modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # ships no types


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # see above
    """Rewrites the imports between script modules too, so that all of them may be cached for ever."""

    support_js_module_import_aggregation = True
