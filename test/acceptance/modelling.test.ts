import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { developmentSubject } from '../../src/identity/development-token.js';
import { gatewayWith, ISSUER } from '../support/gateway.js';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'modelling.md'), 'utf8');

/** The statements of the page, each with the answer that stands below it. */
const STEPS = [...PAGE.matchAll(/```graphql\n# (.*?)\n(.*?)```\n\n```json\n(.*?)```/gs)].map(
  ([, who = '', source = '', answer = '']) => ({ who, source, answer: JSON.parse(answer) }),
);

const shared = gatewayWith(async (world) => {
  const home = await world.organization('Home');
  const admin = await world.user(home, 'admin', { isPlatformAdmin: true });
  return { admin };
});

async function emailOf(who: string): Promise<string> {
  if (who === 'the platform admin') return shared.w.admin.email;
  const { client } = shared.world;
  const user = await client.user.findFirstOrThrow({ where: { name: who } });
  const identity = { issuer: ISSUER, subject: developmentSubject(user.email), userId: user.id };
  if ((await client.userIdentity.count({ where: { userId: user.id } })) === 0) {
    await client.userIdentity.create({ data: identity });
  }
  return user.email;
}

/** A variable is the id of what has its name; of a form, whose name has slashes, the last part of it. */
async function variablesOf(source: string): Promise<Record<string, string>> {
  const [operation] = parse(source).definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('no operation');
  const ids: Record<string, string> = {};
  for (const { variable } of operation.variableDefinitions ?? []) {
    ids[variable.name.value] = await idOf(variable.name.value);
  }
  return ids;
}

async function idOf(variable: string): Promise<string> {
  const { client } = shared.world;
  const name = variable.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  const found =
    (await client.scopeType.findFirst({ where: { name } })) ??
    (await client.scope.findFirst({ where: { externalId: name } })) ??
    (await client.permission.findFirst({ where: { label: name } })) ??
    (await client.role.findFirst({ where: { name } })) ??
    (await client.user.findFirst({ where: { name } })) ??
    (await client.form.findFirst({ where: { name: { endsWith: `/${name}` } } }));
  return String(found?.id);
}

describe('docs/modelling.md', () => {
  it('has a statement and an answer for each step', () => {
    expect(STEPS).toHaveLength(PAGE.split('```graphql').length - 1);
    expect(STEPS.length).toBeGreaterThan(15);
  });

  it.each(STEPS)('is so: $source', async ({ who, source, answer }) => {
    const { data, errors } = await shared.ask(
      await emailOf(who),
      source,
      await variablesOf(source),
    );
    const [error] = errors;
    const told = error && { error: error.extensions.code, message: error.message };
    expect(told ?? data).toEqual(answer);
  });
});
