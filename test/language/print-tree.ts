import type {
  Argument,
  Call,
  Chain,
  Expression,
  Item,
  Primary,
  Program,
  Statement,
} from '../../grammar/ast.ts';

/** A syntax tree as text without places: one line per item, expressions fully parenthesised. */
export function printTree({ version, statements, comments }: Program): string {
  const lines = [
    ...(version ? [`version ${version.value}`] : []),
    ...statements.flatMap(printStatement),
    ...comments.map(({ text }) => `comment ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

function printStatement(statement: Statement): string[] {
  switch (statement.kind) {
    case 'use':
      return [`use ${JSON.stringify(statement.path.value)}`];
    case 'default':
      return [`default ${statement.op.text}${printArguments(statement.args)}`];
    case 'block': {
      const params = statement.params.map((param) =>
        param.default ? `${param.name.text}=${printExpression(param.default)}` : param.name.text,
      );
      return [`block ${statement.name.text}(${params.join(', ')})`, ...printChain(statement.body)];
    }
    case 'chain-statement':
      return ['chain', ...printChain(statement.chain)];
  }
}

const printChain = ({ items }: Chain): string[] => items.flatMap(printItem).map((line) => `  ${line}`);

function printItem({ primary, repeat, as }: Item): string[] {
  const [head = '', ...rest] = printPrimary(primary);
  const count = repeat ? ` times ${printExpression(repeat.count)}` : '';
  const index = repeat?.index ? ` with ${repeat.index.text}` : '';
  return [`${head}${count}${index}${as ? ` as ${as.text}` : ''}`, ...rest];
}

function printPrimary(primary: Primary): string[] {
  switch (primary.kind) {
    case 'call':
      return [printCall(primary)];
    case 'group':
      return ['group', ...printChain(primary.chain)];
    case 'branch':
      return [
        'branch',
        ...primary.arms.flatMap((arm) => ['  arm', ...printChain(arm).map((line) => `  ${line}`)]),
      ];
    case 'error':
      return ['error'];
  }
}

const printCall = ({ name, args }: Call): string => name.text + (args ? printArguments(args) : '');

const printArguments = (args: readonly Argument[]): string =>
  `(${args.map(({ name, value }) => (name ? `${name.text}=` : '') + printExpression(value)).join(', ')})`;

function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.isFloat ? `float ${expression.value}` : String(expression.value);
    case 'dimensions':
      return expression.sizes.map((size) => size ?? '?').join('x');
    case 'string':
      return JSON.stringify(expression.value);
    case 'name':
      return expression.name.text + (expression.field ? `.${expression.field.text}` : '');
    case 'negation':
      return `(-${printExpression(expression.operand)})`;
    case 'binary':
      return `(${printExpression(expression.left)} ${expression.operator} ${printExpression(expression.right)})`;
    case 'tuple':
      return `tuple(${expression.elements.map(printExpression).join(', ')})`;
    case 'error':
      return 'error';
  }
}
