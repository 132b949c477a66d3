import application from '../../package.json' with { type: 'json' };

export const appVersion: string = application.version;

/** What a run's figures depend on besides its settings and data. Recorded with every run and checkpoint. */
export const versions: Readonly<Record<string, string>> = {
  swath: appVersion,
  node: process.versions.node,
  'onnxruntime-node': application.dependencies['onnxruntime-node'],
  '@tensorflow/tfjs-core': application.dependencies['@tensorflow/tfjs-core'],
};
