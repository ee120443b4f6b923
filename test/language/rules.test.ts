// The rules of the language, one by one, as grammar/README.md numbers them.
import { describe, expect, test } from 'vitest';
import { build, codesOf, layersOf, settingsOf, weightsOf } from './build.ts';

const paths = async (text: string): Promise<string[]> =>
  (await layersOf(text)).map((line) => line.split(' ')[0]!);

describe('1: a program is statements, each a chain', () => {
  test('an arrow may end a line or start the next', async () => {
    const expected = await layersOf('INPUT -> CONV -> FC');
    expect(await layersOf('INPUT ->\nCONV ->\nFC')).toEqual(expected);
    expect(await layersOf('INPUT\n-> CONV\n-> FC')).toEqual(expected);
  });
  test('a semicolon starts a statement as a new line does', async () => {
    expect(await layersOf('INPUT as a; INPUT as b; ADD(a, b) -> FC')).toEqual(
      await layersOf('INPUT as a\nINPUT as b\nADD(a, b) -> FC'),
    );
  });
  test('a forgotten arrow is one message, and read as an arrow', async () => {
    expect(await codesOf('INPUT -> CONV POOL -> FC')).toEqual(['E010']);
    expect(await codesOf('INPUT -> CONV\nPOOL -> FC')).toEqual(['E010']);
  });
});

describe('2: case carries the kind', () => {
  test('an operator in lower case is unknown', async () => {
    expect(await codesOf('INPUT -> conv -> FC')).toEqual(['E030']);
  });
  test('a parameter cannot be called like a word that attributes take', async () => {
    expect(await codesOf('block Two(half) = CONV(half)*2\nINPUT -> Two(8) -> FC')).toEqual(['E035']);
  });
});

describe('3: only the sizes that an operator is known by go without a name', () => {
  test('filters and kernel of CONV', async () => {
    expect(await settingsOf('INPUT -> CONV(8, 5) -> FC', 'conv1')).toMatchObject({
      filters: '8',
      kernel: '5',
    });
  });
  test.each(['CONV*2', 'CONV×2', 'CONVx2', 'CONV x2', 'CONV x 2', '[CONV]x2'])(
    '%s is CONV twice',
    async (item) => {
      expect(await paths(`INPUT -> ${item} -> FC`)).toEqual(['input', 'conv1', 'conv2', 'fc1']);
    },
  );
});

describe('4: shapes are height, width, channels', () => {
  test('a map, a sequence and a vector', async () => {
    expect(await layersOf('INPUT(5x7x3)')).toEqual(['input 5×7×3']);
    expect(await layersOf('INPUT(16000x1)')).toEqual(['input 16000×1']);
    expect(await layersOf('INPUT(100)')).toEqual(['input 100']);
  });
});

describe("5: 'as' names the value and the path of its weights", () => {
  test('a merge takes names, in the order that its weights depend on', async () => {
    const { graph } = await build('INPUT(4x4x1) -> CONV(2) as a -> CONV(3) as b -> CONCAT(a, _)');
    const concat = graph.nodes.at(-1)!;
    expect(concat).toMatchObject({ op: 'concat', type: { shape: [1, 4, 4, 5] } });
  });
  test('on a repeat it names the last value', async () => {
    expect(
      await layersOf('INPUT(8x8x1) -> [CONV(2) -> POOL]*2 as body -> FC\nbody -> FC as other'),
    ).toContain('other 10');
  });
  test.each([
    ['a repeat', 'INPUT -> [POOL as a]*1 -> FC\na -> FC as fc9'],
    ['an arm', 'INPUT -> { POOL as a | POOL } -> ADD -> FC\na -> FC as fc9'],
    ['a named group', 'INPUT -> [POOL as a] as g -> FC\na -> FC as fc9'],
  ])('a name made in %s is not visible outside', async (_, text) => {
    expect(await codesOf(text)).toEqual(['E030']);
  });
  test('an unnamed group hides nothing', async () => {
    expect(await codesOf('INPUT -> [POOL as a -> RELU] -> FC\na -> FC as fc9')).toEqual([]);
  });
  test('the same name may stand in two named groups', async () => {
    expect(await paths('INPUT -> [POOL as a] as g -> [POOL as a] as h')).toEqual(['input', 'g.a', 'h.a']);
  });
});

