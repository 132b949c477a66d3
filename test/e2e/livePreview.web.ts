/** From a label to the preview of a map: switched on, prepared once, then with every stroke, on the sample. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { caller } from './finishSample.ts';
import { mapPointer } from './mapPointer.ts';
import { looks } from './pixels.ts';
import { root, startServer } from './server.ts';

interface FieldRow {
  readonly id: string;
  readonly classCode: number | null;
}

test('a preview follows the labels', async ({ page }) => {
  test.setTimeout(300_000);
  const server = await startServer(['--port', '0', '--sample']);
  const call = caller(server.url);
  const shot = (name: string) =>
    page.screenshot({ path: join(root, 'test-results', 'live-preview', `${name}.png`) });
  try {
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    const leave = page.getByRole('button', { name: 'Leave the tour' });
    if (await leave.isVisible()) await leave.click();
    await page.getByTestId('stage-label').click();
    const state = page.getByTestId('live-state');

    await test.step('features are prepared once', async () => {
      await page.getByTestId('live-preview').check();
      await expect(state).toHaveAttribute('data-state', 'no-features');
      await shot('1-needed');
      await page.getByTestId('prepare-features').click();
      await expect(state).toHaveAttribute('data-state', 'ready', { timeout: 120_000 });
      await expect(page.getByTestId('layers')).toContainText('Live preview');
      await shot('2-shown');
    });

    await test.step('a field that loses its class, and gets it back', async () => {
      const before = Number(await state.getAttribute('data-ms'));
      expect(before).toBeGreaterThan(0);
      const [field] = await call<FieldRow[]>('fields.list');
      await call('fields.change', { fields: [field?.id], change: { classCode: null } });
      await expect(state).not.toHaveAttribute('data-ms', String(before));
      await expect(state).toHaveAttribute('data-state', 'ready');
      await call('history.undo');
      await expect(state).toHaveAttribute('data-state', 'ready');
    });

    await test.step('a new label by hand, then a closer look', async () => {
      await page.keyboard.press('r');
      const map = await mapPointer(page);
      const before = await state.getAttribute('data-ms');
      for (const [col, row] of [
        [300, 330],
        [340, 360],
      ] as const) {
        const at = map.at(col, row);
        await page.mouse.click(at.x, at.y);
        await page.waitForTimeout(350);
      }
      await expect(state).not.toHaveAttribute('data-ms', before ?? '');
      await page.mouse.wheel(0, -600);
      await page.waitForTimeout(1500);
      await shot('3-closer');
      // Colours of classes through the scene: far more than the greys of a map without its layers.
      expect((await looks(page, page.getByTestId('map'))).colours).toBeGreaterThan(60);
    });

    await test.step('with one class left there is nothing to tell apart', async () => {
      const fields = await call<FieldRow[]>('fields.list');
      const kept = fields.find((f) => f.classCode !== null)?.classCode;
      const others = fields.filter((f) => f.classCode !== kept).map((f) => f.id);
      await call('fields.change', { fields: others, change: { classCode: null } });
      await expect(state).toHaveAttribute('data-state', 'too-few');
      await shot('4-one-class');
      await page.getByTestId('live-preview').uncheck();
      await expect(page.getByTestId('layers')).not.toContainText('Live preview');
    });
  } finally {
    await server.kill();
  }
});
