"""Documents as people write them, in spellings of their own, and words in them that are changed elsewhere."""

from __future__ import annotations

from tests.unit.exporters.document_samples import data_address

TWO_BLANKS = "  "
"""One way to end a line."""
PICTURE = data_address(40, 20)

REPORT = f"""---
title: Quarterly report
lang: en
---

Quarterly *report* for ACME & Söhne
===================================

Revenue grew by __twelve__ percent in the second quarter, which is more than
anybody in the room had expected, and the board asked for *another* look at
the figures in [the table](https://example.com/a_(b)?x=1&y=2 "Figures") below[^why].
"Straight quotes" and 'single ones' stay, as do “curly” ones.

## Costs by month

| Month    |    Costs | Note           |
|:---------|---------:|:--------------:|
| January  | 1,240.00 | paid in *cash* |
| February |   980.50 | a \\| b         |
| March    |          | `open`         |

![Costs by month]({PICTURE})

## Steps

1) Order beans
2) Roast them
   * light
   * dark, and
     slowly
3) Pack

   Each bag holds 250 g.

   ```sh
   pack --weight 250 bag
   ```
4) Ship

See [the guide][guide] or <https://example.org> for more[^more].

[guide]: https://example.com/guide

* * *

> Nobody roasts alone.
> -- an old saying

[^why]: Because of the *new* grinder.
[^more]: There is a second note with `code` in it.
"""

MATHS = """# Notes on *sums*

The energy is $E = mc^2$ and nothing else matters here.

$$
\\int_0^1 x^2\\,dx = \\frac{1}{3}
$$

```python
def area(radius):
    # rounded
    return 3.14 * radius ** 2
```

```
plain text, no language
    indented
```

- [x] written
- [ ] reviewed
  - [ ] by somebody else

###### A small heading

Line one\\
line two with **bold *and italic* text** and ~~struck~~ words, snake_case_names
and 2 * 3 * 4, a price of $5 and ~7 minutes.

> A quote with a list:
>
> - first quoted
> - second quoted
>
> > deeper still
"""

SCRIPTS = """# 四半期報告書

これは日本語の**重要な**段落です。売上は増加しました。

中文段落，包含“引号”和[链接](https://example.com/路径)。

هذا نص عربي مع English وأرقام 123 في نفس السطر.

- عنصر أول
- عنصر ثان

זהו טקסט בעברית.

Ελληνικά και **русский текст** вместе.

| 列 | 値 |
| --- | ---: |
| 東京 | 100 |
| 大阪 | 200 |
"""

LETTER = f"""Dear Ms. Grinder,

thank you for your offer of 3 May. We would like to order:

* 20 bags of *Espresso*
* 5 bags of **Decaf**

+ delivered on Monday
+ unloaded by hand

Please send the bill to

ACME Coffee{TWO_BLANKS}
Bean Street 7{TWO_BLANKS}
12345 Roastville

Yours sincerely
"""

DOCUMENTS = {"report": REPORT, "maths": MATHS, "scripts": SCRIPTS, "letter": LETTER}

CHANGES = {
    "report": [
        ("report", "review"), ("expected", "feared"), ("another", "one more"), ("January", "Januar"), ("cash", "coins"),
        ("Order", "Buy"), ("dark", "medium"), ("bag holds", "box holds"), ("weight", "mass"), ("Nobody", "Somebody"),
        ("grinder", "roaster"), ("second note", "other note"), ("the guide", "the manual"), ("980.50", "985.25"),
        ("Straight", "Plain"), ("asked for", "demanded"), ("slowly", "gently"),
    ],
    "maths": [
        ("energy", "power"), ("rounded", "not exact"), ("reviewed", "checked"), ("somebody else", "a friend"),
        ("small", "tiny"), ("struck", "deleted"), ("minutes", "hours"), ("second quoted", "second changed"),
        ("deeper", "lower"), ("radius", "r"), ("indented", "set in"), ("plain text", "mere text"),
    ],
    "scripts": [
        ("重要な", "大切な"), ("増加", "減少"), ("段落，", "文字，"), ("English", "German"), ("ثان", "ثالث"),
        ("בעברית", "בערבית"), ("русский", "английский"), ("大阪", "京都"), ("100", "150"),
    ],
    "letter": [
        ("20 bags", "30 bags"), ("Decaf", "Mocha"), ("Monday", "Tuesday"), ("Bean Street", "Bean Road"),
        ("sincerely", "truly"), ("bill", "invoice"),
    ],
}  # fmt: skip
"""Words, each to be changed alone, everywhere it stands."""
