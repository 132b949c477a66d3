import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ensure = new URL('../../electron/hosts/ensure.mjs', import.meta.url).href;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** npm → a shell → our starter → the server: a signal to npm alone must not leave the server behind. */
it.skipIf(process.platform === 'win32')('the server ends when what started it has ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-ends-'));
  const server = join(folder, 'server.mjs');
  const starter = join(folder, 'starter.mjs');
  const pidFile = join(folder, 'pid');
  writeFileSync(
    server,
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));\nsetInterval(() => {}, 1000);\n`,
  );
  writeFileSync(
    starter,
    `import { spawn } from 'node:child_process';\nimport { endTogether } from ${JSON.stringify(ensure)};\nconst child = spawn(process.execPath, [${JSON.stringify(server)}]);\nendTogether(child);\nchild.on("exit", () => process.exit());\n`,
  );
  // The second command keeps the shell from becoming the first.
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${starter}"; true`], {
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: 'ignore',
  });
  const pid = await expect
    .poll(() => Number(readFileSync(pidFile, { encoding: 'utf8', flag: 'a+' })), { timeout: 10_000 })
    .toBeGreaterThan(0)
    .then(() => Number(readFileSync(pidFile, 'utf8')));
  expect(lives(pid)).toBe(true);
  shell.kill('SIGTERM');
  await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
});
