import { createHash } from 'node:crypto';
import { PLATFORM, type Row, TENANT_TYPE } from './types.js';

/** What the migrations put into every database. Written down again here, to be compared. */

const EPOCH = '2000-01-01T00:00:00.000Z';
const times = { createdAt: EPOCH, updatedAt: EPOCH };

const id = (tail: string): string => `00000000-0000-7000-8000-0000000000${tail}`;
const TYPES: readonly (readonly [tail: string, name: string, mode: string, contains: string[]])[] =
  [
    ['10', 'Platform', 'DEFINE', ['11']],
    ['11', 'Tenant', 'DEFINE', ['12', '13']],
    ['12', 'Workspace', 'MERGE', ['13']],
    ['13', 'Project', 'MERGE', ['14']],
    ['14', 'Environment', 'MERGE', []],
  ];

const MANAGED = ['read', 'create', 'update', 'delete'];
export const ACTIONS: Record<string, readonly string[]> = {
  organization: [...MANAGED, 'actIn'],
  user: [...MANAGED, 'viewAs'],
  team: MANAGED,
  scopeType: MANAGED,
  scope: [...MANAGED, 'move'],
  role: [...MANAGED, 'assign'],
  permission: [...MANAGED, 'inspect'],
  membership: MANAGED,
  scopeOverride: MANAGED,
  form: [...MANAGED, 'share', 'transfer'],
  workflow: [...MANAGED, 'share', 'transfer'],
  agent: [...MANAGED, 'share', 'transfer'],
  app: [...MANAGED, 'share', 'transfer'],
  config: [...MANAGED, 'transfer', 'reveal'],
  virtualKey: [...MANAGED, 'transfer', 'rotate', 'revoke'],
  apiKey: [...MANAGED, 'transfer', 'rotate', 'revoke'],
  execution: ['read', 'inspect', 'cancel', 'work'],
  schedule: [...MANAGED, 'transfer'],
  conversation: ['inspect'],
  audit: ['read'],
};

const permissions: Row[] = Object.entries(ACTIONS).flatMap(([resourceType, actions]) =>
  actions.map((action): Row => {
    const digest = createHash('md5').update(`${resourceType}:${action}`).digest('hex');
    return {
      type: 'Permission',
      id: `00000000-0000-7000-8001-${digest.slice(0, 12)}`,
      cells: {
        ...times,
        key: `${resourceType}:${action}:*`,
        resourceType,
        action,
        resourcePattern: '*',
        label: null,
      },
      one: { organization: null, scope: PLATFORM },
      many: {},
    };
  }),
);

const viewed = (key: string): boolean =>
  key === 'organization:actIn:*' ||
  (/:read:/.test(key) && !/^(virtualKey|apiKey|audit|execution):/.test(key));

const ROLES: Record<string, [tail: string, description: string, has: (key: string) => boolean]> = {
  Owner: ['20', 'Everything', (key) => key !== 'execution:work:*'],
  Admin: [
    '21',
    'Everything, except deleting the organization and seeing as somebody else',
    (key) =>
      !/^(organization:delete|user:viewAs|execution:(inspect|work)|conversation:inspect):/.test(
        key,
      ),
  ],
  Member: [
    '22',
    'Reads the organization and its scopes',
    (key) => /^(organization:(read|actIn)|scope:read|scopeType:read):/.test(key),
  ],
  Viewer: ['23', 'Reads everything, except keys and the audit record', viewed],
  Editor: [
    '24',
    'Reads, and edits forms, workflows, agents, apps and configs; shares nothing',
    (key) => viewed(key) || /^(form|workflow|agent|app|config):(create|update|delete):/.test(key),
  ],
};

export const BUILT_IN_ROWS: readonly Row[] = [
  ...TYPES.map(
    ([tail, name, permissionMode, contains]): Row => ({
      type: 'ScopeType',
      id: id(tail),
      cells: { ...times, name, permissionMode },
      one: { organization: null },
      many: { mayContain: contains.map(id) },
    }),
  ),
  {
    type: 'Scope',
    id: PLATFORM,
    cells: { ...times, name: null, externalId: null },
    one: { organization: null, parent: null, type: id('10') },
    many: {},
  },
  ...permissions,
  ...Object.entries(ROLES).map(
    ([name, [tail, description, has]]): Row => ({
      type: 'Role',
      id: id(tail),
      cells: { ...times, name, description, dataAccess: 'ALL_DATA', isSystem: true },
      one: { organization: null, scope: PLATFORM },
      many: {
        permissions: permissions.filter((p) => has(String(p.cells.key))).map((p) => p.id),
      },
    }),
  ),
];

export const BUILT_IN_TYPES = { tenant: TENANT_TYPE, free: ['12', '13', '14'].map(id) };
