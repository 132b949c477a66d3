/**
 * Every view, tab and dialog in light and dark at 1440×900 and 1024×700, on the real sample, and once in German, into
 * test-results/screens: to be looked at.
 *
 *   node test/e2e/screens.ts [part of a name] [light-1440 | dark-1024 | german …]     (after the renderer is built)
 */
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { finishSample } from './finishSample.ts';
import { root, startServer } from './server.ts';

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;
const themes = ['light', 'dark'] as const;
const stages = ['scenes', 'regions', 'pretrain', 'label', 'train', 'map', 'assess'] as const;
const wanted = process.argv[2] ?? '';
const onlyMark = process.argv[3] ?? '';
const out = join(root, 'test-results', 'screens');

interface Look {
  readonly page: Page;
  readonly mark: string;
}

async function keep({ page, mark }: Look, name: string): Promise<void> {
  if (!`${name}-${mark}`.includes(wanted)) return;
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(out, `${name}-${mark}.png`) });
}

async function stage(page: Page, name: string): Promise<void> {
  await page.getByTestId(`stage-${name}`).waitFor();
  await page.waitForTimeout(150);
  if (!(await page.getByTestId(`panel-${name}`).isVisible())) await page.getByTestId(`stage-${name}`).click();
}

/** The start page with its dialogs, and a project without anything in it. */
async function emptyViews(look: Look, url: string): Promise<void> {
  const { page } = look;
  await page.goto(url);
  await page.getByTestId('start').waitFor();
  await keep(look, '00-start');
  await page.getByTestId('new-project').click();
  await keep(look, '01-new-project');
  await page.getByTestId('project-name').fill(`Empty ${look.mark}`);
  await page
    .getByRole('dialog')
    .getByRole('textbox')
    .first()
    .fill(mkdtempSync(join(tmpdir(), 'swath-screens-')));
  await page.getByRole('dialog').locator('button[type=submit]').first().click();
  await page.getByRole('dialog').locator('footer').getByRole('button').last().click();
  for (const name of stages) {
    await stage(page, name);
    await keep(look, `02-empty-${name}`);
  }
  await page.getByTestId('close-project').click();
}

/** Panels of the steps that have several; the first is there already. */
const tabs: Partial<Record<(typeof stages)[number], readonly string[]>> = {
  pretrain: ['explore'],
  label: ['next'],
  train: ['curve'],
  assess: ['sample'],
};

async function fullViews(look: Look, url: string): Promise<void> {
  const { page } = look;
  await page.goto(url);
  await page.locator('[data-testid=map][data-drawn=true]').waitFor();
  for (const name of stages) {
    await stage(page, name);
    await keep(look, `10-${name}`);
    await page.evaluate(() => document.querySelector('.panel .scroll')?.scrollTo(0, 1e6));
    await keep(look, `11-${name}-below`);
    for (const tab of tabs[name] ?? []) {
      await page.getByTestId(`tab-${tab}`).click();
      await keep(look, `12-${name}-${tab}`);
    }
  }
  await dialogs(look);
  await states(look);
}

/** Opens what a button opens, keeps it, and leaves it by Escape. */
async function dialogs(look: Look): Promise<void> {
  const { page } = look;
  const dialog = async (name: string, ...ways: readonly string[]) => {
    for (const way of ways) await page.getByTestId(way).first().click();
    await page.getByRole('dialog').waitFor();
    await keep(look, name);
    await page.keyboard.press('Escape');
  };
  await stage(page, 'assess');
  await page.getByTestId('tab-accuracy').click();
  await dialog('20-report', 'open-report');
  await dialog('21-shortcuts', 'shortcuts');
  await dialog('22-settings', 'settings-button');
  for (const [i, name] of (['keyboard', 'help'] as const).entries()) {
    await page.getByTestId('settings-button').click();
    await page
      .getByTestId('settings')
      .locator('label')
      .nth(i + 1)
      .click();
    await keep(look, `23-settings-${name}`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Control+k');
  await keep(look, '24-palette');
  await page.keyboard.press('Escape');
  await stage(page, 'scenes');
  await dialog('25-add-scene', 'add-scene');
  await stage(page, 'label');
  await page.getByTestId('tab-draw').click();
  await dialog('26-import', 'import-fields');
  await stage(page, 'pretrain');
  await page.getByTestId('tab-runs').click();
  await dialog('27-methods', 'compare-methods');
  await stage(page, 'map');
  await dialog('28-export', 'export-map');
}

/** What is seldom seen: a failure, a notice, a very long name, files held over the window, no panel. */
async function states(look: Look): Promise<void> {
  const { page } = look;
  const long = 'Winterweizen mit Untersaat nach Zuckerrüben, zweite Fruchtfolge im Nordosten';
  await stage(page, 'label');
  await page.evaluate(
    (name) =>
      fetch('/api/classes.save', {
        method: 'POST',
        body: JSON.stringify({ classes: [{ code: 99, name, color: '#7755aa', key: null }] }),
      }),
    long,
  );
  await keep(look, '30-long-name');
  await page.evaluate(() => void fetch('/api/history.undo', { method: 'POST', body: '{}' }));
  const fire = (type: string, file: string) =>
    page.evaluate(
      ([kind, name]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['x'], name));
        dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      },
      [type, file] as const,
    );
  await fire('dragenter', 'notes.docx');
  await keep(look, '31-drop');
  await fire('drop', 'notes.docx');
  await keep(look, '32-notice');
  await page.route('**/api/scenes.identify', (route) =>
    route.fulfill({
      status: 404,
      json: {
        error: {
          code: 'not-found',
          message: 'The file of this scene is gone: /data/2026/flevoland-west.tif',
          remedy: 'Plug in the drive it was on, or find the file again in Scenes.',
        },
      },
    }),
  );
  await stage(page, 'scenes');
  await page.getByTestId('map').click();
  await keep(look, '33-failure');
  await page.unroute('**/api/scenes.identify');
  await page.keyboard.press('\\');
  await keep(look, '34-no-panel');
  await page.keyboard.press('\\');
}

interface Way {
  readonly mark: string;
  readonly theme: 'light' | 'dark';
  readonly size: (typeof sizes)[number];
  readonly locale: string;
}
const ways: readonly Way[] = [
  ...themes.flatMap((theme) =>
    sizes.map((size) => ({ mark: `${theme}-${size.width}`, theme, size, locale: 'en-GB' })),
  ),
  // The longest words on the smallest window.
  { mark: 'german-light-1024', theme: 'light' as const, size: sizes[1], locale: 'de-DE' },
].filter(({ mark }) => mark.includes(onlyMark));

async function open(browser: Browser, { mark, theme, size, locale }: Way): Promise<Look> {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, locale });
  return { page: await context.newPage(), mark };
}

mkdirSync(out, { recursive: true });
const executable = process.env.SWATH_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({
  ...(existsSync(executable) ? { executablePath: executable } : {}),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
const appData = mkdtempSync(join(tmpdir(), 'swath-screens-'));
const server = await startServer(['--port', '0'], appData);
try {
  for (const [i, way] of ways.entries()) {
    const look = await open(browser, way);
    await emptyViews(look, server.url);
    if (i === 0) await finishSample(server.url);
    else await look.page.evaluate(() => fetch('/api/project.sample', { method: 'POST', body: '{}' }));
    await fullViews(look, server.url);
    await look.page.evaluate(() => fetch('/api/project.close', { method: 'POST', body: '{}' }));
    await look.page.context().close();
  }
  console.log(out);
} finally {
  await browser.close();
  await server.kill();
}
