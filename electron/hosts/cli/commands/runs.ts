import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { table } from '../table.ts';

export const runs: Command = {
  name: 'runs',
  usage: 'DIR',
  summary: 'List the runs of a project.',
  options: {},
  words: [1, 1],
  async run(words, cli) {
    const { client } = await cli.open(projectPath(words.positional(0)));
    const all = await client.call('runs.list', {});
    const json = all.map(({ id, kind, state, method, started, ended, reason }) => ({
      run: id,
      kind,
      state,
      method,
      started,
      ended,
      reason,
    }));
    const rows = json.map((r) => [r.run, r.kind, r.state, r.method, r.started, r.ended, r.reason]);
    return {
      json,
      text:
        rows.length === 0
          ? 'No runs yet.'
          : table(['run', 'kind', 'state', 'method', 'started', 'ended', 'reason'], rows),
    };
  },
};
