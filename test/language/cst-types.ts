import { generateCstDts } from 'chevrotain';
import { StatementParser } from '../../grammar/parser.ts';

/** The text of grammar/cst.d.ts as the parser would have it now. */
export function cstTypes(): string {
  const types = generateCstDts(new StatementParser().getGAstProductions(), {
    includeVisitorInterface: false,
  });
  return `// Generated from parser.ts by scripts/build-cst-types.ts. Do not edit.\n${types}`;
}
