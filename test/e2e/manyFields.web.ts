/** Five thousand fields: one label costs one field, not five thousand, and the map follows the hand. */
import { expect, test } from '@playwright/test';
import { caller } from './finishSample.ts';
import { addFiveThousand, columns, middleOf } from './fiveThousand.ts';
import { mapPointer } from './mapPointer.ts';
import { looks } from './pixels.ts';
import { startServer } from './server.ts';

interface Row {
  readonly id: string;
  readonly classCode: number | null;
}

test('five thousand fields are drawn, labelled, selected and undone without reading them all again', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const server = await startServer(['--port', '0']);
  const call = caller(server.url);
  try {
    await addFiveThousand(server.url);
    const whole: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/fields.list')) whole.push(request.postData() ?? '');
    });
    await page.goto(server.url);
    await page.locator('[data-testid=map][data-drawn=true]').waitFor();
    await page.getByTestId('stage-label').click();
    await expect(page.getByText(/ of 5,?000 fields labelled/)).toBeVisible();
    await page.waitForTimeout(1000);
    expect((await looks(page, page.getByTestId('map'))).colours).toBeGreaterThan(100);
    const map = await mapPointer(page);
    const classes = await call<{ code: number; key: string | null }[]>('classes.list');
    const third = classes.find(({ key }) => key === '3')?.code;
    const fields = () => call<Row[]>('fields.list');
    const at = (index: number) => {
      const { col, row } = middleOf(index % columns, Math.floor(index / columns));
      return map.at(col, row);
    };

    whole.length = 0;
    await test.step('a click labels one, and only that one is read again', async () => {
      const place = at(1200);
      await page.getByTestId('class-2').click();
      await page.mouse.click(place.x, place.y);
      await expect.poll(async () => (await fields())[1200]?.classCode).toBe(2);
      await page.waitForTimeout(500);
      expect(whole.length).toBeGreaterThan(0);
      for (const asked of whole) expect((JSON.parse(asked) as { fields?: string[] }).fields).toHaveLength(1);
    });

    await test.step('a box selects hundreds, a key labels them in one gesture, one undo takes it back', async () => {
      const before = await fields();
      await page.keyboard.press('e');
      const [from, to] = [at(0), at(20 * columns + 20)];
      await page.keyboard.down('Shift');
      await page.mouse.move(from.x - 6, from.y - 6);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 5 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      await expect(page.getByText('441 fields selected')).toBeVisible();
      await page.keyboard.press('3');
      await expect
        .poll(async () => (await fields()).filter((f) => f.classCode === third).length)
        .toBe(441 + before.filter((f, i) => f.classCode === third && !inBox(i)).length);
      await page.keyboard.press('Control+z');
      await expect
        .poll(async () => (await fields()).map((f) => f.classCode))
        .toEqual(before.map((f) => f.classCode));
    });
  } finally {
    await server.kill();
  }
});

const inBox = (index: number) => index % columns <= 20 && Math.floor(index / columns) <= 20;
