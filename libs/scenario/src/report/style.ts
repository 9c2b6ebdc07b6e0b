/** The style of a report: light or dark as the reader prefers, light on paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d232b;--soft:#5b6673;--rule:#d9dee4;--panel:#f5f7f9;--band:#f3c7c3;--good:#1a7f4b;--bad:#b3261e;
--c1:#2f6fde;--c2:#b8c2cd;--c3:#c2410c;--c4:#a21caf;--c5:#0f8a8a;--c6:#8a6d00;--c7:#5b4bd6;--c8:#6b7280;--s1:#2563eb;--s2:#dd6b00;--s3:#0b8f83}
@media screen and (prefers-color-scheme:dark){:root{--paper:#12161b;--ink:#e7ebf0;--soft:#9aa6b2;--rule:#2c343d;--panel:#1a2027;--band:#57282a;--good:#4cc38a;--bad:#ff7b72;
--c1:#6ea3ff;--c2:#55606c;--c3:#ff9152;--c4:#e38bf0;--c5:#3fc7c7;--c6:#d8b84a;--c7:#a79bff;--c8:#9aa6b2;--s1:#5b9dff;--s2:#ff9f43;--s3:#2dd4bf}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:28px 32px 48px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:28px;line-height:1.2;margin:0 0 4px}h2{font-size:18px;margin:32px 0 10px}p{margin:0 0 8px}a{color:var(--c1)}
.lead{font-size:18px;color:var(--soft)}small,.soft{color:var(--soft);font-size:13px}small{margin-left:8px}
.verdict{display:inline-block;padding:3px 10px;border-radius:4px;font-weight:600;border:1px solid currentColor}
.good{color:var(--good)}.bad{color:var(--bad)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th,td{padding:5px 8px;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th{color:var(--soft);font-weight:600;font-size:13px}td.n,th.n{text-align:right;white-space:nowrap}
figure{margin:0 0 14px;padding:10px 14px;background:var(--panel);border-radius:6px;break-inside:avoid}
figcaption{font-weight:600}svg{display:block;width:100%;height:auto;margin-top:4px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:2px 0 0;padding:0;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;vertical-align:-1px}
.grid{stroke:var(--rule)}.axis{fill:var(--soft);font-size:11px}.end{text-anchor:end}.mid{text-anchor:middle}
.band{fill:var(--band);opacity:.55}.line{fill:none;stroke-width:1.8}.limit{stroke:var(--bad);stroke-dasharray:5 4}i.limit{background:var(--bad)}
${['s1', 's2', 's3'].map((name) => `.span.${name}{fill:var(--${name})}i.${name}{background:var(--${name})}`).join('')}
${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `.area.c${n},.slot.c${n},.span.c${n}{fill:var(--c${n})}.line.c${n}{stroke:var(--c${n})}i.c${n}{background:var(--c${n})}`).join('')}
.slot.none{fill:none;stroke:var(--rule)}.name{fill:var(--ink);font-size:12px}.span.failed{fill:var(--bad)}
.slots{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px}.slots figure{margin:0}.slots figcaption{font-size:13px;font-weight:400}
.story td:nth-child(2){width:52%}h2,figcaption{break-after:avoid}tr{break-inside:avoid}
@page{size:A4;margin:14mm}
@media print{body{max-width:none;padding:0;font-size:11px}h1{font-size:22px}h2{font-size:14px;margin:14px 0 6px}.lead{font-size:14px}
figure{padding:6px 8px}table,figcaption,.slots figcaption{font-size:11px}small,.soft,th,.legend{font-size:10px}th,td{padding:4px 6px}a{color:inherit}
svg,i,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
