// Writes grammar/DIAGNOSTICS.md, the page of all messages, from the catalogues and their fixtures.
import { writeFileSync } from 'node:fs';
import { diagnosticsPage } from '../test/language/diagnostics-page.ts';

writeFileSync(new URL('../grammar/DIAGNOSTICS.md', import.meta.url), await diagnosticsPage());
