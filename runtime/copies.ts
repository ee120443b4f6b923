/** Copies into memory that is used again: fresh memory costs several times what the copying does. */
export function copies() {
  let spare: readonly Float32Array[] = [];
  return {
    copyOf(values: Float32Array): Float32Array {
      const found = spare.find(({ length }) => length === values.length);
      spare = spare.filter((each) => each !== found);
      const copy = found ?? new Float32Array(values.length);
      copy.set(values);
      return copy;
    },
    /** What nobody reads any more. Only the last are kept. */
    giveBack(values: readonly (Float32Array | GPUBuffer)[]): void {
      spare = values.filter((each) => ArrayBuffer.isView(each));
    },
  };
}
