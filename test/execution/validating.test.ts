import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/commands/run.js';
import type { Session } from '../../src/commands/session.js';
import type { Database } from '../../src/data/clients.js';
import { lockAuthority } from '../../src/data/write/authority.js';
import { isDomainError } from '../../src/errors.js';
import { runWorkflow } from '../../src/execution/run-workflow.js';
import { submitForm } from '../../src/execution/submit-form.js';
import { writableOf } from '../../src/graphql/writable-of.js';
import { loadPrincipal, loadPrincipalAnew } from '../../src/identity/load-principal.js';
import { execution } from '../../src/resources/execution/execution.js';
import { createGateway } from '../../src/schema.js';
import { freshDatabase } from '../support/database.js';
import { type Identified, type Person, type Spot, World } from '../support/world.js';

let db: Database;
let a: Spot;
let member: Person;
let workflow: Identified;
let form: Identified;
beforeAll(async () => {
  db = await freshDatabase();
  const world = new World(db.client, 'nobody signs in');
  a = await world.organization('A');
  member = await world.user(a, 'member');
  const parameters = { properties: { name: { type: 'string', pattern: '^A' } } };
  workflow = await world.row('workflow', a, 'workflow', { more: { parameters } });
  const fields = [{ name: 'name', type: 'text', required: true }];
  form = await world.row('form', a, 'form', { more: { fields, workflowId: workflow.id } });
});
afterAll(() => db.close());

interface Came {
  /** How it ended: the status of what was launched, or why nothing was. */
  readonly to: string;
  /** How often something was found out meanwhile. */
  readonly times: number;
}

/** Launches, and does something whenever what is submitted is about to be compared with a schema. */
async function launched(
  run: (session: Session) => Promise<{ readonly id: string }>,
  meanwhile: () => Promise<unknown>,
): Promise<Came> {
  const principal = await loadPrincipal(db.client, { userId: member.id });
  if (principal === null) throw new Error('the member is there');
  const gateway = createGateway(db.client, { principalAnew: loadPrincipalAnew });
  const context = await gateway.contextFor(principal, { scopeHeader: null });
  let times = 0;
  const watched = {
    ...context,
    away: async <T>(work: () => Promise<T>): Promise<T> => {
      times += 1;
      await meanwhile();
      return work();
    },
  };
  try {
    const [id] = await runCommand(watched, {
      ...{ mutation: 'launch', responseKey: 'launch', action: 'launch', id: null },
      writable: writableOf(execution),
      changesAuthority: false,
      run: async (session) => [await run(session)],
    });
    const { status } = await db.client.execution.findUniqueOrThrow({ where: { id: String(id) } });
    return { to: status, times };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { to: error.code, times };
  }
}

const running = (name: unknown) => (session: Session) =>
  runWorkflow(session, { workflow: workflow.id, input: { name } });
const submitting = (values: object) => (session: Session) =>
  submitForm(session, { form: form.id, values });

/** Takes the lock that whoever takes a right away in the organization takes (D18): it waits for all who rely on it there. */
const revoked = () =>
  db.client.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('lock_timeout', '500ms', true)`;
    await lockAuthority(tx, { shared: [], exclusive: [a.id] });
  });

describe('D33: what is submitted is compared with schemas while no lock is held', () => {
  it.each([
    ['an input', running('Ada'), 'QUEUED'],
    ['an input that is refused', running('Bob'), 'BAD_USER_INPUT'],
    ['the values of a form', submitting({ name: 'Ada' }), 'QUEUED'],
    ['values that the form refuses', submitting({}), 'BAD_USER_INPUT'],
    ['values that the workflow refuses', submitting({ name: 'Bob' }), 'BAD_USER_INPUT'],
  ])('%s', async (_what, run, to) => {
    const before = await db.client.execution.count();
    expect(await launched(run, revoked)).toEqual({ to, times: 1 });
    // What was begun before it was known has left nothing.
    expect(await db.client.execution.count()).toBe(before + (to === 'QUEUED' ? 1 : 0));
  });

  it('and again where the schema is another one meanwhile', async () => {
    const strict = { properties: { name: { enum: ['Ada'] } } };
    const parameters = { properties: { name: { type: 'string' } } };
    const change = async (to: object) => {
      await db.client.workflow.update({ where: { id: workflow.id }, data: { parameters: to } });
    };
    await change(parameters);
    expect(await launched(running('Bob'), () => change(strict))).toEqual({
      to: 'BAD_USER_INPUT',
      times: 2,
    });
  });
});
