/**
 * The ways to fewer and better labels, and to a figure that holds: what an encoder sees, where to label next, a
 * probability sample looked at point by point, the learning curve, and the files that leave the project.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { findings } from './axe.ts';
import { caller, finishSample } from './finishSample.ts';
import { mapPointer } from './mapPointer.ts';
import { looks } from './pixels.ts';
import { root, type Server, startServer } from './server.ts';

let server: Server;
test.beforeAll(async () => {
  server = await startServer(['--port', '0']);
  await finishSample(server.url);
});
test.afterAll(() => server.kill());

async function open(page: Page, stage: string, tab: string): Promise<void> {
  await page.goto(server.url);
  await page.locator('[data-testid=map][data-drawn=true]').waitFor();
  const leave = page.getByRole('button', { name: 'Leave the tour' });
  if (await leave.isVisible()) await leave.click();
  await page.getByTestId(`stage-${stage}`).click();
  await page.getByTestId(`tab-${tab}`).click();
}

/** A picture to be looked at, and nothing serious for axe. */
async function keep(page: Page, name: string): Promise<void> {
  expect(await findings(page), name).toEqual([]);
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(root, 'test-results', 'guide', `${name}.png`) });
}

test('what the bands tell apart: colours, likeness, and a group that becomes fields', async ({ page }) => {
  const call = caller(server.url);
  const before = (await call<unknown[]>('fields.list')).length;
  await open(page, 'label', 'explore');
  await page.getByTestId('start-explore').click();
  await expect(page.getByTestId('explore-views')).toBeVisible({ timeout: 90_000 });
  await page.waitForTimeout(1500);
  expect((await looks(page, page.getByTestId('map'))).colours).toBeGreaterThan(100);
  await keep(page, '1-colours');
  const at = (await mapPointer(page)).at(300, 450);
  await page.mouse.click(at.x, at.y);
  await expect(page.getByTestId('explore-pixel')).toContainText('300');
  await page.waitForTimeout(1500);
  await keep(page, '2-likeness');
  await page.getByTestId('explore-views').getByText('Groups').click();
  // Groups of single noisy bands are specks.
  await page.getByTestId('group-least').fill('4');
  await page.getByTestId('group-least').press('Enter');
  await page.getByTestId('label-group').click();
  await expect.poll(async () => (await call<unknown[]>('fields.list')).length).toBeGreaterThan(before);
  await keep(page, '3-groups');
  await page.getByTestId('undo').click();
  await expect.poll(async () => (await call<unknown[]>('fields.list')).length).toBe(before);
});

test('where to label next: a place is gone to and labelled by a key', async ({ page }) => {
  const call = caller(server.url);
  const before = (await call<unknown[]>('fields.list')).length;
  await open(page, 'label', 'next');
  await page.getByTestId('start-suggest').click();
  const places = page.getByTestId('suggestions').getByRole('listitem');
  await expect(places.first()).toBeVisible({ timeout: 120_000 });
  await expect(places).toHaveCount(20);
  await places.first().getByRole('button').first().click();
  await keep(page, '4-suggestions');
  await page.keyboard.press('1');
  await expect.poll(async () => (await call<unknown[]>('fields.list')).length).toBe(before + 1);
  // The next place is open at once.
  await expect(places.nth(1).getByTestId('pick-1')).toBeVisible();
});

test('a probability sample, point by point, gives map accuracy', async ({ page }) => {
  const call = caller(server.url);
  await open(page, 'assess', 'sample');
  await page.getByTestId('standard-error').fill('8');
  await page.getByTestId('least-points').fill('2');
  await page.getByTestId('least-points').press('Enter');
  await expect(page.getByTestId('design-total')).toHaveText(/^\d\d$/);
  await keep(page, '5-design');
  await page.getByTestId('draw-sample').click();
  await expect(page.getByTestId('sample-point')).toContainText('Point 1', { timeout: 60_000 });
  await keep(page, '6-review');
  await page.keyboard.press('1');
  await expect(page.getByTestId('sample-progress')).toContainText('1 of');
  await expect(page.getByTestId('sample-point')).toContainText('Point 2');
  await page.keyboard.press('n');
  await expect(page.getByTestId('sample-point')).toContainText('Point 3');
  await page.keyboard.press('b');
  await page.keyboard.press('2');
  await expect(page.getByTestId('sample-progress')).toContainText('2 of');
  const points = await call<{ id: string; mapClass: number; classCode: number | null }[]>('samples.list');
  expect(points.filter((p) => p.classCode !== null)).toHaveLength(2);
  // The rest agrees with the map, as far as this test is concerned.
  for (const code of new Set(points.map((p) => p.mapClass))) {
    const open = points.filter((p) => p.mapClass === code && p.classCode === null).map((p) => p.id);
    if (open.length > 0) await call('samples.label', { samples: open, classCode: code });
  }
  await expect(page.getByTestId('sample-progress')).toContainText(`${points.length} of ${points.length}`);
  await page.getByTestId('assess-sample').click();
  await expect(page.getByTestId('assessment')).toContainText(/map accuracy/i, { timeout: 60_000 });
  await expect(page.getByTestId('class-accuracy')).toContainText('±');
  await keep(page, '7-map-accuracy');
});

test('the learning curve of the baselines, with its spread and its protocol', async ({ page }) => {
  await open(page, 'train', 'curve');
  await page.getByTestId('curve-shots').fill('2, 4');
  await page.getByTestId('curve-seeds').fill('2');
  await page.getByTestId('start-curve').click();
  await expect(page.getByTestId('curve-table')).toContainText('±', { timeout: 300_000 });
  await expect(page.getByTestId('learning-curve').locator('svg')).toBeVisible();
  await keep(page, '8-curve');
});

test('a map leaves the project with its palette, a report as one page', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-export-'));
  await page.goto(server.url);
  await page.getByTestId('stage-map').click();
  for (const [kind, file] of [
    ['map-tif', 'crops.tif'],
    ['report', 'report.html'],
  ] as const) {
    await page.getByTestId('export-map').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByTestId(`export-${kind}`).check({ force: true });
    await dialog.getByTestId('folder-browser').getByRole('textbox').fill(folder);
    await dialog.getByRole('button', { name: 'Go', exact: true }).click();
    await dialog.getByTestId('export-name').fill(file);
    await keep(page, `9-export-${kind}`);
    await dialog.getByTestId('export-go').click();
    await expect.poll(() => existsSync(join(folder, file))).toBe(true);
  }
  expect(existsSync(join(folder, 'crops.qml'))).toBe(true);
});
