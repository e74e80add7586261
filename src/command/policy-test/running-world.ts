// Finds on a running gateway what a file speaks of, as the one who asks about others sees it.

import { isUuid } from '../../policy/pattern.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { type Call, codeOf } from './caller.js';
import type { PolicyFile } from './policy-file.js';
import { AskError } from './problem.js';
import type { Running } from './shape.js';
import type { Named, Person, World } from './world.js';

interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
}

/** The lists in which types are found by name, and what names them there. */
const LISTS: Readonly<Record<string, readonly [list: string, name: string, isPlaced: boolean]>> = {
  form: ['forms', 'name', true],
  workflow: ['workflows', 'name', true],
  agent: ['agents', 'name', true],
  app: ['apps', 'slug', true],
  config: ['configs', 'key', true],
  role: ['roles', 'name', true],
  team: ['teams', 'name', false],
  scopeType: ['scopeTypes', 'name', false],
};
const SOME = 50;

/**
 * What the file names, looked up by its asker.
 *
 * INVARIANT: what the asker cannot read is an error, and never asked about: of a resource that is not there everything
 * is refused, and every `cannot` would hold.
 *
 * @throws FileError somebody or some place is not there, for the asker; AskError
 */
export async function findWorld(
  file: PolicyFile,
  running: Running,
  call: Call,
  token: string,
): Promise<World> {
  const ask = async <T>(query: string, variables: object = {}): Promise<T> => {
    const answered = await call<T>(token, query, variables);
    const code = codeOf(answered);
    if (answered.data === null || (code !== undefined && code !== 'NOT_FOUND')) {
      throw new AskError(
        `the gateway answers ${running.asker} ${code}: ${answered.errors[0]?.message}`,
      );
    }
    return answered.data;
  };
  const people = new Map<string, Person>();
  for (const [key, { email, inactive }] of Object.entries(running.people)) {
    const { users } = await ask<{ users: Page<{ id: string }> }>(
      'query ($email: String!) { users(first: 1, where: { email: { eq: $email } }) { edges { node { id } } } }',
      { email },
    );
    const id = users.edges[0]?.node.id;
    if (id === undefined)
      file.fail(['gateway', 'people', key], `${running.asker} finds no user ${email}`);
    people.set(key, { id, email, isInactive: inactive });
  }
  const places = new Map<string, string | null>([['platform', null]]);
  for (const [key, scope] of Object.entries(running.scopes)) {
    const id = await ('id' in scope
      ? placeById(ask, scope.id)
      : placeByExternalId(ask, scope.externalId));
    if (id === undefined)
      file.fail(['gateway', 'scopes', key], `${running.asker} finds no such scope`);
    places.set(key, id);
  }
  return {
    asker: running.asker,
    person: (key) => people.get(key) ?? null,
    place: (key) => places.get(key),
    find: (type, name, at) => find(ask, { people, places }, type, name, at),
  };
}

type Ask = <T>(query: string, variables?: object) => Promise<T>;

async function placeById(ask: Ask, id: string): Promise<string | undefined> {
  const found = await ask<{ scope: object | null; organization: object | null }>(
    'query ($id: ID!) { scope(id: $id) { id } organization(id: $id) { id } }',
    { id },
  );
  return found.scope === null && found.organization === null ? undefined : id.toLowerCase();
}

async function placeByExternalId(ask: Ask, externalId: string): Promise<string | undefined> {
  const { scopeByExternalId: found } = await ask<{ scopeByExternalId: { id: string } | null }>(
    'query ($externalId: String!) { scopeByExternalId(externalId: $externalId) { id } }',
    { externalId },
  );
  return found?.id;
}

interface Found {
  readonly people: ReadonlyMap<string, { readonly id: string }>;
  readonly places: ReadonlyMap<string, string | null>;
}

async function find(
  ask: Ask,
  { people, places }: Found,
  type: string,
  name: string,
  at: string | undefined,
): Promise<Named[]> {
  const by = { user: people.get(name)?.id, scope: places.get(name) ?? undefined };
  if (type === 'user' || type === 'scope') {
    const id = by[type];
    return id === undefined ? [] : [{ name, at: null, id }];
  }
  if (isUuid(name)) {
    const { node } = await ask<{ node: { __typename: string } | null }>(
      'query ($id: ID!) { node(id: $id) { __typename } }',
      { id: name },
    );
    const isIt = node?.__typename.toLowerCase() === type.toLowerCase();
    return isIt ? [{ name, at: at ?? null, id: name.toLowerCase() }] : [];
  }
  const [list, column, isPlaced] = (Object.hasOwn(LISTS, type) ? LISTS[type] : undefined) ?? [];
  if (list === undefined) throw new AskError(`on a running gateway a ${type} is named by its id`);
  const place = at === undefined ? undefined : places.get(at);
  const listed = await ask<Record<string, Page<{ id: string; scope?: { id: string } | null }>>>(
    `query ($name: String!, $scope: ID) { ${list}(first: ${SOME}, scope: $scope, where: { ${column}: { eq: $name } }${
      isPlaced && list !== 'roles' ? ', includeShadowed: true' : ''
    }) { edges { node { id ${isPlaced ? 'scope { id }' : ''} } } } }`,
    { name, ...(place === undefined ? {} : { scope: place }) },
  );
  const nodes = (listed[list]?.edges ?? []).map(({ node }) => node);
  const here = place === undefined || place === null ? [] : [place, rootScopeId(place)];
  return nodes
    .filter(
      ({ scope }) =>
        !isPlaced || place === undefined || place === null || here.includes(scope?.id ?? ''),
    )
    .map(({ id, scope }) => ({ name, at: scope?.id ?? null, id }));
}
