import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../compiler/cli/failure.ts';
import { readImage } from '../../compiler/cli/image/index.ts';

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colorType: number;
  readonly interlace?: number;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG of the header given and of `rows`, each with its filter byte in front, whether they fit it or not. */
function png(header: Header, rows: Uint8Array, ...before: Buffer[]): Buffer {
  const { width, height, depth, colorType, interlace = 0 } = header;
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([depth, colorType, 0, 0, interlace], 8);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', ihdr),
    ...before,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

const PALETTE = chunk('PLTE', Uint8Array.of(10, 20, 30, 40, 50, 60));

describe('every kind of PNG becomes RGBA of 8 bits', () => {
  test.each([
    ['1-bit grey', { depth: 1, colorType: 0 }, [0, 0b01_000000], [], [0, 0, 0, 255, 255, 255, 255, 255]],
    ['2-bit grey', { depth: 2, colorType: 0 }, [0, 0b01_10_0000], [], [85, 85, 85, 255, 170, 170, 170, 255]],
    ['8-bit grey', { depth: 8, colorType: 0 }, [0, 7, 200], [], [7, 7, 7, 255, 200, 200, 200, 255]],
    [
      '16-bit grey',
      { depth: 16, colorType: 0 },
      [0, 7, 99, 200, 255],
      [],
      [7, 7, 7, 255, 200, 200, 200, 255],
    ],
    ['RGB', { depth: 8, colorType: 2 }, [0, 1, 2, 3, 4, 5, 6], [], [1, 2, 3, 255, 4, 5, 6, 255]],
    ['grey and alpha', { depth: 8, colorType: 4 }, [0, 9, 128, 8, 0], [], [9, 9, 9, 128, 8, 8, 8, 0]],
    ['RGBA', { depth: 8, colorType: 6 }, [0, 1, 2, 3, 4, 5, 6, 7, 8], [], [1, 2, 3, 4, 5, 6, 7, 8]],
    ['8-bit palette', { depth: 8, colorType: 3 }, [0, 1, 0], [PALETTE], [40, 50, 60, 255, 10, 20, 30, 255]],
    [
      '1-bit palette',
      { depth: 1, colorType: 3 },
      [0, 0b10_000000],
      [PALETTE],
      [40, 50, 60, 255, 10, 20, 30, 255],
    ],
    [
      'a palette with transparent colours',
      { depth: 8, colorType: 3 },
      [0, 1, 0],
      [PALETTE, chunk('tRNS', Uint8Array.of(128))],
      [40, 50, 60, 255, 10, 20, 30, 128],
    ],
    [
      'RGB with a transparent colour',
      { depth: 8, colorType: 2, height: 2 },
      [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 7],
      [chunk('tRNS', Uint8Array.of(0, 4, 0, 5, 0, 6))],
      [1, 2, 3, 255, 4, 5, 6, 0, 1, 2, 3, 255, 4, 5, 7, 255],
    ],
  ])('%s', async (_, kind, row, before, expected) => {
    const bytes = png({ width: 2, height: 1, ...kind }, Uint8Array.from(row), ...before);
    expect([...(await readImage(bytes, 'x.png')).data]).toEqual(expected);
  });

  test('interlaced', async () => {
    const data = Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => i);
    const bytes = encode({ width: 5, height: 7, channels: 3, depth: 8, data }, { interlace: 'Adam7' });
    const image = await readImage(bytes, 'x.png');
    expect([...image.data].filter((_, i) => i % 4 < 3)).toEqual([...data]);
  });
});

const GREY = { width: 2, height: 2, depth: 8, colorType: 0 };
const GREY_ROWS = Uint8Array.of(0, 1, 2, 0, 3, 4);

describe('a picture that cannot be read is named, and why', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'neither PNG, JPEG nor .npy'],
    ['a PNG that is cut off', png(GREY, GREY_ROWS).subarray(0, -20), 'cut short'],
    ['only the signature of a PNG', png(GREY, GREY_ROWS).subarray(0, 8), 'cut short'],
    ['an empty picture', png({ ...GREY, width: 0 }, GREY_ROWS), 'empty'],
    ['a header that claims more than memory', png({ ...GREY, width: 2 ** 31 }, GREY_ROWS), 'too large'],
    [
      'pixels that inflate to more than the header says',
      png(GREY, new Uint8Array(1 << 26)),
      'cannot be decoded',
    ],
    ['fewer pixels than the header says', png(GREY, GREY_ROWS.subarray(0, 3)), 'cannot be decoded'],
    ['a colour type that does not exist', png({ ...GREY, colorType: 5 }, GREY_ROWS), 'cannot be decoded'],
    ['a colour that the palette lacks', png({ ...GREY, colorType: 3 }, GREY_ROWS, PALETTE), 'palette lacks'],
    ['a palette picture without one', png({ ...GREY, colorType: 3 }, GREY_ROWS), 'cannot be decoded'],
    ['bits interlaced', png({ ...GREY, depth: 1, interlace: 1 }, GREY_ROWS), 'save it not interlaced'],
    ['a JPEG without a size', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), 'does not state its size'],
    [
      'a JPEG that claims more than memory',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 0, 0),
      'too large',
    ],
    [
      'a JPEG that ends after its size',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 2, 1, 1, 0x11, 0),
      'cannot be decoded',
    ],
  ])('%s', async (_, bytes, reason) => {
    const reading = readImage(bytes, 'x.png');
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(reason);
    await expect(reading).rejects.toThrow(/^x\.png: /);
  });

  test('a PNG is read after one that failed', async () => {
    await expect(readImage(png(GREY, new Uint8Array(1)), 'x.png')).rejects.toThrow(InputError);
    const image = await readImage(await readFile('examples/digits/3-a.png'), '3-a.png');
    expect([image.width, image.height]).toEqual([28, 28]);
  });
});
