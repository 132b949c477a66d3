/**
 * Every view in light and dark at 1440×900 and 1024×700, on the real sample, into test-results/screens: to be looked at.
 *
 *   node test/e2e/screens.ts [part of a name]     (after the renderer is built)
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
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await page.getByRole('dialog').locator('footer').getByRole('button').last().click();
  for (const name of stages) {
    await stage(page, name);
    await keep(look, `02-empty-${name}`);
  }
  await page.getByTestId('close-project').click();
}

async function fullViews(look: Look, url: string): Promise<void> {
  const { page } = look;
  await page.goto(url);
  await page.locator('[data-testid=map][data-drawn=true]').waitFor();
  for (const name of stages) {
    await stage(page, name);
    await keep(look, `10-${name}`);
    await page.evaluate(() => document.querySelector('.panel .scroll')?.scrollTo(0, 1e6));
    await keep(look, `11-${name}-below`);
  }
  await page.getByTestId('open-report').click();
  await page.getByTestId('report').waitFor();
  await keep(look, '20-report');
  await page.keyboard.press('Escape');
  await page.getByTestId('shortcuts').click();
  await keep(look, '21-shortcuts');
  await page.keyboard.press('Escape');
}

async function open(browser: Browser, theme: 'light' | 'dark', size: (typeof sizes)[number]): Promise<Look> {
  const context = await browser.newContext({ viewport: size, colorScheme: theme });
  return { page: await context.newPage(), mark: `${theme}-${size.width}` };
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
  for (const theme of themes)
    for (const size of sizes) {
      const look = await open(browser, theme, size);
      await emptyViews(look, server.url);
      if (theme === 'light' && size.width === 1440) await finishSample(server.url);
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
