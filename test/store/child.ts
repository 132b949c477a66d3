/**
 * A second process on a project, for the tests that kill one: `node child.ts write|hold DIR`. `write` draws two fields per
 * gesture, with undo and redo in between, and says on stdout what has been committed; `hold` opens and waits.
 */
import { writeSync } from 'node:fs';
import { toErrorRecord } from '../../electron/base/errors.ts';
import { addFields, changeFields } from '../../electron/store/fields.ts';
import { openProject } from '../../electron/store/open.ts';
import { newField } from '../support/labels.ts';

const [, , mode = 'hold', folder = ''] = process.argv;
const say = (line: string) => writeSync(1, `${line}\n`);

try {
  const store = openProject(folder, { mode: mode === 'read' ? 'read' : 'write' });
  say(`open ${store.mode}`);
  if (mode === 'write') {
    for (let i = 0; ; i++) {
      const note = `${process.pid}:${i}`;
      store.gesture(note, (tx) => {
        const pair = addFields(tx, [newField(i), newField(i + 20)], store.clock);
        changeFields(
          tx,
          pair.map(({ id }) => id),
          { note },
        );
      });
      if (i % 5 === 4) {
        store.undo();
        store.redo();
      }
      say(note);
    }
  }
  setInterval(() => {}, 1000);
} catch (error) {
  say(`error ${JSON.stringify(toErrorRecord(error))}`);
}
