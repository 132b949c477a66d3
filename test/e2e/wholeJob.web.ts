/**
 * The whole job as an analyst does it, on the real sample scene, through the real server and its worker processes:
 * new project → scene → region → pretrain → label → train → map → assess → reload → kill the server → start again.
 * Screenshots of every stage are kept in test-results/whole-job.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { mapPointer } from './mapPointer.ts';
import { looks } from './pixels.ts';
import { root, startServer } from './server.ts';

/** Fields of the sample: class name → rectangles (column, row to column, row) well inside what grows there. */
const crops = {
  Potatoes: [
    [293, 650, 311, 704],
    [466, 370, 493, 410],
    [466, 271, 497, 289],
  ],
  Wheat: [
    [273, 428, 306, 472],
    [331, 374, 451, 415],
    [265, 323, 302, 366],
  ],
  Beet: [
    [265, 619, 303, 642],
    [239, 374, 255, 418],
    [389, 322, 421, 338],
  ],
} as const;

async function keep(page: Page, name: string): Promise<void> {
  await page.mouse.move(720, 4);
  await page.screenshot({ path: join(root, 'test-results', 'whole-job', `${name}.png`) });
}

async function stage(page: Page, name: string): Promise<void> {
  await page.getByTestId(`stage-${name}`).click();
  await expect(page.getByTestId(`panel-${name}`)).toBeVisible();
}

test('the whole job in the browser', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-job-'));
  let server = await startServer([], folder);
  try {
    await page.goto(server.url);

    await test.step('new project', async () => {
      await page.getByTestId('new-project').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByTestId('project-name').fill('Polder');
      await dialog
        .getByLabel('Folder', { exact: true })
        .or(dialog.getByRole('textbox').first())
        .first()
        .fill(folder);
      await dialog.getByTestId('folder-browser').getByRole('button', { name: 'Go' }).click();
      await dialog.getByRole('button', { name: 'Create', exact: false }).last().click();
      await expect(page.getByTestId('stage-scenes')).toBeVisible();
      await keep(page, '1-empty-project');
      // The tour is offered at the first start, and can be left at once.
      const leave = page.getByRole('button', { name: 'Leave the tour' });
      if (await leave.isVisible()) await leave.click();
    });

    await test.step('add the scene', async () => {
      await page.getByTestId('add-scene').first().click();
      const dialog = page.getByRole('dialog');
      await dialog
        .getByTestId('folder-browser')
        .getByRole('textbox')
        .fill(join(root, 'resources', 'sample'));
      await dialog.getByRole('button', { name: 'Go' }).click();
      await dialog.getByRole('button', { name: /flevoland-west\.tif/ }).click();
      await dialog.locator('footer').getByRole('button').last().click();
      await expect(page.getByTestId('scene-list')).toContainText('512');
      await expect(page.getByTestId('crs')).toContainText(/local pixel coordinates/i);
      await expect(page.getByTestId('map')).toHaveAttribute('data-drawn', 'true');
      // Not black, not white, not one colour: the automatic stretch works.
      const seen = await looks(page, page.getByTestId('map'));
      expect(seen.spread).toBeGreaterThan(15);
      expect(seen.colours).toBeGreaterThan(150);
      await keep(page, '2-scene');
    });

    await test.step('draw a region', async () => {
      await stage(page, 'regions');
      const map = await mapPointer(page);
      await page.getByTestId('region-rectangle').click();
      await drag(page, map.at(150, 120), map.at(505, 725));
      await expect(page.getByTestId('region-list').getByRole('listitem')).toHaveCount(1);
      await keep(page, '3-region');
    });

    await test.step('pretrain and watch', async () => {
      await stage(page, 'pretrain');
      await page.getByTestId('method-vicreg').click();
      await page.getByLabel('Epochs').fill('2');
      await page.getByLabel('Tiles per epoch').fill('1024');
      await keep(page, '4-pretrain-form');
      await page.getByTestId('start-pretrain').click();
      await expect(page.getByTestId('run-progress').first()).toContainText(/tiles\/s/, { timeout: 120_000 });
      await expect(page.getByTestId('loss-curve')).toBeVisible();
      await expect(page.getByTestId('status-job')).toContainText(/left/, { timeout: 120_000 });
      await keep(page, '5-pretraining');
      await expect(page.getByTestId('status-job')).not.toContainText(/left/, { timeout: 400_000 });
      await keep(page, '6-pretrained');
    });

    await test.step('label by drawing and by clicking', async () => {
      await stage(page, 'label');
      const map = await mapPointer(page);
      for (const name of Object.keys(crops)) {
        await page.getByTestId('new-class').fill(name);
        await page.getByTestId('new-class').press('Enter');
        await expect(page.getByTestId('class-list')).toContainText(name);
      }
      let drawn = 0;
      for (const [name, fields] of Object.entries(crops)) {
        await page
          .getByTestId('class-list')
          .getByRole('button', { name: new RegExp(name) })
          .first()
          .click();
        for (const [i, [west, north, east, south]] of fields.entries()) {
          if (i === 0) {
            await page.getByTestId('tool-polygon').click();
            for (const [col, row] of [
              [west, north],
              [east, north],
              [east, south],
            ] as const) {
              const at = map.at(col, row);
              await page.mouse.click(at.x, at.y);
              await page.waitForTimeout(350);
            }
            const last = map.at(west, south);
            await page.mouse.dblclick(last.x, last.y);
          } else {
            await page.getByTestId('tool-rectangle').click();
            await drag(page, map.at(west, north), map.at(east, south));
          }
          drawn += 1;
          await expect.poll(() => fieldCount(page), { message: `field ${drawn} (${name})` }).toBe(drawn);
        }
      }
      // A wrong class, put right with one click on the field; then undo and redo.
      await page.getByTestId('tool-paint').click();
      await page.keyboard.press('2');
      const potatoes = map.at(302, 680);
      await page.mouse.click(potatoes.x, potatoes.y);
      await expect.poll(() => classesOf(page)).toEqual([2, 4, 3]);
      await page.getByTestId('undo').click();
      await expect.poll(() => classesOf(page)).toEqual([3, 3, 3]);
      await keep(page, '7-labels');
    });

    await test.step('train a head', async () => {
      await stage(page, 'train');
      await page.getByTestId('per-class').fill('20');
      await page.getByTestId('start-train').click();
      await expect(page.getByTestId('transfer-estimate').first()).toContainText(/%/, { timeout: 120_000 });
      await keep(page, '8-trained');
    });

    await test.step('map the scene', async () => {
      await stage(page, 'map');
      await page.getByTestId('start-map').click();
      await expect(page.getByTestId('legend').first()).toContainText('Wheat', { timeout: 180_000 });
      await page.waitForTimeout(1500);
      await keep(page, '9-map');
    });

    await test.step('read the accuracy', async () => {
      await stage(page, 'assess');
      await page.getByTestId('start-assess').click();
      await expect(page.getByTestId('assessment')).toContainText(/transfer estimate/i, { timeout: 120_000 });
      await expect(page.getByTestId('class-accuracy')).toContainText('Potatoes');
      await keep(page, '10-assessment');
    });

    await test.step('reload: it is all there', async () => {
      await page.reload();
      await everythingIsThere(page);
    });

    await test.step('kill the server and start again: it is all there', async () => {
      await server.kill();
      server = await startServer([join(folder, 'Polder.swath')], folder);
      await page.goto(server.url);
      await everythingIsThere(page);
      await keep(page, '11-after-restart');
    });
  } finally {
    await server.kill();
  }
});

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.click(from.x, from.y);
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.click(to.x, to.y);
  // Two clicks within a quarter of a second would be a double click on the map.
  await page.waitForTimeout(350);
}

