/** Every labelling tool, one gesture each, on the sample's radar scene: what it left is asked of the app itself. */
import { expect, type Page, test } from '@playwright/test';
import { caller } from './finishSample.ts';
import { mapPointer } from './mapPointer.ts';
import { startServer } from './server.ts';

interface Row {
  readonly id: string;
  readonly classCode: number | null;
  readonly geometry: { readonly type: string; readonly coordinates: number[][][] };
}

const areaOf = ({ geometry }: Row) =>
  Math.abs(
    (geometry.coordinates[0] ?? []).reduce((sum, [x = 0, y = 0], i, ring) => {
      const [nx = 0, ny = 0] = ring[(i + 1) % ring.length] ?? [];
      return sum + (x * ny - nx * y) / 2;
    }, 0),
  );

async function drag(page: Page, places: readonly { x: number; y: number }[]): Promise<void> {
  const [first, ...others] = places;
  if (!first) return;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const place of others) await page.mouse.move(place.x, place.y, { steps: 4 });
  await page.mouse.up();
}

test('brush, eraser, wand, point, split, merge, copy and paste, box, snapping', async ({ page }) => {
  test.setTimeout(300_000);
  const server = await startServer(['--port', '0', '--sample']);
  const call = caller(server.url);
  const fields = () => call<Row[]>('fields.list');
  try {
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    const imported = (await fields()).length;
    await page.getByTestId('stage-label').click();
    const map = await mapPointer(page);
    const at = (col: number, row: number) => map.at(col, row);
    const click = async (col: number, row: number, options = {}) => {
      const place = at(col, row);
      await page.mouse.click(place.x, place.y, options);
      await page.waitForTimeout(350);
    };
    const newest = async () => (await fields()).slice(imported);

    await test.step('a stroke is a field, the next one grows it', async () => {
      await page.keyboard.press('b');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'brush');
      await drag(page, [at(60, 300), at(110, 300)]);
      await expect.poll(async () => (await newest()).length).toBe(1);
      const before = (await newest()).map(areaOf);
      await drag(page, [at(110, 300), at(110, 340)]);
      await expect.poll(async () => (await newest()).map(areaOf)[0]).toBeGreaterThan((before[0] ?? 0) * 1.3);
      expect(await newest()).toHaveLength(1);
    });

    await test.step('the eraser takes some of it away, undo brings it back', async () => {
      const before = (await newest()).map(areaOf)[0] ?? 0;
      await page.keyboard.press('x');
      for (let i = 0; i < 3; i += 1) await page.keyboard.press(']');
      await drag(page, [at(55, 300), at(75, 300)]);
      await expect.poll(async () => (await newest()).map(areaOf)[0]).toBeLessThan(before * 0.95);
      await page.keyboard.press('Control+z');
      await expect.poll(async () => (await newest()).map(areaOf)[0]).toBeCloseTo(before, 3);
    });

    await test.step('a line splits it; the parts, boxed with Shift, are merged again', async () => {
      const whole = (await newest()).map(areaOf)[0] ?? 0;
      await page.keyboard.press('k');
      await click(85, 270);
      await click(85, 330);
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await newest()).length).toBe(2);
      await page.keyboard.press('e');
      await page.keyboard.press('Escape');
      await page.keyboard.press('e');
      await page.keyboard.down('Shift');
      await drag(page, [at(45, 280), at(95, 350)]);
      await page.keyboard.up('Shift');
      await expect(page.getByText('2 fields selected')).toBeVisible();
      await page.keyboard.press('g');
      await expect.poll(async () => (await newest()).map(areaOf)).toHaveLength(1);
      expect((await newest()).map(areaOf)[0]).toBeCloseTo(whole, 1);
    });

    await test.step('a copy is pasted at the pointer, with the class in hand', async () => {
      const [source] = await newest();
      await expect(page.getByText('1 field selected')).toBeVisible();
      await page.keyboard.press('Control+c');
      await page.getByTestId('class-2').click();
      const place = at(80, 560);
      await page.mouse.move(place.x, place.y);
      await page.keyboard.press('Control+Shift+v');
      await expect.poll(async () => (await newest()).length).toBe(2);
      const pasted = (await newest())[1];
      expect(pasted?.classCode).toBe(2);
      expect(pasted && areaOf(pasted)).toBeCloseTo(source ? areaOf(source) : 0, 3);
    });

    await test.step('a point is 3 × 3 pixels', async () => {
      await page.keyboard.press('o');
      await click(150, 620);
      await expect.poll(async () => (await newest()).map(areaOf)[2]).toBe(9);
    });

    await test.step('the wand proposes what looks alike; a larger tolerance proposes more; Enter takes it', async () => {
      await page.keyboard.press('w');
      await click(200, 500);
      const take = page.getByTestId('wand-take');
      await expect(take).toBeVisible();
      const pixels = async () =>
        Number(/([\d,]+) pixels/.exec((await take.textContent()) ?? '')?.[1]?.replaceAll(',', ''));
      const few = await pixels();
      await page.getByTestId('wand-tolerance').fill('0.3');
      await expect.poll(pixels).toBeGreaterThan(few);
      const more = await pixels();
      await page.getByTestId('map').focus();
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await newest()).length).toBe(4);
      expect(more).toBeGreaterThan(0);
      await page.keyboard.press('Control+z');
      await expect.poll(async () => (await newest()).length).toBe(3);
    });

    await test.step('a corner drawn near another one snaps to it', async () => {
      await page.keyboard.press('r');
      await click(20, 640);
      await click(60, 680);
      await expect.poll(async () => (await newest()).length).toBe(4);
      const corner = (await newest())[3]?.geometry.coordinates[0]?.find(
        ([x = 0, y = 0]) => x > 40 && y < -660,
      );
      await page.keyboard.press('r');
      const [x = 0, y = 0] = corner ?? [];
      await click(x + 1.5, -y + 1.5);
      await click(90, 710);
      await expect.poll(async () => (await newest()).length).toBe(5);
      const ring = (await newest())[4]?.geometry.coordinates[0] ?? [];
      expect(ring.some(([cx, cy]) => cx === x && cy === y)).toBe(true);
    });

    await test.step('all in view are selected at once, and balance counts them by role', async () => {
      await page.keyboard.press('Control+a');
      await expect(page.getByText(/\d+ fields selected/)).toBeVisible();
      await page.getByRole('button', { name: 'Counts and balance' }).click();
      await expect(page.getByTestId('balance')).toBeVisible();
    });
  } finally {
    await server.kill();
  }
});
