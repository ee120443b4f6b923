import type { Bytes } from './sha256.ts';

/** The bytes of a weights file that was compiled into the module. */
export function decodeBase64(text: string): Bytes {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
