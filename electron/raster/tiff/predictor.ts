/**
 * Undoes TIFF predictors in place, row by row. Bytes are in the machine's (little-endian) order for predictor 2;
 * predictor 3 (Adobe's technical note 3) stores planes of bytes, most significant first, whatever the file's order.
 */
export function undoPredictor(
  bytes: Uint8Array,
  predictor: number,
  rowBytes: number,
  stride: number,
  bits: number,
): void {
  if (predictor === 2) horizontal(bytes, rowBytes, stride, bits);
  else if (predictor === 3) floating(bytes, rowBytes, stride, bits);
}

function horizontal(bytes: Uint8Array, rowBytes: number, stride: number, bits: number): void {
  const values =
    bits === 8
      ? bytes
      : bits === 16
        ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1)
        : bits === 32
          ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
          : new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3);
  const rowLength = (rowBytes * 8) / bits;
  for (let row = 0; row + rowLength <= values.length; row += rowLength) {
    const end = row + rowLength;
    // Typed arrays wrap around by themselves: the sum is modulo 2^bits as it must be.
    if (values instanceof BigUint64Array) {
      for (let i = row + stride; i < end; i++) {
        values[i] = (values[i] as bigint) + (values[i - stride] as bigint);
      }
    } else {
      for (let i = row + stride; i < end; i++) {
        values[i] = (values[i] as number) + (values[i - stride] as number);
      }
    }
  }
}

function floating(bytes: Uint8Array, rowBytes: number, stride: number, bits: number): void {
  const size = bits / 8;
  const count = rowBytes / size;
  const planes = new Uint8Array(rowBytes);
  for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
    for (let i = 0; i < stride; i++) planes[i] = bytes[row + i] as number;
    for (let i = stride; i < rowBytes; i++) {
      planes[i] = (bytes[row + i] as number) + (planes[i - stride] as number);
    }
    for (let b = 0; b < size; b++) {
      const plane = (size - 1 - b) * count;
      for (let i = 0, at = row + b; i < count; i++, at += size) bytes[at] = planes[plane + i] as number;
    }
  }
}
