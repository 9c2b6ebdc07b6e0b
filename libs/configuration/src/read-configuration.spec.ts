import { Configuration } from './configuration';
import { ConfigurationError, readConfiguration } from './read-configuration';

const DEFAULTS = { SERVICE_NAME: 'order-service', PORT: 30_016 };
const read = (environment: NodeJS.ProcessEnv) => readConfiguration(Configuration, DEFAULTS, environment);

function refusal(environment: NodeJS.ProcessEnv): string {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the configuration', () => {
  it('needs no variable at all', () => {
    expect(read({})).toEqual({ ...new Configuration(), ...DEFAULTS });
    expect(read({})).toMatchObject({ DB_USER: 'dbadmin', DB_POOL_MAX: 100, CHAOS_ENABLED: true });
  });

  it.each([
    ['PORT', '0', 0],
    ['SERVICE_NAME', 'orders-eu', 'orders-eu'],
    ['DB_PORT', '6432', 6_432],
    ['DB_SSL', 'verify-full', 'verify-full'],
    ['DB_POOL_MIN', '0', 0],
    ['CHAOS_ENABLED', 'false', false],
    ['CHAOS_ENABLED', 'true', true],
    ['CHAOS_TOKEN', '12345678', '12345678'],
    ['DB_NAME', '42', '42'],
    ['DB_PASSWORD', ' with spaces, "quotes" & true ', ' with spaces, "quotes" & true '],
    ['READINESS_MODE', 'strict', 'strict'],
  ])('reads %s=%s as %p', (variable, text, value) => {
    expect(read({ [variable]: text })).toEqual({ ...read({}), [variable]: value });
  });

  it('lets a process use the whole budget, unless DB_POOL_MAX says otherwise', () => {
    expect(read({ DB_CONNECTION_BUDGET: '500' }).DB_POOL_MAX).toBe(500);
    expect(read({ DB_CONNECTION_BUDGET: '10' }).DB_POOL_MAX).toBe(10);
    expect(read({ DB_CONNECTION_BUDGET: '9999' }).DB_POOL_MAX).toBe(1_000);
    expect(read({ DB_CONNECTION_BUDGET: '10', DB_POOL_MAX: '3' }).DB_POOL_MAX).toBe(3);
    expect(refusal({ DB_CONNECTION_BUDGET: '-1' })).not.toContain('DB_POOL_MAX');
  });

  it('treats an empty variable as one that is not set', () => {
    const empty = Object.fromEntries(Object.keys(read({})).map((variable) => [variable, '']));
    expect(read({ ...empty, CHAOS_TOKEN: '' })).toEqual(read({}));
  });

  it('ignores variables that are not its own', () => {
    expect(read({ PATH: '/bin', HOST: 'laptop', constructor: 'x' })).toEqual(read({}));
  });

  it.each([
    ['PORT', ['65536', '-1', '80.5', '1e3', '0x50', ' 80', 'http']],
    ['SERVICE_NAME', ['x'.repeat(21), 'two@once']],
    ['DB_PORT', ['0', '65536', '99999999999999999999']],
    ['DB_SSL', ['true', 'prefer']],
    ['DB_POOL_MAX', ['0', '1001', 'many']],
    ['DB_ACQUIRE_TIMEOUT_MS', ['0', '60001', '3s']],
    ['DB_CONNECTION_BUDGET', ['0', '-100']],
    ['CHAOS_ENABLED', ['yes', '1', 'TRUE', 'off']],
    // No header can contain the last one.
    ['CHAOS_TOKEN', ['short', 'two words']],
    ['READINESS_MODE', ['STRICT', 'none']],
    ['LOG_LEVEL', ['verbose']],
  ])('refuses a bad %s by its name', (variable, texts) => {
    for (const text of texts)
      expect([text, refusal({ [variable]: text })]).toEqual([text, expect.stringContaining(variable)]);
  });

  it('names every bad variable at once, and no good one', () => {
    const message = refusal({ PORT: 'x', DB_SSL: 'maybe', CHAOS_ENABLED: 'perhaps', DB_PORT: '5432' });
    for (const variable of ['PORT', 'DB_SSL', 'CHAOS_ENABLED']) expect(message).toContain(variable);
    expect(message).not.toContain('DB_PORT');
    expect(message.split('\n')).toHaveLength(4);
  });

  it('never repeats a secret', () => {
    expect(refusal({ CHAOS_TOKEN: 'hushhus', DB_PASSWORD: 'pssst', PORT: 'x' })).not.toMatch(/hushhus|pssst/);
  });
});
