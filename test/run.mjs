/**
 * `npm test`: installs, checks types, lint and laws, runs the unit tests, provisions Chromium, drives the app in it.
 * The last line is the sum: `N passed, N failed, N skipped`. Options: `--unit`, `--e2e`, `--check` run one part;
 * `--slow` adds the slow tests; other words are passed on as filters.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../electron/hosts/build.mjs';
import { ensureInstalled, root, runNodeSync } from '../electron/hosts/ensure.mjs';
import { ensureChromium } from './ensureChromium.mjs';

const options = process.argv.slice(2);
const filters = options.filter((option) => !option.startsWith('--'));
const only = ['unit', 'e2e', 'check'].filter((part) => options.includes(`--${part}`));
const wants = (part) => only.length === 0 || only.includes(part);
const artifacts = join(root, 'test-results');

ensureInstalled();
rmSync(artifacts, { recursive: true, force: true });
mkdirSync(artifacts, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };

if (wants('check')) {
  for (const [name, script, args] of [
    ['types', 'node_modules/typescript/bin/tsc', ['-p', '.']],
    ['types (browser tests)', 'node_modules/typescript/bin/tsc', ['-p', 'test/e2e']],
    ['types (electron)', 'node_modules/typescript/bin/tsc', ['-p', 'electron/hosts/electron']],
    [
      'types (renderer)',
      'node_modules/svelte-check/bin/svelte-check',
      [
        '--workspace',
        'renderer',
        '--tsconfig',
        './tsconfig.json',
        '--threshold',
        'warning',
        '--output',
        'human',
      ],
    ],
    ['lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']],
  ]) {
    heading(name);
    if (runNodeSync(script, args) === 0) total.passed += 1;
    else {
      total.failed += 1;
      process.stdout.write(`FAILED: ${name}\n`);
    }
  }
}

if (wants('unit')) {
  heading('unit tests');
  const report = join(artifacts, 'unit.json');
  const code = runNodeSync(
    'node_modules/vitest/vitest.mjs',
    [
      'run',
      '--config',
      'test/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    { env: { ...process.env, ...(options.includes('--slow') ? { SWATH_SLOW: '1' } : {}) } },
  );
  add(code, existsSync(report) ? countUnit(JSON.parse(readFileSync(report, 'utf8'))) : undefined);
}

if (wants('e2e')) {
  heading('the app in a browser');
  build(['renderer']);
  const chromium = ensureChromium();
  const report = join(artifacts, 'e2e.json');
  const code = runNodeSync(
    'node_modules/@playwright/test/cli.js',
    ['test', '--config', 'test/e2e/playwright.config.ts', ...filters],
    {
      env: { ...process.env, SWATH_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    },
  );
  add(code, existsSync(report) ? countE2e(JSON.parse(readFileSync(report, 'utf8'))) : undefined);
}

process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function heading(name) {
  process.stdout.write(`\n── ${name}\n`);
}

/** A runner that failed without counting a failure (it crashed, a file did not load) counts as one. */
function add(code, counts) {
  const { passed, failed, skipped, reasons } = counts ?? { passed: 0, failed: 0, skipped: 0, reasons: [] };
  total.passed += passed;
  total.failed += failed > 0 || code === 0 ? failed : 1;
  total.skipped += skipped;
  for (const reason of reasons) process.stdout.write(`skipped: ${reason}\n`);
}

function countUnit(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + brokenFiles.length,
    skipped: skipped.length,
    reasons: skipped.map((test) => test.fullName + noteOf(test)),
  };
}

function noteOf(test) {
  const note = test.meta?.skipReason ?? test.failureMessages?.[0];
  return note ? ` (${note})` : '';
}

function countE2e(report) {
  const specs = [];
  const visit = (suite) => {
    for (const spec of suite.specs ?? [])
      specs.push(...spec.tests.map((test) => ({ title: spec.title, test })));
    for (const child of suite.suites ?? []) visit(child);
  };
  for (const suite of report.suites) visit(suite);
  const of = (status) => specs.filter(({ test }) => test.status === status);
  return {
    passed: of('expected').length + of('flaky').length,
    failed: of('unexpected').length,
    skipped: of('skipped').length,
    reasons: of('skipped').map(
      ({ title, test }) =>
        `${title} (${test.annotations.find((a) => a.type === 'skip')?.description ?? 'no reason given'})`,
    ),
  };
}
