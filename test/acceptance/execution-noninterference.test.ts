import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { asking, type Handed, launched, workerKey, workerOf } from '../support/working.js';
import { type RowKind, type Spot, SYSTEM } from '../support/world.js';

const NAMES = ['shared', 'own', 'other'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const [ofA, ofB] = [await world.scope(a, 'project'), await world.scope(b, 'project')];
  const ada = await world.user(a, 'ada');
  const bob = await world.user(b, 'bob');
  await world.hold(ada, SYSTEM.Admin, a);
  await world.hold(bob, SYSTEM.Admin, b);
  for (const at of [a, ofA]) await world.row('config', at, 'shared');
  const work = await world.row('workflow', ofA, 'shared');
  const workOfB = await world.row('workflow', b, 'work');
  const form = await world.row('form', a, 'shared', { more: { workflowId: work.id } });
  const key = await workerKey(world, a);
  const worker = workerOf(shared, key);
  await launched(world, { by: ada, workflow: work, at: ofA });
  const [run] = await worker.claim({ leaseSeconds: 300 });
  return { a, b, ofA, ofB, ada, bob, work, workOfB, form, worker, run: run as Handed };
});

/** What B does: makes, changes and deletes rows of its own, and launches. */
interface Act {
  readonly kind: RowKind | 'execution';
  readonly name: string;
  readonly below: boolean;
  readonly access: string;
  readonly ends: boolean;
}
const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('config', 'form', 'workflow', 'agent', 'app', 'execution'),
  name: fc.constantFrom(...NAMES),
  below: fc.boolean(),
  access: fc.constantFrom('AUTHENTICATED', 'ROLE_BASED'),
  ends: fc.boolean(),
});

let counter = 0;

async function inB(acts: readonly Act[]): Promise<string[]> {
  const { b, ofB, bob, workOfB } = shared.w;
  const { world } = shared;
  const made: string[] = [];
  for (const one of acts) {
    const at: Spot = one.below ? ofB : b;
    if (one.kind === 'execution') {
      const { id } = await launched(world, { by: bob, workflow: workOfB, at });
      made.push(id);
      continue;
    }
    const name = `${one.name}-${++counter}`;
    const access = one.kind === 'config' ? {} : { access: one.access };
    const { id } = await world.row(one.kind, at, name, { ...access, by: bob, owner: bob });
    made.push(id);
    if (one.kind === 'config' && one.ends) await world.client.config.delete({ where: { id } });
  }
  return made;
}

const ALL = `edges { node { id } }`;

/** All that an execution of A can be told, also of rows by their ids. */
async function toldA(ids: readonly string[]): Promise<string> {
  const { run, form, work } = shared.w;
  const ask = asking(shared, run.token);
  const { data, errors } = await ask(`{
    viewer { isPlatformAdmin execution { id organizationId scopeId isPrivileged bypass } }
    configByKey(key: "shared") { id key value } formByName(name: "shared") { id } workflowByName(name: "shared") { id }
    configs(first: 50) { totalCount ${ALL} } forms(first: 50) { totalCount ${ALL} } workflows(first: 50) { totalCount ${ALL} }
    agents(first: 50) { ${ALL} } apps(first: 50) { ${ALL} } executions(first: 50) { totalCount ${ALL} }
    form(id: "${form.id}") { name workflow { name } } workflow(id: "${work.id}") { executions { ${ALL} } }
    nodes: users(first: 50) { ${ALL} } organizations(first: 50) { ${ALL} } scopes(first: 50) { ${ALL} }
  }`);
  const hidden = await Promise.all(
    ids.map((id) =>
      ask(
        `{ config(id: "${id}") { id } form(id: "${id}") { id } workflow(id: "${id}") { id } execution(id: "${id}") { id } }`,
      ),
    ),
  );
  for (const one of hidden) {
    expect(one.data).toEqual({ config: null, form: null, workflow: null, execution: null });
  }
  return JSON.stringify({ data, errors });
}

it('D14, D30: nothing of another tenant changes what an execution is told', async () => {
  const before = await toldA([]);
  expect(before).toContain('"key":"shared"');
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      const made = await inB(acts);
      expect(await toldA(made)).toBe(before);
    }),
    { numRuns: 12 },
  );
  // What A is told is not the same whatever happens: a row of its own is there.
  await shared.world.row('config', shared.w.ofA, 'of its own');
  expect(await toldA([])).not.toBe(before);
});

it('D34: nor what a worker of A is handed, and in which order', async () => {
  const { ada, work, ofA, worker, b, bob, workOfB } = shared.w;
  const early = { createdAt: new Date(Date.now() - 60_000) };
  const own: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    await launched(shared.world, { by: bob, workflow: workOfB, at: b, more: early });
    own.push((await launched(shared.world, { by: ada, workflow: work, at: ofA })).id);
  }
  expect((await worker.claim({ max: 3 })).map(({ id }) => id)).toEqual(own.slice(0, 3));
  expect((await worker.claim()).map(({ id }) => id)).toEqual(own.slice(3));
});
