import type { Locator, Page } from '@playwright/test';

/** How a part of the page looks: mean brightness and spread (0…255), and how many of 4096 colours occur. */
export async function looks(
  page: Page,
  part: Locator,
): Promise<{ mean: number; spread: number; colours: number }> {
  const png = (await part.screenshot()).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No canvas');
    context.drawImage(bitmap, 0, 0);
    const { data: rgba } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let sum = 0;
    let squares = 0;
    const seen = new Set<number>();
    for (let i = 0; i < rgba.length; i += 4) {
      const [r, g, b] = [rgba[i] ?? 0, rgba[i + 1] ?? 0, rgba[i + 2] ?? 0];
      const v = (r + g + b) / 3;
      sum += v;
      squares += v * v;
      seen.add(((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4));
    }
    const n = rgba.length / 4;
    return { mean: sum / n, spread: Math.sqrt(squares / n - (sum / n) ** 2), colours: seen.size };
  }, png);
}
