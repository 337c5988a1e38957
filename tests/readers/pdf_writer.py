"""Writes small PDFs for tests: text in places and styles, rules, pages."""

from __future__ import annotations

from dataclasses import dataclass, field

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "slanted": "Helvetica-Oblique"}
BODY, LEADING, LEFT, HANGING = 12.0, 14.5, 71.0, 99.0


@dataclass
class Page:
    """One page under the hand: what is put goes from the top downwards."""

    y: float = 760.0
    commands: list[str] = field(default_factory=list)

    def put(self, text: str, x: float = LEFT, style: str = "plain", size: float = BODY) -> Page:
        """One line at the present height."""
        shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(")
        shown = shown.replace(b")", b"\\)")
        self.commands.append(
            f"BT /{style} {size} Tf 1 0 0 1 {x} {self.y} Tm ({shown.decode('cp1252')}) Tj ET"
        )
        return self

    def line(self, text: str, x: float = LEFT, style: str = "plain", size: float = BODY) -> Page:
        """One line, and down to the next."""
        self.put(text, x, style, size)
        return self.down(LEADING * size / BODY)

    def paragraph(self, *lines: str, x: float = LEFT, size: float = BODY) -> Page:
        """Lines, and a paragraph's space."""
        for text in lines:
            self.line(text, x, size=size)
        return self.down(12)

    def item(self, mark: str, *lines: str, x: float = LEFT, text_x: float = HANGING) -> Page:
        """A numbered paragraph or bullet with a hanging indent."""
        self.put(mark, x)
        return self.paragraph(*lines, x=text_x)

    def heading(self, *lines: str, style: str = "bold", size: float = 14.0) -> Page:
        """A heading of one or more lines."""
        for text in lines:
            self.line(text, style=style, size=size)
        return self.down(10)

    def foot(self, text: str, y: float = 30.0, size: float = 20.0) -> Page:
        """A line in the footer, written first as word processors do."""
        kept, self.y = self.y, y
        self.put(text, 510, size=size)
        self.commands.insert(0, self.commands.pop())
        self.y = kept
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        """A thin filled box, as word processors draw borders."""
        width, height = max(x1 - x0, 0.5), max(y1 - y0, 0.5)
        self.commands.append(f"{x0} {y0} {width} {height} re f")
        return self

    def down(self, points: float) -> Page:
        """Lower down the page."""
        self.y -= points
        return self


def table(page: Page, rows: list[list[list[str]]], edges: list[float]) -> Page:
    """A ruled table: rows of cells of printed lines, between vertical edges."""
    top = page.y + 14
    for row in rows:
        height = LEADING * max(len(cell) for cell in row) + 8
        start = page.y
        for cell, x in zip(row, edges, strict=False):
            page.y = start
            for text in cell:
                page.line(text, x + 5)
        page.y = start - height
        for x in edges:
            page.rule(x, top - height, x + 0.5, top)
        page.rule(edges[0], top, edges[-1], top + 0.5)
        page.rule(edges[0], top - height, edges[-1], top - height + 0.5)
        top -= height
    return page.down(12)


def write(*pages: Page, trailer: str = "") -> bytes:
    """The bytes of a PDF of these pages."""
    fonts = len(FONTS)
    first = 3 + fonts
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    resources = " ".join(f"/{name} {3 + place} 0 R" for place, name in enumerate(FONTS))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    objects += [
        f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>".encode()
        for font in FONTS.values()
    ]
    for number, page in enumerate(pages):
        stream = "\n".join(page.commands).encode("cp1252")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {first + 2 * number + 1} 0 R"
            f"/Resources<</Font<<{resources}>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    return assemble(objects, trailer)


def assemble(objects: list[bytes], trailer: str = "") -> bytes:
    """Numbered objects as a PDF file with its table of references."""
    data, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF"
    return data + end.encode()
