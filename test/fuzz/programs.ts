// Texts that someone might feed to the compiler: noise, words in any order, programs with slips, and
// programs that only the grammar allows.
import * as fc from 'fast-check';
import { examples } from '../language/fixtures.ts';

/** A text in pieces: words, each with the blanks after it. */
const piecesOf = (text: string): string[] =>
  text.match(/(?:#.*|"[^"\n]*"|[-—]+>|\d[\w.]*|\w+|\S) *|\n/g) ?? [];

/** What programs are made of, and what others would write for it. */
const words = [
  ...new Set(examples.flatMap(({ text }) => piecesOf(text))),
  ...'ADD MUL OUTPUT PAD CROP RESHAPE UP LRN SOFTMAX INPUTx2 Block in in.c in.h _ use with x x2 × * -1'.split(
    ' ',
  ),
  ...'→ ——> => - -- ~> 0 1e9 9007199254740991 0.5 1e-3 3x3 ?x? 224x224x3 100 3abc "s" "s @ ， （ ） ； { | }'.split(
    ' ',
  ),
  // What every object of JavaScript has.
  ...'constructor __proto__ toString in.__proto__ in.constructor valueOf'.split(' '),
  '3 x 3',
  '\r\n',
  '\t',
  '\uFEFF',
];

const anExample = fc.constantFrom(...examples.map(({ text }) => text));
const aWord = fc.constantFrom(...words);

/** Any bytes; about half of them are UTF-8. */
export const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 200 }).map(encode),
);

/** Words of the language, in any order. */
export const tokens: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.array(aWord, { maxLength: 60 }), fc.constantFrom('', ' ', ' -> '))
  .map(([stream, blank]) => encode(stream.join(blank)));

/** Takes away some words at a place, and puts others there. */
interface Slip {
  readonly at: number;
  readonly length: number;
  readonly instead: readonly string[];
}

const aSlip: fc.Arbitrary<Slip> = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 2 }),
  instead: fc.oneof(
    fc.array(aWord, { maxLength: 2 }),
    fc.tuple(anExample, fc.nat(), fc.nat({ max: 10 })).map(([text, at, length]) => {
      const source = piecesOf(text);
      const start = at % source.length;
      return source.slice(start, start + length);
    }),
  ),
});

const aNumber = fc.constantFrom(...'0 1 2 3 7 64 0.5 -1 1e9 9007199254740991 3x3 n in.c (2,1)'.split(' '));

/** Example programs with a few slips, or with other numbers. */
export const mutations: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    anExample,
    fc.array(aSlip, { maxLength: 2 }),
    fc.array(fc.tuple(fc.nat(), aNumber), { maxLength: 3 }),
  )
  .map(([text, slips, numbers]) => {
    const slipped = slips.reduce(
      (before, { at, length, instead }) => before.toSpliced(at % (before.length + 1), length, ...instead),
      piecesOf(text),
    );
    return encode(numbers.reduce(withNumber, slipped).join(''));
  });

/** The program with one of its numbers replaced. */
function withNumber(pieces: readonly string[], [which, number]: [number, string]): readonly string[] {
  const places = pieces.flatMap((piece, at) => (/^\d/.test(piece) ? [at] : []));
  return places.length === 0 ? pieces : pieces.with(places[which % places.length]!, number);
}

const often = (...texts: string[]): fc.WeightedArbitrary<string> => ({
  weight: 60,
  arbitrary: fc.constantFrom(...texts),
});
const seldom = (texts: string): fc.WeightedArbitrary<string> => ({
  weight: 1,
  arbitrary: fc.constantFrom(...texts.split(' ')),
});

const suffix = fc.oneof(often('', '', '', '', '*2', '*0', '*(1 + 1)'), {
  weight: 1,
  arbitrary: fc.constantFrom(
    '*n',
    ' as a',
    ' as b',
    '*3 with i as c',
    '*i',
    ' as constructor',
    ' as __proto__',
    ' as toString',
  ),
});

const { chain } = fc.letrec<{ chain: string; item: string; primary: string }>((tie) => ({
  chain: fc
    .array(tie('item'), { minLength: 1, maxLength: 4, depthIdentifier: 'nesting' })
    .map((items) => items.join(' -> ')),
  item: fc.tuple(tie('primary'), suffix).map((parts) => parts.join('')),
  primary: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, depthIdentifier: 'nesting' },
    fc.oneof(
      often('CONV', 'CONV(8)', 'CONV(4, 1)', 'DWCONV', 'BN', 'RELU', 'DROPOUT', 'SIGMOID', 'SOFTMAX'),
      often('CONV(3, pad=valid)', 'CONV(6, stride=2)', 'POOL(3, stride=2)', 'UP', 'DECONV(4)', 'LRN(5)'),
      seldom('POOL GAP FC(5) SKIP LAST PAD(1) CROP(2x2) RESHAPE(8x8) FLATTEN Two(4) Two(n) a b'),
      seldom('CONCAT(a,_) ADD(a,b,_) OUTPUT(name="y") UP(like=a) POOL(2,mode=avg) CONV(in.c,groups=in.c)'),
    ),
    tie('chain').map((inner) => `[${inner}]`),
    fc
      .tuple(tie('chain'), tie('chain'), fc.constantFrom('ADD', 'MUL', 'CONCAT'))
      .map(([left, right, merge]) => `{ ${left} | ${right} } -> ${merge}`),
  ),
}));

/** What the grammar allows: programs that come further than those with slips. */
export const sentences: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom('', 'default CONV(norm=bn)\n', 'default FC(act=none)\ndefault POOL(ceil=true)\n'),
    chain,
    fc.constantFrom('INPUT(8x8x3)', 'INPUT(8x8x3)', 'INPUT', 'INPUT(16x4)', 'INPUT(10)', 'INPUT(?x?x3)'),
    chain,
    fc.option(
      fc
        .tuple(fc.constantFrom('\nx -> ', '; [x]*2 -> ', ' ; { x | x } -> CONCAT -> '), chain)
        .map(([head, tail]) => head + tail),
      { nil: '' },
    ),
  )
  .map(([defaults, body, input, main, more]) =>
    encode(`${defaults}block Two(n) = ${body}\n${input} as x -> ${main}${more}\n`),
  );

const aComment = fc.constantFrom('# one\n', '\n# two\n', '\n\n# three |=->\n\n', '\n', '\n\n', '#\n');

/** Programs with comments and line ends in all places. */
export const comments: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(
      anExample,
      sentences.map((bytes) => new TextDecoder().decode(bytes)),
    ),
    fc.array(fc.tuple(fc.nat(), aComment), { maxLength: 8 }),
  )
  .map(([text, inserted]) =>
    encode(
      inserted
        .reduce(
          (pieces, [at, comment]) => pieces.toSpliced(at % (pieces.length + 1), 0, comment),
          piecesOf(text),
        )
        .join(''),
    ),
  );

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
