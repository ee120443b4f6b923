// The grammar of one statement: one rule per construct, no actions. It accepts a little more than the
// language does: a list with a comma too many, a chain without an arrow, `as` without a name. Those are
// the slips people make; `build-ast.ts` meets them in the concrete syntax tree and says each once, where
// Chevrotain's own recovery would have to guess. Recovery remains for what is left, inside expressions.
//
// Statements are told apart and their brackets paired before this (see `statements.ts`), so a mistake
// never reaches beyond its statement, and nesting is bounded.
import { CstParser } from 'chevrotain';
import { parserMessages } from './parser-messages.ts';
import * as t from './tokens.ts';

/** Chevrotain groups its rules by this; an older platform is told what is needed, and not what is missing. */
function requirePlatform(): void {
  if (!('groupBy' in Object))
    throw new Error(
      'cnnc needs Node 22.12 or later, or a browser of 2024 or later. What it compiles runs on Node 20 too.',
    );
}

export class StatementParser extends CstParser {
  constructor() {
    super(t.allTokens, {
      recoveryEnabled: true,
      nodeLocationTracking: 'onlyOffset',
      maxLookahead: 2,
      errorMessageProvider: parserMessages,
    });
    requirePlatform();
    this.performSelfAnalysis();
  }

  // A token that was never written has no place to point at; every rule copes with its absence.
  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }

  readonly statement = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.version) },
      { ALT: () => this.SUBRULE(this.use) },
      { ALT: () => this.SUBRULE(this.default) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.chain) },
    ]);
  });

  readonly version = this.RULE('version', () => {
    this.CONSUME(t.Cnn);
    this.OPTION(() => this.CONSUME(t.Integer));
  });

  readonly use = this.RULE('use', () => {
    this.CONSUME(t.Use);
    this.OPTION(() => this.CONSUME(t.Text));
  });

  readonly default = this.RULE('default', () => {
    this.CONSUME(t.Default);
    this.OPTION1(() => this.CONSUME(t.Name));
    this.OPTION2(() => this.SUBRULE(this.args));
  });

  readonly block = this.RULE('block', () => {
    this.CONSUME(t.Block);
    this.OPTION1(() => this.CONSUME(t.Name));
    // Parameters read like arguments, and build-ast tells them apart.
    this.OPTION2(() => this.SUBRULE(this.args));
    this.OPTION3(() => this.CONSUME(t.Equals));
    this.SUBRULE(this.chain);
  });

  readonly chain = this.RULE('chain', () => {
    this.MANY(() => this.OR([{ ALT: () => this.CONSUME(t.Arrow) }, { ALT: () => this.SUBRULE(this.item) }]));
  });

  readonly item = this.RULE('item', () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.primary);
          this.MANY(() => this.SUBRULE1(this.suffix));
        },
      },
      { ALT: () => this.AT_LEAST_ONE(() => this.SUBRULE2(this.suffix)) },
    ]);
  });

  readonly primary = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.branch) },
    ]);
  });

  readonly suffix = this.RULE('suffix', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.repeat) },
      { ALT: () => this.SUBRULE(this.index) },
      { ALT: () => this.SUBRULE(this.naming) },
      { ALT: () => this.CONSUME(t.NotInChain) },
    ]);
  });

  readonly repeat = this.RULE('repeat', () => {
    this.CONSUME(t.Times);
    this.OPTION(() => this.SUBRULE(this.count));
  });

  readonly count = this.RULE('count', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Integer) },
      { ALT: () => this.CONSUME(t.LowerName) },
      {
        ALT: () => {
          this.CONSUME(t.OpenParen);
          this.SUBRULE(this.expression);
          this.CONSUME(t.CloseParen);
        },
      },
    ]);
  });

  readonly index = this.RULE('index', () => {
    this.CONSUME(t.With);
    this.OPTION(() => this.CONSUME(t.Name));
  });

  readonly naming = this.RULE('naming', () => {
    this.CONSUME(t.As);
    this.OPTION(() => this.CONSUME(t.Name));
  });

  readonly call = this.RULE('call', () => {
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.args));
  });

  readonly group = this.RULE('group', () => {
    this.CONSUME(t.OpenSquare);
    this.SUBRULE(this.chain);
    this.CONSUME(t.CloseSquare);
  });

  readonly branch = this.RULE('branch', () => {
    this.CONSUME(t.OpenCurly);
    this.SUBRULE1(this.chain);
    this.MANY(() => {
      this.CONSUME(t.Pipe);
      this.SUBRULE2(this.chain);
    });
    this.CONSUME(t.CloseCurly);
  });

  readonly args = this.RULE('args', () => {
    this.CONSUME(t.OpenParen);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Comma) },
        { ALT: () => this.SUBRULE(this.argument) },
        { ALT: () => this.CONSUME(t.NotInList) },
      ]),
    );
    this.CONSUME(t.CloseParen);
  });

  readonly argument = this.RULE('argument', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Name);
          this.CONSUME(t.Equals);
          this.OPTION(() => this.SUBRULE1(this.expression));
        },
      },
      { ALT: () => this.SUBRULE2(this.expression) },
    ]);
  });

  // Flat, for a rule per level of precedence costs a node per level for each plain number;
  // `build-expression.ts` knows which operators bind tighter.
  readonly expression = this.RULE('expression', () => {
    this.SUBRULE1(this.operand);
    this.MANY(() => {
      this.CONSUME(t.Operator);
      this.SUBRULE2(this.operand);
    });
  });

  readonly operand = this.RULE('operand', () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.OR([
      { ALT: () => this.CONSUME(t.Literal) },
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.SUBRULE(this.tuple) },
    ]);
  });

  readonly name = this.RULE('name', () => {
    this.CONSUME1(t.Name);
    this.OPTION1(() => {
      this.CONSUME(t.Dot);
      this.OPTION2(() => this.CONSUME2(t.Name));
    });
  });

  readonly tuple = this.RULE('tuple', () => {
    this.CONSUME(t.OpenParen);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.CONSUME(t.Comma) },
        { ALT: () => this.SUBRULE(this.expression) },
        { ALT: () => this.CONSUME(t.NotInList) },
      ]),
    );
    this.CONSUME(t.CloseParen);
  });
}
