import { document, HeimdallClient } from '@heimdall/client';
import { describe, expect, it } from 'vitest';
import { ALICE, endpoint, FIONA, MIA, ODIN, tokenOf } from '../../../interop/support/gateway.js';
import { call, connect, TRANSPORTS, toolNameOf, toolsOf } from './connecting.js';

const PIA = 'pia@playground.example';
const EMIL = 'emil@playground.example';

const ALL = document<{ workflows: { edges: { node: { id: string; name: string } }[] } }, object>(
  '{ workflows(acrossOrganizations: true, includeShadowed: true, first: 200) { edges { node { id name } } } }',
);
const CREATE = document<{ createWorkflow: { workflow: { id: string } } }, { input: object }>(
  'mutation Create($input: CreateWorkflowInput!) { createWorkflow(input: $input) { workflow { id } } }',
);
const UPDATE = document<object, { input: object }>(
  'mutation Update($input: UpdateWorkflowInput!) { updateWorkflow(input: $input) { workflow { id } } }',
);

async function gatewayAs(email: string): Promise<HeimdallClient> {
  return new HeimdallClient({ url: endpoint, token: await tokenOf(email) });
}

const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => (error as Error).message,
  );

describe.each(TRANSPORTS)('over %s', (over) => {
  it('a tool is listed if and only if it can be called, for each of three principals', async () => {
    const { workflows } = await (await gatewayAs(ODIN)).request(ALL, {});
    const all = workflows.edges.map(({ node }) => node.id);
    expect(all.length).toBeGreaterThan(20);
    const listed: Record<string, number> = {};
    for (const email of [MIA, FIONA, ODIN]) {
      const client = await connect(over, await tokenOf(email));
      const names = (await toolsOf(client)).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      const fixed = names.filter((name) => !name.startsWith('workflow_'));
      expect(fixed).toEqual(['list_resources', 'read_resource', 'check', 'explain']);
      const words = new Set<string>();
      for (const id of all) {
        const refusal = await refusalOf(call(client, toolNameOf(id)));
        expect([id, refusal === 'done']).toEqual([id, names.includes(toolNameOf(id))]);
        if (refusal !== 'done') words.add(refusal);
      }
      // What there is and may not be run is what there is not.
      words.add(await refusalOf(call(client, toolNameOf('01a20000-0000-7000-8000-00000000ffff'))));
      expect(words.size).toBe(1);
      listed[email] = names.length - fixed.length;
      expect(listed[email]).toBeGreaterThan(0);
      expect(listed[email]).toBeLessThan(all.length);
    }
    // Two members of Acme are told apart: Fiona may pay invoices.
    expect(listed[MIA]).not.toBe(listed[FIONA]);
  });

  it('takes the parameters of a workflow, and decides again when it is called', async () => {
    const pia = await gatewayAs(PIA);
    const parameters = {
      properties: { to: { type: 'string' }, anything: true, nothing: false },
      required: ['to'],
    };
    const input = {
      endpoint: 'thank',
      name: `Thank over ${over}`,
      description: 'Says thanks.',
      parameters,
    };
    const { createWorkflow } = await pia.request(CREATE, { input });
    const { id } = createWorkflow.workflow;
    const emil = await connect(over, await tokenOf(EMIL));
    const tool = (await toolsOf(emil)).find(({ name }) => name === toolNameOf(id));
    expect(tool).toMatchObject({
      title: `Thank over ${over}`,
      description: `Runs the workflow “Thank over ${over}”: Says thanks.`,
      inputSchema: {
        type: 'object',
        properties: { to: { type: 'string' }, anything: {}, nothing: { not: {} } },
        required: ['to'],
      },
    });
    const { execution } = await call(emil, toolNameOf(id), { to: 'Max' });
    expect(execution).toMatchObject({ status: 'QUEUED', targetName: `Thank over ${over}` });
    const read = await call(emil, 'read_resource', { id: execution.id });
    expect(read.resource).toMatchObject({
      __typename: 'Execution',
      id: execution.id,
      status: 'QUEUED',
    });
    expect(await refusalOf(call(emil, toolNameOf(id), {}))).toMatch(/^BAD_USER_INPUT: .*/s);

    // Renamed, it is the same tool; inactive, it is none.
    await pia.request(UPDATE, { input: { id, name: `Praise over ${over}` } });
    const renamed = (await toolsOf(emil)).find(({ name }) => name === toolNameOf(id));
    expect(renamed?.title).toBe(`Praise over ${over}`);
    await pia.request(UPDATE, { input: { id, isActive: false } });
    expect(await refusalOf(call(emil, toolNameOf(id), { to: 'Max' }))).toContain('no such tool');
    expect((await toolsOf(emil)).map(({ name }) => name)).not.toContain(toolNameOf(id));
  });

  it('lists, reads, checks and explains as its caller alone', async () => {
    const mia = await connect(over, await tokenOf(MIA));
    const alice = await connect(over, await tokenOf(ALICE));
    const first = await call(mia, 'list_resources', { type: 'form', first: 2 });
    expect(first.resources).toHaveLength(2);
    const { endCursor: after } = first;
    const second = await call(mia, 'list_resources', { type: 'form', first: 2, after });
    expect(second.resources[0].id).not.toBe(first.resources[0].id);
    for (const type of ['workflow', 'agent', 'app', 'config', 'execution', 'scope', 'role']) {
      expect((await call(alice, 'list_resources', { type })).resources).toBeInstanceOf(Array);
    }
    for (const type of ['organization', 'user', 'team']) {
      expect((await call(alice, 'list_resources', { type })).resources.length).toBeGreaterThan(0);
    }
    const [{ id: hidden }] = (await call(alice, 'list_resources', { type: 'config' })).resources;
    expect((await call(alice, 'read_resource', { id: hidden })).resource.__typename).toBe('Config');
    expect(await call(mia, 'read_resource', { id: hidden })).toEqual({ resource: null });

    const form = first.resources[0].id;
    const asked = { action: 'update', resourceType: 'form', resourceId: form };
    expect((await call(mia, 'check', asked)).decision).toMatchObject({ allowed: false });
    expect(
      (await call(alice, 'check', { action: 'create', resourceType: 'form' })).decision,
    ).toMatchObject({ allowed: true });
    const { explanation } = await call(mia, 'explain', asked);
    expect(explanation.decision.allowed).toBe(false);
    expect(explanation.rules.length).toBeGreaterThan(0);
  });

  it('refuses what is not what it takes', async () => {
    const mia = await connect(over, await tokenOf(MIA));
    const bad: [string, object][] = [
      ['list_resources', {}],
      ['list_resources', { type: 'secret' }],
      ['list_resources', { type: 'form', first: 51 }],
      ['list_resources', { type: 'form', where: {} }],
      ['read_resource', { id: 7 }],
      ['check', { action: 'fly', resourceType: 'form' }],
    ];
    for (const [name, given] of bad) {
      expect(await refusalOf(call(mia, name, given))).toMatch(/^BAD_USER_INPUT: /);
    }
    expect(await refusalOf(call(mia, 'nosuch'))).toContain('no such tool');
    expect(await refusalOf(call(mia, 'workflow_../'))).toContain('no such tool');
  });

  it('lists nothing to whom the gateway does not know', async () => {
    const nobody = await connect(over, 'no.such.token');
    expect(await refusalOf(toolsOf(nobody))).toContain('UNAUTHENTICATED');
    expect(await refusalOf(call(nobody, 'list_resources', { type: 'form' }))).toMatch(
      /^UNAUTHENTICATED/,
    );
  });
});
