// Writes grammar/cst.d.ts, the types of the concrete syntax tree, from the parser.
import { writeFileSync } from 'node:fs';
import { cstTypes } from '../test/language/cst-types.ts';

writeFileSync(new URL('../grammar/cst.d.ts', import.meta.url), cstTypes());
