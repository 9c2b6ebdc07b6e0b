import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { CHART, ROOT } from './support/places.ts';

const SECRETS = {
  CHAOS_TOKEN: 'token-of-the-demo',
  CORALOGIX_PRIVATE_KEY: 'cxtp-key-of-the-demo',
  CORALOGIX_DOMAIN: 'eu2.coralogix.com',
};

/**
 * Programs that record how they were called and do next to nothing, like a host with K3s that answers. Standard input
 * is recorded separately from the arguments.
 */
const PROGRAMS = {
  docker: `case "$*" in
    buildx*) exit "\${FAKE_NO_BUILDX:-0}" ;;
    *"inspect database-load-demo"*) exit "\${FAKE_NO_IMAGE:-0}" ;;
    *inspect*) echo sha256:0123456789abcdef0123 ;;
    save*) [ -z "\${FAKE_FULL_DISK:-}" ] || exit 1; echo an-image >"$3" ;;
  esac`,
  helm: `case "$1" in version) echo "\${FAKE_HELM:-v4.1.4}" ;; test) echo "10 passed, 0 failed" ;; esac`,
  ssh: `case "$*" in
    *"command -v k3s"*) exit "\${FAKE_NO_K3S:-0}" ;;
    *"ctr images ls"*) cat "$FAKE/images" 2>/dev/null ;;
    *"images import"*) cat >"$FAKE/sent"; echo docker.io/library/database-load-demo:0123456789ab >"$FAKE/images" ;;
    *"apply -f -"*) cat >>"$FAKE/stdin" ;;
    *"get namespace"*) exit 1 ;;
    *k3s.yaml*) echo 'server: https://127.0.0.1:6443' ;;
    *"uname -m"*) echo aarch64 ;;
    "-G "*) echo "hostname \${FAKE_ADDRESS:-demo.example.org}" ;;
  esac`,
};

const folder = mkdtempSync(join(tmpdir(), 'chart-deploy-'));

interface Run {
  code: number;
  stdout: string;
  stderr: string;
  calls: string;
}

function deploy(args: string[], environment: Record<string, string> = {}): Promise<Run> {
  const env = { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder, FAKE: folder, ...environment };
  return new Promise((resolve) => {
    execFile(join(CHART, 'deploy.sh'), args, { env, cwd: '/' }, (error, stdout, stderr) => {
      resolve({
        code: Number(error?.code ?? 0),
        stdout,
        stderr,
        calls: readFileSync(join(folder, 'calls'), 'utf8'),
      });
    });
  });
}

