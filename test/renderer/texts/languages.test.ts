import { afterEach, expect, test } from 'vitest';
import { chooseTongue } from '../../../electron/contract/tongue.ts';
import { de } from '../../../renderer/texts/de.ts';
import { en } from '../../../renderer/texts/en.ts';
import { formatDate, formatNumber, formatPercent, formatValue } from '../../../renderer/texts/format.ts';
import { t } from '../../../renderer/texts/texts.ts';
import { speak } from '../../../renderer/texts/tongue.svelte.ts';
import { fallBack, untranslated } from '../../../renderer/texts/translation.ts';

afterEach(() => speak('en', ['en-GB']));

test.each([
  ['system', ['de-AT', 'en'], { language: 'de', locale: 'de-AT' }],
  ['system', ['fr-FR', 'de-CH', 'en'], { language: 'de', locale: 'de-CH' }],
  ['system', ['fr-FR'], { language: 'en', locale: 'en' }],
  ['en', ['de-DE', 'en-GB'], { language: 'en', locale: 'en-GB' }],
  ['de', ['en-US'], { language: 'de', locale: 'de' }],
] as const)('%s on %j', (wanted, system, expected) => {
  expect(chooseTongue(wanted, system)).toEqual(expected);
});

test('sentences, numbers and dates follow the language at once', () => {
  speak('en', ['en-GB']);
  expect(t.assess.oa).toBe('Overall accuracy');
  expect(formatNumber(12345.6, 1)).toBe('12,345.6');
  speak('system', ['de-DE']);
  expect(t.assess.oa).toBe('Gesamtgenauigkeit');
  expect(formatNumber(12345.6, 1)).toBe('12.345,6');
  expect(formatPercent(0.925)).toBe('92,5 %');
  expect(formatValue(0.000012)).toBe('1,20e-5');
  expect(formatDate('2026-06-30')).toMatch(/30\. Juni 2026/);
});

test('what a translation lacks is in English, at any depth', () => {
  const whole = { a: { b: 'one', c: (n: number) => `${n}` }, list: ['x', 'y'] };
  const part = { a: { b: 'eins' } };
  const both = fallBack(whole, part as never) as unknown as typeof whole;
  expect(both.a.b).toBe('eins');
  expect(both.a.c(3)).toBe('3');
  expect(both.list).toEqual(['x', 'y']);
  expect(untranslated(whole, part)).toEqual(['a.c', 'list']);
});

test('German has every key of English', () => {
  expect(untranslated(en, {}).length).toBeGreaterThan(500);
  expect(untranslated(en, de)).toEqual([]);
});
