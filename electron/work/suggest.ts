/** Job: where a label would teach most, and which labels are worth a second look. */
import { must } from '../base/assert.ts';
import { systemClock } from '../base/clock.ts';
import type { Suggestion, SuggestResult } from '../contract/guidance.ts';
import type { SuggestJob } from '../contract/jobs.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openPhysical } from '../feed/units.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { toMap } from '../raster/affine.ts';
import { createBlockReader } from './blockReader.ts';
import { type Candidate, fieldCandidates, pointCandidates } from './candidates.ts';
import { chooseSpread } from './chooseSpread.ts';
import { doubtLabels } from './doubts.ts';
import { loadHead } from './heads/load.ts';
import { makerOf, readModelFile } from './modelFile.ts';
import { loadNovelty } from './novelty.ts';

/** Errors: those of the model file, the scene and the engine; cancelled. */
export async function suggest(job: SuggestJob, context: JobContext, engine: Engine): Promise<SuggestResult> {
  const started = systemClock.tick();
  const model = readModelFile(job.modelFile);
  const { record } = model;
  const head = loadHead(record.head, record.settings, model.head);
  const novelty = model.novelty && Object.keys(model.novelty).length > 0 ? loadNovelty(model.novelty) : null;
  const device = job.params.device as DeviceChoice;
  const maker = makerOf(model);
  const reader = await openPhysical(job.source);
  try {
    const asking = createBlockReader(head, novelty, record.classes.length);
    const parts = { reader, engine, device, maker, asking, record, novelty, context };
    const candidates =
      job.params.as === 'fields'
        ? await fieldCandidates(parts, job.unlabelled)
        : await pointCandidates(parts, job.labelled, job.params.distance);
    const chosen = chooseSpread(candidates, novelty, job.params.count, job.params.distance);
    const name = (code: number) =>
      (job.classes.find((c) => c.code === code) ?? record.classes.find((c) => c.code === code))?.name ??
      `${code}`;
    const { doubts, note } = await doubtLabels(
      { ...parts, head: record.head, seed: record.seed },
      job.labelled,
      name,
    );
    return {
      model: record.model,
      suggestions: chosen.map(({ candidate, score, strange }): Suggestion => {
        const [x, y] = toMap(job.transform, candidate.col + 0.5, candidate.row + 0.5);
        const [first, second] = ranked(candidate);
        const code = must(record.classes[first], 'class').code;
        const runnerUp = record.classes[second]?.code ?? null;
        const [sure, next] = [candidate.p[first] ?? 0, candidate.p[second] ?? 0];
        return {
          x,
          y,
          field: candidate.field,
          code,
          confidence: sure,
          runnerUp,
          score,
          reason: [
            strange ? 'Nothing labelled resembles it.' : '',
            runnerUp === null
              ? ''
              : `Between ${name(code)} (${percent(sure)}) and ${name(runnerUp)} (${percent(next)}).`,
          ]
            .filter(Boolean)
            .join(' '),
        };
      }),
      doubts,
      note,
      seconds: (systemClock.tick() - started) / 1000,
    };
  } finally {
    await reader.dispose();
  }
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Indices of the largest and the second largest probability. */
function ranked({ p }: Candidate): [number, number] {
  const order = [...p.keys()].sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0));
  return [order[0] ?? 0, order[1] ?? -1];
}