describe('helm/deploy.sh', () => {
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'calls'), '');
    for (const [name, body] of Object.entries(PROGRAMS)) {
      const path = join(folder, 'bin', name);
      writeFileSync(path, `#!/bin/bash\nprintf '%s %s\\n' ${name} "$*" >>"$FAKE/calls"\n${body}\nexit 0\n`);
      chmodSync(path, 0o755);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('explains itself', async () => {
    const { code, stdout } = await deploy(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /helm\/deploy\.sh \[options\] HOST/);
  });

  it('builds for the host, loads, installs, checks, and prints the demo', async () => {
    const { code, stdout, stderr, calls } = await deploy(['me@demo']);
    assert.equal(code, 0, stderr);
    const steps = [
      'docker build --platform linux/arm64',
      'docker save',
      'helm upgrade --install demo',
      'helm test demo',
      '-O exit',
    ];
    assert.deepEqual(
      steps.map((step) => calls.indexOf(step)).toSorted((a, b) => a - b),
      steps.map((step) => calls.indexOf(step)),
    );
    assert.match(calls, /images import/);
    assert.equal(readFileSync(join(folder, 'sent'), 'utf8'), 'an-image\n');
    assert.match(calls, /helm upgrade .*values-nodeports\.yaml .*image\.tag=0123456789ab .*--wait/);
    assert.match(stdout, /curl http:\/\/demo\.example\.org:30015\/inventory\/check\/5/);
  });

  it('does not send the image a second time', async () => {
    await deploy(['demo']);
    writeFileSync(join(folder, 'calls'), '');
    const { code, calls } = await deploy(['demo']);
    assert.equal(code, 0);
    assert.doesNotMatch(calls, /docker save|images import/);
    assert.match(calls, /helm upgrade --install/);
  });

  it('puts no secret into an argument list or on the terminal', async () => {
    const { code, stdout, stderr, calls } = await deploy(['demo'], SECRETS);
    assert.equal(code, 0, stderr);
    for (const secret of [SECRETS.CHAOS_TOKEN, SECRETS.CORALOGIX_PRIVATE_KEY]) {
      assert.ok(!(calls + stdout + stderr).includes(secret));
      assert.ok(!calls.includes(Buffer.from(secret).toString('base64')));
    }
    const [token, key] = readFileSync(join(folder, 'stdin'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(Buffer.from(token.data.token, 'base64').toString(), SECRETS.CHAOS_TOKEN);
    assert.equal(Buffer.from(key.data['private-key'], 'base64').toString(), SECRETS.CORALOGIX_PRIVATE_KEY);
    assert.match(calls, /chaos\.existingSecret=demo-chaos-token .*telemetry\.mode=coralogix/);
  });

  for (const [what, args, environment, message] of [
    [
      'a tag that is not there',
      ['--tag', 'old', 'demo'],
      { FAKE_NO_IMAGE: '1' },
      /no image database-load-demo:old here/,
    ],
    ['a docker without BuildKit', ['demo'], { FAKE_NO_BUILDX: '1' }, /has no BuildKit/],
    ['an image that cannot be saved', ['demo'], { FAKE_FULL_DISK: '1' }, /docker cannot save the image/],
  ] as const) {
    it(`sends nothing and says so for ${what}`, async () => {
      const { code, stderr, calls } = await deploy([...args], environment);
      assert.notEqual(code, 0);
      assert.match(stderr, message);
      assert.doesNotMatch(calls, /images import|apply -f|helm (upgrade|install)/);
    });
  }

  it('ends a dry run with 0, every time', async () => {
    const runs = Array.from({ length: 20 }, () => deploy(['--dry-run', 'demo'], SECRETS));
    assert.deepEqual(new Set((await Promise.all(runs)).map(({ code }) => code)), new Set([0]));
  });

  it('puts an address of IPv6 into brackets', async () => {
    const { stdout } = await deploy(['--dry-run', 'demo'], { FAKE_ADDRESS: 'fd00::1' });
    assert.match(stdout, /curl http:\/\/\[fd00::1\]:30015\/inventory/);
  });

  it('touches nothing in a dry run', async () => {
    const { code, stdout, calls } = await deploy(['--dry-run', 'demo'], SECRETS);
    assert.equal(code, 0);
    assert.doesNotMatch(calls, /^(docker|helm)|k3s/m);
    assert.match(stdout, /\+ helm upgrade --install demo .*values-nodeports\.yaml/);
    for (const secret of [SECRETS.CHAOS_TOKEN, SECRETS.CORALOGIX_PRIVATE_KEY])
      assert.ok(!stdout.includes(secret));
  });

  for (const [args, environment, message] of [
    [[], {}, /HOST is missing/],
    [['one', 'two'], {}, /two hosts/],
    [['--relase', 'x', 'demo'], {}, /unknown option --relase/],
    [['demo', '--release'], {}, /--release needs a value/],
    [['-n', 'Demo', 'demo'], {}, /no name for Kubernetes/],
    [['-f', '/no/such/file', 'demo'], {}, /cannot read the values file/],
    [['demo'], { FAKE_NO_K3S: '1' }, /there is no k3s on demo/],
    [['demo'], { FAKE_HELM: 'v3.16.4' }, /this helm is too old/],
    [['demo'], { CORALOGIX_PRIVATE_KEY: 'k' }, /CORALOGIX_DOMAIN is not/],
    [['demo'], { CHAOS_TOKEN: 'short' }, /CHAOS_TOKEN is too short/],
  ] as const) {
    it(`says what is wrong: ${message.source}`, async () => {
      const { code, stderr, calls } = await deploy([...args], environment);
      assert.notEqual(code, 0);
      assert.match(stderr, message);
      assert.doesNotMatch(calls, /helm (upgrade|install)|docker build /);
    });
  }

  it('prints the commands that the README has', async () => {
    const { stdout } = await deploy(['--dry-run', 'localhost']);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const commands = (text: string) =>
      [...text.matchAll(/^ *(curl .*(?:3001[056]).*)$/gm)].map(([, command]) => command);
    const here = commands(readme);
    const said = commands(stdout.replaceAll('demo.example.org', 'localhost'));
    assert.ok(said.length >= 8);
    assert.deepEqual(
      said.filter((command) => !here.includes(command)),
      [],
    );
  });
});
