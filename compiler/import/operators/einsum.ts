// Einstein's sums (NumPy's notation), as transposes, one matrix product for each further operand, and sums.
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import type { Call, Import } from '../call.ts';
import type { Value } from '../value.ts';
import { addAxes, dropAxes } from './drop-axes.ts';
import { combine } from './elementwise.ts';
import { multiply } from './matrix.ts';
import { reduced } from './reduction.ts';
import { regroup } from './regroup.ts';
import { permuted } from './shuffles.ts';

/** A value whose axes have letters. */
interface Lettered {
  readonly value: Value;
  readonly letters: readonly string[];
}

const einsum: Import = (call) => {
  const equation = call.text('equation', '').replaceAll(' ', '');
  const [left = '', right] = equation.split('->');
  const terms = left.split(',');
  const values = call.all();
  const wrong = (): never => refuse('E091', `its equation ${JSON.stringify(equation)} is not supported`);
  if (!/^[a-zA-Z.,]*(->[a-zA-Z.]*)?$/.test(equation) || terms.length !== values.length) wrong();
  const unnamed = values.map(({ dims }, i) =>
    terms[i]!.includes('...') ? dims.length + 3 - terms[i]!.length : 0,
  );
  const most = Math.max(...unnamed);
  /** Axes that `...` stands for are numbered from the last. */
  const named = (term: string, count: number): string[] => {
    const numbers = Array.from({ length: count }, (_, i) => String(count - 1 - i));
    const at = term.indexOf('...');
    return at < 0 ? [...term] : [...term.slice(0, at), ...numbers, ...term.slice(at + 3)];
  };
  const lettered = values.map((value, i): Lettered => {
    const letters = named(terms[i]!, unnamed[i]!);
    return letters.length === value.dims.length ? diagonal(call, { value, letters }) : wrong();
  });
  const all = lettered.flatMap(({ letters }) => letters);
  const once = [...new Set(all)].filter((letter) => all.filter((each) => each === letter).length === 1);
  const wanted = right === undefined ? once.toSorted() : named(right, most);
  const [first, ...others] = lettered;
  const product = others.reduce((a, b, i) => {
    const later = new Set([...wanted, ...others.slice(i + 1).flatMap(({ letters }) => letters)]);
    return times(call, a, b, later);
  }, first!);
  const { value, letters } = summed(call, product, new Set(wanted));
  if (wanted.length !== letters.length || !wanted.every((letter) => letters.includes(letter))) wrong();
  return permuted(
    value,
    wanted.map((letter) => letters.indexOf(letter)),
  );
};

/** Axes of one letter are one axis: what is off their diagonal is no part of it. */
function diagonal(call: Call, { value, letters }: Lettered): Lettered {
  const second = letters.findIndex((letter, axis) => letters.indexOf(letter) < axis);
  if (second < 0) return { value, letters };
  const first = letters.indexOf(letters[second]!);
  const size = value.dims[first]!;
  const ones = Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const dims = letters.map((_, axis) => (axis === first || axis === second ? size : 1));
  const kept = combine(call, mul, value, call.constant(ones, dims, 'diagonal', value.sort));
  return diagonal(call, {
    value: dropAxes(call, reduced(call, 'sum', kept, [second]), new Set([second])),
    letters: letters.filter((_, axis) => axis !== second),
  });
}

/** Letters that nobody wants any more are summed over. */
function summed(call: Call, { value, letters }: Lettered, wanted: ReadonlySet<string>): Lettered {
  const gone = letters.flatMap((letter, axis) => (wanted.has(letter) ? [] : [axis]));
  if (gone.length === 0) return { value, letters };
  return {
    value: dropAxes(call, reduced(call, 'sum', value, gone), new Set(gone)),
    letters: letters.filter((letter) => wanted.has(letter)),
  };
}

/** The product of two, in which letters that both have and nobody wants later are summed over. */
function times(call: Call, first: Lettered, second: Lettered, later: ReadonlySet<string>): Lettered {
  const a = summed(call, first, new Set([...second.letters, ...later]));
  const b = summed(call, second, new Set([...first.letters, ...later]));
  const both = a.letters.filter((letter) => b.letters.includes(letter));
  const [items, sums] = [
    both.filter((letter) => later.has(letter)),
    both.filter((letter) => !later.has(letter)),
  ];
  const rows = a.letters.filter((letter) => !both.includes(letter));
  const columns = b.letters.filter((letter) => !both.includes(letter));
  const sizes = (of: Lettered, letters: readonly string[]) =>
    letters.map((letter) => of.value.dims[of.letters.indexOf(letter)]!);
  const matrix = (of: Lettered, ...groups: readonly (readonly string[])[]) => {
    const turned = permuted(
      of.value,
      groups.flat().map((letter) => of.letters.indexOf(letter)),
    );
    return regroup(
      call,
      turned,
      groups.map((group) => sizeOf(sizes(of, group))),
    );
  };
  const letters = [...items, ...rows, ...columns];
  const dims = [...sizes(a, items), ...sizes(a, rows), ...sizes(b, columns)];
  const product =
    sums.length === 0
      ? combine(
          call,
          mul,
          addAxes(call, matrix(a, items, rows), new Set([2])),
          addAxes(call, matrix(b, items, columns), new Set([1])),
        )
      : multiply(call, matrix(a, items, rows, sums), matrix(b, items, sums, columns));
  return { value: regroup(call, product, dims), letters };
}

export const SUMS: Readonly<Record<string, Import>> = { Einsum: einsum };
