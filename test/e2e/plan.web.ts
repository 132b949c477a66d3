/**
 * A pretraining before and after: views of the user's own tiles, what it will take, a run that is paused and gone on
 * with, two runs side by side; and the cell of a confusion matrix that is looked at on the map.
 */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { caller, finishSample } from './finishSample.ts';
import { root, type Server, startServer } from './server.ts';

let server: Server;
test.beforeAll(async () => {
  server = await startServer(['--port', '0']);
  await finishSample(server.url);
});
test.afterAll(() => server.kill());

async function open(page: Page, stage: string): Promise<void> {
  await page.goto(server.url);
  await page.locator('[data-testid=map][data-drawn=true]').waitFor();
  const leave = page.getByRole('button', { name: 'Leave the tour' });
  if (await leave.isVisible()) await leave.click();
  await page.getByTestId(`stage-${stage}`).click();
}

async function keep(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(root, 'test-results', 'plan', `${name}.png`) });
}

test('views, estimate, pause, go on, compare', async ({ page }) => {
  const call = caller(server.url);
  const runs = async () =>
    (await call<{ id: string; kind: string; state: string }[]>('runs.list')).filter(
      (r) => r.kind === 'pretrain',
    );
  await open(page, 'pretrain');
  await test.step('nine squares, others for another tile, and a change of settings changes them', async () => {
    await page.getByRole('button', { name: 'Views', exact: true }).click();
    const squares = page.getByTestId('views').locator('canvas');
    await expect(squares).toHaveCount(9, { timeout: 60_000 });
    const look = () =>
      squares.evaluateAll((all) => all.map((c) => (c as HTMLCanvasElement).toDataURL()).join());
    const first = await look();
    await keep(page, '1-views');
    await page.getByTestId('next-tile').click();
    await expect.poll(look, { timeout: 60_000 }).not.toBe(first);
  });
  await test.step('time, memory and disk', async () => {
    await expect(page.getByTestId('estimate')).toContainText(/GB|MB/, { timeout: 60_000 });
  });
  await page.getByLabel('Epochs').fill('40');
  await page.getByLabel('Tiles per epoch').fill('256');
  await page.getByLabel('Batch').first().fill('32');
  await page.getByTestId('start-pretrain').click();
  await expect(page.getByTestId('loss-curve')).toBeVisible({ timeout: 120_000 });
  await test.step('paused with everything kept, and gone on with', async () => {
    await page.getByTestId('cancel-run').click();
    await expect
      .poll(async () => (await runs()).map((r) => r.state), { timeout: 60_000 })
      .toEqual(['cancelled']);
    await page.getByRole('button', { name: /Go on from the last checkpoint/ }).click();
    await expect.poll(async () => (await runs()).length).toBe(2);
    await expect(page.getByTestId('loss-curve')).toBeVisible({ timeout: 120_000 });
    await keep(page, '2-going-on');
    await page.getByTestId('cancel-run').click();
    await expect
      .poll(async () => (await runs()).map((r) => r.state), { timeout: 60_000 })
      .toEqual(['cancelled', 'cancelled']);
  });
  await test.step('two runs side by side', async () => {
    await page.getByTestId('back-to-form').click();
    await page.getByTestId('compare-runs-open').click();
    await expect(page.getByTestId('compare-runs').locator('svg').first()).toBeVisible();
    await keep(page, '3-compare');
  });
});

test('a cell of the confusion matrix shows its fields on the map', async ({ page }) => {
  await open(page, 'assess');
  await page.getByTestId('assessment').waitFor();
  const cell = page.getByRole('button', { name: /map says .*, reference says/ }).first();
  await cell.click();
  await expect(page.getByTestId('cell-places').getByRole('listitem').first()).toBeVisible();
  await keep(page, '4-cell');
  await page.getByRole('button', { name: 'Can its confidence be believed?' }).click();
  await expect(page.getByTestId('reliability').locator('svg')).toBeVisible();
  await page.getByTestId('reliability').scrollIntoViewIfNeeded();
  await keep(page, '5-reliability');
});
