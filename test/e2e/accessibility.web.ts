/** axe finds nothing serious or critical in any view, light or dark, on the sample with a finished map. */
import { expect, test } from '@playwright/test';
import { findings } from './axe.ts';
import { finishSample } from './finishSample.ts';
import { type Server, startServer } from './server.ts';

let server: Server;
test.beforeAll(async () => {
  server = await startServer(['--port', '0']);
});
test.afterAll(() => server.kill());

test('the start page and the dialogs', async ({ page }) => {
  test.setTimeout(60_000);
  for (const colorScheme of ['light', 'dark'] as const) {
    // Half-way through a change of colour, contrast means nothing.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(server.url);
    await page.getByTestId('start').waitFor();
    expect(await findings(page), `start, ${colorScheme}`).toEqual([]);
    await page.getByTestId('new-project').click();
    await page.locator('[data-testid=folder-browser] .list[aria-busy=false]').waitFor();
    expect(await findings(page), `new project, ${colorScheme}`).toEqual([]);
  }
});

/** Panels of the steps that have several; the first is there already. */
const tabs: Readonly<Record<string, readonly string[]>> = {
  pretrain: ['explore'],
  label: ['next'],
  train: ['curve'],
  assess: ['sample'],
};

test('every step of the job', async ({ page }) => {
  test.setTimeout(400_000);
  await finishSample(server.url);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    for (const stage of ['scenes', 'regions', 'pretrain', 'label', 'train', 'map', 'assess']) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const panel = page.getByTestId(`panel-${stage}`);
      if (!(await panel.isVisible())) await page.getByTestId(`stage-${stage}`).click();
      await panel.waitFor();
      expect(await findings(page), `${stage}, ${colorScheme}`).toEqual([]);
      for (const tab of tabs[stage] ?? []) {
        await page.getByTestId(`tab-${tab}`).click();
        expect(await findings(page), `${stage}, ${tab}, ${colorScheme}`).toEqual([]);
      }
    }
    const dialog = async (name: string, open: () => Promise<void>) => {
      await open();
      await page.getByRole('dialog').waitFor();
      expect(await findings(page), `${name}, ${colorScheme}`).toEqual([]);
      await page.keyboard.press('Escape');
    };
    await dialog('shortcuts', () => page.getByTestId('shortcuts').click());
    await dialog('palette', () => page.keyboard.press('Control+k'));
    for (const i of [0, 1, 2])
      await dialog(`settings ${i}`, async () => {
        await page.getByTestId('settings-button').click();
        await page.getByTestId('settings').locator('label').nth(i).click();
      });
    await page.getByTestId('stage-map').click();
    await dialog('export', () => page.getByTestId('export-map').click());
  }
});
