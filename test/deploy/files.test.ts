import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { parseEnv, VARIABLES } from '../../src/env.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { exposition } from '../../src/metrics/exposition.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { start } from '../http/support.js';
import { strangeKeys } from './kubernetes-keys.js';

const read = (...path: string[]) => readFileSync(join('deploy', ...path), 'utf8');
const seconds = (ms: number) => ms / 1000;

/** What a file says of settings must be settings, and values that are taken. */
function expectSettings(env: Readonly<Record<string, string>>) {
  for (const name of Object.keys(env)) expect(VARIABLES, name).toContain(name);
  // What is left to whoever deploys it.
  const given = Object.entries(env).map(([name, value]) => {
    const own = value.replaceAll(/\$\{[^}]*\}/g, '');
    return own === '' ? undefined : [name, own];
  });
  const jwks = {
    HEIMDALL_JWKS_URL: 'https://login.example.com/keys',
    HEIMDALL_JWT_ISSUER: 'https://login.example.com/',
  };
  return parseEnv({ ...jwks, ...Object.fromEntries(given.filter((one) => one !== undefined)) });
}

describe('deploy/Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const saying = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it('copies what is there, and what the context lets through', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(ignored).toContain('*');
    for (const copied of saying('COPY').filter((line) => !line.startsWith('--from'))) {
      for (const path of copied.split(' ').slice(0, -1)) {
        expect(existsSync(path), path).toBe(true);
        expect(ignored).toContain(`!${path}`);
      }
    }
    for (const path of saying('COPY').filter((line) => line.startsWith('--from'))) {
      const made = ['/app/node_modules', '/app/dist'];
      for (const from of path.split(' ').slice(1, -1)) {
        const isMade = made.includes(from) || existsSync(from.replace('/app/', ''));
        expect(isMade, from).toBe(true);
      }
    }
  });

  it('is of a pinned Node 24, not of root, and starts the gateway itself', () => {
    for (const from of saying('FROM')) expect(from).toMatch(/^node:24-[\w-]+( AS \w+)?$/);
    expect(saying('USER')).toEqual(['node']);
    expect(lines.indexOf('USER node')).toBeLessThan(
      lines.findIndex((one) => one.startsWith('CMD')),
    );
    expect(JSON.parse(saying('CMD')[0] ?? '')).toEqual([
      'node',
      '--enable-source-maps',
      'dist/main.js',
    ]);
    expect(read('Dockerfile')).not.toMatch(/\bADD\b|:latest|sudo|apt-get|curl/);
    const env = Object.fromEntries(
      (saying('ENV')[0] ?? '').split(' ').map((one) => one.split('=') as [string, string]),
    );
    expect(expectSettings(env)).toMatchObject({ mode: 'production', host: '0.0.0.0' });
  });
});

describe('deploy/compose.yaml', () => {
  const { services } = parseYaml(read('compose.yaml'), { merge: true });

  it('has two gateways with settings that are taken, and a proxy that knows them', () => {
    const proxy = read('nginx.conf');
    for (const name of ['gateway-a', 'gateway-b', 'migrate']) {
      const { environment, stop_grace_period: grace, read_only, cap_drop } = services[name];
      const { limits, metrics, sharing } = expectSettings(environment);
      expect(Number.parseInt(grace, 10)).toBeGreaterThan(seconds(limits.drainMs + limits.stopMs));
      expect([read_only, cap_drop]).toEqual([true, ['ALL']]);
      expect(metrics?.port).toBe(9464);
      expect(sharing.rateStore).toBe('redis');
      expect(limits.trustedProxies).toBe(1);
      if (name !== 'migrate') expect(proxy).toContain(`server ${name}:4000 max_fails=0;`);
    }
    expect(proxy).toContain('$proxy_add_x_forwarded_for');
    const kept = Number(/keepalive_timeout (\d+)s/.exec(proxy)?.[1]);
    expect(kept).toBeLessThan(seconds(DEFAULT_LIMITS.keepAliveMs));
    const waits = Number(/proxy_read_timeout (\d+)s/.exec(proxy)?.[1]);
    expect(waits).toBeGreaterThan(seconds(DEFAULT_LIMITS.operationMs));
    expect(services.migrate.command).toEqual(['node', 'dist/command/heimdall.js', 'migrate']);
  });

  it('pins its images, and opens the proxy alone', () => {
    for (const [name, { image, ports }] of Object.entries<{ image: string; ports?: string[] }>(
      services,
    )) {
      if (image !== 'heimdall') expect(image).toMatch(/^[\w/-]+:\d[\w.-]*$/);
      expect(ports !== undefined, name).toBe(name === 'proxy');
    }
  });
});

