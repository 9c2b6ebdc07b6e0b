const { readdirSync } = require('node:fs');
const { pathsToModuleNameMapper } = require('ts-jest');
const { compilerOptions } = require('./tsconfig.json');

// A command under test that is not told where something is meets nobody, instead of the demo that its developer runs
// meanwhile: these variables choose the default ports of services and console.
for (const app of readdirSync(`${__dirname}/apps`)) process.env[`${app.toUpperCase()}_PORT`] = '1';

/** @type {import('jest').Config} */
const project = {
  testEnvironment: 'node',
  moduleNameMapper: pathsToModuleNameMapper(compilerOptions.paths, { prefix: '<rootDir>/' }),
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false, tsconfig: '<rootDir>/tsconfig.json' }] },
};

/**
 * These judge how long something takes, or what does not happen meanwhile: they run one after the other, when nothing
 * else of the tests runs any more. The other files have a server and ports of their own, and wait for what they expect.
 */
const ALONE = [
  ...[
    'diagnosis',
    'failures',
    'faults',
    'health',
    'load',
    'one-observer',
    'pool-exhaustion',
    'pooler',
    'reliability',
    'scenarios',
  ],
].map((name) => `<rootDir>/test/${name}.e2e-spec.ts`);

/** @type {import('jest').Config} */
const system = {
  ...project,
  globalSetup: '<rootDir>/test/support/prepared-data.setup.js',
  globalTeardown: '<rootDir>/test/support/prepared-data.teardown.js',
};

/** @type {import('jest').Config} */
module.exports = {
  workerGracefulExitTimeout: 10_000,
  // A file mostly waits for its processes: two of them use two cores.
  maxWorkers: 2,
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/support/project-order.js',
  reporters: ['default', '<rootDir>/test/support/closing-line.js'],
  projects: [
    { ...project, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    {
      ...system,
      displayName: 'system',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...ALONE],
    },
    {
      ...system,
      displayName: 'alone',
      runner: '<rootDir>/test/support/serial-runner.js',
      testMatch: ALONE,
    },
  ],
};
