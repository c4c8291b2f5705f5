"""Blocks of every sort, made by hand and by Hypothesis, for the writers that take blocks."""

from __future__ import annotations

import base64
import struct
import zlib

from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Document,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    Inlines,
    LineBreak,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
)
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.publication import Publication


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def data_address(width: int, height: int) -> str:
    return "data:image/png;base64," + base64.b64encode(png(width, height)).decode()


def paragraph(*parts: str | Inline) -> Paragraph:
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def table(header: list[str], *rows: list[str]) -> TableBlock:
    def cells(texts: list[str]) -> tuple[Inlines, ...]:
        return tuple((Run(text),) if text else () for text in texts)

    return TableBlock(cells(header), tuple(map(cells, rows)), (None,) * len(header))


def items(*texts: str | tuple[Block, ...]) -> tuple[ListItem, ...]:
    return tuple(ListItem((paragraph(text),) if isinstance(text, str) else text) for text in texts)


RICH: Blocks = (
    Heading(1, (Run("Report for ACME & Söhne"),)),
    paragraph(
        "Covers ",
        Run("revenue", bold=True),
        ", ",
        Run("costs", italic=True, strike=True),
        " and ",
        Run("total()", code=True),
        ". See ",
        Run("the ", link="https://example.com/a?b=1&c=2"),
        Run("site", bold=True, link="https://example.com/a?b=1&c=2"),
        FootnoteMark("a"),
        FootnoteMark("b"),
        FootnoteMark("a"),
        LineBreak(),
        "Second line.",
    ),
    Heading(2, (Run("Lists"),)),
    ListBlock(
        False,
        items(
            "First",
            (
                paragraph("Second"),
                ListBlock(False, items("nested", (paragraph("deeper"), ListBlock(True, items("third level"))))),
            ),
        ),
    ),
    ListBlock(True, items("One", (paragraph("Two"), paragraph("continued"), CodeBlock("bash", "ls\npwd"))), start=3),
    paragraph("Between."),
    ListBlock(True, items("alpha", "beta")),
    ListBlock(False, (ListItem((paragraph("done"),), True), ListItem((paragraph("open"),), False))),
    table(["Item", "Price"], ["Cups", "2.10"], ["Grinder | large", ""]),
    Heading(3, (Run("Code"),)),
    CodeBlock("python", 'def f():\n\t"""Say."""\n\n    return "<a>"'),
    CodeBlock("", "second block"),
    Quote((paragraph("Quoted."), Quote((paragraph("Twice."),)))),
    Rule(),
    paragraph("Math ", InlineMath("E = mc^2"), " inline."),
    MathBlock(r"\int_0^1 x\,dx"),
    paragraph("日本語のテキスト、“引用”。"),
    paragraph("نص عربي مع English و رقم 123."),
    paragraph(Picture(data_address(40, 20), "A chart")),
    paragraph(Picture("https://example.com/x.png", "Remote chart")),
    Footnote("a", (paragraph("First note, ", Run("linked", link="https://example.org"), "."),)),
    Footnote("b", (ListBlock(False, items("a list")),)),
)


def publication(*blocks: Block, kind: Kind = Kind.DOCUMENT, **properties: str) -> Publication:
    return Publication("Report", kind, Document("Report", ""), blocks, properties=properties)


def full_report() -> Publication:
    """With everything a DOCX file can hold, and every option chosen."""
    wide = table([f"Measured column {n}" for n in range(12)], ["a long value"] * 12)
    sized = TableBlock(
        ((Run("Name"),), (Run("Sum"),)), (((Run("Total", bold=True),), (InlineMath("x^2"),)),), (None, "right")
    )
    blocks: Blocks = (
        *RICH[:-2],
        Heading(2, (Run("Figures "), InlineMath(r"\alpha"))),
        paragraph("Table 1: Sums"),
        sized,
        paragraph(Picture(data_address(30, 30), "A square")),
        paragraph("Figure 1: A square"),
        MathBlock(r"\sum_{i=1}^n \frac{x_i}{\sqrt{2}}"),
        MathBlock(r"\unknowncommand"),
        Heading(2, (Run("עברית"),)),
        Heading(3, (Run("Wide"),)),
        wide,
        paragraph("After it."),
        Quote((Heading(3, (Run("Within"),)),)),
        *RICH[-2:],
    )
    options = ExportOptions(cover=True, contents=True, line_numbers=True)
    properties = {"author": "Author", "subject": "Figures", "language": "en-GB", "created": "2026-03-04T10:00:00+00:00"}
    return Publication("Report", Kind.DOCUMENT, Document("Report", ""), blocks, properties=properties, options=options)


_TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.text('ab *_`[]()<>&~|$#-+=!\\.1:"é日א🚀\t', max_size=14)
_LINKS = st.sampled_from(
    (None, None, None, "https://example.com/a_(b)", "mailto:me@example.com", "http://x.org/?q=a b&c=1", "http://[bad")
)
_RUNS = st.builds(Run, _TEXT, st.booleans(), st.booleans(), st.booleans(), st.booleans(), _LINKS)
_INLINES: st.SearchStrategy[Inline] = st.one_of(
    _RUNS,
    _RUNS,
    st.builds(InlineMath, st.text("abx^_{}+", min_size=1, max_size=6)),
    st.builds(LineBreak),
    st.builds(FootnoteMark, st.sampled_from("xyz")),
    st.builds(Picture, st.sampled_from(("https://example.com/p.png", data_address(3, 2), "data:,x")), _TEXT),
)
LINES: st.SearchStrategy[Inlines] = st.lists(_INLINES, max_size=5).map(tuple)


@st.composite
def _tables(draw: st.DrawFn) -> TableBlock:
    width = draw(st.integers(1, 4))
    row = st.lists(LINES, min_size=width, max_size=width).map(tuple)
    alignments = draw(
        st.lists(st.sampled_from((None, "left", "right", "center")), min_size=width, max_size=width).map(tuple)
    )
    return TableBlock(draw(row), tuple(draw(st.lists(row, max_size=3))), alignments)


def _nested(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(inner, max_size=3).map(tuple)
    item = st.builds(ListItem, blocks, st.sampled_from((None, None, True, False)))
    lists = st.builds(
        ListBlock,
        st.booleans(),
        st.lists(item, min_size=1, max_size=3).map(tuple),
        st.integers(0, 40_000),
        st.booleans(),
    )
    return lists | st.builds(Quote, blocks)


BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.one_of(
        st.builds(Paragraph, LINES),
        st.builds(Heading, st.integers(1, 6), LINES),
        st.builds(CodeBlock, st.sampled_from(("", "python", "nonsense")), _TEXT),
        st.builds(MathBlock, st.text("abx^_{}+", min_size=1, max_size=6)),
        st.builds(Rule),
        _tables(),
    ),
    _nested,
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> Blocks:
    body = draw(st.lists(BLOCKS, max_size=5))
    notes = draw(st.lists(st.sampled_from("xy"), unique=True))
    return (*body, *(Footnote(label, tuple(draw(st.lists(BLOCKS, max_size=2)))) for label in notes))
