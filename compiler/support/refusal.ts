/**
 * Every semantic diagnostic, by its stable code. The text is the general meaning; the message of an
 * occurrence has the particulars. E001–E019 belong to the syntax (grammar/syntax-codes.ts).
 */
export const CODES = {
  E020: 'a chain must start with INPUT or a value',
  E021: 'a branch must be followed by a merge',
  E022: 'not a value in scope',
  E023: 'INPUT can only start a chain',
  E024: 'the program has no INPUT',
  E025: 'a repeat count must be a whole number that is known when the program is expanded',
  E026: 'the program expands to too much',
  E027: 'a merge needs at least two values',
  E030: 'unknown operator, block or value',
  E031: 'too many positional arguments',
  E032: 'unknown attribute',
  E033: 'a block got an argument that it has no parameter for',
  E034: 'a block is missing an argument',
  E035: 'a name is defined twice',
  E036: 'an argument was given twice',
  E037: 'an argument has a value of the wrong sort',
  E038: 'a default stands after the chains or blocks that it should hold for',
  E039: 'an expression cannot be computed',
  E040: 'a window does not fit its input',
  E041: 'channel counts and groups do not go together',
  E042: 'padding that frameworks read differently',
  E043: 'arms differ in size',
  E044: 'arms differ in channels',
  E045: 'an operator got an input of the wrong rank',
  E046: 'a tensor is larger than the limit',
  E047: 'this is not available',
  E048: 'a block uses itself',
  E049: 'use cannot be resolved',
  E050: 'two weights or values have the same path',
  E051: 'an input size is left open',
  E052: 'unsupported language version',
  E053: 'the program uses too many files',
  E060: 'the weights file cannot be read',
  E061: 'weights and program do not match',
  E062: 'the program has weights but none were given',
  E063: 'a line of a file of pairs cannot be read',
  E070: 'the text of a graph, or a list of passes, cannot be read',
  E071: 'a network cannot be evaluated at this size, or densely',
  E080: 'a budget is exceeded',
  E090: 'the ONNX model cannot be read',
  E091: 'the ONNX model uses something that is not supported',
  E092: 'something about the ONNX model must be given',
  W101: 'a default activation that is probably not meant',
  W102: 'a layer holds nearly all of the parameters',
  W103: 'written but without effect',
  W104: 'dense evaluation and crops differ where padding is seen',
  W105: 'weights that are not finite numbers',
  W106: 'a model that looks at several items of its batch',
  W107: 'a target that cannot do the network is left out of the bundle',
  W108: 'pictures are prepared in a way that is probably not meant',
  W109: 'the shape of an input that probably has its channels first',
} as const;

export type Code = keyof typeof CODES;

export interface Complaint {
  readonly code: Code;
  readonly message: string;
  readonly help?: string;
  /** The argument that is to blame, where one is. */
  readonly argument?: string;
}

/**
 * Thrown by an operator's `infer` and by a keyword's `build` when the user's network is at fault. The
 * frontend that asked turns it into a diagnostic with a place; it never leaves the compiler.
 */
export class Refusal extends Error {
  readonly complaint: Complaint;

  constructor(complaint: Complaint) {
    super(complaint.message);
    this.complaint = complaint;
  }
}

export function refuse(code: Code, message: string, more: Pick<Complaint, 'help' | 'argument'> = {}): never {
  throw new Refusal({ code, message, ...more });
}
