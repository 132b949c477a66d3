import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';

export const serve: Command = {
  name: 'serve',
  usage: '[DIR] [--port P] [--host H] [--open] [--sample]',
  summary: 'Open the app from this machine in a browser, until Ctrl-C.',
  details: [
    '--port P   a free one when left out',
    '--host H   127.0.0.1 unless told otherwise; anybody who reaches it still needs the address that is printed',
    '--open     also open the default browser',
    '--sample   with the sample project',
  ],
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    open: { type: 'boolean' },
    sample: { type: 'boolean' },
  },
  words: [0, 1],
  async run(words, cli) {
    // Only this command needs the server.
    const { startWebHost } = await import('../../web/server.ts');
    const [port, host, folder] = [words.integer('port'), words.text('host'), words.positionals[0]];
    const web = await startWebHost({
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
      ...(folder === undefined ? {} : { project: projectPath(folder) }),
      sample: words.flag('sample'),
      open: words.flag('open'),
    });
    // Said at once: whoever started this waits for the address, not for the end.
    process.stdout.write(cli.json ? `${JSON.stringify({ url: web.url })}\n` : `Swath is at ${web.url}\n`);
    await new Promise<void>((resolve) => {
      if (cli.signal.aborted) resolve();
      else cli.signal.addEventListener('abort', () => resolve());
    });
    await web.close();
    return null;
  },
};
