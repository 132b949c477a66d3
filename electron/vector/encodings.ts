/**
 * Text encodings of dBASE tables. TextDecoder knows the Windows and ISO families; the two DOS code pages that European
 * land registers still write are given here as the upper halves of their tables.
 */
const dosPages: Readonly<Record<string, string>> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
};

/** Language driver (byte 29 of the header) to encoding. */
const drivers: Readonly<Record<number, string>> = {
  1: 'cp437',
  2: 'cp850',
  3: 'windows-1252',
  19: 'shift_jis',
  87: 'windows-1252',
  88: 'windows-1252',
  89: 'windows-1252',
  100: 'cp852',
  101: 'ibm866',
  120: 'big5',
  121: 'euc-kr',
  122: 'gbk',
  123: 'shift_jis',
  124: 'windows-874',
  200: 'windows-1250',
  201: 'windows-1251',
  202: 'windows-1254',
  203: 'windows-1253',
  204: 'windows-1257',
};

/** A decoder for the .cpg text, else the language driver, else by looking at `sample`. */
export function decoderFor(
  codePage: string | null,
  driver: number,
  sample: Uint8Array,
): (bytes: Uint8Array) => string {
  const stated = codePage ? fromCodePage(codePage.trim()) : (drivers[driver] ?? null);
  return decoder(stated ?? 'utf-8-or-1252', sample);
}

function fromCodePage(text: string): string | null {
  const plain = text.toLowerCase().replace(/^(ansi|oem|ibm|windows|cp)[\s_-]*/, '');
  if (/^utf-?8|^65001$/.test(plain)) return 'utf-8';
  const iso = /^(?:iso)?[\s_-]*8859[\s_-]*(\d{1,2})$/.exec(plain)?.[1];
  if (iso) return `iso-8859-${iso}`;
  if (/^125\d$/.test(plain)) return `windows-${plain}`;
  if (`cp${plain}` in dosPages) return `cp${plain}`;
  const others: Record<string, string> = {
    866: 'ibm866',
    874: 'windows-874',
    932: 'shift_jis',
    936: 'gbk',
    949: 'euc-kr',
    950: 'big5',
  };
  return others[plain] ?? (isKnown(text) ? text : null);
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function decoder(name: string, sample: Uint8Array): (bytes: Uint8Array) => string {
  const upper = dosPages[name];
  if (upper) {
    return (bytes) => Array.from(bytes, (b) => (b < 128 ? String.fromCharCode(b) : upper[b - 128])).join('');
  }
  const text = new TextDecoder(name === 'utf-8-or-1252' ? (isUtf8(sample) ? 'utf-8' : 'windows-1252') : name);
  return (bytes) => text.decode(bytes);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
