import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'decisions.md'), 'utf8');

/** A query of the page, and what it says is answered. */
const examples = [...page.matchAll(/```graphql\n(.*?)```\n\n```json\n(.*?)```/gs)].map(
  ([, source = '', answer = '']) => ({
    name: /query (\w+)/.exec(source)?.[1],
    source,
    answer: JSON.parse(answer) as object,
  }),
);

/** What each example takes: one reads who asks, and two more read whom it is about, if that is somebody else. */
const STATEMENTS: Readonly<Record<string, number>> = {
  MayI: 2,
  MayIMake: 2,
  Document: 4,
  Many: 4,
  Crew: 4,
  Theirs: 7,
  Who: 5,
  Held: 9,
  Why: 14,
};

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project', await world.scopeType(a, 'MERGE'));
  const owner = await world.user(a, 'Olga');
  await world.hold(owner, SYSTEM.Owner, a);
  const joe = await world.user(a, 'Joe');
  const editors = ['form:read', 'form:update', 'document:write:plans/*'];
  await world.hold(joe, await world.role(project, editors, { name: 'editors' }), project);
  await world.role(project, ['form:read', 'form:delete'], { name: 'cleaners' });
  const closed = { access: 'ROLE_BASED' };
  const form = await world.row('form', project, 'Order paint', closed);
  await world.row('form', a, 'Order food', closed);
  const crew = await world.team(a, owner, [joe]);
  return { owner, variables: { form: form.id, project: project.id, joe: joe.id, crew: crew.id } };
});

describe('docs/decisions.md', () => {
  it('has an example of each question', () => {
    const fields = [
      'check',
      'can',
      'checkMany',
      'accessibleResources',
      'subjectsWithAccess',
      'effectivePermissions',
      'explainAccess',
    ];
    const asked = (field: string) => examples.some(({ source }) => source.includes(`${field}(`));
    expect(fields.filter((field) => !asked(field))).toEqual([]);
    expect(page.match(/```graphql/g)).toHaveLength(examples.length);
  });

  it.each(examples)('is so: $name', async ({ name, source, answer }) => {
    const { owner, variables } = shared.w;
    const used = Object.entries(variables).filter(([name]) => source.includes(`$${name}:`));
    const sent = await shared.statements(async () => {
      const { data, errors } = await shared.ask(owner.email, source, Object.fromEntries(used));
      expect(errors).toEqual([]);
      expect(data).toMatchObject(answer);
    });
    expect([name, sent.length]).toEqual([name, STATEMENTS[String(name)]]);
  });
});
