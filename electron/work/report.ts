/**
 * The report of an assessment: one HTML file without any outside resource, fit to be mailed, printed and audited. Every
 * value is escaped; the axes of the confusion matrix are spelled out, since tools disagree on them.
 */
import type { ClassDef } from '../contract/labels.ts';
import type { AssessResult, Calibration, ClassAccuracy } from '../contract/run.ts';
import { reliability } from './reportReliability.ts';
import { reportStyle } from './reportStyle.ts';

export interface ReportInput {
  readonly title: string;
  readonly result: AssessResult;
  readonly classes: readonly ClassDef[];
  /** 95 % half-widths, for a probability sample only. */
  readonly intervals: {
    readonly oa: number | null;
    readonly users: readonly (number | null)[];
    readonly producers: readonly (number | null)[];
  } | null;
  /** PNG of the map, or null. */
  readonly thumbnail: Uint8Array | null;
  /** Sentences that a reader must know before using the figures. */
  readonly notes: readonly string[];
  /** How far the confidence of the model may be believed; null when it is not known. */
  readonly calibration: Calibration | null;
  /** Versions, seed, run ids …, in this order. */
  readonly facts: Readonly<Record<string, string>>;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const share = (value: number | null) => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
const withInterval = (value: number | null, half: number | null | undefined) =>
  value === null || half === null || half === undefined
    ? share(value)
    : `${share(value)} ± ${(100 * half).toFixed(1)}`;

function amount(value: number | null): string {
  if (value === null) return '–';
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

export function renderReport(input: ReportInput): string {
  const { result } = input;
  const estimate = result.kind === 'map accuracy';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(input.title)}</title><style>${reportStyle}</style></head><body><main>
<h1>${escapeHtml(input.title)}</h1>
<p class="kind">${estimate ? 'Map accuracy, from a probability sample' : 'Transfer estimate: how well fields that were not labelled are told apart. Not the accuracy of the whole map.'}</p>
<section class="figures">
${figure('Overall accuracy', withInterval(result.oa, input.intervals?.oa))}
${figure('Macro F1', share(result.macroF1))}
${figure('Kappa', result.kappa.toFixed(3), 'given because it is asked for; Olofsson et al. (2014) advise against its use')}
${figure(estimate ? 'Sample' : 'Reference pixels', amount(result.pixels))}
</section>
${transfer(result)}${mapSection(input)}
<h2>Per class</h2>${classTable(input)}
<h2>Confusion matrix</h2>${matrix(input)}
${reliability(input.calibration)}
<h2>How this was measured</h2>
<p>${escapeHtml(result.protocol)}</p>
${input.notes.length ? `<ul>${input.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>` : ''}
<h2>Provenance</h2>
<table class="facts">${Object.entries({ Assessment: result.assessment, ...input.facts })
    .map(
      ([name, value]) =>
        `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(String(value))}</td></tr>`,
    )
    .join('')}</table>
</main></body></html>
`;
}

function transfer({ transfer: drop }: AssessResult): string {
  if (!drop) return '';
  const points = (100 * (drop.home - drop.here)).toFixed(1);
  return `<p class="transfer">The model was taught on another scene, ${escapeHtml(drop.scene)}, where its transfer estimate is ${share(drop.home)}. Here it is right on ${share(drop.here)}: ${drop.home >= drop.here ? `a drop of ${points}` : `no drop (${points})`} points.</p>`;
}

function figure(name: string, value: string, hint?: string): string {
  return `<div${hint ? ` title="${escapeHtml(hint)}"` : ''}><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`;
}

function swatch(input: ReportInput, code: number): string {
  const color = input.classes.find((c) => c.code === code)?.color ?? '#888888';
  return `<i style="background:${/^#[0-9a-f]{6}$/i.test(color) ? color : '#888888'}"></i>`;
}

function mapSection(input: ReportInput): string {
  if (!input.thumbnail) return '';
  const legend = input.result.classes
    .map((c) => `<li>${swatch(input, c.code)}${escapeHtml(c.name)}</li>`)
    .join('');
  const source = `data:image/png;base64,${Buffer.from(input.thumbnail).toString('base64')}`;
  return `<section class="map"><img src="${source}" alt="The classified map"><ul class="legend">${legend}</ul></section>`;
}

function classTable(input: ReportInput): string {
  const { result, intervals } = input;
  const unit = result.areaUnit;
  const estimate = result.kind === 'map accuracy';
  const row = (
    c: ClassAccuracy,
    i: number,
  ) => `<tr><th scope="row">${swatch(input, c.code)}${escapeHtml(c.name)}</th>
<td>${c.code}</td><td>${withInterval(c.users, intervals?.users[i])}</td><td>${withInterval(c.producers, intervals?.producers[i])}</td>
<td>${share(c.f1)}</td><td>${amount(c.mappedArea)}</td>
<td>${amount(c.area)}${c.areaCi === null ? '' : ` ± ${amount(c.areaCi)}`}</td><td>${amount(c.reference)}</td></tr>`;
  return `<table><thead><tr><th scope="col">Class</th><th scope="col">Code</th>
<th scope="col">User’s accuracy</th><th scope="col">Producer’s accuracy</th><th scope="col">F1</th>
<th scope="col">Mapped area (${unit})</th><th scope="col">${estimate ? 'Estimated area' : 'Error-adjusted area'} (${unit})</th>
<th scope="col">Reference pixels</th></tr></thead><tbody>${result.classes.map(row).join('\n')}</tbody></table>
<p class="small">User’s accuracy: of what the map calls a class, the share that is that class. Producer’s accuracy: of what is that
class, the share that the map finds. ${
    estimate
      ? 'Intervals are 95 % (Olofsson et al. 2014; Stehman 2014).'
      : 'The error-adjusted area corrects the mapped area by the confusion matrix; the reference is not a probability sample, so no interval can be given and the area is an indication only.'
  }</p>`;
}

function matrix(input: ReportInput): string {
  const { result } = input;
  const name = (code: number) => escapeHtml(result.classes.find((c) => c.code === code)?.name ?? `${code}`);
  const head = result.codes.map((code) => `<th scope="col">${name(code)}</th>`).join('');
  const rows = result.confusion.map((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0);
    const cells = row.map((n, j) => {
      const tint = sum > 0 ? Math.round((70 * n) / sum) : 0;
      return `<td class="${i === j ? 'right' : 'wrong'}" style="--tint:${tint}%">${n.toLocaleString('en')}</td>`;
    });
    return `<tr><th scope="row">${name(result.codes[i] ?? 0)}</th>${cells.join('')}<td class="sum">${sum.toLocaleString('en')}</td></tr>`;
  });
  const sums = result.codes.map((_, j) => result.confusion.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  return `<table class="matrix"><caption>Rows: what the <b>map</b> says. Columns: what the <b>reference</b> says. Counts of pixels.</caption>
<thead><tr><th scope="col">map ↓ reference →</th>${head}<th scope="col">all</th></tr></thead><tbody>${rows.join('\n')}
<tr class="sum"><th scope="row">all</th>${sums.map((n) => `<td>${n.toLocaleString('en')}</td>`).join('')}<td>${result.pixels.toLocaleString('en')}</td></tr></tbody></table>`;
}
