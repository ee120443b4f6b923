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
  const isEquation = /^[a-zA-Z,]*(->[a-zA-Z]*)?$/.test(equation.replaceAll('...', ''));
  if (!isEquation || terms.length !== values.length) wrong();
  const unnamed = values.map(({ dims }, i) =>
    terms[i]!.includes('...') ? dims.length + 3 - terms[i]!.length : 0,
  );
  const most = Math.max(...unnamed);
  const written = terms.map((term, i) => named(term, unnamed[i]!));
  const wanted = right === undefined ? implied(written, most) : named(right, most);
  const lettered = values.map((value, i): Lettered => {
    const letters = written[i]!;
    return letters.length === value.dims.length ? diagonal(call, { value, letters }) : wrong();
  });
  const [first, ...others] = unstretched(call, lettered);
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

/** Axes that `...` stands for are numbered from the last. */
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => String(count - 1 - i));

/** The letters of a term, numbers for its `count` unnamed axes. */
function named(term: string, count: number): string[] {
  const at = term.indexOf('...');
  return at < 0 ? [...term] : [...term.slice(0, at), ...numbered(count), ...term.slice(at + 3)];
}

/** What an equation without an arrow gives: all unnamed axes, then the letters that are written once, sorted. */
function implied(terms: readonly (readonly string[])[], unnamed: number): string[] {
  const all = terms.flat().filter((letter) => !/\d/.test(letter));
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter));
  return [...numbered(unnamed), ...once.toSorted()];
}

/** Without axes of one element that stretch over another operand's: they are the same for all of its elements. */
function unstretched(call: Call, all: readonly Lettered[]): Lettered[] {
  const sizes = new Map<string, number>();
  for (const { value, letters } of all)
    letters.forEach((letter, axis) => {
      const [size, known = 1] = [value.dims[axis]!, sizes.get(letter)];
      if (size !== known && size !== 1 && known !== 1)
        refuse('E043', `an axis has ${known} and ${size} elements`);
      sizes.set(letter, size === 1 ? known : size);
    });
  return all.map(({ value, letters }) => {
    const isKept = letters.map((letter, axis) => value.dims[axis] === sizes.get(letter));
    const gone = letters.flatMap((_, axis) => (isKept[axis] ? [] : [axis]));
    if (gone.length === 0) return { value, letters };
    return {
      value: dropAxes(call, value, new Set(gone)),
      letters: letters.filter((_, axis) => isKept[axis]),
    };
  });
}

/** Axes of one letter are one axis: what is off their diagonal is no part of it. */
function diagonal(call: Call, { value, letters }: Lettered): Lettered {
  const second = letters.findIndex((letter, axis) => letters.indexOf(letter) < axis);
  if (second < 0) return { value, letters };
  const first = letters.indexOf(letters[second]!);
  const size = value.dims[first]!;
  if (value.dims[second] !== size)
    refuse('E043', `the diagonal of ${size}×${value.dims[second]} is asked for`);
  const ones = Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
  const dims = letters.map((_, axis) => (axis === first || axis === second ? size : 1));
  const kept = combine(call, mul, value, call.constant(ones, dims, 'diagonal', value));
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