/** Asks the app itself, beside what the page shows. */
async function call<T>(page: Page, method: string, params: unknown = {}): Promise<T> {
  const result = await page.evaluate(
    async ([name, body]) => {
      const answer = await fetch(`/api/${name}`, { method: 'POST', body: JSON.stringify(body) });
      return ((await answer.json()) as { result: unknown }).result;
    },
    [method, params] as const,
  );
  return result as T;
}

async function fieldCount(page: Page): Promise<number> {
  return (await call<unknown[]>(page, 'fields.list')).length;
}

async function classesOf(page: Page): Promise<number[]> {
  const fields = await call<{ classCode: number }[]>(page, 'fields.list');
  return [1, 2, 3].map((code) => fields.filter((field) => field.classCode === code).length);
}

async function everythingIsThere(page: Page): Promise<void> {
  await expect(page.getByTestId('scene-list')).toContainText('512');
  expect(await fieldCount(page)).toBe(9);
  expect(await classesOf(page)).toEqual([3, 3, 3]);
  await stage(page, 'regions');
  await expect(page.getByTestId('region-list').getByRole('listitem')).toHaveCount(1);
  await stage(page, 'pretrain');
  await expect(page.getByTestId('pretrain-runs')).toContainText(/VICReg/);
  await stage(page, 'label');
  for (const name of Object.keys(crops)) await expect(page.getByTestId('class-list')).toContainText(name);
  await stage(page, 'train');
  await expect(page.getByTestId('transfer-estimate').first()).toContainText(/%/);
  await stage(page, 'map');
  await expect(page.getByTestId('legend').first()).toContainText('Wheat');
  await stage(page, 'assess');
  await expect(page.getByTestId('assessment')).toContainText(/transfer estimate/i);
  await stage(page, 'scenes');
}
