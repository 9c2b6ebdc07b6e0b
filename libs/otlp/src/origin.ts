import { type Attributes, attributes } from './attributes';
import { record, records, text, type WireRecord } from './wire-value';

/** Who made a span, a log record or a data point. */
export interface Origin {
  /** `service.name`; `unknown_service` without one, as OpenTelemetry has it. */
  service: string;
  /** All attributes of the resource; one object for everything that came in one piece. */
  resource: Attributes;
  /** Name of the instrumentation scope. */
  scope: string;
}

/** The two levels that all three signals have above what they carry: resource, then scope. */
export function eachOrigin<Item>(
  groups: unknown,
  scopesField: string,
  itemsField: string,
  read: (item: WireRecord, origin: Origin) => Item | Item[],
): Item[] {
  return records(groups, 'the list of resources').flatMap((group) => {
    const resource = attributes(record(group.resource, 'a resource').attributes);
    const named = resource['service.name'];
    const service = typeof named === 'string' && named !== '' ? named : 'unknown_service';
    return records(group[scopesField], scopesField).flatMap((scoped) => {
      const scope = text(record(scoped.scope, 'a scope').name, 'the name of a scope');
      return records(scoped[itemsField], itemsField).flatMap((item) =>
        read(item, { service, resource, scope }),
      );
    });
  });
}
