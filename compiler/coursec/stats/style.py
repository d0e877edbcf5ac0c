"""The style sheet of the page: light and dark, screen and paper."""

STYLE = """
:root {
  --paper: #ffffff; --ink: #1c2430; --soft: #566173; --line: #d9dee7; --track: #e9edf3;
  --fill: #2f6f9f; --gap: #a3231a; --gap-back: #fdf0ee;
  --s1: #e3eef6; --s2: #bcd6e8; --s3: #8dbbd9; --s4: #5b9bc4; --s4-ink: #0d1620;
  --l0: #d5e6f2; --l1: #a6cae2; --l2: #6fa8ce; --l3: #3576a3; --l4: #235f8c; --l5: #123f63;
  --l6: #c9ccd2; --on-light: #14202c; --on-dark: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181f; --ink: #e6eaf0; --soft: #a3afbf; --line: #333c49; --track: #252c37;
    --fill: #6aaeda; --gap: #ff9d92; --gap-back: #33201f;
    --s1: #1d2f3e; --s2: #24445c; --s3: #2c5c7f; --s4: #3575a3; --s4-ink: #ffffff;
    --l6: #9aa3b1;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 64rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 {
  font-size: 1.3rem; line-height: 1.3; margin: 2.75rem 0 .9rem;
  padding-bottom: .3rem; border-bottom: 2px solid var(--line);
}
h3 { font-size: 1.05rem; margin: 1.4rem 0 .2rem; }
p { margin: .3rem 0 .7rem; }
code, .code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
code { color: var(--soft); }
.kind {
  margin: 0; color: var(--soft); font-size: .85rem;
  letter-spacing: .08em; text-transform: uppercase;
}
.facts { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 0; }
.facts div { display: flex; flex-direction: column-reverse; }
.facts dt { color: var(--soft); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.6rem; font-weight: 600; line-height: 1.2; }
.notice, .gaps { background: var(--gap-back); border-left: 4px solid var(--gap); }
.notice { padding: .6rem 1rem; }
.gaps { margin: 0; padding: .7rem 1rem .7rem 2.2rem; }
.mark {
  display: inline-block; margin-left: .5rem; padding: 0 .4rem; border: 1px solid var(--gap);
  border-radius: .25rem; color: var(--gap); font-size: .75rem; font-weight: 600;
}
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .9rem; padding: 0 0 .4rem; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { text-align: left; font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-size: .85rem; vertical-align: bottom; }
td, .rows thead th + th { text-align: right; white-space: nowrap; }
.tables { columns: 2 22rem; column-gap: 2.5rem; }
.tables table { break-inside: avoid; margin-bottom: 1.75rem; }
.bar { display: block; width: 100%; height: .4rem; margin-top: .3rem; }
.bar .track { fill: var(--track); }
.bar .fill { fill: var(--fill); }
.wide { overflow-x: auto; margin-bottom: 1.5rem; }
.matrix { min-width: 40rem; }
.matrix td, .matrix thead th + th { text-align: center; width: 9%; border: 1px solid var(--line); }
.matrix thead th { font-size: .8rem; overflow-wrap: normal; }
.matrix .code { font-weight: 600; }
.matrix .about { display: block; color: var(--soft); font-size: .85rem; line-height: 1.35; }
.matrix small { display: block; font-size: .75rem; line-height: 1.2; }
.matrix tfoot th, .matrix tfoot td { border-top: 2px solid var(--line); }
.zero { color: var(--soft); }
.shade-1 { background: var(--s1); } .shade-2 { background: var(--s2); }
.shade-3 { background: var(--s3); } .shade-4 { background: var(--s4); color: var(--s4-ink); }
.matrix tr.gap > *, .rows tr.gap > * { background: var(--gap-back); }
.slides { columns: 2 20rem; margin: 0; padding-left: 1.2rem; }
.chart { display: block; width: 100%; max-width: 50rem; height: auto; margin-bottom: 1.5rem; }
.chart text { font-size: 12px; fill: var(--ink); }
.chart .name { font-weight: 600; }
.chart .total { fill: var(--soft); }
.chart .none { fill: var(--gap); font-weight: 600; }
.level-0 { fill: var(--l0); } .level-1 { fill: var(--l1); } .level-2 { fill: var(--l2); }
.level-3 { fill: var(--l3); } .level-4 { fill: var(--l4); } .level-5 { fill: var(--l5); }
.level-6 { fill: var(--l6); }
.chart rect { stroke: var(--soft); stroke-width: .5; }
.chart .in-0, .chart .in-1, .chart .in-2, .chart .in-6 { fill: var(--on-light); }
.chart .in-3, .chart .in-4, .chart .in-5 { fill: var(--on-dark); }
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --track: #eeeeee;
    --fill: #2f6f9f; --gap: #a3231a; --gap-back: #ffffff;
    --s1: #e3eef6; --s2: #bcd6e8; --s3: #8dbbd9; --s4: #5b9bc4; --s4-ink: #0d1620;
    --l6: #c9ccd2;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3, caption { break-after: avoid; }
  tr, article, .chart, .gaps li { break-inside: avoid; }
  .wide { overflow: visible; }
  thead { break-after: avoid; }
  tfoot { display: table-row-group; }
  .matrix { min-width: 0; }
  .tables { columns: 2; column-gap: 2rem; }
  th, td { padding: .2rem .35rem; }
  h2 { margin-top: 1.5rem; }
  @page { margin: 18mm 16mm; }
}
"""
"""Plain CSS; every pair of colours has a contrast of 4.5 to 1 or more."""
