import { expect, test } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatRate,
  formatValue,
} from '../../../renderer/texts/format.ts';

test('durations grow with their size', () => {
  expect(formatDuration(0.4)).toBe('< 1 s');
  expect(formatDuration(59)).toBe('59 s');
  expect(formatDuration(192)).toBe('3 min 12 s');
  expect(formatDuration(7260)).toBe('2 h 01 min');
});

test('nothing known is a dash, never a zero', () => {
  expect(formatPercent(null)).toBe('–');
  expect(formatDuration(Number.NaN)).toBe('–');
  expect(formatBytes(undefined)).toBe('–');
});

test('values of any size stay short', () => {
  expect(formatValue(0.000012)).toBe('1.20e-5');
  expect(formatValue(0)).toBe('0');
  expect(formatBytes(697_400_000)).toBe('697.4 MB');
  expect(formatRate(9.44, 'tiles')).toBe('9.4 tiles/s');
});
