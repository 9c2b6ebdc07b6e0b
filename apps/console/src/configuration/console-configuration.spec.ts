import { ConfigurationError, readConfiguration } from '@app/configuration';
import { ConsoleConfiguration } from './console-configuration';

const readConsoleConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(ConsoleConfiguration, {}, environment);

describe('the configuration of the console', () => {
  it('needs nothing, and binds to loopback', () => {
    expect(readConsoleConfiguration({})).toMatchObject({
      PORT: 30_017,
      LISTEN_ADDRESS: 'localhost',
      CONSOLE_OTLP_PORT: 4_318,
      CONSOLE_OTLP_ADDRESS: 'localhost',
      PRODUCT_URL: 'http://localhost:30010',
      CONSOLE_LOAD_RATE: 5,
    });
  });

  it('takes what the environment says; empty means not set', () => {
    const environment = {
      PORT: '0',
      CHAOS_TOKEN: 'a-secret',
      PRODUCT_URL: 'http://product:30010',
      DB_HOST: '',
    };
    expect(readConsoleConfiguration(environment)).toMatchObject({
      ...environment,
      PORT: 0,
      DB_HOST: 'localhost',
    });
  });

  it('names every variable that is wrong, at once', () => {
    const read = () => readConsoleConfiguration({ PORT: 'many', ORDER_URL: 'order' });
    expect(read).toThrow(ConfigurationError);
    for (const variable of ['PORT', 'ORDER_URL']) expect(read).toThrow(variable);
  });
});
