// What holds for every text whatsoever.
import { drawGraph, summarize } from '../../compiler/index.ts';
import { format, isError, parse, renderDiagnostic, sourceFile } from '../../grammar/index.ts';
import { printTree } from '../language/print-tree.ts';

/** Milliseconds of the processor, for the clock counts what else the machine does. */
const longest = 2000;

const now = (): number => process.cpuUsage().user / 1000;

/**
 * Throws unless the compiler answers: with an error, or with a network. (A network that the verifier
 * rejects makes it throw.) And unless formatting keeps what was meant.
 */
export async function expectAnAnswer(bytes: Uint8Array): Promise<void> {
  const start = now();
  const { ok, diagnostics, summary } = await summarize({ path: 'net.cnn', read: readOnly(bytes) });
  for (const diagnostic of diagnostics) renderDiagnostic(diagnostic, { color: true });
  expectThat(ok === !diagnostics.some(isError), 'it is ok, or has an error, and not both');
  expectThat(ok === (summary !== undefined), 'it is summarized where it is ok');
  // Layout takes longer than all the rest, so only small networks are drawn.
  if (summary && summary.layers.length <= 30) {
    const { picture } = await drawGraph({ path: 'net.cnn', read: readOnly(bytes) });
    expectThat(picture !== undefined, 'it is drawn where it is ok');
  }
  const text = new TextDecoder().decode(bytes);
  expectTheSame(text);
  const took = now() - start;
  expectThat(took < longest, `it took ${took.toFixed(0)} ms`);
}

/** Formatting keeps the tree and the comments, and a second time changes nothing. */
function expectTheSame(text: string): void {
  const result = format(sourceFile(text));
  if (!('text' in result)) return;
  const treeOf = (program: string): string => printTree(parse(sourceFile(program)).program);
  expectThat(treeOf(text) === treeOf(result.text), `formatting changed the tree: ${result.text}`);
  const again = format(sourceFile(result.text));
  expectThat('text' in again && again.text === result.text, `formatting again changes it: ${result.text}`);
}

/** A disk with one file. */
const readOnly =
  (bytes: Uint8Array) =>
  async (path: string): Promise<Uint8Array> => {
    if (path === 'net.cnn') return bytes;
    throw new Error('no such file');
  };

function expectThat(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`not so: ${what}`);
}
