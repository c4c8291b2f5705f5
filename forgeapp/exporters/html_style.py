"""The style sheet inside every HTML file: the same looks as the PDF, on a screen and on paper."""

STYLE = """
:root { --ink: #1b1d21; --muted: #666d78; --link: #1f5fbf; --line: #d9dde3; --ground: #f5f6f8; }
* { box-sizing: border-box; }
html { color: var(--ink); background: #fff; -webkit-text-size-adjust: 100%; }
body { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; overflow-wrap: anywhere;
  font: 1rem/1.55 "Noto Sans", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1, h2, h3, h4, h5, h6 { margin: 2em 0 .5em; line-height: 1.28; font-weight: 700; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.42rem; } h3 { font-size: 1.22rem; } h4 { font-size: 1.08rem; }
h5, h6 { font-size: 1rem; } h6 { color: var(--muted); }
h1:first-child, h2:first-child, h3:first-child { margin-top: 0; }
p { margin: .85em 0; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
ul, ol { margin: .85em 0; padding-left: 1.8em; }
li > ul, li > ol, .tight > li > p { margin: 0; }
.tight > li { margin: .25em 0; }
li::marker { color: var(--muted); }
li.task { list-style: none; }
li.task > input { float: left; margin: .4em 0 0 -1.5em; }
.scroll { margin: 1.2em 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: .5em .75em; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; }
th { border-bottom: 1.5px solid #8b929d; vertical-align: bottom; }
.right { text-align: right; } .center { text-align: center; } .left { text-align: left; }
code { font: .88em/1.5 "Noto Sans Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:not(pre) > code { padding: .1em .3em; background: var(--ground); border-radius: 3px; }
pre { margin: 1.1em 0; padding: .9em 1em; background: var(--ground); border-radius: 4px; overflow-x: auto;
  tab-size: 4; }
div.math { margin: 1em 0; text-align: center; }
blockquote { margin: 1em 0; padding-left: 1em; border-left: 3px solid #cfd4dc; }
hr { margin: 2em 0; border: 0; border-top: 1px solid var(--line); }
img { max-width: 100%; height: auto; }
.picture { color: var(--muted); font-style: italic; }
sup { font-size: .7em; line-height: 0; } sup a { text-decoration: none; }
.footnotes { margin-top: 3em; font-size: .875rem; }
.footnotes::before { content: ""; display: block; width: 8em; border-top: 1px solid #8b929d; }
@page { size: A4; margin: 22mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  a { color: inherit; }
  thead { display: table-header-group; }
  tr, img, h1, h2, h3 { break-inside: avoid; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); }
}
"""
