import type { Sql } from '../../src/data/clients.js';
import { benchId, organizationId, PEOPLE, type PersonName } from '../data/world.js';

export interface Operation {
  readonly name: string;
  readonly document: string;
  readonly variables: (sql: Sql, person: PersonName) => Promise<object | undefined>;
  /** Everybody, unless it says who. */
  readonly people?: readonly PersonName[];
  /** A page of a list, to which the target of buffers applies. */
  readonly isPage?: boolean;
  /** Asked of the compiled path, as often as it has been before. */
  readonly isCompiled?: boolean;
}

const PAGE = 50;
const DEEP = 1000 * PAGE;
const none = async () => ({});

const list = (field: string, args = '', node = 'id name') => `query ($after: String) {
  ${field}(first: ${PAGE}, after: $after${args}) { edges { cursor node { ${node} } } pageInfo { hasNextPage } }
}`;

/** The cursor before page 1,000, or in the middle of a shorter list. */
function deep(table: string, key: string, across = false) {
  return async (sql: Sql, person: PersonName): Promise<object | undefined> => {
    const organization = organizationId(PEOPLE[person].organization);
    const where = across
      ? 'organization_id IS NOT NULL'
      : `organization_id = '${organization}'::uuid`;
    const [found] = await sql.query<{ key: string; id: string }>(
      `SELECT ${key} AS key, id::text FROM ${table} WHERE ${where} ORDER BY ${key}, id
       OFFSET (SELECT least(count(*) / 2, ${DEEP}) FROM ${table} WHERE ${where}) LIMIT 1`,
    );
    if (found === undefined) return undefined;
    const cursor = JSON.stringify([`${key} asc,id asc`, found.key, found.id]);
    return { after: Buffer.from(cursor).toString('base64url') };
  };
}

/** A row of the middle of the person's organization. */
function middle(table: string) {
  return async (sql: Sql, person: PersonName): Promise<object | undefined> => {
    const organization = organizationId(PEOPLE[person].organization);
    const [found] = await sql.query<{ id: string }>(
      `SELECT id::text FROM ${table} WHERE organization_id = $1 AND access_level = 'AUTHENTICATED' AND is_active
       ORDER BY name, id OFFSET 20 LIMIT 1`,
      [organization],
    );
    return found;
  };
}

const ADMIN = ['admin'] as const;
const WITH_RELATIONS = 'id name workflow { id name } roles { id name }';

export const OPERATIONS: readonly Operation[] = [
  { name: 'forms, page 1', document: list('forms'), variables: none, isPage: true },
  {
    name: 'forms, page far in',
    document: list('forms'),
    variables: deep('form', 'name'),
    isPage: true,
  },
  { name: 'workflows, page 1', document: list('workflows'), variables: none, isPage: true },
  {
    name: 'workflows, page far in',
    document: list('workflows'),
    variables: deep('workflow', 'name'),
    isPage: true,
  },
  {
    name: 'configs, page 1',
    document: list('configs', '', 'id key value'),
    variables: none,
    isPage: true,
  },
  {
    name: 'configs, page far in',
    document: list('configs', '', 'id key value'),
    variables: deep('config', 'key'),
    isPage: true,
  },
  {
    name: 'forms, everywhere, page 1',
    document: list('forms', ', acrossOrganizations: true'),
    variables: none,
    people: ADMIN,
    isPage: true,
  },
  {
    name: 'forms, everywhere, page far in',
    document: list('forms', ', acrossOrganizations: true'),
    variables: deep('form', 'name', true),
    people: ADMIN,
    isPage: true,
  },
  {
    name: 'forms of a project',
    document: `query ($scope: ID) { forms(first: ${PAGE}, scope: $scope) { edges { node { id } } } }`,
    variables: async (_sql, person) => ({
      scope: benchId('scope', PEOPLE[person].organization * 10_000 + 5),
    }),
    isPage: true,
  },
  {
    name: 'forms by time of change',
    document: `{ forms(first: ${PAGE}, orderBy: [{ field: UPDATED_AT, direction: DESC }]) { edges { node { id } } } }`,
    variables: none,
    isPage: true,
  },
  {
    name: 'forms of a workflow by name',
    document: `query ($name: String) { forms(first: ${PAGE}, where: { workflow: { is: { name: { eq: $name } } } }) { edges { node { id } } } }`,
    variables: async (sql, person) => {
      const [found] = await sql.query<{ name: string }>(
        'SELECT name FROM workflow WHERE organization_id = $1 ORDER BY name OFFSET 10 LIMIT 1',
        [organizationId(PEOPLE[person].organization)],
      );
      return found;
    },
    isPage: true,
  },
  {
    name: 'forms, with relations (Q1)',
    document: list('forms', '', WITH_RELATIONS),
    variables: none,
  },
  {
    name: 'form (Q2)',
    document: `query ($id: ID!) { form(id: $id) { ${WITH_RELATIONS} } }`,
    variables: middle('form'),
  },
  {
    name: 'config by key (Q3)',
    document: '{ configByKey(key: "setting.016") { id value } }',
    variables: none,
  },
  {
    name: 'config by key, of an environment',
    document: 'query ($scope: ID) { configByKey(key: "setting.016", scope: $scope) { id value } }',
    variables: async (_sql, person) => ({
      scope: benchId('scope', PEOPLE[person].organization * 10_000 + 17),
    }),
  },
  {
    name: 'node',
    document: 'query ($id: ID!) { node(id: $id) { id } }',
    variables: middle('form'),
  },
  { name: 'forms, totalCount', document: '{ forms(first: 1) { totalCount } }', variables: none },
  {
    name: 'forms, totalCount, compiled',
    document: '{ forms(first: 1) { totalCount } }',
    variables: none,
    people: ['sealedOrdinary', 'sealedOwn', 'sealedTeam'],
    isCompiled: true,
  },
  {
    name: 'forms, everywhere, totalCount',
    document: '{ forms(first: 1, acrossOrganizations: true) { totalCount } }',
    variables: none,
    people: ADMIN,
  },
  {
    name: 'users',
    document: list('users'),
    variables: none,
    isPage: true,
  },
  {
    name: 'roles',
    document: list('roles'),
    variables: none,
    isPage: true,
  },
  {
    name: 'scopes',
    document: list('scopes'),
    variables: none,
    isPage: true,
  },
];
