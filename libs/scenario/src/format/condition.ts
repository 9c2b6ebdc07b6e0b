/** What a condition is evaluated against. */
export interface Known {
  /** Undefined if it is not known yet, null if nothing was measured. */
  figure(name: string, operation?: string): number | null | undefined;
  /** Names that the diagnosis reports, the first cause first. */
  named: readonly string[];
  /** Ids of the checks that pass. */
  passes(check: string): boolean;
}

/** Something that holds or not, with the numbers that decide it. */
export interface Condition {
  /** Names of the numbers that it reads. */
  figures: readonly string[];
  checks: readonly string[];
  test(known: Known): { holds: boolean; evidence: string };
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const EXAMPLE =
  '`open >= 95`, `p95_ms of check stock < 100`, `diagnosis is lock-queue` or `check products passes`';

/** @throws Error with what is allowed there */
export function parseCondition(text: string): Condition {
  const parts = text.split(' and ').map((part) => parsePart(part.trim()));
  return {
    figures: parts.flatMap(({ figures }) => figures),
    checks: parts.flatMap(({ checks }) => checks),
    test: (known) => {
      const results = parts.map((part) => part.test(known));
      return {
        holds: results.every(({ holds }) => holds),
        evidence: results.map(({ evidence }) => evidence).join(', '),
      };
    },
  };
}

function parsePart(text: string): Condition {
  const diagnosis = /^diagnosis is ([a-z-]+)$/.exec(text)?.[1];
  if (diagnosis) return ofDiagnosis(diagnosis);
  const check = /^check ([a-z-]+) passes$/.exec(text)?.[1];
  if (check) return ofCheck(check);
  const [, name, , operation, sign, number] =
    /^([a-z_0-9]+)( of ([a-z ]+?))? *(=|!=|<=|>=|<|>) *(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (!name || !sign || number === undefined)
    throw new Error(`${JSON.stringify(text)} is no condition; write one such as ${EXAMPLE}`);
  return ofFigure(name, operation, sign, Number(number));
}

function ofDiagnosis(wanted: string): Condition {
  return {
    figures: [],
    checks: [],
    test: ({ named }) => ({
      holds: wanted === 'healthy' ? named.length === 0 : named.includes(wanted),
      evidence: `the diagnosis is ${named.join(', ') || 'healthy'}`,
    }),
  };
}

function ofCheck(id: string): Condition {
  return {
    figures: [],
    checks: [id],
    test: ({ passes }) => {
      const holds = passes(id);
      return { holds, evidence: `check ${id} ${holds ? 'passes' : 'fails'}` };
    },
  };
}

function ofFigure(name: string, operation: string | undefined, sign: string, number: number): Condition {
  return {
    figures: [name],
    checks: [],
    test: (known) => {
      const value = known.figure(name, operation);
      const whose = `${name}${operation ? ` of ${operation}` : ''}`;
      if (value === undefined || value === null) return { holds: false, evidence: `${whose} is not known` };
      const holds = COMPARE[sign]?.(value, number) ?? false;
      return { holds, evidence: `${whose} is ${Number(value.toPrecision(4))}` };
    },
  };
}
