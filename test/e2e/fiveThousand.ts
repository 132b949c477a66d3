/** A project with five thousand fields on the sample's scene: a grid of crooked polygons of 12 corners. */
import { prngFrom } from '../../electron/base/prng.ts';
import { caller } from './finishSample.ts';

export const columns = 50;
export const rows = 100;
/** Where field (column, row) of the grid has its middle, in columns and rows of the scene. */
export const middleOf = (column: number, row: number) => ({ col: 10 * column + 8, row: 7 * row + 8 });

export async function addFiveThousand(url: string): Promise<void> {
  const call = caller(url);
  await call('project.sample');
  const before = await call<{ id: string }[]>('fields.list');
  await call('fields.remove', { fields: before.map(({ id }) => id) });
  const codes = (await call<{ code: number }[]>('classes.list')).slice(0, 9).map(({ code }) => code);
  const prng = prngFrom(5000);
  const fields = Array.from({ length: columns * rows }, (_, i) => {
    const { col, row } = middleOf(i % columns, Math.floor(i / columns));
    const ring = Array.from({ length: 12 }, (_, k) => {
      const angle = (k * Math.PI) / 6;
      const size = 0.75 + 0.25 * prng.uniform();
      return [col + 4.4 * size * Math.cos(angle), -(row + 3 * size * Math.sin(angle))];
    });
    const geometry = { type: 'Polygon', coordinates: [[...ring, ring[0] ?? []]] };
    return { geometry, classCode: i % 3 === 0 ? null : codes[i % codes.length] };
  });
  for (let i = 0; i < fields.length; i += 1000)
    await call('fields.add', { fields: fields.slice(i, i + 1000) });
}
