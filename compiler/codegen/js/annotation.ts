// What `annotate` puts above each kernel: where in the program the layer stands, and what it costs.
import { positionAt, type Span } from '../../../grammar/source.ts';
import type { OpNode } from '../../ir/graph.ts';
import { macsOf } from '../../ir/semantics.ts';
import { parametersOf } from './kernel.ts';

/** Comment lines: the layers that the kernel computes, where several went into one; their source lines, weights, cost. */
export function annotation(node: OpNode): string[] {
  const layers = new Set(
    node.origins.map(({ path, keyword }) => `${path} (${keyword})`.replaceAll(/\s+/g, ' ')),
  );
  const sources = node.origins.flatMap(({ span }) => (span ? [sourceLine(span)] : []));
  const weights = parametersOf(node).flatMap(({ node: { name, op, type } }) =>
    op === 'constant' ? [`${name} ${type.shape.join('×')}`] : [],
  );
  const macs = macsOf(node);
  const cost = macs > 0 ? [`${macs.toLocaleString('en')} multiply-accumulates`] : [];
  return [
    ...(layers.size > 1 ? [`computes ${[...layers].join(', ')}`] : []),
    ...new Set(sources),
    ...(weights.length > 0 ? [`weights: ${weights.join(', ')}`] : []),
    ...cost,
  ].map((line) => `// ${line}`);
}

/** `lenet.cnn:6: -> CONV(6, 5) -> POOL(2)`; nothing in it can end a comment. */
function sourceLine({ source, start }: Span): string {
  const { line } = positionAt(source, start);
  const text = source.text.slice(source.lineStarts[line - 1], source.lineStarts[line]).trim();
  return `${source.path}:${line}: ${text}`.replaceAll(/\s+/g, ' ');
}
