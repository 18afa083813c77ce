"""Static files with hashed names, script modules included."""

import re
from collections.abc import Callable

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # ships no types

OWN = "bole/"


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # see above
    """Rewrites the imports between script modules too, so that all of them may be cached for ever.

    Only in our own scripts: what other packages ship is served as it is, comments with the word import included.
    """

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """What an address inside a file becomes."""
        if name.endswith(".js") and not name.startswith(OWN):
            return lambda match: match[0]
        found: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, template)
        return found