describe('6: branches', () => {
  test('SKIP is the identity', async () => {
    expect(await paths('INPUT(8x8x4) -> { CONV(4, act=none) | SKIP } -> ADD')).toEqual([
      'input',
      'conv1',
      'add1',
    ]);
  });
  test('MUL takes one number per channel: squeeze and excitation', async () => {
    const text = 'INPUT(8x8x4) -> { SKIP | GAP(keep=true) -> CONV(4, 1, act=sigmoid) } -> MUL';
    expect((await layersOf(text)).at(-1)).toBe('mul1 8×8×4');
  });
  test('a word of an attribute stays one where a value is called so', async () => {
    expect(await codesOf('INPUT(8x8x4) -> CONV as max -> POOL(mode=max)')).toEqual([]);
  });
  test('sizes of 1 stretch', async () => {
    const text = 'INPUT(8x8x4) -> { SKIP | GAP(keep=true) } -> ADD';
    expect((await layersOf(text)).at(-1)).toBe('add1 8×8×4');
    expect(await codesOf('INPUT(8x8x4) -> { SKIP | CONV(4, stride=2) } -> SUB')).toEqual(['E043']);
    expect(await codesOf('INPUT(8x8x4) -> { SKIP | GAP } -> SUB')).toEqual(['E045']);
  });
  test('a merge takes numbers among its values, and parameters that are numbers', async () => {
    const text = 'block Scale(k) = MUL(_, k) -> SUB(1, _)\nINPUT(8x8x4) -> Scale(1/2) -> DIV(_, -3)';
    expect((await layersOf(text)).at(-1)).toBe('div1 8×8×4');
    expect(await codesOf('INPUT(8x8x4) -> ADD(1, 2)')).toEqual([]);
    expect(await codesOf('ADD(1, 2)')).toEqual(['E027']);
  });
  test('WEIGHT is a learned value at the head of an arm or a chain, called by its path alone', async () => {
    const text = 'INPUT(8x8x4) -> { SKIP | WEIGHT(1x8x1) as scale } -> MUL';
    expect(await weightsOf(text)).toEqual(['scale 1×8×1']);
    expect(await weightsOf('INPUT(8x8x4) as x\nWEIGHT(4) as scale -> MUL(_, x)')).toEqual(['scale 4']);
    expect(await weightsOf('INPUT(8x8x4) as x -> {\n  SKIP |\n  WEIGHT(4) as w\n} -> MUL')).toEqual(['w 4']);
    expect(await codesOf('INPUT(8x8x4) -> WEIGHT(4)')).toEqual(['E023']);
  });
  test('or at the head of a chain, where it gets a name', async () => {
    const text = 'INPUT(8x8x4)\n  -> RELU as x\nWEIGHT(1x8x1) as scale\nMUL(x, scale)';
    expect(await weightsOf(text)).toEqual(['scale 1×8×1']);
    expect((await layersOf(text)).at(-1)).toBe('mul1 8×8×4');
  });
  test('an INPUT that nothing reads is no output, and a warning', async () => {
    const text = 'INPUT(3) -> FC(2)\nINPUT(5) as target';
    expect(await codesOf(text)).toEqual(['W103']);
    expect((await build(text)).graph.outputs.map(({ name }) => name)).toEqual(['output']);
  });
});

describe('7: repeats', () => {
  test('*0 is the identity', async () => {
    expect(await paths('INPUT -> [CONV -> POOL]*0 -> FC')).toEqual(['input', 'fc1']);
  });
  test("'with i' counts from 0", async () => {
    const filters = async (path: string) =>
      (await settingsOf('INPUT -> [CONV(2^i)]*3 with i -> FC', path))['filters'];
    expect([await filters('conv1'), await filters('conv2'), await filters('conv3')]).toEqual(['1', '2', '4']);
  });
  test('indices of nested repeats are told apart', async () => {
    const text = 'INPUT(8x8x1) -> [[CONV(1 + 10*i + j)]*2 with j]*2 with i';
    expect(await layersOf(text)).toEqual([
      'input 8×8×1',
      'conv1 8×8×1',
      'conv2 8×8×2',
      'conv3 8×8×11',
      'conv4 8×8×12',
    ]);
  });
});

