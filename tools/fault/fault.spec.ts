import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from '../command-line';
import { CHECKOUT } from '../places';
import { FAULT_OPTIONS, readFaultArguments } from './fault-arguments';

const read = (args: string[]) => {
  const { values, words } = readArguments(FAULT_OPTIONS, { args, words: true });
  return readFaultArguments(values, words);
};

describe('npm run fault', () => {
  it('reads a start with settings and a time', () => {
    const args = [
      'start',
      'some-fault',
      '--service',
      'order',
      '--set',
      'rows=6',
      '--set',
      'mode=work',
      '--ttl',
      '1m',
    ];
    expect(read(args)).toMatchObject({
      verb: 'start',
      name: 'some-fault',
      services: ['order'],
      settings: { rows: 6, mode: 'work', ttl_seconds: 60 },
    });
  });

  it('asks all services for the status, or the one whose address is given', () => {
    expect(read(['status'])).toMatchObject({ services: ['product', 'inventory', 'order'] });
    expect(read(['stop', '--url', 'http://elsewhere:1'])).toMatchObject({
      services: ['inventory'],
      targets: { inventory: 'http://elsewhere:1' },
    });
  });

  it.each([
    [[]],
    [['enable']],
    [['start']],
    [['list', 'x']],
    [['start', 'x', 'y']],
    [['start', 'x', '--set', 'rows']],
    [['start', 'x', '--ttl', '60']],
    [['start', 'x', '--service', 'shop']],
    [['status', '--url', 'here']],
  ])('refuses %j', (args) => {
    expect(() => read(args)).toThrow();
  });
});

describe('a fault', () => {
  const names = readdirSync(join(CHECKOUT, 'libs/demo-chaos/src/faults'), { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name);

  it('is named neither in the console nor in a tool: they know faults only from the list of the services', () => {
    const programs = globSync(['apps/console/**/*.{ts,tsx}', 'tools/**/*.ts'], { cwd: CHECKOUT });
    const files = programs.filter((file) => !file.endsWith('.spec.ts'));
    const naming = files.filter((file) => {
      const text = readFileSync(join(CHECKOUT, file), 'utf8');
      return names.some((name) => new RegExp(`['"\`/]${name}['"\`]`).test(text));
    });
    expect(names.length).toBeGreaterThan(10);
    expect(naming).toEqual([]);
  });
});
