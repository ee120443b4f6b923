// One block for stretches that are alike: its parameters are what differs.
import { blockName } from '../block-name.ts';
import type { Arg, BlockPhrase, Item } from '../phrase.ts';
import type { Found } from './best.ts';
import { parameters } from './parameters.ts';
import { wishes } from './stretch-paths.ts';
import { actsOf, sizesOf, type Stretch } from './stretch.ts';

export function declare({ stretches, prefixes }: Found, blocks: readonly BlockPhrase[]): BlockPhrase {
  const params = parameters(stretches);
  const columns = stretches.map(({ items }) => sizesOf(items));
  let at = 0;
  const body = stretches[0]!.items.map((item) => rewritten(item));
  const name = blockName(body, prefixes, new Set(blocks.map((block) => block.name)));
  return { name, params: params.map((param) => param.name), body };

  function rewritten(item: Item): Item {
    switch (item.kind) {
      case 'branch':
        return { ...item, arms: item.arms.map((arm) => arm.map(rewritten)) };
      case 'phrase': {
        const args = item.args.map((arg) => (arg.isSize ? size(arg) : common(arg)));
        const [wish] = wishes([item]);
        return { ...item, args, path: prefixes && wish?.path.slice(prefixes[0]!.length + 1), isPlaced: true };
      }
      case 'block':
        return {
          ...item,
          args: item.args.map(size),
          path: prefixes && item.path?.slice(prefixes[0]!.length + 1),
        };
      case 'repeat':
        return { ...item, items: item.items.map(rewritten) };
      case 'value':
      case 'name':
      case 'output':
        return item;
    }
  }

  function size(arg: Arg): Arg {
    const place = at++;
    const own = columns.map((column) => column[place]!);
    const texts = own.map(({ text }) => text);
    const param = params.find((each) => each.texts.join(' ') === texts.join(' '));
    if (param) return { ...arg, text: param.name, standard: undefined, isParameter: true };
    const isStandard = own.every(({ standard }) => standard === arg.standard);
    return isStandard ? arg : { ...arg, standard: undefined };
  }

  /** What a word would have by itself may differ from stretch to stretch: then it is said. */
  function common(arg: Arg): Arg {
    return arg.name === 'act'
      ? { ...arg, standard: standardsOf(stretches).has(arg) ? arg.standard : undefined }
      : arg;
  }
}

/** Activations whose standard is the same in every stretch. */
function standardsOf(stretches: readonly Stretch[]): ReadonlySet<Arg> {
  const columns = stretches.map(({ items }) => actsOf(items));
  return new Set(
    columns[0]!.filter((arg, i) => columns.every((column) => column[i]!.standard === arg.standard)),
  );
}
