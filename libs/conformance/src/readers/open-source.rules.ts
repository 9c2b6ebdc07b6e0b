import { type Rule, type Source, spanRule } from '../rule';
import { SOURCES } from '../rules/sources';
import { isEntry } from '../spans/classify';
import { TraceIndex } from '../spans/trace-index';
import { countsConnecting, countsKinds, needs } from './needs';
import type { Reader } from './readers';

const { tempo, serviceGraphConnector, skywalking, jaeger } = SOURCES;
const SERVICE_NAMES = ['service.name', 'faas.name', 'k8s.deployment.name', 'process.executable.name'];

export const OPEN_SOURCE_RULES: readonly Rule[] = [
  countsKinds('tempo', tempo),
  needs('tempo', {
    ...{ source: tempo, oneOf: ['db.namespace', 'db.name', 'db.system'] },
    without: 'The graph has no database behind the service.',
  }),
  needs('tempo', {
    ...{ source: tempo, oneOf: ['server.address', 'network.peer.address'], level: 'recommended' },
    without: 'The node is called after the database or its product, not after its host.',
  }),
  countsConnecting('tempo', tempo, ['db.namespace', 'db.name', 'db.system']),
  named('tempo', tempo, ['service.name'], 'Its spans are left out of the graph.'),

  countsKinds('service-graph-connector', serviceGraphConnector),
  needs('service-graph-connector', {
    ...{ source: serviceGraphConnector, oneOf: ['db.name'] },
    without:
      'The graph has no database behind the service, unless database_name_attributes names another attribute.',
  }),
  countsConnecting('service-graph-connector', serviceGraphConnector, ['db.name']),

  named('skywalking', skywalking, SERVICE_NAMES, 'The whole trace is discarded.'),
  needs('skywalking', {
    ...{ source: skywalking, oneOf: ['net.peer.name', 'peer.service', 'net.peer.ip'], level: 'recommended' },
    without: 'The call has no remote side, so that no dependency on the database is drawn.',
  }),

  named('jaeger', jaeger, ['service.name'], 'The trace is found under no service.'),
  spanRule(
    {
      ...{ id: 'jaeger/within-the-call', reader: 'jaeger', level: 'recommended', source: jaeger },
      title: 'a request lies within the call that made it',
      without: 'Spans are moved and marked with a warning of clock skew.',
    },
    {
      appliesTo: (span, { spans }) => isEntry(span) && TraceIndex.of(spans).parent(span)?.kind === 'CLIENT',
      fault: (span, { spans }) => {
        const call = TraceIndex.of(spans).parent(span);
        if (!call || (span.startUnixNano >= call.startUnixNano && span.endUnixNano <= call.endUnixNano))
          return undefined;
        return span.startUnixNano < call.startUnixNano
          ? 'it begins before its call'
          : 'it ends after its call';
      },
    },
  ),
];

function named(reader: Reader, source: Source, names: readonly string[], without: string): Rule {
  return spanRule(
    {
      ...{ id: `${reader}/service`, reader, level: 'required', source, without },
      title: `the resource has ${names.join(' or ')}`,
    },
    {
      appliesTo: () => true,
      fault: ({ resource }) => (names.some((name) => resource[name]) ? undefined : `${names[0]} is missing`),
    },
  );
}
