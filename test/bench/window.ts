/**
 * How the window feels, in figures: the time to the first image of a 20 GB scene, frame times while panning and zooming it
 * and while panning five thousand fields, and the time from a key to the painted label.
 *
 *   node_modules/.bin/node test/bench/window.ts [fields|huge]      (after `npm run build`; needs GDAL's Python for the scene)
 *
 * Without a graphics card Chromium paints in software (SwiftShader), which the first line says.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { caller } from '../e2e/finishSample.ts';
import { addFiveThousand, columns, middleOf } from '../e2e/fiveThousand.ts';
import { mapPointer } from '../e2e/mapPointer.ts';
import { startServer } from '../e2e/server.ts';

const only = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'swath-window-'));
const scenePath = join(folder, 'huge.tif');

/** 28 000 × 28 000 × 13 of uint16: a hole of 20 GB with something to see in the middle. */
function writeScene(): void {
  const script = `
import numpy as np
from osgeo import gdal, osr
options = ['BIGTIFF=YES', 'SPARSE_OK=TRUE', 'TILED=YES', 'INTERLEAVE=PIXEL', 'BLOCKXSIZE=512', 'BLOCKYSIZE=512']
d = gdal.GetDriverByName('GTiff').Create('${scenePath}', 28000, 28000, 13, gdal.GDT_UInt16, options)
s = osr.SpatialReference(); s.ImportFromEPSG(32633); d.SetSpatialRef(s); d.SetGeoTransform((300000, 10, 0, 5300000, 0, -10))
rng = np.random.default_rng(1)
for row in range(13312, 14848, 512):
    for col in range(11776, 16384, 512):
        base = rng.integers(400, 3000, (13, 8, 8)).repeat(64, 1).repeat(64, 2)
        d.WriteArray((base + rng.integers(0, 200, base.shape)).astype('uint16'), col, row)
d = None
`;
  execFileSync('/usr/bin/python3', ['-c', script]);
  // The file as it would be when it were full: a hole takes no room on the disk.
  execFileSync('truncate', ['-s', '20G', scenePath]);
}

/** Times between frames, in milliseconds, while something is done. */
async function framesWhile(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    const note = (now: number) => {
      times.push(now);
      Object.assign(window, { frameRequest: requestAnimationFrame(note) });
    };
    Object.assign(window, { frameTimes: times, frameRequest: requestAnimationFrame(note) });
  });
  await work();
  const times = await page.evaluate(() => {
    const { frameTimes, frameRequest } = window as unknown as { frameTimes: number[]; frameRequest: number };
    cancelAnimationFrame(frameRequest);
    return frameTimes;
  });
  return times.slice(1).map((time, i) => time - (times[i] ?? time));
}

function tell(what: string, frames: readonly number[]): void {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const mean = frames.reduce((sum, f) => sum + f, 0) / frames.length;
  console.log(
    `${what}: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(1)} ms, ${(1000 / mean).toFixed(0)} frames/s`,
  );
}

async function pan(page: Page): Promise<void> {
  const box = await page.getByTestId('map').boundingBox();
  if (!box) throw new Error('The map is not on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (const [dx, dy] of [
    [-300, 0],
    [300, 60],
  ] as const) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let i = 1; i <= 20; i += 1) {
      await page.mouse.move(x + (dx * i) / 20, y + (dy * i) / 20);
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
  }
}

async function zoom(page: Page): Promise<void> {
  for (const notch of [-120, -120, 120, 120]) {
    await page.mouse.wheel(0, notch);
    await page.waitForTimeout(350);
  }
}

async function huge(browser: Browser): Promise<void> {
  const server = await startServer(['--port', '0']);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    const call = caller(server.url);
    await call('project.create', { path: join(folder, 'Huge.swath') });
    await call('scenes.add', { files: [scenePath], name: 'Huge' });
    const started = performance.now();
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor({ timeout: 120_000 });
    console.log(
      `20 GB scene, from the address to the whole image: ${(performance.now() - started).toFixed(0)} ms`,
    );
    // Where there is something to see, one pixel of the scene on one of the screen.
    await page.getByTestId('places-open').click();
    await page.getByTestId('go-to').fill('440000, 5160000');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    for (let i = 0; i < 5; i += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.waitForTimeout(3000);
    tell('20 GB scene, panning', await framesWhile(page, () => pan(page)));
    tell('20 GB scene, zooming', await framesWhile(page, () => zoom(page)));
  } finally {
    await page.close();
    await server.kill();
  }
}

/** From a key to the frame in which the field under the pointer has another colour, in the page's own clock. */
async function keyToPaint(page: Page, key: string, place: { x: number; y: number }): Promise<number> {
  return page.evaluate(
    ({ key: pressed, x, y }) =>
      new Promise<number>((resolve) => {
        const canvases = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid=map] canvas')];
        const seen = () =>
          canvases
            .map((canvas) => {
              const box = canvas.getBoundingClientRect();
              const context = canvas.getContext('2d');
              const [px, py] = [
                ((x - box.x) * canvas.width) / box.width,
                ((y - box.y) * canvas.height) / box.height,
              ];
              return context ? context.getImageData(px, py, 1, 1).data.join() : '';
            })
            .join(';');
        const before = seen();
        const started = performance.now();
        window.dispatchEvent(
          new KeyboardEvent('keydown', { key: pressed, code: `Digit${pressed}`, bubbles: true }),
        );
        const look = () => {
          if (seen() !== before || performance.now() - started > 5000) resolve(performance.now() - started);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    { key, ...place },
  );
}

async function many(browser: Browser): Promise<void> {
  const server = await startServer(['--port', '0']);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await addFiveThousand(server.url);
    const started = performance.now();
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    console.log(
      `sample scene, from the address to the image: ${(performance.now() - started).toFixed(0)} ms`,
    );
    await page.getByTestId('stage-label').click();
    await page.waitForTimeout(2000);
    const map = await mapPointer(page);
    await page.keyboard.press('e');
    const waits: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const { col, row } = middleOf(20 + (i % columns), 40);
      const place = map.at(col, row);
      await page.mouse.click(place.x, place.y);
      await page.waitForTimeout(700);
      waits.push(await keyToPaint(page, String(1 + (i % 9)), place));
      await page.waitForTimeout(500);
    }
    waits.sort((a, b) => a - b);
    console.log(
      `5000 fields, key to painted label: median ${waits[2]?.toFixed(0)} ms, worst ${waits.at(-1)?.toFixed(0)} ms`,
    );
    await page.keyboard.press('Escape');
    tell('5000 fields, panning', await framesWhile(page, () => pan(page)));
    tell('5000 fields, zooming', await framesWhile(page, () => zoom(page)));
  } finally {
    await page.close();
    await server.kill();
  }
}

const executable = process.env.SWATH_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({
  ...(existsSync(executable) ? { executablePath: executable } : {}),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
try {
  const page = await browser.newPage();
  const renderer = await page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    const names = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl && names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : 'no WebGL';
  });
  await page.close();
  console.log(
    `WebGL: ${renderer}; load of the machine ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
  );
  if (!only || only === 'fields') await many(browser);
  if (!only || only === 'huge') {
    writeScene();
    await huge(browser);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
