import { describe, expect, it } from 'vitest';
import { ALICE, MIA } from '../../../interop/support/gateway.js';
import {
  BadUserInputError,
  ConflictError,
  document,
  ForbiddenError,
  HeimdallError,
  NetworkError,
  NotFoundError,
  TimeoutError,
  UnauthenticatedError,
} from '../src/index.js';
import { clientOf } from './support/people.js';
import { unreliable } from './support/unreliable.js';

const WORKFLOWS = document<
  { workflows: { edges: { node: { id: string; name: string } }[] } },
  { usable: boolean }
>(
  'query Workflows($usable: Boolean) { workflows(usable: $usable, first: 200) { edges { node { id name } } } }',
);
const COUNT = document<{ executions: { totalCount: number } }, { workflow: string }>(
  'query Count($workflow: ID!) { executions(where: { workflow: { is: { id: { eq: $workflow } } } }) { totalCount } }',
);
const CREATE = document<{ createForm: { form: { id: string } } }, { name: string }>(
  'mutation Create($name: String!) { createForm(input: { name: $name }) { form { id } } }',
);

async function workflowOf(email: string, name: string): Promise<string> {
  const { workflows } = await clientOf(email).request(WORKFLOWS, { usable: true });
  const found = workflows.edges.find(({ node }) => node.name === name);
  if (found === undefined) throw new Error(`${email} cannot use ${name}`);
  return found.node.id;
}

describe('what is launched', () => {
  it('is one execution, although its answer was lost twice', async () => {
    const workflow = await workflowOf(MIA, 'Reimburse');
    const before = (await clientOf(MIA).request(COUNT, { workflow })).executions.totalCount;
    const { url, came } = await unreliable('lose', 'lose');
    const run = await clientOf(MIA, { url }).runWorkflow(workflow);
    expect(run?.status).toBe('QUEUED');
    expect(came).toHaveLength(3);
    expect(new Set(came.map(({ key }) => key)).size).toBe(1);
    expect(new Set(came.map(({ body }) => body)).size).toBe(1);
    expect((await clientOf(MIA).request(COUNT, { workflow })).executions.totalCount).toBe(
      before + 1,
    );
    expect((await clientOf(MIA).execution(run?.id ?? ''))?.id).toBe(run?.id);
  });

  it('is sent again at the place of its call, wherever later calls act', async () => {
    const workflow = await workflowOf(MIA, 'Reimburse');
    const { url } = await unreliable('lose');
    const mia = clientOf(MIA, { url });
    const run = mia.runWorkflow(workflow);
    mia.setScope('global');
    expect((await run)?.targetName).toBe('Reimburse');
  });

  it('is one with a key of the caller, and another without', async () => {
    const workflow = await workflowOf(MIA, 'Reimburse');
    const mia = clientOf(MIA);
    const idempotencyKey = crypto.randomUUID();
    const first = await mia.runWorkflow(workflow, {}, { idempotencyKey });
    const again = await mia.runWorkflow(workflow, {}, { idempotencyKey });
    expect(again?.id).toBe(first?.id);
    expect((await mia.runWorkflow(workflow))?.id).not.toBe(first?.id);
    const other = mia.runWorkflow(workflow, { other: true }, { idempotencyKey });
    await expect(other).rejects.toBeInstanceOf(ConflictError);
  });

  it('is a form as well, whose mistakes are named', async () => {
    const alice = clientOf(ALICE);
    const { forms } = await alice.forms.list({ usable: true, first: 200 });
    const form = forms.find(({ workflow }) => workflow?.name === 'Reimburse');
    if (form === undefined) throw new Error('Alice submits no form for Reimburse');
    const error = await alice.submitForm(form.id, { nosuch: 1 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(BadUserInputError);
    expect(error.issues.map(({ path }: { path: string[] }) => path.join('.'))).toContain(
      'values.nosuch',
    );
    const { url, came } = await unreliable('lose');
    const values = Object.fromEntries(
      (form.fields as { name: string; type: string; required?: boolean }[])
        .filter(({ required }) => required)
        .map(({ name, type }) => [name, type === 'number' ? 1 : 'x']),
    );
    const run = await clientOf(ALICE, { url }).submitForm(form.id, values);
    expect(run?.targetName).toBe('Reimburse');
    expect(came).toHaveLength(2);
  });
});

describe('a mutation without a key', () => {
  it('is sent once, whatever becomes of its answer', async () => {
    const { url, came } = await unreliable('lose');
    const asked = clientOf('pia@playground.example', { url }).request(CREATE, { name: 'Once' });
    await expect(asked).rejects.toBeInstanceOf(NetworkError);
    expect(came).toHaveLength(1);
  });
});

describe('a query', () => {
  it('is asked again, and at most as often as was said', async () => {
    const good = await unreliable('lose');
    expect((await clientOf(MIA, { url: good.url }).viewer()).user?.email).toBe(MIA);
    const bad = await unreliable('lose', 'lose', 'lose', 'lose', 'lose');
    const asked = clientOf(MIA, { url: bad.url, attempts: 3 }).viewer();
    await expect(asked).rejects.toBeInstanceOf(NetworkError);
    expect(bad.came).toHaveLength(3);
  });

  it('ends at its deadline, and when it is aborted', async () => {
    const { url, held } = await unreliable('hold', 'hold');
    await expect(clientOf(MIA, { url }).viewer({ timeoutMs: 50 })).rejects.toBeInstanceOf(
      TimeoutError,
    );
    const abort = new AbortController();
    const asked = clientOf(MIA, { url }).viewer({ signal: abort.signal });
    await held;
    abort.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(clientOf(MIA, { url }).viewer({ signal: abort.signal })).rejects.toThrow('enough');
  });
});

describe('errors', () => {
  it('are classes by their codes', async () => {
    const hidden = '01a20000-0000-7000-8000-00000000ffff';
    const mia = clientOf(MIA);
    const failed = async (work: Promise<unknown>): Promise<HeimdallError> =>
      work.then(
        () => expect.unreachable(),
        (error) => error,
      );
    expect(await failed(mia.runWorkflow(hidden))).toBeInstanceOf(NotFoundError);
    expect(await failed(clientOf(MIA, { token: 'none' }).viewer())).toBeInstanceOf(
      UnauthenticatedError,
    );
    expect(await failed(mia.request(CREATE, { name: 'Mine' }))).toBeInstanceOf(ForbiddenError);
    const strange = await failed(mia.request(document<object, object>('{ nosuch }'), {}));
    expect(strange).toBeInstanceOf(HeimdallError);
    expect(strange.code).toBe('BAD_USER_INPUT');
  });
});
