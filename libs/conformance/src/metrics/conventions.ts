/** The kind of instrument that a metric needs to arrive as the conventions require. */
type Instrument = 'histogram' | 'counter' | 'updowncounter';

interface MetricConvention {
  unit: string;
  instrument: Instrument;
  /** Attributes that each data point has. */
  required: readonly string[];
}

const pooled = (unit: string, instrument: Instrument, ...more: string[]): MetricConvention => ({
  ...{ unit, instrument },
  required: ['db.client.connection.pool.name', ...more],
});
const requestAttributes = ['http.request.method', 'url.scheme'];

/** The metrics of databases and of HTTP servers, as semantic conventions 1.45.0 define them. */
export const METRICS: Readonly<Record<string, MetricConvention>> = {
  'db.client.operation.duration': { unit: 's', instrument: 'histogram', required: ['db.system.name'] },
  'db.client.response.returned_rows': {
    unit: '{row}',
    instrument: 'histogram',
    required: ['db.system.name'],
  },
  'db.client.connection.count': pooled('{connection}', 'updowncounter', 'db.client.connection.state'),
  'db.client.connection.limit': pooled('{connection}', 'updowncounter'),
  'db.client.connection.idle.min': pooled('{connection}', 'updowncounter'),
  'db.client.connection.idle.max': pooled('{connection}', 'updowncounter'),
  'db.client.connection.pending_requests': pooled('{request}', 'updowncounter'),
  'db.client.connection.timeouts': pooled('{timeout}', 'counter'),
  'db.client.connection.create_time': pooled('s', 'histogram'),
  'db.client.connection.wait_time': pooled('s', 'histogram'),
  'db.client.connection.use_time': pooled('s', 'histogram'),
  'http.server.request.duration': { unit: 's', instrument: 'histogram', required: requestAttributes },
  'http.server.active_requests': {
    unit: '{request}',
    instrument: 'updowncounter',
    required: requestAttributes,
  },
  'http.server.request.body.size': { unit: 'By', instrument: 'histogram', required: requestAttributes },
  'http.server.response.body.size': { unit: 'By', instrument: 'histogram', required: requestAttributes },
};

/** Names that were abandoned, and what replaced them. */
export const REPLACED: Readonly<Record<string, string>> = {
  'db.client.connection.max': 'db.client.connection.limit',
  'db.client.connections.create_time': 'db.client.connection.create_time',
  'db.client.connections.idle.max': 'db.client.connection.idle.max',
  'db.client.connections.idle.min': 'db.client.connection.idle.min',
  'db.client.connections.max': 'db.client.connection.limit',
  'db.client.connections.pending_requests': 'db.client.connection.pending_requests',
  'db.client.connections.timeouts': 'db.client.connection.timeouts',
  'db.client.connections.usage': 'db.client.connection.count',
  'db.client.connections.use_time': 'db.client.connection.use_time',
  'db.client.connections.wait_time': 'db.client.connection.wait_time',
  'http.server.duration': 'http.server.request.duration',
};
