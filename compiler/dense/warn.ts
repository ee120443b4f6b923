// What is to be said where a dense map and crops differ (W104).
//
//   a crop sees its padding      0 0 x x x x 0 0
//   where the map has picture    … x x x x x x …
//
// So where the trained network looks beyond its input, no position equals its crop, or at one end only the
// first or last one does. Beside that, the map's own border sees the padding around the picture.
import type { Graph } from '../ir/graph.ts';
import type { Complaint } from '../support/refusal.ts';
import { spatialOf } from '../tensor/window.ts';
import { all, BEFORE, BEHIND, sightsOf, widthsOf, type AllSights, type Seen, type Sights } from './border.ts';

export interface Scan {
  readonly trained: Graph;
  /** Height and width now. */
  readonly size: readonly number[];
  /** Input positions from one score to the next, of each output that is a map of scores. */
  readonly steps: ReadonlyMap<string, readonly number[]>;
  /** What the maps see beyond the picture. */
  readonly sights: AllSights;
}

/** A warning for each map of which not every position equals its crop. */
export function warningsOf({ trained, size, steps, sights }: Scan): Complaint[] {
  const seen = sightsOf(trained);
  const crop = trained.inputs.map(({ node }) => spatialOf(node.type.shape)).find((axes) => axes.length > 0)!;
  const room = size.map((length, axis) => length - crop[axis]!);
  return [...steps].flatMap(([name, step]) => {
    const own = seen.get(name)!;
    const equal = own.sights.map((along, axis) => equalPositions(all(along), room[axis]!, step[axis]!));
    if (equal.every((positions) => positions === 'all')) return [];
    const map = where(sights.get(name)!);
    const message = `${who(own)}: a crop sees that at its own border, the dense map ${map}; ${which(equal)}`;
    return [{ code: 'W104', message, help: 'layers with pad=valid make the two equal' } as const];
  });
}

type Equal = 'all' | 'first' | 'last' | 'none';

/** The positions along an axis that see what their crop does. */
function equalPositions(sight: number, room: number, step: number): Equal {
  if (sight === 0 || room === 0) return 'all';
  if (sight === BEFORE) return 'first';
  return sight === BEHIND && room % step === 0 ? 'last' : 'none';
}

function who({ layers, isPadding }: Seen): string {
  const named = layers.length <= 4 ? layers : [...layers.slice(0, 3), `${layers.length - 3} more layers`];
  const [verb, verbs] = isPadding ? ['pads its', 'pad their'] : ['reaches beyond its', 'reach beyond their'];
  if (named.length === 1) return `${named[0]!} ${verb} input`;
  return `${named.slice(0, -1).join(', ')} and ${named.at(-1)!} ${verbs} input`;
}

/** `only at the picture's, in its outer 3 + 3 rows and 3 + 3 columns` */
function where(sights: Sights): string {
  const names = sights.length === 1 ? ['positions'] : ['rows', 'columns'];
  const widths = sights.map((along, axis) => {
    const [begin, end] = widthsOf(along);
    return { begin, end, name: names[axis]!, isWhole: begin + end >= along.length };
  });
  const whole = widths.filter(({ isWhole }) => isWhole).map(({ name }) => `all ${name}`);
  const outer = widths
    .filter(({ begin, end, isWhole }) => !isWhole && begin + end > 0)
    .map(({ begin, end, name }) => `${begin} + ${end} ${name}`);
  const parts = [...whole, ...(outer.length > 0 ? [`its outer ${outer.join(' and ')}`] : [])];
  return parts.length === 0 ? 'nowhere' : `only at the picture's, in ${parts.join(' and ')}`;
}

function which(equal: readonly Equal[]): string {
  if (equal.includes('none')) return 'so no position equals its crop';
  const names = equal.length === 1 ? ['position'] : ['row', 'column'];
  const places = equal.flatMap((end, axis) => (end === 'all' ? [] : `${end} ${names[axis]!}`));
  return `so only what is in the ${places.join(' and the ')} equals its crop`;
}
