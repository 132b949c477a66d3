import { type ErrorRecord, reviveError } from '../../electron/base/errors.ts';
import type { Client } from '../../electron/contract/client.ts';
import { type SequencedEvent, type Table, tables } from '../../electron/contract/events.ts';
import { hasEnded, type Run } from '../../electron/contract/run.ts';
import { createExporter, type ExportFiles } from './exports.ts';
import { FieldEdits } from './fieldEdits.ts';
import { createFolderReader, type ReadFolder } from './folders.ts';
import { Guidance } from './guidance.svelte.ts';
import { Histograms } from './histograms.svelte.ts';
import { Labels } from './labels.svelte.ts';
import { type LayerLook, Layers, lookId } from './layers.svelte.ts';
import { Live } from './livePreview.svelte.ts';
import { Markers } from './markers.svelte.ts';
import type { Memory } from './memory.ts';
import { Notices } from './notices.svelte.ts';
import { mapOverlays, type Overlay } from './overlays.ts';

import { Places } from './places.svelte.ts';

import { createPlanning, type Planning } from './planning.ts';

import { ProjectState } from './project.svelte.ts';
import { createRefresher } from './refresher.ts';
import { Regions } from './regions.svelte.ts';
import { Assessments, Maps, Models } from './results.svelte.ts';
import { Runs } from './runs.svelte.ts';
import { Samples } from './samples.svelte.ts';
import { Scenes } from './scenes.svelte.ts';
import { Seen } from './seen.svelte.ts';
import { SettingsState } from './settings.svelte.ts';
import { Wand } from './wand.svelte.ts';
import { WindowState } from './window.svelte.ts';
import { World } from './world.svelte.ts';

/** Names of what is being done, for the banner above an error. Given by the view, so that they can be translated. */
export interface Doing {
  readonly starting: string;
  readonly reading: string;
}

export type Choice = 'rasters' | 'labels' | 'project' | 'new-project';
export interface Native {
  /** Empty when the dialog was cancelled. */
  chooseFiles(what: Choice): Promise<string[]>;
  pathForFile(file: unknown): string;
  onMenu(listener: (command: string) => void): () => void;
  onNotice(listener: (notice: { level: 'info' | 'warn' | 'error'; message: string }) => void): () => void;
  /** Looks for a newer version where the user said; the system's own dialogs tell what was found. */
  checkUpdates(): Promise<void>;
  /** Asks where and writes a report there as PDF; the result is the path, or null when nothing was chosen. */
  savePdf(report: string, name: string): Promise<{ result?: unknown; error?: ErrorRecord }>;
}

/**
 * The whole state of one window over a client: the controllers, and the one place where events reach them. Everything
 * shown is a copy; the app's answer is the truth, and a missed event means that all of it is read again.
 */
export class App {
  readonly client: Client;
  readonly notices = new Notices();
  readonly window: WindowState;
  readonly settings: SettingsState;
  readonly layers: Layers;
  readonly project: ProjectState;
  readonly scenes: Scenes;
  readonly histograms: Histograms;
  readonly regions: Regions;
  readonly labels: Labels;
  readonly edits: FieldEdits;
  readonly wand: Wand;
  readonly world: World;
  readonly places: Places;
  readonly runs: Runs;
  readonly models: Models;
  readonly maps: Maps;
  readonly assessments: Assessments;
  readonly samples: Samples;
  readonly guidance: Guidance;
  readonly seen: Seen;
  readonly live: Live;
  readonly markers = new Markers();
  readonly readFolder: ReadFolder;
  readonly exportFiles: ExportFiles;
  readonly planning: Planning;
  /** The system's own file dialog and paths of dropped files, where the host has them. */
  readonly native: Native | null;
  /** Told of every job that has ended. */
  onEnded: (run: Run) => void = () => {};
  connection = $state<'connecting' | 'open' | 'lost'>('connecting');
  ready = $state(false);
  readonly #doing: Doing;
  readonly #refresh: (tables: readonly Table[]) => Promise<void>;
  #lastSeq: number | null = null;
  #openPath: string | null = null;

