/** A safetensors file of one number: sizes by name. */
export function safetensors(
  shapes: Readonly<Record<string, readonly number[]>>,
  fill: number = 0,
): Uint8Array {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const file = new Uint8Array(8 + header.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  const data = new DataView(file.buffer, 8 + header.length);
  for (let at = 0; at < end; at += 4) data.setFloat32(at, fill, true);
  return file;
}
