import { applicationName, connectionOwner, hostPart, INSTANCE, type Purpose } from './application-name';

/** Bytes of an application_name that PostgreSQL keeps. */
const KEPT = 63;

describe('the host in the name of a connection', () => {
  it.each([
    ['laptop', 'laptop'],
    ['MacBook-Pro.local', 'MacBook-Pro.local'],
    ['10.244.0.17', '10.244.0.17'],
    ['demo-inventory-service-6c9d8f7b5c-x2x9z', '6c9d8f7b5c-x2x9z'],
    ['demo-inventory-service-7d4b9c6f8-abcde', '7d4b9c6f8-abcde'],
    ['demo-order-service-5b8c-q7w2p', '5b8c-q7w2p'],
    ['ip-10-0-12-7.eu-central-1.compute.internal', 'ip-10-0-12-7'],
    ['-leading', 'leading'],
  ])('is what distinguishes it from others: %s is %s', (name, host) => expect(hostPart(name)).toBe(host));

  it.each([
    'Jane laptop 2',
    '東京オフィス-büro',
    'a@b/c',
    'one-part-aVeryLongLastPartOfAName',
    'anEndlessNameWithoutAnyPart',
    '-',
    '',
    'a\nb',
  ])('is a hash if PostgreSQL would not keep it unchanged: %j', (name) => {
    expect(hostPart(name)).toMatch(/^[0-9a-f]{8}$/);
    expect(hostPart(name)).not.toBe(hostPart(`${name}2`));
  });
});

describe('the name of a connection', () => {
  it.each<[purpose: Purpose, waiting: number]>([
    ['pool', 0],
    ['held', 0],
    ['control', 0],
    ['control', 17],
  ])('says whose it is and what for: %s, %i waiting', (purpose, waiting) => {
    const name = applicationName('order-service', purpose, waiting);
    expect(connectionOwner(name)).toEqual({ service: 'order-service', instance: INSTANCE, purpose, waiting });
  });

  it('names this process', () => {
    expect(INSTANCE).toMatch(new RegExp(`:${process.pid}$`));
    expect(applicationName('order-service', 'pool')).toContain(INSTANCE);
  });

  it.each([999, 1_000, 100_000])('is read even if PostgreSQL cut it off, with %i waiting', (waiting) => {
    // The longest possible name: the service's name, the part kept of the host's name, the id of the process.
    const longest = `${'s'.repeat(20)}@${'h'.repeat(20)}:4194304`;
    const owner = connectionOwner(`${longest}/control w=${waiting}`.slice(0, KEPT));
    expect(owner).toMatchObject({ service: 's'.repeat(20), purpose: 'control' });
    expect(`${owner.service}@${owner.instance}`).toBe(longest);
    expect(owner.waiting).toBeGreaterThan(0);
    expect(connectionOwner(`${longest} held`.slice(0, KEPT)).purpose).toBe('held');
  });

  it.each([
    'psql',
    'DBeaver 24.1 - Main',
    'a@b c',
    'x@y/control',
    'x@y/control w=',
    'held',
    'pg_dump@host held today',
  ])('treats another program as a service: %s', (name) => {
    expect(connectionOwner(name)).toEqual({ service: name, instance: '', purpose: 'pool', waiting: 0 });
  });

  it('calls the owner of a connection without a name unknown', () => {
    expect(connectionOwner('').service).toBe('unknown');
  });
});