describe('8: blocks are closed functions of one value', () => {
  test("'in' is the input value, with its sizes", async () => {
    const text = 'block Wide(t=2) = CONV(t * in.c) -> CONCAT(in, _)\nINPUT(8x8x3) -> Wide -> Wide(t=1)';
    expect((await layersOf(text)).at(-1)).toBe('wide2.concat1 8×8×18');
  });
  test('a default may use the parameters before it', async () => {
    const text = 'block Two(f, g=2*f) = CONV(f) -> CONV(g)\nINPUT(8x8x3) -> Two(5)';
    expect((await layersOf(text)).at(-1)).toBe('two1.conv2 8×8×10');
  });
  test('names outside of it are not seen', async () => {
    expect(await codesOf('block Join = ADD(a, _)\nINPUT -> POOL as a -> Join -> FC')).toEqual(['E022']);
  });
});

describe('9: paths', () => {
  test('counters see named siblings of the same operator', async () => {
    expect(await paths('INPUT -> CONV -> CONV as b -> CONV -> FC')).toEqual([
      'input',
      'conv1',
      'b',
      'conv3',
      'fc1',
    ]);
  });
  test('a named group numbers its members, a named repeat its turns', async () => {
    expect(await paths('INPUT -> [CONV -> BN] as g -> [CONV -> BN]*2 as r')).toEqual([
      'input',
      'g.0',
      'g.1',
      'r.0.0',
      'r.0.1',
      'r.1.0',
      'r.1.1',
    ]);
  });
  test('unnamed groups, repeats and arms are transparent', async () => {
    expect(await paths('INPUT(8x8x4) -> [CONV(4)]*2 -> { [CONV(4)] | SKIP } -> ADD')).toEqual([
      'input',
      'conv1',
      'conv2',
      'conv3',
      'add1',
    ]);
  });
  test('an unnamed block opens a path', async () => {
    expect(await paths('block Two = CONV*2\nINPUT -> Two -> Two as b -> Two')).toEqual([
      'input',
      'two1.conv1',
      'two1.conv2',
      'b.conv1',
      'b.conv2',
      'two3.conv1',
      'two3.conv2',
    ]);
  });
  test('norm=bn reads conv3.norm', async () => {
    expect(await weightsOf('INPUT -> CONV(2, norm=bn)')).toEqual([
      'conv1.weight 2×3×3×3',
      'conv1.norm.weight 2',
      'conv1.norm.bias 2',
      'conv1.norm.running_mean 2 statistic',
      'conv1.norm.running_var 2 statistic',
    ]);
  });
});

describe('10: defaults', () => {
  test('later ones add to earlier ones', async () => {
    const text = 'default CONV(act=tanh)\ndefault CONV(bias=false)\nINPUT -> CONV -> FC';
    expect(await settingsOf(text, 'conv1')).toMatchObject({ act: 'tanh', bias: 'false' });
  });
  test('filters double as maps halve, up to 512', async () => {
    const text = 'INPUT(64x64x3) -> [CONV -> POOL]*5 -> FC';
    const filters = (await layersOf(text))
      .filter((line) => line.startsWith('conv'))
      .map((line) => line.split('×')[2]);
    expect(filters).toEqual(['64', '128', '256', '512', '512']);
  });
  test('a hidden FC has 512 units, the last one 10', async () => {
    expect(await layersOf('INPUT(7) -> FC -> FC')).toEqual(['input 7', 'fc1 512', 'fc2 10']);
  });
});

describe('11: activations', () => {
  const act = async (text: string, path: string) => (await settingsOf(text, path))['act'];
  test('the last FC has none', async () => {
    expect(await act('INPUT -> FC -> FC', 'fc1')).toBe('relu');
    expect(await act('INPUT -> FC -> FC', 'fc2')).toBe('none');
  });
  test('an FC before another weighted operator in one of two outputs keeps its own', async () => {
    expect(await act('INPUT -> FC as a -> FC as b\na -> FC as c', 'a')).toBe('relu');
  });
  test.each(['RELU', 'TANH', 'BN -> RELU', 'SOFTMAX'])('the default is dropped before %s', async (next) => {
    expect(await act(`INPUT -> CONV -> ${next} -> FC`, 'conv1')).toBe('none');
  });
  test('it stays where the activation is not the only consumer', async () => {
    expect(await act('INPUT -> CONV as a -> RELU -> ADD(a, _) -> FC', 'a')).toBe('relu');
  });
  test("a file's default is dropped too, act= on the operator itself never", async () => {
    expect(await act('default CONV(act=tanh)\nINPUT -> CONV -> BN -> RELU -> FC', 'conv1')).toBe('none');
    expect(await act('INPUT -> CONV(act=tanh) -> BN -> RELU -> FC', 'conv1')).toBe('tanh');
    expect(await act('INPUT -> FC(act=tanh)', 'fc1')).toBe('tanh');
  });
});

