/** The ids of the catalogue, and nothing else: what a parameter may name. The cards of this folder are keyed by them. */
export const methodIds = ['simsiam', 'simclr', 'moco', 'barlow-twins', 'vicreg'] as const;
export type MethodId = (typeof methodIds)[number];

export const encoderIds = ['dense', 'resnet18', 'spectral'] as const;
export type EncoderId = (typeof encoderIds)[number];

export const headIds = ['linear', 'mlp', 'knn', 'finetune'] as const;
export type HeadId = (typeof headIds)[number];
