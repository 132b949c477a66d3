import { expect, type Page } from '@playwright/test';

/** Where a pixel of the scene lies on the screen, found as a person would: by pointing and reading the coordinates. */
export interface MapPointer {
  at(col: number, row: number): { x: number; y: number };
}

/** Points at two places of the map and reads the status bar; the map must not move until the pointer is made anew. */
export async function mapPointer(page: Page): Promise<MapPointer> {
  const box = await page.getByTestId('map').boundingBox();
  if (!box) throw new Error('The map is not on the page');
  const read = async (x: number, y: number) => {
    await page.mouse.move(x - 3, y - 3);
    await page.mouse.move(x, y);
    const place = page.getByTestId('coordinates');
    await expect(place).toHaveText(/\d/);
    const numbers =
      ((await place.textContent()) ?? '')
        .replaceAll(/[  ,]/g, ' ')
        .match(/-?\d+(\.\d+)?/g)
        ?.map(Number) ?? [];
    const [col, row] = numbers;
    if (col === undefined || row === undefined)
      throw new Error(`No coordinates in '${await place.textContent()}'`);
    return { x, y, col, row };
  };
  const a = await read(box.x + box.width * 0.42, box.y + box.height * 0.3);
  const b = await read(box.x + box.width * 0.58, box.y + box.height * 0.7);
  const scaleX = (b.x - a.x) / (b.col - a.col);
  const scaleY = (b.y - a.y) / (b.row - a.row);
  return { at: (col, row) => ({ x: a.x + (col - a.col) * scaleX, y: a.y + (row - a.row) * scaleY }) };
}
