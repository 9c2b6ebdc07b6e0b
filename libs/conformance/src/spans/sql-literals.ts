export type SqlToken = 'placeholder' | 'string' | 'number' | 'word' | 'other';

/** In the order in which PostgreSQL and MySQL would recognise them. */
const TOKENS: readonly [SqlToken | 'skipped', RegExp][] = [
  ['skipped', /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ['placeholder', /\$\d+|\?|%s|%\(\w+\)s|:[a-z_]\w*|@[a-z_]\w*/iy],
  // This includes E'', B'', X'', N'' and U&''; a quote inside is doubled, or escaped after E.
  ['string', /(?:u&|[ebxn])?'(?:''|\\'|[^'])*'?/iy],
  ['string', /\$(\w*)\$[\s\S]*?\$\1\$/y],
  // A quoted identifier in standard SQL.
  ['word', /"(?:""|[^"])*"?|`[^`]*`?|\[[a-z_]\w*\]/iy],
  ['other', /::/y],
  ['number', /0x[0-9a-f]+\b|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w$])/iy],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['other', /[\s\S]/y],
];

/** The tokens of a statement in SQL, without comments. */
export function* sqlTokens(text: string): Generator<{ kind: SqlToken; text: string }> {
  let at = 0;
  while (at < text.length) {
    const [kind, token] = next(text, at);
    if (kind !== 'skipped') yield { kind, text: token };
    at += token.length;
  }
}

function next(text: string, at: number): [SqlToken | 'skipped', string] {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return [kind, found];
  }
  return ['other', text.charAt(at)];
}

export interface Literals {
  /** Strings and numbers in the text. */
  found: string[];
  /** Whether values are passed separately from the text, so that those in it are the program's own. */
  parameterised: boolean;
}

/** Statements that set something up: their numbers are settings. */
const SETTINGS = /^(set|show|reset|begin|start|commit|rollback|savepoint|release|discard|fetch|close)$/i;

/**
 * The literals of a statement in SQL. Numbers after SET and similar, and in a bare `SELECT 1`, are nobody's data.
 *
 * @param stringsInDoubleQuotes as MySQL has them; elsewhere they quote identifiers
 */
export function literals(text: string, stringsInDoubleQuotes = false): Literals {
  const tokens = [...sqlTokens(text)];
  const settings = SETTINGS.test(tokens[0]?.text ?? '') || /^\s*select\s+\d+\s*;?\s*$/i.test(text);
  const isLiteral = ({ kind, text: token }: (typeof tokens)[number]) =>
    (kind === 'string' && !/^'[?*]*'$/.test(token)) ||
    kind === 'number' ||
    (stringsInDoubleQuotes && token.startsWith('"'));
  return {
    found: settings ? [] : tokens.filter(isLiteral).map((token) => token.text),
    parameterised: tokens.some(({ kind }) => kind === 'placeholder'),
  };
}
