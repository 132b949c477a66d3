import { AppError } from '../base/errors.ts';
import type { Window } from '../raster/types.ts';

export interface BlockPlan {
  /** All blocks have this size, so that a step compiled for it serves every one of them. */
  readonly width: number;
  readonly height: number;
  /** Row by row; they may reach over the right and lower edge of the area, never over the left and upper one. */
  readonly blocks: readonly Window[];
}

/**
 * Cuts an area of a scene into equal blocks of at most `side` pixels a side. The size is chosen to divide the area
 * evenly: 512 × 736 with a side of 256 becomes 2 × 3 blocks of 256 × 246, not 2 × 3 with a last one mostly empty.
 */
export function planBlocks(area: Window, side: number): BlockPlan {
  if (area.width < 1 || area.height < 1) {
    throw new AppError('bad-input', `The area to work on is empty: ${area.width} × ${area.height} pixels`, {
      remedy: 'Choose a region that overlaps the scene.',
    });
  }
  const across = Math.ceil(area.width / side);
  const down = Math.ceil(area.height / side);
  const width = Math.ceil(area.width / across);
  const height = Math.ceil(area.height / down);
  const blocks: Window[] = [];
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      blocks.push({ col: area.col + x * width, row: area.row + y * height, width, height });
    }
  }
  return { width, height, blocks };
}

/** The part of a window inside another; width or height is 0 or less where they do not meet. */
export function intersect(a: Window, b: Window): Window {
  const col = Math.max(a.col, b.col);
  const row = Math.max(a.row, b.row);
  return {
    col,
    row,
    width: Math.min(a.col + a.width, b.col + b.width) - col,
    height: Math.min(a.row + a.height, b.row + b.height) - row,
  };
}

export function isEmpty(window: Window): boolean {
  return window.width <= 0 || window.height <= 0;
}

/** The window with a margin on every side. */
export function grow(window: Window, margin: number): Window {
  return {
    col: window.col - margin,
    row: window.row - margin,
    width: window.width + 2 * margin,
    height: window.height + 2 * margin,
  };
}
