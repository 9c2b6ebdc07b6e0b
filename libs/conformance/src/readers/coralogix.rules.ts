import { type Rule, spanRule } from '../rule';
import { SOURCES } from '../rules/sources';
import { isStatement } from '../spans/classify';
import { countsConnecting, countsKinds, needs } from './needs';

const { coralogixCatalog, coralogixApm, coralogixSpanMetrics: preset } = SOURCES;
const EVERY_KIND = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;

/** Coralogix' catalog reads the old names; its Collector labels the metrics that it makes of spans with the new ones. */
export const CORALOGIX_RULES: readonly Rule[] = [
  countsKinds('coralogix-catalog', coralogixCatalog),
  ...[
    ['db.system', 'The span is no call of a database.'],
    ['db.name', 'The call belongs to no database of the catalog.'],
    ['db.operation', 'The list of operations has no row for it.'],
    ['db.statement', 'The list of queries has no row for it.'],
    ['net.peer.name', 'The host of the database is empty.'],
  ].map(([name = '', without = '']) =>
    needs('coralogix-catalog', { source: coralogixCatalog, oneOf: [name], without }),
  ),

  needs('coralogix-span-metrics', {
    ...{ source: preset, oneOf: ['db.system'] },
    without: 'The filter in front of the database metrics drops the span.',
  }),
  needs('coralogix-span-metrics', {
    ...{ source: preset, oneOf: ['db.namespace'] },
    without: 'The metrics have no label for the database, and the compact ones leave the span out.',
  }),
  needs('coralogix-span-metrics', {
    ...{ source: preset, oneOf: ['db.operation.name'] },
    without: 'The metrics have no label for the operation.',
  }),
  needs('coralogix-span-metrics', {
    ...{ source: preset, oneOf: ['db.collection.name'], on: 'table', level: 'recommended' },
    without: 'The metrics have no label for the table.',
  }),
  needs('coralogix-span-metrics', {
    ...{ source: preset, oneOf: ['http.response.status_code'], on: 'request', level: 'recommended' },
    type: 'number',
    without: 'Errors cannot be told apart by status.',
  }),
  countsConnecting('coralogix-span-metrics', preset, ['db.system'], EVERY_KIND),
  spanRule(
    {
      ...{ id: 'coralogix-span-metrics/short-name', reader: 'coralogix-span-metrics', level: 'recommended' },
      title: 'the name of a statement is one line of at most 100 characters',
      without: 'The name is a label of every metric: long ones are cut or fill the page.',
      source: preset,
    },
    {
      appliesTo: isStatement,
      fault: ({ name }) => {
        if (name.includes('\n')) return 'the name has more than one line';
        return name.length > 100 ? `the name has ${name.length} characters` : undefined;
      },
    },
  ),
  spanRule(
    {
      ...{
        id: 'coralogix-span-metrics/service.version',
        reader: 'coralogix-span-metrics',
        level: 'recommended',
      },
      title: 'the resource has service.version',
      without: 'Two versions of a service cannot be compared.',
      source: preset,
      attributes: ['service.version'],
    },
    {
      appliesTo: isStatement,
      fault: ({ resource }) => (resource['service.version'] ? undefined : 'service.version is missing'),
    },
  ),

  countsKinds('coralogix-apm', coralogixApm),
  needs('coralogix-apm', {
    ...{ source: coralogixApm, oneOf: ['db.system'] },
    without: 'The database is no entity of the catalog.',
  }),
  needs('coralogix-apm', {
    ...{ source: coralogixApm, oneOf: ['db.namespace'] },
    without: 'The database is no entity of the catalog.',
  }),
  needs('coralogix-apm', {
    ...{ source: coralogixApm, oneOf: ['db.operation.name'] },
    without: 'The tab of operations has no row for it.',
  }),
  needs('coralogix-apm', {
    ...{ source: coralogixApm, oneOf: ['db.collection.name'], on: 'table', level: 'recommended' },
    without: 'The tab of operations names no table.',
  }),
  countsConnecting('coralogix-apm', coralogixApm, ['db.system']),
];
