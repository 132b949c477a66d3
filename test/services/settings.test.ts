import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failure, testApp } from '../support/testApp.ts';

/** An app whose settings file holds `text` before it starts. */
function appWith(text?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'swath-settings-'));
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  if (text !== undefined) writeFileSync(join(data, 'settings.json'), text);
  return { ...testApp({ folder }), data };
}

test('a change is on the disk at once, whole, and every window hears of it', async () => {
  const { client, data, events, folder } = appWith();
  const changed = await client.call('settings.change', { language: 'de', keys: { fit: ['G'] } });
  expect(changed.values).toMatchObject({ language: 'de', theme: 'system', keys: { fit: ['G'] } });
  expect(JSON.parse(readFileSync(join(data, 'settings.json'), 'utf8'))).toMatchObject({ language: 'de' });
  expect(events).toContainEqual(expect.objectContaining({ type: 'settings', settings: changed }));
  expect(await testApp({ folder }).client.call('settings.get', {})).toEqual(changed);
});

test('a damaged file is kept aside and said, and the app works', async () => {
  const { client, data } = appWith('{"theme": "dark", "lang');
  const settings = await client.call('settings.get', {});
  expect(settings.values.theme).toBe('system');
  expect(settings.problem).toMatch(/damaged.*kept as/);
  const kept = readdirSync(data).find((name) => name.startsWith('settings.damaged-'));
  expect(readFileSync(join(data, kept ?? ''), 'utf8')).toBe('{"theme": "dark", "lang');
  expect((await client.call('settings.change', { theme: 'dark' })).problem).toBeNull();
});

test('one invalid value costs no other', async () => {
  const { client, data } = appWith('{"version":1,"theme":"dark","language":"klingon","density":"compact"}');
  const { values, problem } = await client.call('settings.get', {});
  expect(values).toMatchObject({ theme: 'dark', language: 'system', density: 'compact' });
  expect(problem).toContain('language');
  expect(readdirSync(data).filter((name) => name.includes('damaged'))).toHaveLength(1);
});

test.each([
  [{ theme: 'pink' }, /theme/],
  [{ keys: { fit: ['Ctrl Z'] } }, /keys/],
  [{ telemetry: true }, /telemetry/],
])('refuses %j at the wall', async (change, message) => {
  const { client, data } = appWith();
  const error = await failure(client.call('settings.change', change as never));
  expect(error.code).toBe('usage');
  expect(`${error.message} ${error.remedy}`).toMatch(message);
  expect(readdirSync(data)).toEqual([]);
});
