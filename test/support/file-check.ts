// FileCheck, as LLVM has it: a text is checked against patterns that stand in comments of the input.
//
//   # CHECK: pattern        somewhere after the previous match
//   # CHECK-NEXT: pattern   on the line after the previous match
//   # CHECK-NOT: pattern    nowhere between the matches around it
//   # CHECK-DAG: pattern    after the previous match, in any order among neighbouring DAGs
//   # CHECK-LABEL: pattern  divides the text: nothing before it matches what stands after it
//
// In a pattern `{{…}}` is a regular expression, `[[NAME:…]]` captures one, and `[[NAME]]` repeats what
// was captured. The rest is literal, but any blanks match any blanks.

interface Check {
  readonly kind: 'CHECK' | 'NEXT' | 'NOT' | 'DAG' | 'LABEL';
  readonly pattern: string;
}

type Captures = Map<string, string>;

interface Match {
  /** Index of the line. */
  readonly line: number;
  readonly captures: Captures;
}

/** What is wrong, for people to read; undefined when everything is found. */
export function fileCheck(text: string, source: string): string | undefined {
  const lines = text.split('\n');
  const checks = readChecks(source);
  if (checks.length === 0) return 'there is no CHECK';
  let captures: Captures = new Map();
  let at = -1;
  let before = -1;
  let absent: Check[] = [];
  let limit = lines.length;
  for (const [index, check] of checks.entries()) {
    if (index === 0 || check.kind === 'LABEL') limit = nextLabel(lines, checks, index, at);
    if (check.kind === 'NOT') {
      absent.push(check);
      continue;
    }
    const startsDag = check.kind === 'DAG' && checks[index - 1]?.kind !== 'DAG';
    if (startsDag) before = at;
    const from = check.kind === 'DAG' ? before + 1 : at + 1;
    const to = check.kind === 'NEXT' ? Math.min(at + 2, limit) : check.kind === 'LABEL' ? limit + 1 : limit;
    const match = find(lines, check, { from, to, captures });
    if (!match) return describe(lines, check, from);
    const wrong = findAbsent(lines, absent, { from, to: match.line, captures });
    if (wrong) return wrong;
    absent = [];
    captures = match.captures;
    at = check.kind === 'DAG' ? Math.max(at, match.line) : match.line;
  }
  return findAbsent(lines, absent, { from: at + 1, to: limit, captures });
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly captures: Captures;
}

function readChecks(source: string): Check[] {
  return [...source.matchAll(/^\s*#\s*CHECK(?:-(NEXT|NOT|DAG|LABEL))?:[ \t]*(.*?)[ \t]*$/gm)].map(
    ([, kind, pattern]) => ({
      kind: (kind ?? 'CHECK') as Check['kind'], // the expression allows no other
      pattern: pattern!,
    }),
  );
}

/** The line at which what belongs to this label ends. */
function nextLabel(lines: readonly string[], checks: readonly Check[], index: number, at: number): number {
  const labels = checks.slice(index).filter(({ kind }) => kind === 'LABEL');
  const next = checks[index]!.kind === 'LABEL' ? labels[1] : labels[0];
  if (!next) return lines.length;
  const own = checks[index]!.kind === 'LABEL' ? find(lines, checks[index]!, whole(at + 1, lines)) : undefined;
  return find(lines, next, whole((own?.line ?? at) + 1, lines))?.line ?? lines.length;
}

const whole = (from: number, lines: readonly string[]): Range => ({
  from,
  to: lines.length,
  captures: new Map(),
});

function find(
  lines: readonly string[],
  { pattern }: Check,
  { from, to, captures }: Range,
): Match | undefined {
  const expression = toExpression(pattern, captures);
  for (let line = from; line < Math.min(to, lines.length); line++) {
    const match = expression.exec(lines[line]!);
    if (match) return { line, captures: new Map([...captures, ...Object.entries(match.groups ?? {})]) };
  }
  return undefined;
}

function findAbsent(lines: readonly string[], absent: readonly Check[], range: Range): string | undefined {
  for (const check of absent) {
    const match = find(lines, check, range);
    if (match)
      return `CHECK-NOT: ${check.pattern}\nwas found in line ${match.line + 1}:\n${lines[match.line]}`;
  }
  return undefined;
}

function toExpression(pattern: string, captures: Captures): RegExp {
  const parts = pattern.split(/(\{\{.*?\}\}|\[\[\w+(?::.*?)?\]\])/);
  const known = new Set<string>();
  const source = parts.map((part) => {
    const regular = /^\{\{(.*)\}\}$/.exec(part);
    if (regular) return `(?:${regular[1]})`;
    const [, name, inner] = /^\[\[(\w+)(?::(.*))?\]\]$/.exec(part) ?? [];
    if (name === undefined) return literal(part);
    if (inner !== undefined) {
      known.add(name);
      return `(?<${name}>${inner})`;
    }
    return known.has(name) ? `\\k<${name}>` : literal(captures.get(name) ?? `[[${name}]]`);
  });
  return new RegExp(source.join(''));
}

const literal = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(/\s+/g, '\\s+');

const describe = (lines: readonly string[], { kind, pattern }: Check, from: number): string =>
  [`CHECK${kind === 'CHECK' ? '' : `-${kind}`}: ${pattern}`, `was not found in`, ...lines.slice(from)].join(
    '\n',
  );
