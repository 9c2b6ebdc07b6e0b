import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import type { Manifest } from '../manifests.ts';
import { Refusal, refuseConflict, refuseDoubledVariables, refuseForbiddenChange } from './admission.ts';
import { discovery } from './discovery.ts';
import { mergePatch, serverSideApply, strategicPatch } from './patches.ts';
import { fromProtobuf } from './protobuf.ts';
import { type Resource, resourcesOf, type Target, targetOf } from './resources.ts';
import { matcher } from './selectors.ts';
import { Store, type Stored } from './store.ts';

/** Who last set the replicas with `kubectl scale`, and what helm applied, by uid. */
interface Ownership {
  scaledBy?: string;
  lastApplied?: Manifest;
}

/**
 * A Kubernetes API in memory, on loopback, in which the real helm installs, upgrades and removes. Every object is ready
 * at once. It refuses what users of helm run into: changes of immutable fields, doubled list entries and conflicts
 * under server-side apply.
 */
export class FakeKubernetes {
  readonly store = new Store();
  private readonly server: Server;
  private readonly ownership = new Map<string, Ownership>();

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error) => refuse(response, error));
    });
  }

  static async start(): Promise<FakeKubernetes> {
    const cluster = new FakeKubernetes();
    await new Promise<void>((resolve) => cluster.server.listen(0, '127.0.0.1', resolve));
    cluster.put('v1', 'namespaces', undefined, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'demo' },
    });
    return cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  list(groupVersion: string, plural: string): Stored[] {
    return this.store.list(resource(groupVersion, plural), 'demo');
  }

  get(groupVersion: string, plural: string, name: string): Stored | undefined {
    return this.store.get(resource(groupVersion, plural), 'demo', name);
  }

  put(groupVersion: string, plural: string, namespace: string | undefined, manifest: Manifest): Stored {
    return this.store.put(resource(groupVersion, plural), namespace, manifest);
  }

  /** Does what `kubectl scale` does. */
  scale(name: string, replicas: number): void {
    const deployment = this.get('apps/v1', 'deployments', name);
    if (!deployment) throw new Error(`no Deployment ${name}`);
    const scaled = { ...deployment, spec: { ...deployment.spec, replicas } };
    const { metadata } = this.put('apps/v1', 'deployments', 'demo', scaled);
    this.ownership.set(metadata.uid, { ...this.ownership.get(metadata.uid), scaledBy: 'kubectl' });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kubernetes');
    const described = discovery(url.pathname);
    if (described) return send(response, 200, described);
    const target = targetOf(url.pathname);
    if (!target) throw new Refusal(404, 'NotFound', `nothing is served at ${url.pathname}`);
    const body = await read(request);
    if (request.method === 'GET' && !target.name)
      return this.listOrWatch(target, url.searchParams, request, response);
    const { code, object } = this.change(request, target, url.searchParams, body);
    send(response, code, object);
  }

  private change(request: IncomingMessage, target: Target, query: URLSearchParams, body: Buffer) {
    const dryRun = query.has('dryRun');
    switch (request.method) {
      case 'GET':
        return { code: 200, object: this.existing(target) };
      case 'DELETE':
        this.existing(target);
        if (!dryRun) this.store.delete(target.resource, target.namespace, target.name ?? '');
        return { code: 200, object: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
      case 'POST':
        return { code: 201, object: this.create(target, decoded(request, body), dryRun) };
      case 'PUT':
        this.existing(target);
        return { code: 200, object: this.save(target, decoded(request, body), dryRun) };
      case 'PATCH':
        return { code: 200, object: this.patch(request, target, query, body) };
      default:
        throw new Refusal(405, 'MethodNotAllowed', `${request.method}`);
    }
  }

  private existing({ resource: { plural, ...rest }, namespace, name = '' }: Target): Stored {
    const object = this.store.get({ plural, ...rest }, namespace, name);
    if (!object) throw new Refusal(404, 'NotFound', `${plural} "${name}" not found`);
    return object;
  }

  private create({ resource, namespace }: Target, manifest: Manifest, dryRun: boolean): Manifest {
    const { name } = manifest.metadata;
    if (this.store.get(resource, namespace, name)) {
      throw new Refusal(409, 'AlreadyExists', `${resource.plural} "${name}" already exists`);
    }
    return this.save({ resource, namespace, name, subresource: undefined }, manifest, dryRun);
  }

  private patch(request: IncomingMessage, target: Target, query: URLSearchParams, body: Buffer): Manifest {
    const type = request.headers['content-type'] ?? '';
    const patch = parse(body.toString()) as Manifest;
    if (type.includes('apply-patch')) return this.apply(target, patch, query);
    const before = this.existing(target);
    if (type.includes('json-patch'))
      throw new Refusal(415, 'UnsupportedMediaType', 'JSON patches are not served');
    const after = type.includes('strategic') ? strategicPatch(before, patch) : mergePatch(before, patch);
    return this.save(target, after as Manifest, query.has('dryRun'));
  }

  private apply(target: Target, manifest: Manifest, query: URLSearchParams): Manifest {
    refuseDoubledVariables(manifest);
    const before = this.store.get(target.resource, target.namespace, target.name ?? '');
    const { scaledBy, lastApplied } = this.ownership.get(before?.metadata.uid ?? '') ?? {};
    if (query.get('force') !== 'true') refuseConflict(before, manifest, scaledBy);
    const after = before ? serverSideApply(before, lastApplied, manifest) : manifest;
    const saved = this.save(target, after as Manifest, query.has('dryRun'));
    const { uid = '' } = saved.metadata as { uid?: string };
    if (!query.has('dryRun')) this.ownership.set(uid, { scaledBy, lastApplied: manifest });
    return saved;
  }

  private save({ resource, namespace }: Target, manifest: Manifest, dryRun: boolean): Manifest {
    const complete = { ...manifest, apiVersion: resource.groupVersion, kind: resource.kind };
    refuseForbiddenChange(this.store.get(resource, namespace, manifest.metadata.name), complete);
    if (dryRun) return complete;
    const saved = this.store.put(resource, namespace, complete);
    if (resource.kind === 'Deployment') this.makeReplicaSet(saved);
    return saved;
  }

  /** helm waits for the newest ReplicaSet of a Deployment. */
  private makeReplicaSet({ metadata, spec }: Stored): void {
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: metadata.name,
      uid: metadata.uid,
      controller: true,
    };
    const { labels } = spec.template.metadata;
    this.put('apps/v1', 'replicasets', metadata.namespace, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: `${metadata.name}-1`, labels, ...{ ownerReferences: [owner] } },
      spec: structuredClone({
        replicas: spec.replicas ?? 1,
        selector: spec.selector,
        template: spec.template,
      }),
    });
  }

  private listOrWatch(
    target: Target,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { resource, namespace } = target;
    const matches = matcher(query);
    const items = this.store.list(resource, namespace).filter(matches);
    const head = {
      apiVersion: resource.groupVersion,
      metadata: { resourceVersion: this.store.resourceVersion },
    };
    if (!query.get('watch')) return send(response, 200, { kind: `${resource.kind}List`, ...head, items });
    response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    const event = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
    if (query.get('sendInitialEvents') === 'true') {
      for (const item of items) event('ADDED', item);
      const annotations = { 'k8s.io/initial-events-end': 'true' };
      event('BOOKMARK', { kind: resource.kind, ...head, metadata: { ...head.metadata, annotations } });
    }
    const listener: Parameters<typeof this.store.listeners.add>[0] = (changed, { type, object }) => {
      const here =
        changed.plural === resource.plural && (!namespace || object.metadata.namespace === namespace);
      if (here && matches(object)) event(type, object);
    };
    this.store.listeners.add(listener);
    request.once('close', () => this.store.listeners.delete(listener));
  }
}

function resource(groupVersion: string, plural: string): Resource {
  const found = resourcesOf(groupVersion).find((one) => one.plural === plural);
  if (!found) throw new Error(`${groupVersion} ${plural} is not served`);
  return found;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function decoded(request: IncomingMessage, body: Buffer): Manifest {
  const binary = request.headers['content-type']?.includes('protobuf');
  return binary ? fromProtobuf(body) : (parse(body.toString()) as Manifest);
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: Error): void {
  const { code, reason } = error instanceof Refusal ? error : { code: 500, reason: 'InternalError' };
  send(response, code, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    message: error.message,
    code,
  });
}
