import type { ClassDef } from '../contract/labels.ts';
import { listClasses } from './classes.ts';
import type { WritableDb } from './rights.ts';

/** The one style that is ours; styles that the user saves in QGIS under other names are left alone. */
const styleName = 'Swath classes';

/** Rewrites the styles of fields and samples from the class list. */
export function refreshStyles(db: WritableDb, now: string): void {
  const classes = listClasses(db);
  for (const [table, symbol] of [
    ['fields', 'fill'],
    ['samples', 'marker'],
  ] as const) {
    saveStyle(db, table, categorizedQml(classes, 'class', symbol), now);
  }
}

export function saveStyle(db: WritableDb, table: string, qml: string, now: string): void {
  db.run('DELETE FROM layer_styles WHERE f_table_name = ? AND styleName = ?', table, styleName);
  db.run(
    `INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
       styleSLD, useAsDefault, description, owner, update_time)
     VALUES ('', '', ?, 'geom', ?, ?, '', 1, 'Classes and their colours', 'Swath', ?)`,
    table,
    styleName,
    qml,
    now,
  );
}

/** QGIS's categorised renderer on `attribute`: one category per class, and one for everything else. */
export function categorizedQml(
  classes: readonly ClassDef[],
  attribute: string,
  symbol: 'fill' | 'marker',
): string {
  const entries = [
    ...classes.map(({ code, name, color }) => ({ value: String(code), label: name, color })),
    { value: '', label: 'not labelled', color: '#b0b0b0' },
  ];
  const categories = entries.map(
    ({ value, label }, i) =>
      `<category value="${value}" symbol="${i}" label="${escapeXml(label)}" render="true" type="${value === '' ? 'string' : 'long'}"/>`,
  );
  const symbols = entries.map(({ color }, i) => symbolXml(String(i), symbol, color));
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28.0" styleCategories="Symbology">
<renderer-v2 type="categorizedSymbol" attr="${escapeXml(attribute)}" symbollevels="0" forceraster="0" enableorderby="0">
<categories>${categories.join('')}</categories>
<symbols>${symbols.join('')}</symbols>
</renderer-v2>
</qgis>
`;
}

function symbolXml(name: string, kind: 'fill' | 'marker', color: string): string {
  const layer = kind === 'fill' ? 'SimpleFill' : 'SimpleMarker';
  const options: Record<string, string> = {
    color: rgba(color, 200),
    outline_color: rgba(color, 255),
    outline_style: 'solid',
    outline_width: '0.4',
    outline_width_unit: 'MM',
    ...(kind === 'fill' ? { style: 'solid' } : { name: 'circle', size: '2.4', size_unit: 'MM' }),
  };
  const map = Object.entries(options).map(([k, v]) => `<Option name="${k}" value="${v}" type="QString"/>`);
  return `<symbol name="${name}" type="${kind}" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="${layer}" enabled="1" locked="0" pass="0"><Option type="Map">${map.join('')}</Option></layer></symbol>`;
}

function rgba(color: string, alpha: number): string {
  const value = Number.parseInt(color.slice(1), 16) || 0;
  return `${(value >> 16) & 255},${(value >> 8) & 255},${value & 255},${alpha}`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
