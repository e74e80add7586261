/** The closed vocabularies of the model. A value outside of them is never read as an open one. */

export const PRINCIPAL_KINDS = [
  'USER',
  'API_KEY',
  'VIRTUAL_KEY',
  'EXECUTION',
  'SYSTEM',
  'ANONYMOUS',
] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

/** D6. PRIVATE is for agents alone. */
export const ACCESS_LEVELS = ['AUTHENTICATED', 'ROLE_BASED', 'PRIVATE'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** D7: what a role's data access covers. */
export const DATA_ACCESS = ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'] as const;
export type DataAccess = (typeof DATA_ACCESS)[number];

/** D8. A stored unknown mode counts as DEFINE. */
export const PERMISSION_MODES = ['DEFINE', 'MERGE'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

export const CONFIG_TYPES = ['STRING', 'NUMBER', 'BOOLEAN', 'JSON', 'SECRET'] as const;

/** D27: what a workflow is; tools, schedules and `runWorkflow` take no data providers. */
export const WORKFLOW_KINDS = ['WORKFLOW', 'DATA_PROVIDER'] as const;

/** D31: what runs. */
export const EXECUTION_KINDS = ['WORKFLOW', 'DATA_PROVIDER', 'AGENT_RUN'] as const;
export type ExecutionKind = (typeof EXECUTION_KINDS)[number];

/** D32: the states of an execution. */
export const EXECUTION_STATUSES = [
  'QUEUED',
  'RUNNING',
  'CANCELLING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
  'DENIED',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** D31: by what an execution was launched. */
export const EXECUTION_TRIGGERS = ['API', 'FORM', 'AGENT', 'SCHEDULE', 'APP'] as const;
export type ExecutionTrigger = (typeof EXECUTION_TRIGGERS)[number];

/** D31: who launches: an execution does for its root's launcher. */
export const LAUNCHER_KINDS = ['USER', 'API_KEY', 'VIRTUAL_KEY'] as const;
export type LauncherKind = (typeof LAUNCHER_KINDS)[number];

/** D34: the levels of a line of a log. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
/** D35: who says something in a conversation. */
export const MESSAGE_ROLES = ['USER', 'ASSISTANT', 'TOOL'] as const;

/** D36: what a schedule does that is due while what it launched before has not ended. */
export const ON_OVERLAP = ['SKIP', 'QUEUE', 'REPLACE'] as const;

/** D36: what a schedule does about due times at which no gateway was there. */
export const ON_MISSED = ['SKIP', 'ONCE'] as const;

/** D9: what an override does. */
export const OVERRIDE_STATES = ['enabled', 'disabled'] as const;

/** D19: what came of what is recorded. */
export const AUDIT_OUTCOMES = ['PERMITTED', 'DENIED', 'FAILED'] as const;

/** By which right somebody acted where they hold nothing: as a platform admin (D12), or from a provider (D4). */
export const BYPASSES = ['PLATFORM_ADMIN', 'PROVIDER'] as const;

/** The platform root, where every global row lives (D1). Made by the first migration. */
export const PLATFORM_ROOT_ID = '00000000-0000-7000-8000-000000000001';

/** The built-in scope types (D1). "Tenant" is the type of every organization's root scope. */
export const BUILT_IN_SCOPE_TYPES = {
  Platform: '00000000-0000-7000-8000-000000000010',
  Tenant: '00000000-0000-7000-8000-000000000011',
  Workspace: '00000000-0000-7000-8000-000000000012',
  Project: '00000000-0000-7000-8000-000000000013',
  Environment: '00000000-0000-7000-8000-000000000014',
} as const;

/** The system roles, defined at the platform root and so usable everywhere. All have ALL_DATA (D7). */
export const SYSTEM_ROLES = {
  Owner: '00000000-0000-7000-8000-000000000020',
  Admin: '00000000-0000-7000-8000-000000000021',
  Member: '00000000-0000-7000-8000-000000000022',
  Viewer: '00000000-0000-7000-8000-000000000023',
  Editor: '00000000-0000-7000-8000-000000000024',
} as const;

const MANAGED = ['read', 'create', 'update', 'delete'] as const;
const EXECUTABLE = [...MANAGED, 'share', 'transfer'] as const;

const KEY = [...MANAGED, 'transfer', 'rotate', 'revoke'] as const;

/** Every resource type and what can be permitted on it: the only actions that a policy may name. */
export const ACTIONS = {
  organization: [...MANAGED, 'actIn'],
  user: [...MANAGED, 'viewAs'],
  team: MANAGED,
  scopeType: MANAGED,
  scope: [...MANAGED, 'move'],
  role: [...MANAGED, 'assign'],
  permission: [...MANAGED, 'inspect'],
  membership: MANAGED,
  scopeOverride: MANAGED,
  form: EXECUTABLE,
  workflow: EXECUTABLE,
  agent: EXECUTABLE,
  app: EXECUTABLE,
  config: [...MANAGED, 'transfer', 'reveal'],
  virtualKey: KEY,
  apiKey: KEY,
  execution: ['read', 'inspect', 'cancel', 'work'],
  schedule: [...MANAGED, 'transfer'],
  conversation: ['inspect'],
  audit: ['read'],
} as const satisfies Record<string, readonly string[]>;

export type ResourceType = keyof typeof ACTIONS;

/** Whether a name can be that of a type of resource or of an action, the gateway's own or another service's. */
export function isWord(name: string): boolean {
  return /^[a-z][A-Za-z0-9_.-]{0,99}$/.test(name);
}
