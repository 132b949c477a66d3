/**
 * From a label to its map on the screen, in the real page over the real server: a field loses its class and gets it back,
 * and the page's own clock says how long it took from the change to the last tile being painted.
 *   node test/bench/livePreview.ts PROJECT [--times 10]
 * The project needs labelled fields; features are prepared when there are none. Labels are as before at the end.
 */
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { systemClock } from '../../electron/base/clock.ts';
import { caller } from '../e2e/finishSample.ts';
import { startServer } from '../e2e/server.ts';

interface FieldRow {
  readonly id: string;
  readonly classCode: number | null;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '10' } },
});
const [project] = positionals;
if (!project) throw new Error('Name a project with labelled fields');
const server = await startServer([project, '--port', '0']);
const executablePath = process.env.SWATH_CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
try {
  const call = caller(server.url);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url);
  await page.locator('[data-testid=map][data-drawn=true]').waitFor();
  await page.getByTestId('stage-label').click();
  const leave = page.getByRole('button', { name: 'Leave the tour' });
  if (await leave.isVisible()) await leave.click();
  await page.getByTestId('live-preview').check();
  const state = page.getByTestId('live-state');
  await page.locator('[data-state=no-features], [data-state=ready]').waitFor();
  const started = systemClock.tick();
  if ((await state.getAttribute('data-state')) === 'no-features') {
    await page.getByTestId('prepare-features').click();
    await page.locator('[data-state=ready]').waitFor({ timeout: 120_000 });
    process.stdout.write(`prepared in ${((systemClock.tick() - started) / 1000).toFixed(1)} s\n`);
  }
  const labelled = (await call<FieldRow[]>('fields.list')).filter((f) => f.classCode !== null);
  const taken: number[] = [];
  for (let i = 0; i < Number(values.times); i++) {
    const field = labelled[i % labelled.length];
    for (const classCode of [null, field?.classCode]) {
      const before = await state.getAttribute('data-ms');
      await call('fields.change', { fields: [field?.id], change: { classCode } });
      await page.locator(`[data-state=ready]:not([data-ms="${before}"])`).waitFor();
      taken.push(Number(await state.getAttribute('data-ms')));
    }
  }
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number) => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1000).toFixed(2);
  process.stdout.write(
    `${sorted.length} changes: median ${at(0.5)} s, nine in ten within ${at(0.9)} s, longest ${at(1)} s\n`,
  );
} finally {
  await browser.close();
  await server.kill();
}
