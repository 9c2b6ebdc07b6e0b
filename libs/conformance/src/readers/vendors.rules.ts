import { type Rule, spanRule } from '../rule';
import { SOURCES } from '../rules/sources';
import { isSqlStatement, isStatement } from '../spans/classify';
import { countsConnecting, countsKinds, needs } from './needs';
import type { Reader } from './readers';

/** A rule that `peer.service` replaces the database's own name. */
function peerService(reader: Reader, source: Rule['source'], without: string): Rule {
  return spanRule(
    {
      ...{ id: `${reader}/no-peer.service`, reader, level: 'recommended', source, without },
      title: 'a statement has no peer.service',
      attributes: ['peer.service'],
    },
    {
      appliesTo: isStatement,
      fault: ({ attributes }) =>
        attributes['peer.service'] === undefined
          ? undefined
          : `peer.service is ${attributes['peer.service']}`,
    },
  );
}

export const VENDOR_RULES: readonly Rule[] = [
  countsKinds('datadog', SOURCES.datadogSpans),
  needs('datadog', {
    ...{ source: SOURCES.datadog, oneOf: ['db.system.name', 'db.system'] },
    without: 'The span is of type http: no database, no page of its queries.',
  }),
  needs('datadog', {
    ...{ source: SOURCES.datadog, oneOf: ['db.query.text', 'db.statement'], level: 'recommended' },
    without: 'Its resource is the name of the span instead of the statement.',
  }),
  needs('datadog', {
    ...{ source: SOURCES.datadog, oneOf: ['db.name', 'db.namespace'], level: 'recommended' },
    without: 'The inferred database has no name.',
  }),
  needs('datadog', {
    ...{ source: SOURCES.datadog, oneOf: ['net.peer.name', 'server.address'], level: 'recommended' },
    without: 'The inferred database has no host.',
  }),
  countsConnecting('datadog', SOURCES.datadogSpans, ['db.system.name', 'db.system']),
  peerService(
    'datadog',
    SOURCES.datadog,
    'One database becomes one for each caller that names it otherwise.',
  ),

  countsKinds('new-relic', SOURCES.newRelic),
  needs('new-relic', {
    ...{ source: SOURCES.newRelic, oneOf: ['db.system'] },
    without: 'The span is no call of a database, and the Databases page is empty.',
  }),
  needs('new-relic', {
    ...{ source: SOURCES.newRelic, oneOf: ['db.operation'], level: 'recommended' },
    without: 'The list of calls cannot name the operation.',
  }),
  needs('new-relic', {
    ...{ source: SOURCES.newRelic, oneOf: ['db.sql.table'], on: 'table', level: 'recommended' },
    without: 'The list of calls cannot name the table.',
  }),
  countsConnecting('new-relic', SOURCES.newRelic, ['db.system']),

  needs('elastic', {
    ...{ source: SOURCES.elastic, oneOf: ['db.system.name', 'db.system'] },
    without: 'The span is of an unknown type, and the map of services has no database.',
  }),
  needs('elastic', {
    ...{ source: SOURCES.elastic, oneOf: ['db.namespace', 'db.name'], level: 'recommended' },
    without: 'The target of the call has no name beside its product.',
  }),
  needs('elastic', {
    ...{ source: SOURCES.elastic, oneOf: ['db.query.text', 'db.statement'], level: 'recommended' },
    without: 'The span shows no statement.',
  }),
  needs('elastic', {
    ...{ source: SOURCES.elastic, oneOf: ['server.address', 'net.peer.name'], level: 'recommended' },
    without: 'The span shows no destination.',
  }),
  needs(
    'elastic',
    {
      ...{ source: SOURCES.elasticServer, oneOf: ['db.system'], level: 'opt-in' },
      without: 'An APM Server from before the processor took current names shows no database.',
    },
    'apm-server',
  ),

  countsKinds('signoz', SOURCES.signoz, ['CLIENT', 'INTERNAL', 'PRODUCER', 'CONSUMER']),
  needs('signoz', {
    ...{ source: SOURCES.signoz, oneOf: ['db.system'] },
    without: 'The pane of database calls leaves the span out.',
  }),
  needs('signoz', {
    ...{ source: SOURCES.signozExporter, oneOf: ['db.namespace', 'db.name'], level: 'recommended' },
    without: 'The column db_name is empty.',
  }),
  needs('signoz', {
    ...{ source: SOURCES.signozExporter, oneOf: ['db.operation.name', 'db.operation'], level: 'recommended' },
    without: 'The column db_operation is empty.',
  }),
  countsConnecting('signoz', SOURCES.signoz, ['db.system'], ['CLIENT', 'INTERNAL', 'PRODUCER', 'CONSUMER']),

  needs('dynatrace', {
    ...{ source: SOURCES.dynatrace, oneOf: ['db.system.name', 'db.system'] },
    without: 'The span is no call of a database.',
  }),
  needs('dynatrace', {
    ...{ source: SOURCES.dynatrace, oneOf: ['db.namespace'] },
    without: 'The call belongs to no database.',
  }),
  needs('dynatrace', {
    ...{ source: SOURCES.dynatrace, oneOf: ['db.query.text'], level: 'recommended' },
    without: 'The call shows no statement.',
  }),
  needs('dynatrace', {
    ...{ source: SOURCES.dynatrace, oneOf: ['db.operation.name'], level: 'recommended' },
    without: 'The call names no operation.',
  }),
  needs('dynatrace', {
    ...{ source: SOURCES.dynatrace, oneOf: ['server.address'], level: 'recommended' },
    without: 'The call names no host.',
  }),

  needs('splunk', {
    ...{ source: SOURCES.splunk, oneOf: ['db.system.name', 'db.system'] },
    without: 'No database is inferred, and Database Query Performance has no row.',
  }),
  countsKinds('splunk', SOURCES.splunk),
  needs('splunk', {
    ...{ source: SOURCES.splunk, oneOf: ['db.query.text', 'db.statement'], level: 'recommended' },
    without: 'Database Query Performance has no statement to show.',
  }),
  needs('splunk', {
    ...{ source: SOURCES.splunk, oneOf: ['db.namespace', 'db.name'], level: 'recommended' },
    without: 'Databases of one product are one.',
  }),
];