describe('deploy/nginx.conf', () => {
  it('is understood by nginx', (context) => {
    if (spawnSync('nginx', ['-v']).status !== 0) {
      process.stderr.write('deploy/nginx.conf is NOT TESTED by nginx, which is not here\n');
      return context.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'heimdall-nginx-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    // The gateways have names where they are deployed, and not here.
    const text = read('nginx.conf').replaceAll(/server gateway-[ab]:/g, 'server 127.0.0.1:');
    writeFileSync(join(folder, 'nginx.conf'), `pid ${folder}/nginx.pid;\n${text}`);
    const checked = ['-t', '-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
    const { status, stderr } = spawnSync('nginx', checked, { encoding: 'utf8' });
    expect(stderr).not.toContain('[emerg]');
    expect(status).toBe(0);
  });
});

describe('deploy/kubernetes', () => {
  const folder = join('deploy', 'kubernetes');
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a manifest.
  const manifests: any[] = readdirSync(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS();
    }),
  );
  const only = (kind: string) => manifests.find((one) => one.kind === kind);
  const pod = () => only('Deployment').spec.template.spec;
  const labels = () => only('Deployment').spec.template.metadata.labels;

  it('says of each thing what it is and how it is called', () => {
    for (const { apiVersion, kind, metadata } of manifests) {
      expect([apiVersion, kind, metadata.name].every((one) => typeof one === 'string')).toBe(true);
    }
  });

  it('says nothing that Kubernetes would not know', () => {
    expect(manifests.flatMap(strangeKeys)).toEqual([]);
    const { containers, ...others } = pod();
    const misspelt = { ...others, container: containers, restartPolicies: 'Never' };
    const spec = { template: { spec: misspelt } };
    expect(strangeKeys({ apiVersion: 'batch/v1', kind: 'Job', spec })).toEqual([
      'batch/v1 Job.spec.template.spec.container',
      'batch/v1 Job.spec.template.spec.restartPolicies',
    ]);
  });

  it('has settings that are taken, and time to stop', () => {
    const { limits, metrics, mode } = expectSettings(only('ConfigMap').data);
    expect(mode).toBe('production');
    const grace = pod().terminationGracePeriodSeconds;
    expect(grace).toBeGreaterThan(seconds(limits.drainMs + limits.stopMs));
    const [{ ports }] = pod().containers;
    expect(ports).toContainEqual({ name: 'http', containerPort: 4000 });
    expect(ports).toContainEqual({ name: 'metrics', containerPort: metrics?.port });
  });

  it('probes what is answered', async () => {
    const { get } = await start();
    const [{ startupProbe, livenessProbe, readinessProbe }] = pod().containers;
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
      expect((await get(httpGet.path)).status).toBe(200);
      expect(httpGet.port).toBe('http');
    }
    expect(livenessProbe.httpGet.path).toBe('/livez');
    expect(readinessProbe.httpGet.path).toBe('/readyz');
  });

  it('leads to its pods, keeps one of them, and lets nobody scrape through the front', () => {
    for (const { spec, metadata } of manifests.filter(({ kind }) => kind === 'Service')) {
      expect(labels()).toMatchObject(spec.selector);
      const names = spec.ports.map(({ targetPort }: { targetPort: string }) => targetPort);
      expect(names).toEqual([metadata.name === 'heimdall' ? 'http' : 'metrics']);
    }
    const { minAvailable, selector } = only('PodDisruptionBudget').spec;
    expect(labels()).toMatchObject(selector.matchLabels);
    expect(minAvailable).toBeLessThan(only('Deployment').spec.replicas);
    expect(labels()).not.toEqual(only('Job').spec.template.metadata.labels);
  });

  it('gives its processes nothing that they do not need', () => {
    for (const { spec } of [only('Deployment').spec.template, only('Job').spec.template]) {
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true });
      for (const { securityContext } of spec.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    for (const { env = [] } of only('Job').spec.template.spec.containers) {
      for (const { name } of env) expect(VARIABLES).toContain(name);
    }
  });
});

describe('deploy/heimdall.service', () => {
  const unit = read('heimdall.service');

  it('is understood by systemd', (context) => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) return context.skip();
    const { stderr } = spawnSync('systemd-analyze', ['verify', 'deploy/heimdall.service'], {
      encoding: 'utf8',
    });
    // That neither its user nor its folder is here is another matter.
    const complaints = stderr.split('\n').filter((line) => /heimdall\.service:\d+/.test(line));
    expect(complaints).toEqual([]);
  });

  it('starts what the build makes, gives it time, and does not start mistakes again', () => {
    expect(unit).toContain('ExecStart=/usr/bin/node --enable-source-maps dist/main.js');
    expect(unit).toContain('RestartPreventExitStatus=78');
    const { stopMs, drainMs } = DEFAULT_LIMITS;
    const given = Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1]);
    expect(given).toBeGreaterThan(seconds(stopMs + drainMs));
    const env = Object.fromEntries(
      [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    expectSettings(env);
  });
});

describe('deploy/grafana/heimdall.json', () => {
  it('shows metrics that there are', async () => {
    const registry = await exposition(new Metrics(DEFAULT_LIMITS));
    const names = (await registry.metrics()).matchAll(/^# TYPE (\w+) /gm);
    const known = new Set([...names].map(([, name]) => name));
    const { panels } = JSON.parse(read('grafana', 'heimdall.json'));
    for (const { targets } of panels) {
      for (const { expr } of targets) {
        const used = expr.match(/\b(?:heimdall|nodejs|process)_\w+/g) ?? [];
        expect(used.length, expr).toBeGreaterThan(0);
        for (const name of used) {
          expect([...known], name).toContain(name.replace(/_(?:bucket|count|sum)$/, ''));
        }
      }
    }
  });
});
