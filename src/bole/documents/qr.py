"""QR codes; the only file that imports segno."""

import io

import segno


def svg(text: str) -> str:
    """A QR code (level M, four quiet modules) as an SVG text that scales to any size."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=4, omitsize=True, dark="#000")
    return out.getvalue().decode()


def address(text: str) -> str:
    """The same as an address for an image on a page."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=4, omitsize=True, dark="#000"))