describe('12: padding', () => {
  const size = async (text: string) => (await layersOf(`INPUT(9x9x1) -> ${text}`)).at(-1)!.split(' ')[1];
  test.each([
    ['CONV(1, 5)', '9×9×1'],
    ['CONV(1, 5, dilation=2)', '9×9×1'],
    ['CONV(1, 4)', '8×8×1'],
    ['CONV(1, 3, stride=2)', '5×5×1'],
    ['CONV(1, 3, pad=valid)', '7×7×1'],
    ['CONV(1, 3, pad=same)', '9×9×1'],
    ['CONV(1, 4, stride=2, pad=same_upper)', '5×5×1'],
    ['CONV(1, 3, pad=(0, 1))', '7×9×1'],
    ['CONV(1, 3, pad=(0, 1, 2, 3))', '9×11×1'],
    ['POOL', '4×4×1'],
    ['POOL(ceil=true)', '5×5×1'],
  ])('%s of 9×9×1 gives %s', async (operator, expected) => {
    expect(await size(operator)).toBe(expected);
  });
  test('causal padding looks back only', async () => {
    const { graph } = await build('INPUT(9x1) -> CONV(1, 3, pad=causal, dilation=2)');
    expect(graph.nodes.find(({ op }) => op === 'conv')).toMatchObject({ attrs: { pad: [4, 0] } });
  });
});

describe('13: weights have the layouts of PyTorch', () => {
  test('CONV out, in/groups, height, width; FC out, in', async () => {
    expect(await weightsOf('INPUT(4x4x6) -> CONV(8, 3x5, groups=2, bias=false) -> FC(7)')).toEqual([
      'conv1.weight 8×3×3×5',
      'fc1.weight 7×128',
      'fc1.bias 7',
    ]);
  });
});

describe('14: inputs and outputs', () => {
  const outputs = async (text: string) => (await build(text)).graph.outputs.map(({ name }) => name);
  test('the one output is called output', async () => {
    expect(await outputs('INPUT -> FC')).toEqual(['output']);
  });
  test('several are called by their paths', async () => {
    expect(await outputs('INPUT -> CONV as stem -> FC as a\nstem -> FC as b')).toEqual(['a', 'b']);
  });
  test('OUTPUT names one, and the chain goes on', async () => {
    expect(await outputs('INPUT -> CONV(act=none) -> OUTPUT(name="features") -> FC')).toEqual([
      'features',
      'fc1',
    ]);
  });
  test("several inputs are told apart by 'as'", async () => {
    const { graph } = await build('INPUT(3) as a\nINPUT(3) as b\nADD(a, b) -> FC');
    expect(graph.inputs.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('15: use', () => {
  const files = { 'blocks.cnn': 'default CONV(act=tanh)\nblock Two(f) = CONV(f)*2\n' };
  test('blocks come with the defaults of their own file', async () => {
    const { layers } = await build('use "blocks.cnn"\nINPUT -> Two(4) -> CONV -> FC', files);
    const acts = layers.map(({ settings }) => settings.get('act')?.text);
    expect(acts).toEqual([undefined, 'tanh', 'tanh', 'relu', 'none']);
  });
  test('one file may be used along two ways', async () => {
    const two = { ...files, 'a.cnn': 'use "blocks.cnn"\nblock Four(f) = Two(f)*2\n' };
    expect(await codesOf('use "a.cnn"\nuse "blocks.cnn"\nINPUT -> Four(4) -> Two(4) -> FC', two)).toEqual([]);
  });
  test('blocks of the same name clash', async () => {
    expect(await codesOf('use "blocks.cnn"\nblock Two = CONV\nINPUT -> Two -> FC', files)).toEqual(['E035']);
  });
});

describe('16: versions', () => {
  test('cnn 1 is this one', async () => {
    expect(await codesOf('cnn 1\nINPUT -> FC')).toEqual([]);
  });
});

describe('17: numbers', () => {
  test('division is exact', async () => {
    expect(await settingsOf('INPUT(scale=1/255) -> CONV(6/2) -> FC', 'input')).toMatchObject({
      scale: String(1 / 255),
    });
    expect(await codesOf('INPUT -> CONV(7/2) -> FC')).toEqual(['E037']);
  });
  test('-2^2 is -4', async () => {
    expect(await settingsOf('INPUT(mean=-2^2) -> FC', 'input')).toMatchObject({ mean: '-4' });
  });
});
