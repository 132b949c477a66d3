/** The tools of the map, one gesture each, on the sample: what was drawn is asked of the app itself. */
import { expect, test } from '@playwright/test';
import { caller } from './finishSample.ts';
import { mapPointer } from './mapPointer.ts';
import { startServer } from './server.ts';

interface FieldRow {
  readonly confidence: number | null;
  readonly note: string | null;
  readonly geometry: { readonly coordinates: number[][][] };
}

test('palette, polygon by keys, freehand, measure, region and field facts', async ({ page }) => {
  test.setTimeout(300_000);
  const server = await startServer(['--port', '0', '--sample']);
  const call = caller(server.url);
  const fields = () => call<FieldRow[]>('fields.list');
  const choose = async (command: string) => {
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette').fill(command);
    await page.keyboard.press('Enter');
  };
  try {
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    const before = (await fields()).length;
    const map = await mapPointer(page);
    const click = async (col: number, row: number) => {
      const at = map.at(col, row);
      await page.mouse.click(at.x, at.y);
      // Two clicks within a quarter of a second would be a double click on the map.
      await page.waitForTimeout(350);
    };

    await test.step('a polygon: Backspace takes a corner back, Enter ends it', async () => {
      await choose('draw a poly');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'polygon');
      await click(30, 300);
      await click(80, 300);
      await page.keyboard.press('Enter');
      expect((await fields()).length, 'two corners are no field').toBe(before);
      await click(120, 420);
      await page.keyboard.press('Backspace');
      await click(80, 350);
      await click(30, 350);
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await fields()).length).toBe(before + 1);
      expect((await fields()).at(-1)?.geometry.coordinates[0]).toHaveLength(5);
      await click(40, 400);
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'polygon');
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'identify');
    });

    await test.step('confidence and note of the field', async () => {
      await page.keyboard.press('e');
      await click(50, 325);
      await page.getByTestId('field-confidence').fill('60');
      await page.getByTestId('field-confidence').press('Enter');
      await page.getByTestId('field-note').fill('Seen from the road');
      await page.getByTestId('field-note').press('Enter');
      await expect
        .poll(async () =>
          (await fields()).filter((f) => f.note === 'Seen from the road' && f.confidence === 60),
        )
        .toHaveLength(1);
    });

    await test.step('a field drawn by hand has fewer corners than the hand moved', async () => {
      await page.getByTestId('tool-freehand').click();
      const round = Array.from({ length: 60 }, (_, i) => i * ((2 * Math.PI) / 60));
      const at = (angle: number) => map.at(60 + 25 * Math.cos(angle), 540 + 25 * Math.sin(angle));
      await page.mouse.move(at(0).x, at(0).y);
      await page.mouse.down();
      for (const angle of round) await page.mouse.move(at(angle).x, at(angle).y);
      await page.mouse.up();
      await expect.poll(async () => (await fields()).length).toBe(before + 2);
      const corners = (await fields()).at(-1)?.geometry.coordinates[0]?.length ?? 0;
      expect(corners).toBeGreaterThan(8);
      expect(corners).toBeLessThan(60);
    });

    await test.step('a length is measured in pixels where there is no ground', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('m');
      await click(100, 300);
      await click(200, 300);
      const text = (await page.getByTestId('measured').textContent()) ?? '';
      const pixels = Number(/^[\d,.]+/.exec(text)?.[0].replaceAll(',', ''));
      expect(Math.abs(pixels - 100)).toBeLessThan(3);
      await page.keyboard.press('Enter');
      await page.keyboard.press('m');
    });

    await test.step('a region gets another name', async () => {
      await choose('go to regions');
      await page.getByTestId('region-rectangle').click();
      await click(30, 250);
      await click(200, 450);
      await page.getByTestId('rename-region').click();
      await page.getByTestId('region-name').fill('North');
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await call<{ name: string }[]>('regions.list'))[0]?.name).toBe('North');
    });
  } finally {
    await server.kill();
  }
});
