/** A model card as a STAC item with the Machine Learning Model extension 1.5: what a catalogue of models can hold. */
import { basename } from 'node:path';
import type { Int8Report } from '../contract/int8Report.ts';
import type { ExportModelJob } from '../contract/jobs.ts';
import type { ModelRecord } from '../contract/model.ts';
import { versions } from './versions.ts';

const extension = 'https://stac-extensions.github.io/mlm/v1.5.2/schema.json';

/** Plain data for JSON. */
export function modelCard(
  { out, result, created }: ExportModelJob,
  record: ModelRecord,
  {
    tile,
    margin,
    parameters,
    int8,
  }: { tile: number; margin: number; parameters: number; int8: Int8Report | null },
): Record<string, unknown> {
  const { normalisation, encoder, classes } = record;
  const bands = normalisation.bands.map(({ name }, i) => name ?? `band ${i + 1}`);
  const features = encoder ? `${encoder.method}-${encoder.encoder}` : record.recipe.from;
  const estimate = result.transferEstimate;
  return {
    type: 'Feature',
    stac_version: '1.1.0',
    stac_extensions: [extension],
    id: record.model,
    geometry: null,
    properties: {
      datetime: created,
      description: [
        `Crop classifier of ${classes.length} classes: ${record.head} head on ${features} features.`,
        'Meant for scenes of the same sensor, bands and units as its training scene, in the same season.',
      ].join(' '),
      'mlm:name': record.model,
      'mlm:architecture': encoder ? encoder.encoder : record.head,
      'mlm:tasks': ['semantic-segmentation'],
      'mlm:framework': 'ONNX',
      'mlm:total_parameters': parameters,
      'mlm:pretrained': encoder !== null,
      'mlm:pretrained_source': encoder
        ? `self-supervised (${encoder.method}) on ${encoder.scenes.join(', ')}`
        : null,
      'mlm:batch_size_suggestion': 1,
      'mlm:hyperparameters': { ...record.settings, seed: record.seed, temperature: record.temperature },
      'mlm:input': [
        {
          name: 'x',
          bands,
          input: {
            shape: [-1, bands.length, tile, tile],
            dim_order: ['batch', 'bands', 'height', 'width'],
            data_type: 'float32',
          },
          description: `Numbers as stored in the scene; normalised inside. ${margin} pixels at each border depend on what lies beyond.`,
          resize_type: null,
          pre_processing_function: null,
        },
      ],
      'mlm:output': [
        {
          name: 'probabilities',
          tasks: ['semantic-segmentation'],
          result: {
            shape: [-1, classes.length + 1, tile, tile],
            dim_order: ['batch', 'classes', 'height', 'width'],
            data_type: 'float32',
          },
          'classification:classes': [
            { value: 0, name: 'unclassified', nodata: true },
            ...classes.map(({ name, color }, i) => ({
              value: i + 1,
              name,
              color_hint: color.slice(1).toUpperCase(),
            })),
          ],
          post_processing_function: null,
        },
      ],
      'swath:class_codes': [0, ...classes.map(({ code }) => code)],
      'swath:encoder': encoder,
      'swath:normalisation': normalisation,
      'swath:training': { scene: record.scene, labels: result.labels, seed: record.seed },
      // Held-out fields of one scene: not the accuracy of a map made elsewhere.
      'swath:transfer_estimate': estimate,
      ...(int8 && { 'swath:int8': int8 }),
      'swath:versions': versions,
    },
    links: [],
    assets: {
      model: {
        href: `./${basename(out)}`,
        type: 'application/octet-stream; framework=onnx; profile=onnx',
        title: 'ONNX model',
        roles: ['mlm:model'],
        'mlm:artifact_type': 'onnx',
      },
    },
  };
}
