/** What the map can do with two dates of one place: indices, dates, two panes, places, spectra, lon/lat, the base map. */
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { innProject, innScene } from './innProject.ts';
import { looks } from './pixels.ts';
import { startServer } from './server.ts';

test('index, dates, two panes, go to, bookmark, overview, pins and class spectra', async ({ page }) => {
  test.skip(!existsSync(innScene), 'the reference scenes are not beside this checkout');
  test.setTimeout(240_000);
  const server = await startServer(['--port', '0']);
  try {
    await innProject(server.url);
    await page.goto(server.url);
    const map = page.getByTestId('map');
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();

    await test.step('an index is drawn in the colours of its ramp', async () => {
      await page.getByTestId('composite').selectOption('index:ndvi');
      await page.waitForTimeout(1500);
      const viridis = await looks(page, map);
      await page.getByTestId('ramp').selectOption('grey');
      await page.waitForTimeout(800);
      const grey = await looks(page, map);
      expect(viridis.colours).toBeGreaterThan(40);
      expect(grey.colours).toBeLessThan(viridis.colours);
      await page.getByTestId('composite').selectOption('true');
    });

    await test.step('the dates one after the other, from where one is', async () => {
      await expect(page.getByTestId('timeline')).toContainText('2018');
      const before = await page.getByTestId('scene-list').locator('[aria-pressed=true]').textContent();
      await page.keyboard.press(before?.includes('Spring') ? '.' : ',');
      await expect(page.getByTestId('scene-list').locator('[aria-pressed=true]')).not.toHaveText(
        before ?? '',
      );
    });

    await test.step('coordinates are those of the map and of the globe', async () => {
      await page.getByTestId('places-open').click();
      await page.getByTestId('go-to').fill('48.2921, 13.1397');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      const box = await map.boundingBox();
      if (!box) throw new Error('No map');
      await page.mouse.move(box.x + box.width / 2 - 4, box.y + box.height / 2);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await expect(page.getByTestId('lonlat')).toHaveText(/48\.29\d+° N, 13\.1[34]\d+° E/);
      await expect(page.getByTestId('coordinates')).toHaveText(/E 362,0\d\d\.\d, N 5,350,4\d\d\.\d/);
    });

    await test.step('a bookmark brings the view back; the overview shows where one is', async () => {
      await page.getByTestId('places-open').click();
      await page.getByTestId('bookmark-name').fill('Bend of the river');
      await page.keyboard.press('Enter');
      for (let i = 0; i < 3; i += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
      await expect(page.getByTestId('overview')).toBeVisible();
      await page.getByRole('button', { name: 'Bend of the river', exact: true }).click();
      await expect(page.getByTestId('overview')).toBeHidden();
      await page.getByTestId('places-open').click();
    });

    await test.step('pixels are pinned and compared with classes', async () => {
      const box = await map.boundingBox();
      if (!box) throw new Error('No map');
      await page.mouse.click(box.x + box.width * 0.3, box.y + box.height * 0.4);
      await expect(page.getByTestId('pixel-values')).toBeVisible();
      await page.getByTestId('pin').click();
      await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.6);
      await page.getByTestId('class-spectra').check();
      const list = page.getByTestId('pixel-values').locator('li');
      await expect(list).toHaveCount(4);
      await expect(list.first()).toContainText('Wheat');
    });

    await test.step('two maps of one place', async () => {
      await page.keyboard.press('v');
      const beside = page.getByTestId('map-beside');
      await expect(beside.locator('canvas').first()).toBeVisible();
      await page.waitForTimeout(1500);
      expect((await looks(page, beside)).colours).toBeGreaterThan(40);
      await page.keyboard.press('v');
      await expect(page.getByTestId('beside-bar')).toBeHidden();
    });

    await test.step('layers are moved above one another', async () => {
      const rows = page.getByTestId('layers').locator('.rows .name');
      const before = await rows.allTextContents();
      const first = before.find((name) => name === 'Spring' || name === 'Summer');
      await page.getByRole('button', { name: `Move ${first} down` }).click();
      await expect.poll(() => rows.allTextContents()).not.toEqual(before);
    });
  } finally {
    await server.kill();
  }
});