/** Systems that the exporter of X-Ray treats as SQL. */
const X_RAY_SQL = [
  ...['db2', 'derby', 'hive', 'mariadb', 'mssql', 'mysql', 'oracle', 'postgresql', 'sqlite', 'teradata'],
  'other_sql',
];

export const CLOUD_RULES: readonly Rule[] = [
  spanRule(
    {
      ...{ id: 'x-ray/db.system', reader: 'x-ray', level: 'required', source: SOURCES.xRaySql },
      title: 'a statement in SQL has a db.system that the exporter knows',
      without: 'The segment has no SQL: no statement, no kind of database.',
      attributes: ['db.system'],
    },
    {
      appliesTo: isSqlStatement,
      fault: ({ attributes }) => {
        if (attributes['db.system'] === undefined) return 'db.system is missing';
        return X_RAY_SQL.includes(String(attributes['db.system']))
          ? undefined
          : `db.system is ${attributes['db.system']}`;
      },
    },
  ),
  needs('x-ray', {
    ...{ source: SOURCES.xRaySegment, oneOf: ['db.name'] },
    without: 'The segment is called after its host or its span, and the map has a node for each.',
  }),
  needs('x-ray', {
    ...{ source: SOURCES.xRaySql, oneOf: ['db.statement'], level: 'recommended' },
    without: 'The segment shows no statement.',
  }),
  needs('x-ray', {
    ...{ source: SOURCES.xRaySql, oneOf: ['db.connection_string'], level: 'opt-in' },
    without: 'The segment shows localhost/ before the database, wherever that is.',
  }),
  peerService('x-ray', SOURCES.xRaySegment, 'The segment is called by it instead of the database.'),

  countsKinds('azure-monitor', SOURCES.azureMonitor),
  needs('azure-monitor', {
    ...{ source: SOURCES.azureMonitor, oneOf: ['db.system.name'] },
    without: 'The dependency is of no type: not a database.',
  }),
  needs('azure-monitor', {
    ...{ source: SOURCES.azureMonitor, oneOf: ['db.query.text', 'db.operation.name'], level: 'recommended' },
    without: 'The dependency shows no command.',
  }),
  needs('azure-monitor', {
    ...{ source: SOURCES.azureMonitor, oneOf: ['network.peer.address'], level: 'opt-in' },
    without: 'The dependency has no target: the exporter reads the peer, not server.address.',
  }),
];
