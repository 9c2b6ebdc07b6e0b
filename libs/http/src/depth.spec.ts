import { tooDeep } from './depth';

const arrays = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
const objects = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('the depth of a value', () => {
  it.each([undefined, null, 5, 'text', {}, { a: 1 }, { a: arrays(7) }, { a: objects(7), b: [[], {}] }])(
    'is not too large: %j',
    (value) => expect(tooDeep(value, 8)).toBeUndefined(),
  );

  it('is too large from one level more, and the member is named', () => {
    expect(tooDeep({ good: 1, bad: arrays(8) }, 8)).toBe('bad');
    expect(tooDeep({ good: arrays(7), bad: [1, { inside: objects(7) }] }, 8)).toBe('bad');
    expect(tooDeep(JSON.parse('{"__proto__":[[[[[[[[1]]]]]]]]}'), 8)).toBe('__proto__');
  });

  it('is measured without a stack', () => {
    for (const deep of [arrays(200_000), objects(5_000)]) expect(tooDeep({ deep }, 8)).toBe('deep');
  });
});
