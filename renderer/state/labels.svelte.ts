import type { Client } from '../../electron/contract/client.ts';
import type { Areal } from '../../electron/contract/geometry.ts';
import type {
  ClassDef,
  Field,
  FieldChange,
  FieldsEdited,
  HistoryState,
  LabelImport,
  LabelPreview,
  Role,
} from '../../electron/contract/labels.ts';
import type { Input } from '../../electron/contract/methods.ts';
import { countFields } from './fieldCounts.ts';
import { mergeFields, replaceFields } from './mergeFields.ts';
import { nextClass } from './palette.ts';

/** Classes, fields, and the brush in hand: the class and the role that the next gesture gives. */
export class Labels {
  classes = $state.raw<readonly ClassDef[]>([]);
  fields = $state.raw<readonly Field[]>([]);
  history = $state.raw<HistoryState>({ undo: null, redo: null });
  loaded = $state(false);
  code = $state<number | null>(null);
  role = $state<Role>('train');
  /** How sure the next label is, in percent; null: not stated. */
  confidence = $state<number | null>(null);
  selected = $state.raw<readonly string[]>([]);
  readonly #client: Client;
  /** Which fields are to be read again: the ids, or all where there are none. */
  #stale: Set<string> | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  counts = $derived(countFields(this.fields));
  byCode = $derived(new Map(this.classes.map((c) => [c.code, c])));
  active = $derived(this.classes.find((c) => c.code === this.code) ?? null);
  selectedFields = $derived.by(() => {
    const chosen = new Set(this.selected);
    return this.fields.filter((f) => chosen.has(f.id));
  });

  async readClasses(): Promise<void> {
    this.classes = await this.#client.call('classes.list', {});
    if (!this.classes.some((c) => c.code === this.code)) this.code = this.classes[0]?.code ?? null;
  }

  /** Notes what the next reading is for: some fields, or all of them. */
  touch(ids?: readonly string[]): void {
    if (ids && this.loaded) this.#stale = new Set([...(this.#stale ?? []), ...ids]);
    else this.loaded = false;
  }

  /** Reads what was touched; everything when that is not known. What is the same stays the same object. */
  async readFields(): Promise<void> {
    const some = this.loaded ? this.#stale : null;
    this.#stale = null;
    if (some) {
      const found = await this.#client.call('fields.list', { fields: [...some] });
      this.fields = replaceFields(this.fields, found, some);
    } else {
      this.fields = mergeFields(this.fields, await this.#client.call('fields.list', {}));
      this.loaded = true;
    }
    this.#forgetGone();
  }

  /** What a gesture left is shown before the event about it arrives. */
  apply({ fields, removed }: FieldsEdited): void {
    this.fields = replaceFields(this.fields, fields, new Set([...removed, ...fields.map((f) => f.id)]));
    this.#forgetGone();
  }

  #forgetGone(): void {
    if (this.selected.length === 0) return;
    const ids = new Set(this.fields.map((f) => f.id));
    if (this.selected.some((id) => !ids.has(id))) this.selected = this.selected.filter((id) => ids.has(id));
  }

  async readHistory(): Promise<void> {
    this.history = await this.#client.call('history.state', {});
  }

  clear(): void {
    this.classes = [];
    this.fields = [];
    this.history = { undo: null, redo: null };
    this.loaded = false;
    this.#stale = null;
    this.code = null;
    this.selected = [];
  }

  /** The class whose key was pressed becomes the brush. */
  pickByKey(key: string): ClassDef | undefined {
    const found = this.classes.find((c) => c.key === key);
    if (found) this.code = found.code;
    return found;
  }

  async addClass(name: string): Promise<void> {
    const added = nextClass(this.classes, name);
    await this.saveClasses([...this.classes, added]);
    this.code = added.code;
  }

  async changeClass(code: number, change: Partial<Omit<ClassDef, 'code'>>): Promise<void> {
    await this.saveClasses(
      this.classes.map((c) => {
        if (c.code === code) return { ...c, ...change };
        // A key opens one class: giving it to another takes it away here.
        return change.key && c.key === change.key ? { ...c, key: null } : c;
      }),
    );
  }

  async saveClasses(classes: readonly ClassDef[]): Promise<void> {
    this.classes = await this.#client.call('classes.save', { classes: [...classes] });
  }

  async removeClass(code: number): Promise<void> {
    await this.#client.call('classes.remove', { code });
    this.classes = this.classes.filter((c) => c.code !== code);
    if (this.code === code) this.code = this.classes[0]?.code ?? null;
  }

  /** A drawn shape becomes a field of the class and role in hand. */
  async draw(geometry: Areal, scene: string | null): Promise<void> {
    const added = await this.#client.call('fields.add', {
      fields: [{ geometry, ...this.inHand(), scene }],
    });
    this.apply({ fields: added, removed: [] });
  }

  /** What the next label gets. */
  inHand(): { classCode: number | null; role: Role; confidence: number | null } {
    return { classCode: this.code, role: this.role, confidence: this.confidence };
  }

  /** A click on a field gives it the class and role in hand; a second click with the same takes the class away. */
  async paint(id: string): Promise<void> {
    const field = this.fields.find((f) => f.id === id);
    if (!field) return;
    const same = field.classCode === this.code && field.role === this.role;
    const { classCode, role, confidence } = this.inHand();
    await this.change([id], {
      classCode: same ? null : classCode,
      role,
      ...(confidence === null ? {} : { confidence }),
    });
  }

  /** Shown at once and put right by the answer, so that painting thousands of fields never waits. */
  async change(ids: readonly string[], change: FieldChange): Promise<void> {
    const before = this.fields;
    const chosen = new Set(ids);
    this.fields = before.map((f) => (chosen.has(f.id) ? { ...f, ...stated(change) } : f));
    try {
      const answer = await this.#client.call('fields.change', { fields: [...ids], change });
      this.apply({ fields: answer, removed: [] });
    } catch (error) {
      this.fields = before;
      throw error;
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#client.call('fields.remove', { fields: [...ids] });
    this.apply({ fields: [], removed: ids });
  }

  async undo(): Promise<void> {
    if (this.history.undo !== null) this.history = await this.#client.call('history.undo', {});
  }

  async redo(): Promise<void> {
    if (this.history.redo !== null) this.history = await this.#client.call('history.redo', {});
  }

  preview(file: string): Promise<LabelPreview> {
    return this.#client.call('labels.preview', { file });
  }

  import(params: Input<'labels.import'>): Promise<LabelImport> {
    return this.#client.call('labels.import', params);
  }

  /** Selects one; with `extend`, adds it to the others or takes it away. */
  select(id: string, extend: boolean): void {
    if (!extend) this.selected = [id];
    else if (this.selected.includes(id)) this.selected = this.selected.filter((s) => s !== id);
    else this.selected = [...this.selected, id];
  }

  /** Selects these; with `extend`, adds them to the others. */
  selectAll(ids: readonly string[], extend: boolean): void {
    this.selected = extend ? [...new Set([...this.selected, ...ids])] : [...ids];
  }
}

/** The change without its undefined members, so that spreading it never erases a value. */
function stated(change: FieldChange): Partial<Field> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
