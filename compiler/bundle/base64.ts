/** Bytes in base64, without line breaks. */
export function encodeBase64(bytes: Uint8Array): string {
  // A multiple of 3 bytes fills whole groups of 4 characters, and this many arguments are no trouble.
  const slice = 3 << 12;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += slice) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + slice))));
  }
  return parts.join('');
}
