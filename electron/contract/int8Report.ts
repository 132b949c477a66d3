/** What 8-bit weights change, found on tiles of the scene that a model or an encoder learnt from. */
export interface Int8Report {
  readonly bytes: { readonly float32: number; readonly int8: number };
  /** Share of pixels with the same class; for an encoder alone the mean cosine between both features of a pixel. */
  readonly measure: 'same class' | 'cosine of features';
  readonly agreement: number | null;
  readonly pixels: number;
  /** Overall accuracy of both on labelled pixels of those tiles, those that taught the model included. */
  readonly labelled: { readonly pixels: number; readonly float32: number; readonly int8: number } | null;
}
