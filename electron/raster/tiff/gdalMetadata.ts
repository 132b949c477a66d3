/** One `<Item>` of the GDAL_METADATA tag; `sample` counts from 0 and is null for the whole file. */
export interface MetadataItem {
  readonly name: string;
  readonly value: string;
  readonly sample: number | null;
  readonly role: string | null;
  readonly domain: string | null;
}

/** Items of GDAL's metadata tag. The XML is flat and written by GDAL, so a scan for `<Item …>…</Item>` reads it all. */
export function parseGdalMetadata(xml: string): MetadataItem[] {
  const items: MetadataItem[] = [];
  for (const match of xml.matchAll(/<Item\s([^>]*)>([\s\S]*?)<\/Item>/g)) {
    const attributes = new Map<string, string>();
    for (const [, name, value] of (match[1] ?? '').matchAll(/([\w:-]+)\s*=\s*"([^"]*)"/g)) {
      attributes.set(name ?? '', unescapeXml(value ?? ''));
    }
    const name = attributes.get('name');
    if (name === undefined) continue;
    const sample = attributes.get('sample');
    items.push({
      name,
      // GDAL escapes the text itself and then the XML: twice on the way in, twice on the way out.
      value: unescapeXml(unescapeXml(match[2] ?? '')),
      sample: sample === undefined ? null : Number(sample),
      role: attributes.get('role') ?? null,
      domain: attributes.get('domain') ?? null,
    });
  }
  return items;
}

/** Name → value of the elements of one kind, without those of domains that hold no plain items. */
export function parseItems(xml: string, element: string, key: string): Record<string, string> {
  const items: Record<string, string> = {};
  const plain = xml.replaceAll(/<Metadata[^>]*format="xml"[^>]*>[\s\S]*?<\/Metadata>/g, '');
  for (const [, name, value] of plain.matchAll(
    new RegExp(`<${element}\\s+${key}="([^"]*)"[^>]*>([\\s\\S]*?)</${element}>`, 'g'),
  )) {
    items[unescapeXml(name ?? '')] = unescapeXml(value ?? '').trim();
  }
  return items;
}

/** The tag's text for items; the inverse of `parseGdalMetadata`. */
export function formatGdalMetadata(items: readonly MetadataItem[]): string {
  const lines = items.map((item) => {
    const sample = item.sample === null ? '' : ` sample="${item.sample}"`;
    const role = item.role === null ? '' : ` role="${escapeXml(item.role)}"`;
    const domain = item.domain === null ? '' : ` domain="${escapeXml(item.domain)}"`;
    return `  <Item name="${escapeXml(item.name)}"${sample}${role}${domain}>${escapeXml(escapeXml(item.value))}</Item>`;
  });
  return `<GDALMetadata>\n${lines.join('\n')}\n</GDALMetadata>\n`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');
}
