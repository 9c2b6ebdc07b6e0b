import type { Manifest } from '../manifests.ts';

/** Whether an object is among those that a list or a watch requests. */
export function matcher(query: URLSearchParams): (object: Manifest) => boolean {
  const labels = (query.get('labelSelector') ?? '').split(',').flatMap((term) => {
    const match = /^([^!=]+?)(!=|==?)(.*)$/.exec(term);
    return match ? [{ key: match[1] ?? '', equal: match[2] !== '!=', value: match[3] }] : [];
  });
  const name = /metadata\.name=([^,]*)/.exec(query.get('fieldSelector') ?? '')?.[1];
  return ({ metadata }) =>
    (name === undefined || metadata.name === name) &&
    labels.every(({ key, equal, value }) => (metadata.labels?.[key] === value) === equal);
}
