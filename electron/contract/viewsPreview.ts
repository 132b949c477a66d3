/**
 * One tile as a pretraining would see it. Its pixels are at `byteRoutes.preview(id)`: Float32 in stored numbers like
 * those of scene tiles, first the tile itself, then `views` augmented views of it, each `side`² pixels of `bands` and alpha.
 */
export interface ViewsPreview {
  readonly id: string;
  readonly scene: string;
  /** Upper left pixel of the tile itself in the scene. */
  readonly col: number;
  readonly row: number;
  readonly side: number;
  readonly views: number;
  readonly bands: readonly number[];
  /** What is done to a view, by the ids of the catalogue. */
  readonly augmentations: readonly string[];
}
