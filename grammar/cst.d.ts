// Generated from parser.ts by scripts/build-cst-types.ts. Do not edit.
import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  version?: VersionCstNode[];
  use?: UseCstNode[];
  default?: DefaultCstNode[];
  block?: BlockCstNode[];
  chain?: ChainCstNode[];
};

export interface VersionCstNode extends CstNode {
  name: "version";
  children: VersionCstChildren;
}

export type VersionCstChildren = {
  Cnn: IToken[];
  Integer?: IToken[];
};

export interface UseCstNode extends CstNode {
  name: "use";
  children: UseCstChildren;
}

export type UseCstChildren = {
  Use: IToken[];
  Text?: IToken[];
};

export interface DefaultCstNode extends CstNode {
  name: "default";
  children: DefaultCstChildren;
}

export type DefaultCstChildren = {
  Default: IToken[];
  Name?: IToken[];
  args?: ArgsCstNode[];
};

export interface BlockCstNode extends CstNode {
  name: "block";
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  Block: IToken[];
  Name?: IToken[];
  args?: ArgsCstNode[];
  Equals?: IToken[];
  chain: ChainCstNode[];
};

export interface ChainCstNode extends CstNode {
  name: "chain";
  children: ChainCstChildren;
}

export type ChainCstChildren = {
  Arrow?: IToken[];
  item?: ItemCstNode[];
};

export interface ItemCstNode extends CstNode {
  name: "item";
  children: ItemCstChildren;
}

export type ItemCstChildren = {
  primary?: PrimaryCstNode[];
  suffix?: (SuffixCstNode)[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  call?: CallCstNode[];
  group?: GroupCstNode[];
  branch?: BranchCstNode[];
};

export interface SuffixCstNode extends CstNode {
  name: "suffix";
  children: SuffixCstChildren;
}

export type SuffixCstChildren = {
  repeat?: RepeatCstNode[];
  index?: IndexCstNode[];
  naming?: NamingCstNode[];
  NotInChain?: IToken[];
};

export interface RepeatCstNode extends CstNode {
  name: "repeat";
  children: RepeatCstChildren;
}

export type RepeatCstChildren = {
  Times: IToken[];
  count?: CountCstNode[];
};

export interface CountCstNode extends CstNode {
  name: "count";
  children: CountCstChildren;
}

export type CountCstChildren = {
  Integer?: IToken[];
  LowerName?: IToken[];
  OpenParen?: IToken[];
  expression?: ExpressionCstNode[];
  CloseParen?: IToken[];
};

export interface IndexCstNode extends CstNode {
  name: "index";
  children: IndexCstChildren;
}

export type IndexCstChildren = {
  With: IToken[];
  Name?: IToken[];
};

export interface NamingCstNode extends CstNode {
  name: "naming";
  children: NamingCstChildren;
}

export type NamingCstChildren = {
  As: IToken[];
  Name?: IToken[];
};

export interface CallCstNode extends CstNode {
  name: "call";
  children: CallCstChildren;
}

export type CallCstChildren = {
  Name: IToken[];
  args?: ArgsCstNode[];
};

export interface GroupCstNode extends CstNode {
  name: "group";
  children: GroupCstChildren;
}

export type GroupCstChildren = {
  OpenSquare: IToken[];
  chain: ChainCstNode[];
  CloseSquare: IToken[];
};

export interface BranchCstNode extends CstNode {
  name: "branch";
  children: BranchCstChildren;
}

export type BranchCstChildren = {
  OpenCurly: IToken[];
  chain: (ChainCstNode)[];
  Pipe?: IToken[];
  CloseCurly: IToken[];
};

export interface ArgsCstNode extends CstNode {
  name: "args";
  children: ArgsCstChildren;
}

export type ArgsCstChildren = {
  OpenParen: IToken[];
  Comma?: IToken[];
  argument?: ArgumentCstNode[];
  NotInList?: IToken[];
  CloseParen: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Name?: IToken[];
  Equals?: IToken[];
  expression?: (ExpressionCstNode)[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  operand: (OperandCstNode)[];
  Operator?: IToken[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  Minus?: IToken[];
  Literal?: IToken[];
  name?: NameCstNode[];
  tuple?: TupleCstNode[];
};

export interface NameCstNode extends CstNode {
  name: "name";
  children: NameCstChildren;
}

export type NameCstChildren = {
  Name: (IToken)[];
  Dot?: IToken[];
};

export interface TupleCstNode extends CstNode {
  name: "tuple";
  children: TupleCstChildren;
}

export type TupleCstChildren = {
  OpenParen: IToken[];
  Comma?: IToken[];
  expression?: ExpressionCstNode[];
  NotInList?: IToken[];
  CloseParen: IToken[];
};
