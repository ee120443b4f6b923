// Writes compiler/ops/OPERATORS.md, the page of all words and operators, from their tables.
import { writeFileSync } from 'node:fs';
import { operatorsPage } from '../test/ops/operators-page.ts';

writeFileSync(new URL('../compiler/ops/OPERATORS.md', import.meta.url), await operatorsPage());
