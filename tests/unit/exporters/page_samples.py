"""Publications for the formats that are read as pages: a full one, hostile ones, and short ways to build others."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

from PIL import Image

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
from forgeapp.domain.publication import Exporter, Publication

SENTENCE = "Rents rose by four per cent, energy by nine, and the three new machines were paid for in March. "


def paragraph(*parts: str | Inline) -> Paragraph:
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def heading(level: int, text: str) -> Heading:
    return Heading(level, (Run(text),))


def table(header: list[str], rows: list[list[str]], alignments: list[str | None] | None = None) -> TableBlock:
    return TableBlock(
        tuple((Run(text),) for text in header),
        tuple(tuple((Run(text),) if text else () for text in row) for row in rows),
        tuple(alignments or [None] * len(header)),
    )


def publication(*blocks: Block, title: str = "A report", **properties: str) -> Publication:
    return Publication(title, Kind.DOCUMENT, Document(title, ""), blocks=blocks, properties=properties)


def picture_source(width: int = 40, height: int = 20, kind: str = "png") -> str:
    buffer = BytesIO()
    Image.new("RGB", (width, height), "#1f5fbf").save(buffer, kind.upper())
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def written(exporter: Exporter, content: Publication, path: Path) -> list[str]:
    """Writes, and gives the warnings."""
    path.unlink(missing_ok=True)
    return exporter.write(content, path, lambda share: None)


FULL: Blocks = (
    heading(1, "Quarterly report: cafés of the Rhône"),
    paragraph(
        SENTENCE,
        Run("Profit grew by 12 %", bold=True),
        ", which is ",
        Run("more", italic=True),
        " and ",
        Run("less", strike=True),
        Run(" than", bold=True, italic=True),
        " planned; see ",
        Run("the figures", link="https://example.org/a?b=1&c=(2)"),
        " or run ",
        Run("total(path)", code=True),
        ".",
        FootnoteMark("a"),
    ),
    heading(2, "What was done"),
    ListBlock(
        ordered=False,
        items=(
            ListItem((paragraph("Prices were raised"),)),
            ListItem(
                (
                    paragraph("Suppliers"),
                    ListBlock(
                        ordered=True,
                        start=9,
                        items=(ListItem((paragraph("Milk"),)), ListItem((paragraph("Coffee"),))),
                    ),
                )
            ),
        ),
    ),
    ListBlock(False, (ListItem((paragraph("Order"),), True), ListItem((paragraph("Ask"),), False))),
    heading(2, "Figures"),
    table(
        ["Month", "Sales", "Remark"],
        [["January", "12,400.00", ""], ["February", "9,980.20", "Carnival week, closed on four days of seven"]],
        ["left", "right", None],
    ),
    CodeBlock("python", 'def total(path: str) -> float:\n\t"""Sum."""\n    return 1.0  # comment ' + "x" * 120),
    Quote((paragraph("Whoever counts the spoons"), Quote((paragraph("has not understood the coffee."),)))),
    MathBlock(r"\bar{x} = \frac{1}{n} \sum_{i=1}^{n} x_i"),
    paragraph("Inline ", InlineMath(r"e^{i\pi}+1=0"), " too."),
    Rule(),
    paragraph("Ελληνικά, Русский, Tiếng Việt, → ⇒ ≤ ✓ ☐ ★ “quotes” … ﬁ"),
    paragraph("مرحبا بالعالم، هذا نص عربي (طويل) مع رقم 2024 وكلمة English داخل السطر. " * 3),
    paragraph("שלום עולם (טוב), זה טקסט עם המספר 42 והמילה ", Run("ForgeApp", bold=True), " באמצע."),
    paragraph("नमस्ते दुनिया, क्षत्रिय हिन्दी में लिखा गया एक वाक्य।"),
    paragraph("Before ", Picture(picture_source(), "a blue box"), " after."),
    Footnote("a", (paragraph("Audited by nobody; ", Run("write", link="mailto:a@example.org"), "."),)),
)


def _deep_list(depth: int) -> Block:
    block: Block = paragraph("the deepest")
    for level in range(depth):
        block = ListBlock(level % 2 == 0, (ListItem((paragraph(f"level {depth - level}"), block)),))
    return block


def _deep_quote(depth: int) -> Block:
    block: Block = paragraph("the deepest")
    for _ in range(depth):
        block = Quote((block,))
    return block


HOSTILE: dict[str, Blocks] = {
    "nothing": (),
    "a word of 100,000 letters": (paragraph("x" * 100_000),),
    "such a word in a cell": (table(["a", "b"], [["y" * 100_000, "small"], ["1", "2"]]),),
    "an Arabic word of 20,000 letters": (paragraph("م" * 20_000),),
    "one letter with 20,000 accents": (paragraph("a" + "\u0301" * 20_000),),
    "open brackets from right to left": (paragraph("שלום" + "(" * 20_000),),
    "lists 60 deep": (_deep_list(60),),
    "quotes 60 deep": (_deep_quote(60),),
    "headings that skip levels": (heading(1, "a"), heading(6, "b"), heading(2, "c"), heading(5, "")),
    "tables of nothing": (
        TableBlock((), (), ()),
        table(["only a header"], []),
        TableBlock(((), ()), (((), ()),), (None, None)),
    ),
    "blocks of nothing": (
        paragraph(),
        Heading(1, ()),
        ListBlock(False, ()),
        ListBlock(True, (ListItem(()),)),
        CodeBlock("", ""),
        MathBlock(""),
        Quote(()),
        paragraph(" "),
        Footnote("x", ()),
    ),
    "script": (
        paragraph('<script>alert(1)</script><img src="x" onerror="alert(2)">'),
        CodeBlock('html" onload="alert(3)', "<script>\n\tx</script>"),
        table(["<b>"], [["</td><script>"]]),
    ),
    "control characters": (
        paragraph("".join(map(chr, range(0x300)))),
        CodeBlock("", "a\x00b\x07\u200b\x1bc\r\nd\re"),
        table(["\x00"], [["\x1b"]]),
    ),
    "half characters": (paragraph("\ud800 and \udfff"), table(["\ud800"], [["\udc00x"]]), MathBlock("\ud801")),
    "invisible and turning characters": (paragraph("a\u200bb\u202ec\u2066d\u00ade\ufeff"), heading(2, "\u200b")),
    "a very wide table": (table([f"Column {i}" for i in range(90)], [[f"value{i}" for i in range(90)]] * 3),),
    "a row taller than three pages": (table(["k", "text"], [["1", "a"], ["2", SENTENCE * 120], ["3", "z"]] * 2),),
    "links of every kind": (
        paragraph(
            Run("script", link="javascript:alert(1)"),
            Run("file", link="file:///etc/passwd"),
            Run("space", link="https://e.org/a b"),
            Run("accent", link="https://e.org/é?(x)=\\"),
        ),
    ),
    "pictures of every kind": (
        paragraph(
            Picture("https://evil.example/x.png", "remote"),
            Picture("data:image/png;base64,AAAA", "broken"),
            Picture("data:image/svg+xml;base64,PHN2Zz4=", "drawing"),
            Picture("file:///etc/passwd", "file"),
        ),
    ),
    "footnotes that are missing or twice there": (
        paragraph("a", FootnoteMark("x"), FootnoteMark("x"), FootnoteMark("nowhere")),
        Footnote("x", (paragraph("one"),)),
        Footnote("x", (paragraph("two"),)),
    ),
}
