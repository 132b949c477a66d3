import type { CrsRef, Extent } from './geometry.ts';

export interface Project {
  readonly path: string;
  readonly name: string;
  readonly writable: boolean;
  /** Why it is read-only, when it is. */
  readonly notice: string | null;
  /** undefined until the first scene is added; null: local pixel coordinates. */
  readonly crs: CrsRef | null | undefined;
  readonly extent: Extent | null;
  readonly created: string;
}

/** A small file inside a project folder: double-clicked, it opens the project, since a folder itself cannot be. */
export const markerName = 'Open in Swath.swath';

/** What the host around the app can do; the renderer hides what it cannot. */
export interface Capabilities {
  readonly host: 'electron' | 'web' | 'cli' | 'test';
  readonly fileDialogs: boolean;
  readonly nativeMenu: boolean;
  readonly notifications: boolean;
}

export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly capabilities: Capabilities;
}

/** A report for whoever helps, without personal paths. */
export interface Diagnostics {
  readonly text: string;
}

/** One entry of a folder listing, for the web host's own file chooser. */
export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'project';
  readonly bytes: number | null;
}
