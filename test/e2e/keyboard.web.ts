/** From opening the sample to a finished map without a pointer: only keys, and focus where a person would look for it. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { startServer } from './server.ts';

/** Tabs on until the wanted element has the focus; a person would give up sooner. */
async function tabTo(page: Page, wanted: Locator, most = 60): Promise<void> {
  for (let i = 0; i < most; i += 1) {
    if (await wanted.evaluate((node) => node === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${most} tabs did not reach ${wanted}`);
}

test('the sample becomes a map by keyboard alone', async ({ page }) => {
  test.setTimeout(300_000);
  const server = await startServer(['--port', '0']);
  try {
    await page.goto(server.url);
    await tabTo(page, page.getByTestId('open-sample'), 5);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();

    await test.step('give a field another class, and take it back', async () => {
      await page.keyboard.press('Alt+4');
      await expect(page.getByTestId('panel-label')).toBeVisible();
      await page.keyboard.press('3');
      await expect(page.getByTestId('class-list').locator('[aria-pressed=true]')).toHaveCount(1);
      await page.keyboard.press('p');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'polygon');
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'identify');
    });

    await test.step('train on raw bands', async () => {
      await page.keyboard.press('Alt+5');
      await tabTo(page, page.getByTestId('per-class'));
      await page.keyboard.type('20');
      await tabTo(page, page.getByTestId('start-train'));
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('transfer-estimate').first()).toContainText('%', { timeout: 60_000 });
    });

    await test.step('map', async () => {
      await page.keyboard.press('Alt+6');
      await tabTo(page, page.getByTestId('start-map'));
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('legend').first()).toContainText('%', { timeout: 60_000 });
    });

    await test.step('look beneath the map and move it', async () => {
      await tabTo(page, page.getByTestId('map'));
      const scale = await page.locator('.scale').first().textContent();
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('+');
      await expect(page.locator('footer .scale')).not.toHaveText(scale ?? '');
      await page.keyboard.press('f');
    });
  } finally {
    await server.kill();
  }
});
