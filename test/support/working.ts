import { uuid7 } from '../../src/commands/uuid7.js';
import type { Answer, RunningGateway } from './gateway.js';
import type { Identified, Spot, World } from './world.js';

type Asking = Pick<RunningGateway, 'ask'>;

/** An execution as its worker was handed it. */
export interface Handed {
  readonly id: string;
  readonly attempt: number;
  readonly leaseToken: string;
  readonly token: string;
  readonly input: unknown;
  readonly endpoint: string | null;
  readonly organizationId: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  readonly agent: any;
}

/** What an execution is planted with; the rest is as a launch by its API makes it. */
export interface Launch {
  readonly by: Identified;
  readonly workflow?: Identified;
  readonly agent?: Identified;
  readonly at: Spot;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An execution in the queue, without the API. */
export async function launched(
  { client }: World,
  { by, workflow, agent, at, more = {} }: Launch,
): Promise<Identified> {
  const id = uuid7();
  await client.execution.create({
    data: {
      ...{ id, rootId: id, scopeId: at.scopeId, organizationId: String(at.organizationId) },
      ...{ trigger: 'API', targetName: 'planted', targetVersion: 1, launcherKind: 'USER' },
      ...{ kind: agent === undefined ? 'WORKFLOW' : 'AGENT_RUN' },
      ...{ workflowId: workflow?.id ?? null, agentId: agent?.id ?? null },
      ...{ createdById: by.id, ownerId: by.id },
      ...more,
    },
  });
  return { id };
}

/** A key that may work, at the root of an organization or a scope in it. */
export async function workerKey(
  world: World,
  at: Spot,
  operations: readonly string[] = ['execution:work'],
): Promise<Identified & { readonly value: string }> {
  const key = await world.key(at, 'API_KEY', { operations });
  const role = await world.role(at, ['execution:work'], { name: `workers ${key.id}` });
  await world.hold({ apiKey: key }, role, at);
  return key;
}

const CLAIMED =
  'id attempt leaseToken token input endpoint organizationId agent { instructions tools { name } delegates { name } }';

/** A worker, as its key's requests. */
export function workerOf({ ask }: Asking, key: { readonly value: string }) {
  const send = (source: string, input: object): Promise<Answer> =>
    ask(null, source, { input }, { authorization: `Bearer ${key.value}` });
  const mutation = (name: string, selection: string) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
    return async (input: object) => {
      const { data, errors } = await send(source, input);
      return { answer: data?.[name] ?? null, code: errors[0]?.extensions.code, errors };
    };
  };
  const claims = mutation('claimExecutions', `{ ${CLAIMED} }`);
  return {
    claims,
    /** What there is to be done, now. */
    async claim(input: object = {}): Promise<Handed[]> {
      const { answer, errors } = await claims({ max: 50, leaseSeconds: 60, wait: 0, ...input });
      if (answer === null) throw new Error(JSON.stringify(errors));
      return answer;
    },
    heartbeat: mutation(
      'heartbeatExecutions',
      '{ id isLost leaseExpiresAt cancelRequested token }',
    ),
    log: mutation('appendExecutionLogs', '{ id kept }'),
    complete: mutation('completeExecution', '{ id status }'),
    fail: mutation('failExecution', '{ id status }'),
    release: mutation('releaseExecution', '{ id status }'),
  };
}

/** A request with an execution's own token. */
export const asking =
  ({ ask }: Asking, token: string) =>
  (source: string, variables = {}, headers = {}): Promise<Answer> =>
    ask(null, source, variables, { authorization: `Bearer ${token}`, ...headers });
