import type { Input } from '../../../electron/contract/methods.ts';
import type { App } from '../../state/app.svelte.ts';
import { formatPercent, formatTime } from '../../texts/format.ts';
import { t } from '../../texts/texts.ts';
import { encoderOptions } from '../runs/encoderNames.ts';
import { modelName } from '../runs/modelNames.ts';

/** What can be taken out, and the ending of its file. */
export const exportKinds = {
  'map-tif': '.tif',
  'map-gpkg': '.gpkg',
  model: '.onnx',
  labels: '.gpkg',
  report: '.html',
  encoder: '.safetensors',
} as const;
export type ExportKind = keyof typeof exportKinds;

/** Things of a kind that the project has, newest first; labels are one thing. */
export function thingsOf(
  app: App,
  kind: ExportKind,
): readonly { readonly value: string; readonly label: string }[] {
  switch (kind) {
    case 'map-tif':
    case 'map-gpkg':
      return app.maps.list.map((m) => {
        const model = app.models.byId(m.model);
        const from = model ? modelName(model, app.runs.list) : m.model;
        return { value: m.id, label: `${formatTime(m.created)} · ${from}` };
      });
    case 'model':
      return app.models.list.map((m) => ({ value: m.id, label: modelName(m, app.runs.list) }));
    case 'labels':
      return app.labels.counts.total > 0 ? [{ value: 'labels', label: t.exporting.kinds.labels.name }] : [];
    case 'report':
      return app.assessments.list.map((a) => ({
        value: a.id,
        label: `${formatTime(a.created)} · ${t.assess.kinds[a.result.kind]} · ${formatPercent(a.result.oa)}`,
      }));
    case 'encoder':
      return encoderOptions(app.runs);
  }
}

/** A file name that says what it is and of which project. */
export function proposedName(project: string, kind: ExportKind): string {
  const word = {
    'map-tif': 'map',
    'map-gpkg': 'map',
    model: 'model',
    labels: 'labels',
    report: 'report',
    encoder: 'encoder',
  };
  const clean = project.trim().replaceAll(/[^\p{L}\p{N}._-]+/gu, '-') || 'swath';
  return `${clean}-${word[kind]}${exportKinds[kind]}`;
}

export function exportCall(
  kind: ExportKind,
  thing: string,
  to: { readonly out: string; readonly overwrite: boolean },
): Input<'exports.create'> {
  switch (kind) {
    case 'map-tif':
    case 'map-gpkg':
      return { what: 'map', map: thing, ...to };
    case 'model':
      return { what: 'model', model: thing, ...to };
    case 'labels':
      return { what: 'labels', ...to };
    case 'report':
      return { what: 'report', assessment: thing, ...to };
    case 'encoder':
      return { what: 'encoder', run: thing, ...to };
  }
}
