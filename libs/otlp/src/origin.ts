import { type Attributes, attributes } from './attributes';
import { record, records, text, type WireRecord } from './wire-value';

/** The source of a span, a log record or a data point. */
export interface Origin {
  /** `service.name`; `unknown_service` if there is none, as in OpenTelemetry. */
  service: string;
  /** All attributes of the resource; one object is shared by everything that arrived together. */
  resource: Attributes;
  /** Name of the instrumentation scope. */
  scope: string;
}

/** Iterates over the two levels that all three signals have above their items: resource, then scope. */
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
