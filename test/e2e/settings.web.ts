/** Settings that are kept: the language, the user's own keys, what a damaged file costs; and files dropped on the page. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startServer } from './server.ts';

async function opened(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('[data-testid=map][data-drawn=true]').waitFor();
}

test('language, keys and theme hold beyond a restart', async ({ page }) => {
  test.setTimeout(120_000);
  const appData = mkdtempSync(join(tmpdir(), 'swath-settings-'));
  let server = await startServer(['--port', '0', '--sample'], appData);
  try {
    await opened(page, server.url);
    await test.step('German at once, and numbers with it', async () => {
      await page.keyboard.press('Control+,');
      await page.getByTestId('settings').getByText('Deutsch').click();
      await expect(page.getByTestId('stage-assess')).toContainText('Prüfen');
      await expect(page.locator('html')).toHaveAttribute('lang', /^de/);
      await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
    });
    await test.step('a taken key is given up only when that is said', async () => {
      await page.getByTestId('settings').getByText('Tastatur').click();
      await page.getByTestId('key-measure').click();
      await page.keyboard.press('f');
      await expect(page.getByRole('alert')).toContainText('Auf die Szene zoomen');
      await page.getByRole('button', { name: 'Hier verwenden' }).click();
      await expect(page.getByTestId('key-measure')).toContainText('F');
      await expect(page.getByTestId('key-fit')).toContainText('keine Taste');
      await page.getByTestId('key-fit').click();
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('settings')).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('settings')).toBeHidden();
      await page.keyboard.press('f');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'measure');
      await page.keyboard.press('m');
      await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'measure');
    });
    await server.kill();
    server = await startServer(['--port', '0', '--sample'], appData);
    await opened(page, server.url);
    await expect(page.getByTestId('stage-assess')).toContainText('Prüfen');
    await page.keyboard.press('f');
    await expect(page.getByTestId('map')).toHaveAttribute('data-tool', 'measure');

    await test.step('a damaged file is said and kept aside', async () => {
      await server.kill();
      const file = join(appData, 'settings.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.slice(0, text.length / 2));
      server = await startServer(['--port', '0', '--sample'], appData);
      await opened(page, server.url);
      await expect(page.getByTestId('toast')).toContainText('damaged');
      await expect(page.getByTestId('stage-assess')).toContainText('Assess');
    });
  } finally {
    await server.kill();
  }
});

test('the diagnostics name no folder', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const server = await startServer(['--port', '0', '--sample']);
  try {
    await opened(page, server.url);
    await page.keyboard.press('Control+,');
    await page.getByTestId('settings').getByText('Updates and help').click();
    await page.getByTestId('copy-diagnostics').click();
    await expect(page.getByTestId('toast')).toContainText('clipboard');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('# Project');
    expect(text).not.toContain(tmpdir());
    const download = page.waitForEvent('download');
    await page.getByTestId('save-diagnostics').click();
    expect((await download).suggestedFilename()).toBe('swath-diagnostics.txt');
  } finally {
    await server.kill();
  }
});

test('a dropped file opens the chooser, since a browser does not say where it lies', async ({ page }) => {
  const server = await startServer(['--port', '0', '--sample']);
  const drop = (name: string) =>
    page.evaluate((given) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], given));
      for (const type of ['dragenter', 'dragover', 'drop'])
        dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }, name);
  try {
    await opened(page, server.url);
    await drop('field.tif');
    await expect(page.getByRole('dialog', { name: 'Add a scene' })).toBeVisible();
    await expect(page.getByTestId('toast').last()).toContainText('field.tif');
    await page.keyboard.press('Escape');
    await drop('fields.gpkg');
    await expect(page.getByRole('dialog', { name: 'Import fields' })).toBeVisible();
    await page.keyboard.press('Escape');
    await drop('notes.docx');
    await expect(page.getByTestId('toast').last()).toContainText('cannot use notes.docx');
  } finally {
    await server.kill();
  }
});
