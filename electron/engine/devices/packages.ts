/** The packages that bring libtensorflow, in the order they are tried. They are optional and never imported by name. */
export const packageNames: readonly string[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];
