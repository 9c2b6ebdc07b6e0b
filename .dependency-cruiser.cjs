/** Which way imports go, each rule with its reason. */
const LAYERS = [
  'diagnosis',
  'observer',
  'otlp',
  'conformance',
  'direct-otel',
  'configuration',
  'lifecycle',
  'postgres-session',
  'embedded-postgres',
  'service-client',
  'checks',
  'load',
  'scenario',
  'telemetry',
  'database',
  'problem',
  'http',
  'health',
  'demo-chaos',
  'bootstrap',
];

/** A library imports only those before it in the list. */
const layerRules = LAYERS.map((library, place) => ({
  name: `${library}-imports-downwards`,
  severity: 'error',
  comment: `Imports go one way: ${LAYERS.join(' <- ')}. demo-chaos and bootstrap do not know each other.`,
  from: { path: `^libs/${library}/` },
  to: {
    path: `^libs/(${LAYERS.filter((_, other) => other > place || (library === 'bootstrap' && LAYERS[other] === 'demo-chaos')).join('|') || 'nothing'})/`,
  },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'the-diagnosis-does-not-peek',
      severity: 'error',
      comment:
        'What is wrong is told from what any operator can see: never from the switches of the demo itself.',
      from: { path: '^libs/(diagnosis|observer)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs|tools|test)/', pathNot: '^libs/(diagnosis|observer)/' },
    },
    {
      name: 'the-diagnosis-is-pure',
      severity: 'error',
      comment: 'Figures in, findings out: the same figures give the same findings, also years later.',
      from: { path: '^libs/diagnosis/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/diagnosis/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'A file that needs what needs it has no beginning for a reader.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libraries-do-not-know-apps',
      severity: 'error',
      comment: 'A library serves every app; what knows an app belongs into it.',
      from: { path: '^libs/' },
      to: { path: '^(apps|tools|test)/' },
    },
    {
      name: 'apps-do-not-know-apps',
      severity: 'error',
      comment: 'Each service can be deployed alone.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'through-the-one-door',
      severity: 'error',
      comment: 'From outside, a library is what its index.ts names.',
      from: { path: '^(?:libs/([^/]+)|apps|tools|test)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'inside-without-the-door',
      severity: 'error',
      comment: 'Inside a library, import the file: through the index everything would depend on everything.',
      from: { path: '^libs/([^/]+)/', pathNot: 'index\\.ts$' },
      to: { path: '^libs/$1/src/index\\.ts$' },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      comment: 'What is shipped does not need what tests it.',
      from: { path: '^(apps|libs|tools)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^test/|\\.spec\\.ts$)' },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'A package that package.json does not name is there by chance.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
