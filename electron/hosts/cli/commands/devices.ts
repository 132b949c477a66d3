import type { Command } from '../command.ts';
import { table } from '../table.ts';

export const devices: Command = {
  name: 'devices',
  usage: '',
  summary: 'List what can compute here.',
  options: {},
  words: [0, 0],
  async run(_, cli) {
    const { client } = await cli.open(null);
    const json = await client.call('devices.list', {});
    return {
      json,
      text: table(
        ['device', 'kind', 'available', 'last timed', 'detail'],
        json.map((d) => [
          d.id,
          d.kind,
          d.available ? 'yes' : 'no',
          d.timings[0]
            ? `${d.timings[0].tilesPerSecond.toPrecision(3)} tiles/s (${d.timings[0].work})`
            : null,
          d.detail.replace(/\s+/g, ' ').slice(0, 90),
        ]),
      ),
    };
  },
};
