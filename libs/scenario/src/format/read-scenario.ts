import { QUIET_CHECKS } from '@app/checks';
import { OPERATIONS } from '@app/load';
import { Ajv, type ErrorObject } from 'ajv';
import { LineCounter, parseDocument } from 'yaml';
import { parseCondition } from './condition';
import { FIGURES_OF_NOW, FIGURES_OF_STEP } from './figures';
import type { Scenario } from './scenario';

/** Seconds that a scenario may take. */
const LONGEST = 480;

/** Where in a file something is wrong, and how to fix it. */
export interface Complaint {
  line: number;
  text: string;
}

/** A file that is not a valid scenario. Its message has a line for each complaint. */
export class BadScenario extends Error {
  override readonly name = 'BadScenario';

  constructor(
    file: string,
    readonly complaints: readonly Complaint[],
  ) {
    super(complaints.map(({ line, text }) => `${file}:${line}: ${text}`).join('\n'));
  }
}

/** The content of the file, with times as they are written. */
type Written = Omit<Scenario, 'name' | 'ends' | 'steps'> & {
  ends: string;
  steps: (Omit<Scenario['steps'][number], 'at'> & { at: string })[];
};

/**
 * @param file name of the file for messages
 * @param schema the JSON Schema of scenarios
 * @throws BadScenario
 */
export function readScenario(name: string, file: string, text: string, schema: object): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (complaints: Complaint[]) => {
    if (complaints.length > 0) throw new BadScenario(file, complaints);
  };
  fail(
    document.errors.map(({ message, pos }) => ({
      line: lines.linePos(pos[0]).line,
      text: `this is not YAML: ${message.split('\n')[0]}`,
    })),
  );
  const lineOf = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true }).compile(schema);
  const written = document.toJS() as Written;
  if (!validate(written))
    fail((validate.errors ?? []).filter(isTheCause).map((error) => complaintOf(error, lineOf)));
  const scenario = withSeconds(name, written);
  fail(sense(scenario, lineOf));
  return scenario;
}

/** False for errors that only say that one of several alternatives did not fit. */
function isTheCause({ keyword }: ErrorObject): boolean {
  return keyword !== 'if' && keyword !== 'not';
}

function complaintOf(error: ErrorObject, lineOf: (path: (string | number)[]) => number): Complaint {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
  const { additionalProperty, missingProperty, allowedValues, propertyName } = error.params as Record<
    string,
    unknown
  >;
  const field =
    [...path, additionalProperty ?? propertyName].filter((part) => part !== undefined).join('.') ||
    'the file';
  const line = lineOf(additionalProperty ? [...path, String(additionalProperty)] : path);
  const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  if (additionalProperty)
    return {
      line,
      text: `${field} is not known; take it away${known.length ? `, or use one of ${known.join(', ')}` : ''}`,
    };
  if (missingProperty) return { line, text: `${field} has no ${missingProperty}; add it` };
  if (Array.isArray(allowedValues))
    return { line, text: `${field} must be one of ${allowedValues.join(', ')}` };
  if (error.keyword === 'pattern' && /time|at$|ends$/.test(field))
    return { line, text: `${field} must be a time such as 30s or 2m` };
  return { line, text: `${field} ${error.message}` };
}

function withSeconds(name: string, { ends, steps, ...scenario }: Written): Scenario {
  return {
    ...scenario,
    name,
    ends: seconds(ends),
    steps: steps.map((step) => ({ ...step, at: seconds(step.at) })),
  };
}

function seconds(time: string): number {
  return Number.parseFloat(time) * (time.endsWith('m') ? 60 : 1);
}

/** Checks that no schema can express. */
function sense({ steps, ends }: Scenario, lineOf: (path: (string | number)[]) => number): Complaint[] {
  const complaints: Complaint[] = [];
  const complain = (path: (string | number)[], text: string) => complaints.push({ line: lineOf(path), text });
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    const path = ['steps', index];
    if (index === 0 && step.at !== 0) complain([...path, 'at'], 'the first step must be at 0s');
    if (before && step.at <= before.at)
      complain([...path, 'at'], `this step must be later than the one before, at ${before.at}s`);
    if (index === 0 && !step.load?.rate)
      complain(path, 'the first step must say the rate of the load: add load.rate');
    conditionsOf(step.until ? [step.until] : [], FIGURES_OF_NOW, (text) =>
      complain([...path, 'until'], text),
    );
    conditionsOf(step.expect ?? [], FIGURES_OF_STEP, (text, position) =>
      complain([...path, 'expect', position], text),
    );
    for (const [position, { fault, service }] of (step.stop ?? []).entries()) {
      const started = steps
        .slice(0, index)
        .some(({ start = [] }) => start.some((one) => one.fault === fault && one.service === service));
      if (!started)
        complain([...path, 'stop', position], `${fault} of ${service} was not started before; take it away`);
    }
  }
  const last = steps.at(-1);
  if (last && ends <= last.at) complain(['ends'], `ends must be later than the last step, at ${last.at}s`);
  if (ends > LONGEST) complain(['ends'], `ends must be 8m at most`);
  return complaints;
}

function conditionsOf(
  texts: readonly string[],
  figures: Record<string, string>,
  complain: (text: string, position: number) => void,
): void {
  const checks = QUIET_CHECKS.map(({ id }) => id);
  for (const [position, text] of texts.entries()) {
    try {
      const condition = parseCondition(text);
      for (const figure of condition.figures)
        if (!Object.hasOwn(figures, figure))
          complain(
            `there is no figure ${figure} here; use one of ${Object.keys(figures).join(', ')}`,
            position,
          );
      for (const check of condition.checks)
        if (!checks.includes(check))
          complain(`there is no check ${check}; use one of ${checks.join(', ')}`, position);
      const operation = / of ([a-z ]+?) *[=<>!]/.exec(text)?.[1];
      if (operation && !(OPERATIONS as readonly string[]).includes(operation))
        complain(`there is no operation ${operation}; use one of ${OPERATIONS.join(', ')}`, position);
    } catch (error) {
      complain((error as Error).message, position);
    }
  }
}
