/** What a value may hold: anything; objects of these keys; or a list of such. */
type Keys = 'anything' | readonly [Keys] | { readonly [key: string]: Keys };

const ANY = 'anything';
const META = { name: ANY, labels: ANY, annotations: ANY } as const;
const SELECTOR = { matchLabels: ANY } as const;
const PROBE = {
  httpGet: { path: ANY, port: ANY },
  periodSeconds: ANY,
  timeoutSeconds: ANY,
  failureThreshold: ANY,
} as const;
const ENV = {
  name: ANY,
  value: ANY,
  valueFrom: { secretKeyRef: { name: ANY, key: ANY } },
} as const;

const POD: Keys = {
  automountServiceAccountToken: ANY,
  terminationGracePeriodSeconds: ANY,
  restartPolicy: ANY,
  securityContext: {
    runAsNonRoot: ANY,
    runAsUser: ANY,
    runAsGroup: ANY,
    seccompProfile: { type: ANY },
  },
  topologySpreadConstraints: [
    { maxSkew: ANY, topologyKey: ANY, whenUnsatisfiable: ANY, labelSelector: SELECTOR },
  ],
  containers: [
    {
      name: ANY,
      image: ANY,
      command: [ANY],
      env: [ENV],
      envFrom: [{ configMapRef: { name: ANY }, secretRef: { name: ANY } }],
      ports: [{ name: ANY, containerPort: ANY }],
      startupProbe: PROBE,
      livenessProbe: PROBE,
      readinessProbe: PROBE,
      resources: { requests: { cpu: ANY, memory: ANY }, limits: { cpu: ANY, memory: ANY } },
      securityContext: {
        allowPrivilegeEscalation: ANY,
        readOnlyRootFilesystem: ANY,
        capabilities: { drop: [ANY] },
      },
      volumeMounts: [{ name: ANY, mountPath: ANY }],
    },
  ],
  volumes: [{ name: ANY, emptyDir: {} }],
};
const TEMPLATE: Keys = { metadata: META, spec: POD };

/** By apiVersion and kind; what else Kubernetes knows is added when it is used, so that what is misspelt is none of it. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Keys>>>> = {
  'v1 ConfigMap': { data: ANY },
  'v1 Service': {
    spec: { selector: ANY, clusterIP: ANY, ports: [{ name: ANY, port: ANY, targetPort: ANY }] },
  },
  'apps/v1 Deployment': {
    spec: {
      replicas: ANY,
      selector: SELECTOR,
      strategy: { rollingUpdate: { maxUnavailable: ANY, maxSurge: ANY } },
      template: TEMPLATE,
    },
  },
  'batch/v1 Job': { spec: { backoffLimit: ANY, template: TEMPLATE } },
  'policy/v1 PodDisruptionBudget': { spec: { minAvailable: ANY, selector: SELECTOR } },
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [more: string]: unknown;
}

/** The places of a manifest that are none of its kind's: misspelt, or indented wrongly. */
export function strangeKeys(manifest: Manifest): string[] {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  const known = KINDS[kind];
  if (known === undefined) return [kind];
  return strangeIn(manifest, { apiVersion: ANY, kind: ANY, metadata: META, ...known }, kind);
}

function strangeIn(value: unknown, keys: Keys, at: string): string[] {
  if (keys === ANY) return [];
  if (isList(keys)) {
    return Array.isArray(value) ? value.flatMap((one) => strangeIn(one, keys[0], at)) : [at];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [at];
  return Object.entries(value).flatMap(([key, one]) => {
    const inner = Object.hasOwn(keys, key) ? keys[key] : undefined;
    return inner === undefined ? [`${at}.${key}`] : strangeIn(one, inner, `${at}.${key}`);
  });
}

const isList = (keys: Keys): keys is readonly [Keys] => Array.isArray(keys);
