"""The style sheet inside every HTML file: the same looks as the PDF, on light and dark screens and on paper."""

from __future__ import annotations

from typing import Final

from forgeapp.exporters.highlight import INKS, Ink

GROUND: Final = "#f5f6f8"
DARK_GROUND: Final = "#20242b"
"""Behind code."""

_LIGHT = f"""
  --paper: #ffffff; --ink: #1b1d21; --muted: #5f6670; --link: #1f5fbf; --line: #d9dde3; --strong-line: #8b929d;
  --ground: {GROUND};"""
_DARK = f"""
  --paper: #15181d; --ink: #e4e7eb; --muted: #9aa2ae; --link: #8ab8f5; --line: #333a44; --strong-line: #66707e;
  --ground: {DARK_GROUND};"""


def _inks(dark: bool) -> str:
    return "".join(f" --{ink.name}: {ink.dark if dark else ink.color};" for ink in INKS)


def _rule(ink: Ink) -> str:
    looks = f"color: var(--{ink.name});"
    if ink.bold:
        looks += " font-weight: 600;"
    if ink.italic:
        looks += " font-style: italic;"
    return f".{ink.name} {{ {looks} }}"


STYLE: Final = (
    f"""
:root {{ color-scheme: light dark;{_LIGHT}
 {_inks(dark=False)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{{_DARK}
 {_inks(dark=True)} }} }}
"""
    """* { box-sizing: border-box; }
html { color: var(--ink); background: var(--paper); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; overflow-wrap: break-word;
  font: 1rem/1.6 "Noto Sans", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1, h2, h3, h4, h5, h6 { margin: 2em 0 .5em; line-height: 1.28; font-weight: 700; text-wrap: balance; }
h1 { font-size: 1.9rem; letter-spacing: -.01em; } h2 { font-size: 1.42rem; } h3 { font-size: 1.2rem; }
h4 { font-size: 1.05rem; } h5, h6 { font-size: 1rem; } h6 { color: var(--muted); }
main > :first-child, nav + h1 { margin-top: 0; }
:is(h1, h2, h3, h4, h5) + :is(h2, h3, h4, h5, h6) { margin-top: 1em; }
p { margin: .85em 0; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
ul, ol { margin: .85em 0; padding-inline-start: 1.8em; }
li > ul, li > ol, .tight > li > p { margin: 0; }
.tight > li { margin: .25em 0; }
li::marker { color: var(--muted); font-variant-numeric: tabular-nums; }
li.task { list-style: none; position: relative; }
li.task > input { position: absolute; inset-inline-start: -1.6em; margin: .35em 0 0; width: 1em; height: 1em;
  accent-color: var(--link); }
.scroll { margin: 1.3em 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
th, td { padding: .5em .8em; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; max-width: 32em; }
:is(th, td):first-child { padding-inline-start: .2em; } :is(th, td):last-child { padding-inline-end: .2em; }
th { border-bottom: 1.5px solid var(--strong-line); vertical-align: bottom; font-weight: 600; }
thead.blank { display: none; }
.right { text-align: right; } .center { text-align: center; } .left { text-align: left; }
code { font: .88em/1.5 "Noto Sans Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:not(pre) > code { padding: .1em .3em; background: var(--ground); border-radius: 4px; overflow-wrap: anywhere; }
pre { margin: 1.2em 0; padding: .9em 1.1em; background: var(--ground); border-radius: 6px; overflow-x: auto;
  tab-size: 4; direction: ltr; text-align: left; }
.numbered { counter-reset: line; }
.line { display: block; padding-left: 3.5em; position: relative; min-height: 1.5em; }
.line::before { counter-increment: line; content: counter(line); position: absolute; left: 0; width: 2.4em;
  text-align: right; color: var(--muted); user-select: none; }
.formula { margin: 1.1em 0; text-align: center; overflow-x: auto; overflow-y: hidden; padding: .1em 0; }
math { font-size: 1.08em; } mtext[mathvariant=bold] { font-weight: bold; }
mtext[mathvariant=italic] { font-style: italic; } mtext[mathvariant=monospace] { font-family: monospace; }
blockquote { margin: 1.1em 0; padding-inline-start: 1.1em; border-inline-start: 3px solid var(--line);
  color: color-mix(in srgb, var(--ink) 85%, var(--paper)); }
hr { margin: 2.2em 0; border: 0; border-top: 1px solid var(--line); }
img { max-width: 100%; height: auto; vertical-align: middle; background: #ffffff; }
.picture { color: var(--muted); font-style: italic; }
sup { font-size: .72em; line-height: 0; } sup a { text-decoration: none; padding: 0 .1em; }
.contents { margin: 1.5em 0 2.5em; padding: .2em 0 .2em 1.1em; border-inline-start: 3px solid var(--line); }
.contents ol { margin: 0; padding: 0; list-style: none; } .contents ol ol { padding-inline-start: 1.3em; }
.contents li { margin: .2em 0; } .contents a { color: inherit; text-decoration: none; }
.contents a:hover { text-decoration: underline; }
.footnotes { margin-top: 3.5em; font-size: .875rem; color: var(--muted); }
.footnotes::before { content: ""; display: block; width: 8em; border-top: 1px solid var(--strong-line); }
.footnotes li > p:last-of-type { display: inline; } .back { margin-inline-start: .4em; text-decoration: none; }
:target { background: color-mix(in srgb, var(--link) 14%, transparent); }
@page { margin: 20mm 18mm; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  a { color: inherit; text-decoration-color: var(--strong-line); }
  thead { display: table-header-group; }
  tr, img, .formula, li.task { break-inside: avoid; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; break-inside: avoid; }
  p, li { orphans: 3; widows: 3; }
  .scroll, .formula { overflow: visible; }
  th, td { overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); }
  .back { display: none; }
}
""" + "\n".join(map(_rule, INKS)) + "\n"
)
