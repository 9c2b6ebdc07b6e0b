import { GROUP_VERSIONS, resourcesOf } from './resources.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What the API reports about itself: its version, its groups, their kinds. Undefined for other paths. */
export function discovery(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '35', gitVersion: 'v1.35.0', platform: 'linux/amd64' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return groups();
  if (path === '/openapi/v3') return openApiIndex();
  const document = /^\/openapi\/v3\/(?:api|apis)\/(.+)$/.exec(path)?.[1];
  if (document) return openApi(document);
  const groupVersion = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))$/.exec(path);
  return groupVersion ? resourceList(groupVersion[1] ?? groupVersion[2] ?? '') : undefined;
}

function groups(): object {
  const named = GROUP_VERSIONS.filter((one) => one.includes('/')).map((groupVersion) => {
    const [name, version] = groupVersion.split('/');
    const preferredVersion = { groupVersion, version };
    return { name, versions: [preferredVersion], preferredVersion };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named };
}

function resourceList(groupVersion: string): object | undefined {
  const resources = resourcesOf(groupVersion).map(({ plural, kind, namespaced }) => {
    return { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS };
  });
  if (resources.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function openApiIndex(): object {
  const path = (groupVersion: string) => `${groupVersion.includes('/') ? 'apis' : 'api'}/${groupVersion}`;
  const entries = GROUP_VERSIONS.map((one) => [
    path(one),
    { serverRelativeURL: `/openapi/v3/${path(one)}?hash=1` },
  ]);
  return { paths: Object.fromEntries(entries) };
}

/** Just enough for helm to see that the server can validate each kind. */
function openApi(groupVersion: string): object {
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
  const paths = resourcesOf(groupVersion).map(({ plural, kind }) => {
    const operation = {
      parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
      responses: {},
      'x-kubernetes-group-version-kind': { group, version, kind },
    };
    return [
      `/${groupVersion}/namespaces/{namespace}/${plural}/{name}`,
      { patch: operation, post: operation, put: operation },
    ];
  });
  const info = { title: 'kubernetes', version: '1' };
  return { openapi: '3.0.0', info, paths: Object.fromEntries(paths), components: { schemas: {} } };
}