  constructor(client: Client, memory: Memory, doing: Doing, native: Native | null = null) {
    this.client = client;
    this.native = native;
    this.#doing = doing;
    this.window = new WindowState(memory);
    this.settings = new SettingsState(client);
    this.layers = new Layers(memory);
    this.project = new ProjectState(client);
    this.scenes = new Scenes(client);
    this.histograms = new Histograms(client);
    this.regions = new Regions(client);
    this.labels = new Labels(client);
    this.edits = new FieldEdits(client, this.labels);
    this.wand = new Wand(client, memory);
    this.world = new World(client);
    this.places = new Places(memory);
    this.runs = new Runs(client);
    this.models = new Models(client);
    this.maps = new Maps(client);
    this.assessments = new Assessments(client);
    this.samples = new Samples(client, this.runs);
    this.guidance = new Guidance(client, this.runs);
    this.seen = new Seen(client, this.runs);
    this.live = new Live(client, this.runs);
    this.readFolder = createFolderReader(client);
    this.exportFiles = createExporter(client);
    this.planning = createPlanning(client);
    const inProject = (read: () => Promise<void>) => async () => {
      if (this.project.current) await read();
    };
    this.#refresh = createRefresher(
      {
        project: () => this.#readProject(),
        scenes: inProject(() => this.scenes.read()),
        regions: inProject(() => this.regions.read()),
        classes: inProject(() => this.labels.readClasses()),
        fields: inProject(() => this.labels.readFields()),
        runs: inProject(() => this.runs.read()),
        models: inProject(() => this.models.read()),
        maps: inProject(() => this.maps.read()),
        assessments: inProject(() => this.assessments.read()),
        samples: inProject(() => this.samples.read()),
        history: inProject(() => this.labels.readHistory()),
      },
      (error) => {
        // A reading that was under way when the project was closed has nothing to say.
        if (this.project.current !== null) this.notices.fail(doing.reading, error);
      },
    );
  }

  /**
   * What lies over the scenes, the lowest first: the map on show with its layers, the preview of the labels of this
   * moment, and what an encoder sees where one looks through it.
   */
  overlays = $derived.by((): readonly Overlay[] => [
    ...(this.maps.active ? mapOverlays(this.maps.active) : []),
    ...(this.previewing ? this.live.overlays : []),
    ...(this.window.tab === 'explore' ? this.seen.overlays : []),
  ]);

  /** A preview is for the step that labels; where one looks through an encoder, it makes room. */
  get previewing(): boolean {
    return this.window.stage === 'label' && this.window.tab !== 'explore' && this.live.on;
  }

  /** Writes a report as PDF where the host can; the path, or null. */
  async savePdf(report: string, name: string): Promise<string | null> {
    const answer = await this.native?.savePdf(report, name);
    if (answer?.error) throw reviveError(answer.error);
    return typeof answer?.result === 'string' ? answer.result : null;
  }

  /** How a layer is shown at the present step of the job. */
  look(layer: string): LayerLook {
    return this.layers.look(lookId(layer, this.window.stage));
  }

  setLook(layer: string, change: Partial<LayerLook>): void {
    this.layers.setLook(lookId(layer, this.window.stage), change);
  }

  /** Reads everything and listens from now on. Returns the way to stop. */
  async start(): Promise<() => void> {
    const stop = this.client.subscribe((event) => this.#hear(event));
    await this.notices.attempt(this.#doing.starting, async () => {
      await Promise.all([
        this.settings.read(),
        this.project.readInfo(),
        this.project.readRecent(),
        this.readAll(),
      ]);
    });
    this.ready = true;
    return stop;
  }

  async readAll(): Promise<void> {
    this.labels.touch();
    await this.#refresh(['project']);
    await this.#readInside();
    const open = this.runs.opened;
    if (open) await this.runs.readMetrics(open);
  }

  /** The scenes before all else: the map asks for its first tiles while the rest is read. */
  async #readInside(): Promise<void> {
    await this.#refresh(['scenes']);
    await this.#refresh(tables.filter((t) => t !== 'project' && t !== 'scenes'));
  }

  /** Opens, creates or closes a project and reads what is in it. */
  async enter(work: () => Promise<void>): Promise<void> {
    await work();
    await this.readAll();
  }

  async #readProject(): Promise<void> {
    await this.project.read();
    void this.notices.attempt(this.#doing.reading, () => this.world.read(this.project.current?.crs));
    const path = this.project.current?.path ?? null;
    if (path === this.#openPath) return;
    this.#openPath = path;
    for (const part of [
      this.scenes,
      this.regions,
      this.labels,
      this.runs,
      this.models,
      this.maps,
      this.assessments,
      this.samples,
      this.seen,
      this.live,
    ])
      part.clear();
    this.window.go('scenes');
    if (path !== null) {
      this.layers.load(path);
      this.places.load(path);
      // Read at once: the event that told of another project may name no other table.
      void this.#readInside();
    }
  }

  async #reread(): Promise<void> {
    await this.notices.attempt(this.#doing.reading, () => this.settings.read());
  }

  /** Whether there is a project at all is settled before anything is read from it. */
  async #changed(changed: readonly Table[]): Promise<void> {
    if (changed.includes('project')) await this.#refresh(['project']);
    await this.#refresh(changed.filter((table) => table !== 'project'));
  }

  #hear(event: SequencedEvent): void {
    const missed = this.#lastSeq !== null && event.seq !== this.#lastSeq + 1;
    this.#lastSeq = event.seq === 0 ? null : event.seq;
    if (missed || event.seq === 0) {
      void this.readAll();
      void this.#reread();
    }
    switch (event.type) {
      case 'changed':
        if (event.tables.includes('fields')) this.labels.touch(event.fields);
        if (!missed && event.seq !== 0) void this.#changed(event.tables);
        break;
      case 'settings':
        this.settings.take(event.settings);
        break;
      case 'run':
        this.runs.update(event.run);
        if (hasEnded(event.run.state)) {
          this.onEnded(event.run);
          const { kind, state, params } = event.run;
          if (kind === 'overviews' && state === 'done') this.scenes.renew(String(params.scene));
          void this.#refresh(['runs', 'scenes', 'models', 'maps', 'assessments']);
        }
        break;
      case 'progress':
        this.runs.advance(event.progress);
        break;
      case 'metrics':
        this.runs.append(event.run, event.rows);
        break;
      case 'notice':
        this.notices.tell(event.message, event.level);
        break;
    }
  }
}
