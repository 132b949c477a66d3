/** The report's only style sheet: light and dark by the reader's system, plain black on white in print. */
export const reportStyle = `
:root{color-scheme:light dark;--ink:#1c2321;--soft:#5b6762;--line:#d8dedb;--ground:#fff;--right:#2e7d4f;--wrong:#b3472f}
@media (prefers-color-scheme:dark){:root{--ink:#e6ece9;--soft:#9aa8a2;--line:#34403b;--ground:#151a18;--right:#58b681;--wrong:#e0775d}}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:70rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .6rem}
.kind,.small,caption{color:var(--soft)}.small{font-size:.85rem;max-width:60rem}
.figures{display:flex;flex-wrap:wrap;gap:1rem;margin:1.2rem 0}
.figures div{border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem;min-width:8rem}
.figures b{display:block;font-size:1.4rem;font-variant-numeric:tabular-nums}.figures span{color:var(--soft);font-size:.85rem}
.map{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}
.map img{max-width:100%;image-rendering:pixelated;border:1px solid var(--line)}
.legend{list-style:none;margin:0;padding:0}
i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.5em;border:1px solid #0003}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem;display:block;overflow-x:auto}
caption{text-align:left;padding-bottom:.4rem}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right}
th[scope=row],thead th:first-child{text-align:left;font-weight:500;white-space:nowrap}
.facts td,.facts th{text-align:left}
.matrix .right{background:color-mix(in srgb,var(--right) var(--tint),transparent)}
.matrix .wrong{background:color-mix(in srgb,var(--wrong) var(--tint),transparent)}
.sum{color:var(--soft)}
@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff}main{margin:0;max-width:none}}
`;
