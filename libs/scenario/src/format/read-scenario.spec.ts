import { allScenarios, scenarioSchema } from './catalogue';
import { parseCondition } from './condition';
import { BadScenario, readScenario } from './read-scenario';

const GOOD = `title: A test
sentence: One that is as short as can be.
remedy: There is nothing to fix.
seed: 7
ends: 20s
steps:
  - at: 0s
    do: Load
    say: Some words.
    look: Nowhere.
    load: { rate: 10 }
    until: open >= 1 and diagnosis is healthy
    expect: [failed = 0, p95_ms of check stock < 1000]
  - at: 10s
    do: A fault
    say: Some words.
    look: Nowhere.
    start: [{ fault: slow-queries, service: inventory }]
`;

function complaints(text: string): string[] {
  try {
    readScenario('test', 'test.yaml', text, scenarioSchema());
    return [];
  } catch (error) {
    if (!(error instanceof BadScenario)) throw error;
    return error.message.split('\n');
  }
}

describe('a scenario', () => {
  it('is read from YAML, with its times in seconds', () => {
    expect(readScenario('test', 'test.yaml', GOOD, scenarioSchema())).toMatchObject({
      name: 'test',
      ends: 20,
      steps: [{ at: 0 }, { at: 10 }],
    });
  });

  it.each([
    ['no YAML', GOOD.replace('steps:', 'steps: ['), /^test\.yaml:\d+: this is not YAML/],
    [
      'an unknown word',
      GOOD.replace('    say: Some', '    shout: Some'),
      /^test\.yaml:9: steps\.0\.shout is not known; take it away, or use one of at, do, say/,
    ],
    ['a missing word', GOOD.replace('seed: 7\n', ''), /^test\.yaml:1: the file has no seed; add it/],
    [
      'a service that there is not',
      GOOD.replace('service: inventory', 'service: shop'),
      /^test\.yaml:18: steps\.1\.start\.0\.service must be one of product, inventory, order/,
    ],
    [
      'a time that is none',
      GOOD.replace('at: 10s', 'at: soon'),
      /^test\.yaml:14: steps\.1\.at must be a time such as 30s or 2m/,
    ],
    [
      'a rate that is no number',
      GOOD.replace('rate: 10', 'rate: many'),
      /^test\.yaml:11: steps\.0\.load\.rate must be number/,
    ],
    [
      'steps in the wrong order',
      GOOD.replace('at: 10s', 'at: 0s'),
      /^test\.yaml:14: this step must be later than the one before/,
    ],
    [
      'an end before the last step',
      GOOD.replace('ends: 20s', 'ends: 5s'),
      /^test\.yaml:5: ends must be later than the last step, at 10s/,
    ],
    ['more than 8 minutes', GOOD.replace('ends: 20s', 'ends: 9m'), /^test\.yaml:5: ends must be 8m at most/],
    [
      'no rate at the beginning',
      GOOD.replace('    load: { rate: 10 }\n', ''),
      /^test\.yaml:7: the first step must say the rate of the load/,
    ],
    [
      'a figure that there is not',
      GOOD.replace('open >= 1', 'openness >= 1'),
      /^test\.yaml:12: there is no figure openness here; use one of open, active/,
    ],
    [
      'a figure of now in what is expected of a step',
      GOOD.replace('[failed = 0', '[open = 0'),
      /^test\.yaml:13: there is no figure open here/,
    ],
    [
      'no condition',
      GOOD.replace('failed = 0', 'all is well'),
      /^test\.yaml:13: "all is well" is no condition; write one such as/,
    ],
    [
      'an operation that there is not',
      GOOD.replace('of check stock', 'of steal stock'),
      /^test\.yaml:13: there is no operation steal stock/,
    ],
    [
      'a check that there is not',
      GOOD.replace('open >= 1', 'check luck passes'),
      /^test\.yaml:12: there is no check luck/,
    ],
    [
      'an end of what never began',
      GOOD.replace('start:', 'stop:'),
      /^test\.yaml:18: slow-queries of inventory was not started before/,
    ],
  ])('with %s is refused, with the line and the remedy', (_what, text, complaint) => {
    expect(complaints(text)).toContainEqual(expect.stringMatching(complaint));
  });

  it('may not set the time after which a fault ends by itself', () => {
    expect(
      complaints(GOOD.replace('service: inventory }', 'service: inventory, settings: { ttl_seconds: 5 } }')),
    ).not.toEqual([]);
  });

  it('is what each file of the product has', () => {
    expect(allScenarios().length).toBeGreaterThanOrEqual(8);
  });
});

describe('a condition', () => {
  const known = {
    figure: (name: string) => ({ open: 95, p95_ms: null })[name],
    named: ['lock-queue'],
    passes: () => true,
  };

  it.each([
    ['open = 95', true],
    ['open >= 96', false],
    ['p95_ms < 100', false],
    ['waiting = 0', false],
    ['diagnosis is lock-queue', true],
    ['diagnosis is healthy', false],
    ['open > 90 and check products passes', true],
    ['open > 90 and diagnosis is deadlocks', false],
  ])('%s is %s', (text, holds) => {
    expect(parseCondition(text).test(known).holds).toBe(holds);
  });

  it('says which numbers decided it', () => {
    expect(parseCondition('open >= 95 and diagnosis is healthy').test(known).evidence).toBe(
      'open is 95, the diagnosis is lock-queue',
    );
  });
});
