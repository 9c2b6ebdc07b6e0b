import type { AttributeValue, DecodedSpan } from '@app/otlp';

/** Old names that were replaced, so both must have the same value if both are there. */
const RENAMED: readonly (readonly [old: string, current: string])[] = [
  ['db.system', 'db.system.name'],
  ['db.name', 'db.namespace'],
  ['db.operation', 'db.operation.name'],
  ['db.statement', 'db.query.text'],
  ['db.sql.table', 'db.collection.name'],
  ['http.method', 'http.request.method'],
  ['http.status_code', 'http.response.status_code'],
];

/** The peer of a call is a server; that of a request is the client. */
const PEER: typeof RENAMED = [
  ['net.peer.name', 'server.address'],
  ['net.peer.port', 'server.port'],
];

const pairs = ({ kind }: DecodedSpan) => (kind === 'CLIENT' ? [...RENAMED, ...PEER] : RENAMED);

/** Whether a span uses two generations of names. */
export const speaksTwice = (span: DecodedSpan) =>
  pairs(span).some((names) => names.every((name) => span.attributes[name] !== undefined));

/** Products that were renamed together with the attribute. */
const RENAMED_SYSTEMS: Record<string, string> = {
  adabas: 'softwareag.adabas',
  cache: 'intersystems.cache',
  intersystems_cache: 'intersystems.cache',
  cosmosdb: 'azure.cosmosdb',
  db2: 'ibm.db2',
  dynamodb: 'aws.dynamodb',
  firebird: 'firebirdsql',
  h2: 'h2database',
  hanadb: 'sap.hana',
  informix: 'ibm.informix',
  ingres: 'actian.ingres',
  maxdb: 'sap.maxdb',
  mssql: 'microsoft.sql_server',
  netezza: 'ibm.netezza',
  oracle: 'oracle.db',
  redshift: 'aws.redshift',
  spanner: 'gcp.spanner',
};

/** The first pair whose values contradict each other, as a sentence. */
export function contradiction(span: DecodedSpan): string | undefined {
  const { attributes } = span;
  const pair = pairs(span).find(([old, current]) => {
    const [before, now] = [attributes[old], attributes[current]];
    return before !== undefined && now !== undefined && !same(old, before, now);
  });
  if (!pair) return undefined;
  const [old, current] = pair;
  return `${old} is ${shown(attributes[old])} and ${current} is ${shown(attributes[current])}`;
}

function same(old: string, before: AttributeValue, now: AttributeValue): boolean {
  if (before === now) return true;
  if (old === 'db.system') return RENAMED_SYSTEMS[String(before)] === now;
  // The current name may add the schema, as in customers|public.
  return old === 'db.name' && String(now).split('|').includes(String(before));
}

const shown = (value: AttributeValue | undefined) => JSON.stringify(value)?.slice(0, 40);
