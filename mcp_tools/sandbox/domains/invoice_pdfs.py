"""Small PDFs (ISO 32000-1, section 7.5): one page of lines in Helvetica."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mcp_tools.sandbox.http import Reply

_PAGE: Final = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
)


@dataclass(frozen=True, slots=True)
class Document(Reply):
    """A PDF as an answer."""

    pdf: bytes = b""

    def encoded(self) -> tuple[bytes, bytes]:
        return b"application/pdf", self.pdf


def pdf_of(lines: Sequence[str]) -> bytes:
    """A PDF that shows ``lines``, the first ones in full where there are more than fit on a page."""
    text = b" T* ".join(b"(" + _escaped(line) + b") Tj" for line in lines[:60])
    stream = b"BT /F1 11 Tf 12 TL 56 786 Td " + text + b" ET"
    objects = [*_PAGE, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)]
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return written + end % (size, table, size, len(written))


def _escaped(line: str) -> bytes:
    plain = line.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
