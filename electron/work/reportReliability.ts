/** The reliability diagram of a report: what the model said against what was right, as a table with a drawing. */
import type { Calibration, ReliabilityBin } from '../contract/run.ts';

const side = 220;
const percent = (value: number | null) => (value === null ? '–' : `${(100 * value).toFixed(0)} %`);

/** HTML of the section; empty when nothing is known. All values are numbers of our own. */
export function reliability(calibration: Calibration | null): string {
  if (!calibration) return '';
  const { error, temperature, fields, bins } = calibration;
  const used = bins.after.filter((bin) => bin.count > 0);
  const rows = used
    .map(
      (bin) =>
        `<tr><th scope="row">${percent(bin.from)} to ${percent(bin.to)}</th><td>${percent(bin.confidence)}</td><td>${percent(bin.accuracy)}</td><td>${bin.count.toLocaleString('en')}</td></tr>`,
    )
    .join('\n');
  return `<h2>How far the confidence can be believed</h2>
<p>On ${fields} fields that it did not learn from, the model’s confidence was off by ${(100 * error.before).toFixed(1)} points on
average; divided by a temperature of ${temperature.toFixed(2)}, by ${(100 * error.after).toFixed(1)} points (expected calibration error, ${bins.after.length} bins;
judged on other fields than the temperature was fitted on). The temperature changes no class, only the confidence.</p>
${diagram(bins.before, bins.after)}
<table><thead><tr><th scope="col">Confidence</th><th scope="col">Said on average</th><th scope="col">Right</th><th scope="col">Pixels</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function diagram(before: readonly ReliabilityBin[], after: readonly ReliabilityBin[]): string {
  return `<svg viewBox="-34 -8 ${side + 48} ${side + 44}" width="${side + 48}" role="img" aria-label="Share that was right against confidence">
<rect width="${side}" height="${side}" fill="none" stroke="currentColor" opacity="0.3" />
<path d="M0 ${side}L${side} 0" stroke="currentColor" opacity="0.4" stroke-dasharray="4 4" />
${line(before, '#b3541e')}${line(after, '#1f6f54')}
<g font-size="11" fill="currentColor"><text x="0" y="${side + 16}">0 %</text><text x="${side}" y="${side + 16}" text-anchor="end">100 % confidence</text>
<text x="-6" y="10" text-anchor="end">right</text><text x="0" y="${side + 32}" fill="#b3541e">before</text><text x="56" y="${side + 32}" fill="#1f6f54">after</text></g></svg>`;
}

function line(bins: readonly ReliabilityBin[], color: string): string {
  const points = bins.flatMap(({ confidence, accuracy }) =>
    confidence === null || accuracy === null
      ? []
      : [`${(side * confidence).toFixed(1)},${(side * (1 - accuracy)).toFixed(1)}`],
  );
  const dots = points.map((point) => {
    const [x, y] = point.split(',');
    return `<circle cx="${x}" cy="${y}" r="3" fill="${color}" />`;
  });
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" />${dots.join('')}`;
}
