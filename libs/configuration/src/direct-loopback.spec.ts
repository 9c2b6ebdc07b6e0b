import { reachLoopbackDirectly } from './direct-loopback';

const after = (environment: NodeJS.ProcessEnv) => {
  reachLoopbackDirectly(environment);
  return environment;
};

describe('an environment with a proxy', () => {
  it('lists loopback among what is reached directly, in both spellings', () => {
    const direct = 'localhost,127.0.0.1,::1,[::1]';
    expect(after({ HTTP_PROXY: 'http://proxy' })).toMatchObject({ NO_PROXY: direct, no_proxy: direct });
  });

  it('keeps what was there', () => {
    const { NO_PROXY } = after({ https_proxy: 'http://proxy', no_proxy: '.example.org, 127.0.0.1' });
    expect(NO_PROXY).toBe('.example.org,127.0.0.1,localhost,::1,[::1]');
  });

  it('stays as it is without one', () => expect(after({ PATH: '/bin' })).toEqual({ PATH: '/bin' }));
});
