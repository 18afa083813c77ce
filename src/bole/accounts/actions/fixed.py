"""The fixed captcha and one-time code of demonstrations (C56): off unless somebody configures them."""


class _Fixed:
    """What is drawn instead of chance; None is chance."""

    def __init__(self) -> None:
        self.captcha: str | None = None
        self.code: str | None = None


fixed = _Fixed()


def configure(*, fixed_captcha: str | None = None, fixed_code: str | None = None) -> None:
    """Make captcha and code predictable. Called by the demo's start-up alone, after it has refused everything
    but demo settings, a loopback address and a database marked as a demonstration."""
    fixed.captcha, fixed.code = fixed_captcha, fixed_code
