// Graphs in their text form with slips: what is read is right, and what is not is refused with its line.
import * as fc from 'fast-check';
import { optimize } from '../../compiler/index.ts';
import { isError } from '../../grammar/index.ts';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { OPS } from '../../compiler/ops/index.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { randomGraph } from '../support/random-graph.ts';

const MODELS = Array.from({ length: 40 }, (_, seed) => {
  const graph = randomGraph(seed, 4);
  // With epilogues and without.
  return printGraph(seed % 2 === 0 ? graph : runPasses(graph, DEFAULT_PASSES));
});

/** A text in pieces, each with the blanks after it. */
const piecesOf = (text: string): string[] => text.match(/(?:#.*|"[^"\n]*"|[\w.+-]+|[^\s])\s*/g) ?? [];

const WORDS = [
  ...new Set(MODELS.flatMap(piecesOf)),
  ...Object.keys(OPS),
  ...'0 1 2 3 -1 0.5 1e9 2147483648 9007199254740993 NaN Infinity -Infinity'.split(' '),
  ...'[] [1] [0,0] [1,1,1] [-1,0] [0.5,1] [1,1,1,1,1,1] [%input] {} () " "" "\\x" "a'.split(' '),
  ...'__proto__ constructor toString then then statistic = = [0.5,1] return graph } { # % @ $ mode=7'.split(
    ' ',
  ),
];

const aSlip = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 2 }),
  instead: fc.array(fc.constantFrom(...WORDS), { maxLength: 2 }),
});
const aNumber = fc.tuple(
  fc.nat(),
  fc.constantFrom(...'0 1 2 3 4 5 7 16 -1 0.5 1e9 9007199254740993'.split(' ')),
);

/** Texts of random graphs with a few pieces or numbers exchanged, or cut short. */
export const damagedGraphs: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...MODELS),
    fc.array(aSlip, { maxLength: 2 }),
    fc.array(aNumber, { maxLength: 3 }),
    fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat() }),
  )
  .map(([text, slips, numbers, end]) => {
    const slipped = slips.reduce(
      (pieces, { at, length, instead }) =>
        pieces.toSpliced(at % (pieces.length + 1), length, ...instead.map((word) => `${word} `)),
      piecesOf(text),
    );
    const result = numbers.reduce((pieces, [which, number]) => {
      const places = pieces.flatMap((piece, at) => (/^-?\d/.test(piece) ? [at] : []));
      return places.length === 0 ? pieces : pieces.with(places[which % places.length]!, number);
    }, slipped);
    const whole = result.join('');
    return end === undefined ? whole : whole.slice(0, end % (whole.length + 1));
  });

/**
 * The text with the types that its operators infer, so that slips in attributes and operands come further than
 * to the next type.
 */
function corrected(text: string): string {
  const lines = text.split('\n');
  for (let left = lines.length; left > 0; left--) {
    const { line, type } = inferredIn(lines.join('\n')) ?? {};
    if (line === undefined) break;
    lines[line - 1] = lines[line - 1]!.replace(/: f32\[[^\]]*\]$/, `: ${type}`);
  }
  return lines.join('\n');
}

/** What a message says of a type that is another. */
function inferredIn(text: string): { line: number; type: string } | undefined {
  try {
    parseGraph(text);
    return undefined;
  } catch (error) {
    const [, line, type] =
      /^line (\d+): .* its operator infers (.*)$/.exec(error instanceof Error ? error.message : '') ?? [];
    return type === undefined ? undefined : { line: Number(line), type };
  }
}

/** The promise for a text as it is, and with its types put right. */
export async function expectAGraphAnswer(text: string): Promise<void> {
  await expectAnswer(text);
  await expectAnswer(corrected(text));
}

/** Throws unless the text is refused with its line, or read as a graph that all passes can work on. */
async function expectAnswer(text: string): Promise<void> {
  const {
    ok,
    diagnostics,
    text: result,
  } = await optimize({
    source: text,
    path: 'net.cir',
    passes: 'default,conv-to-fc',
  });
  const [first, ...more] = diagnostics.filter(isError);
  if (ok === (first !== undefined) || more.length > 0) throw new Error('it is read, or refused once');
  if (first) {
    if (first.code !== 'E070' || !/^line \d+: /.test(first.message))
      throw new Error(`${first.code}: ${first.message}`);
    return;
  }
  for (const each of [printGraph(parseGraph(text)), result!])
    if (printGraph(parseGraph(each)) !== each) throw new Error(`it reads back as something else: ${each}`);
}
