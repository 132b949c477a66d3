/** A power cut in the middle of labelling: the server is killed without a farewell, and every gesture is found again. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { caller } from './finishSample.ts';
import { mapPointer } from './mapPointer.ts';
import { startServer } from './server.ts';

interface FieldRow {
  readonly id: string;
  readonly classCode: number | null;
  readonly role: string;
  readonly geometry: unknown;
}

test('the server is killed while fields are drawn', async ({ page }) => {
  test.setTimeout(180_000);
  const appData = mkdtempSync(join(tmpdir(), 'swath-crash-'));
  let server = await startServer(['--port', '0', '--sample'], appData);
  try {
    const read = (url: string) => caller(url)<FieldRow[]>('fields.list');
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    await page.keyboard.press('Alt+4');
    const before = await read(server.url);
    const map = await mapPointer(page);

    // Rectangles of several classes and roles, one after the other; the last answer is awaited, no more.
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press(String((i % 3) + 1));
      if (i === 2) await page.keyboard.press('t');
      await page.keyboard.press('r');
      const saved = page.waitForResponse((answer) => answer.url().includes('/api/fields.add'));
      for (const [col, row] of [
        [20 + 40 * i, 600],
        [50 + 40 * i, 640],
      ] as const) {
        const at = map.at(col, row);
        await page.mouse.click(at.x, at.y);
        await page.waitForTimeout(350);
      }
      expect((await saved).status()).toBe(200);
    }
    const drawn = await read(server.url);
    expect(drawn).toHaveLength(before.length + 4);
    // Another is begun and not finished: it was never a gesture.
    const begun = map.at(260, 600);
    await page.mouse.click(begun.x, begun.y);
    await server.kill();
    await expect(page.getByText('Swath does not answer').first()).toBeVisible();

    server = await startServer(['--port', '0', '--sample'], appData);
    const found = await read(server.url);
    expect(found).toEqual(drawn);

    await test.step('and each of them can still be taken back', async () => {
      await page.goto(server.url);
      await page.locator('[data-testid=map][data-drawn=true]').waitFor();
      for (let i = 0; i < 4; i += 1) await page.keyboard.press('Control+z');
      await expect.poll(() => read(server.url)).toHaveLength(before.length);
      expect(await read(server.url)).toEqual(before);
    });
  } finally {
    await server.kill();
  }
});
