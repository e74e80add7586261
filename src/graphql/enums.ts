import {
  ACCESS_LEVELS,
  AUDIT_OUTCOMES,
  BYPASSES,
  CONFIG_TYPES,
  DATA_ACCESS,
  EXECUTION_KINDS,
  EXECUTION_STATUSES,
  EXECUTION_TRIGGERS,
  LAUNCHER_KINDS,
  LOG_LEVELS,
  MESSAGE_ROLES,
  ON_MISSED,
  ON_OVERLAP,
  OVERRIDE_STATES,
  PERMISSION_MODES,
  PRINCIPAL_KINDS,
  WORKFLOW_KINDS,
} from '../policy/vocabulary.js';
import { builder } from './builder.js';
import type { AnyEnum } from './types.js';

const AccessLevelEnum = builder.enumType('AccessLevel', {
  description: 'Who may use a form, workflow, agent or app (D6).',
  values: {
    AUTHENTICATED: {
      description:
        'Everyone signed in who can act where the row lives; a global row, everyone signed in.',
    },
    ROLE_BASED: {
      description: 'Who holds one of the bound roles there; without any, platform admins alone.',
    },
    PRIVATE: {
      description: 'Nobody: an agent that other agents delegate to, or that runs on a schedule.',
    },
  } satisfies Record<(typeof ACCESS_LEVELS)[number], object>,
});

const DataAccessEnum = builder.enumType('DataAccess', {
  description: "Which rows, by ownership, a role's permissions cover (D7).",
  values: {
    OWN_DATA: { description: 'Rows that the user created or owns.' },
    TEAM_DATA: { description: "Those, and the rows of the user's teams and of everyone in them." },
    ALL_DATA: { description: 'All rows that the permission reaches.' },
  } satisfies Record<(typeof DATA_ACCESS)[number], object>,
});

export const PermissionModeEnum = builder.enumType('PermissionMode', {
  description: 'What scopes of a type do with permissions from above (D8).',
  values: {
    DEFINE: { description: 'They start anew: nothing is inherited.' },
    MERGE: { description: 'They inherit what reaches their parent.' },
  } satisfies Record<(typeof PERMISSION_MODES)[number], object>,
});

const OverrideStateEnum = builder.enumType('OverrideState', {
  description: 'What an override does (D9): of several above one another the nearest counts.',
  values: {
    DISABLED: {
      value: 'disabled',
      description: 'Switches off, there and in what inherits from there.',
    },
    ENABLED: {
      value: 'enabled',
      description: 'Lifts what one above it disables; it grants nothing.',
    },
  } satisfies Record<Uppercase<(typeof OVERRIDE_STATES)[number]>, object>,
});

const ConfigTypeEnum = builder.enumType('ConfigType', {
  description: 'What a config holds.',
  values: {
    STRING: { description: 'Text.' },
    NUMBER: { description: 'A number.' },
    BOOLEAN: { description: 'True or false.' },
    JSON: { description: 'Any JSON value.' },
    SECRET: { description: 'A value that is stored encrypted and is not shown (D16).' },
  } satisfies Record<(typeof CONFIG_TYPES)[number], object>,
});

export const PrincipalKindEnum = builder.enumType('PrincipalKind', {
  description: 'What sort of principal acts.',
  values: {
    USER: { description: 'A person.' },
    API_KEY: { description: 'A program with an API key.' },
    VIRTUAL_KEY: { description: 'A program with a virtual key.' },
    EXECUTION: { description: 'A run of a workflow or an agent.' },
    SYSTEM: { description: "The gateway's own job." },
    ANONYMOUS: { description: 'Nobody: no credential was given.' },
  } satisfies Record<(typeof PRINCIPAL_KINDS)[number], object>,
});

const AuditOutcomeEnum = builder.enumType('AuditOutcome', {
  description: 'What came of what the record speaks of (D19).',
  values: {
    PERMITTED: { description: 'It was done.' },
    DENIED: { description: 'It was refused.' },
    FAILED: { description: 'It was permitted, and did not come about.' },
  } satisfies Record<(typeof AUDIT_OUTCOMES)[number], object>,
});

const BypassEnum = builder.enumType('Bypass', {
  description: 'By which right somebody acts where they hold nothing.',
  values: {
    PLATFORM_ADMIN: { description: 'As a platform admin (D12).' },
    PROVIDER: { description: 'From a provider organization, in another one (D4).' },
  } satisfies Record<(typeof BYPASSES)[number], object>,
});

const WorkflowKindEnum = builder.enumType('WorkflowKind', {
  description: 'What a workflow is for (D27).',
  values: {
    WORKFLOW: { description: 'It is run, launched by forms, called by agents.' },
    DATA_PROVIDER: { description: 'It answers what the options of a form’s field are.' },
  } satisfies Record<(typeof WORKFLOW_KINDS)[number], object>,
});

const ExecutionKindEnum = builder.enumType('ExecutionKind', {
  description: 'What runs (D31).',
  values: {
    WORKFLOW: { description: 'A workflow.' },
    DATA_PROVIDER: { description: 'A workflow that answers options of a form.' },
    AGENT_RUN: { description: 'An agent.' },
  } satisfies Record<(typeof EXECUTION_KINDS)[number], object>,
});

const ExecutionStatusEnum = builder.enumType('ExecutionStatus', {
  description: 'How far an execution is (D32).',
  values: {
    QUEUED: { description: 'It waits for a worker.' },
    RUNNING: { description: 'A worker has it.' },
    CANCELLING: { description: 'It is to be cancelled, and its worker has yet to be told.' },
    SUCCEEDED: { description: 'It ended with a result.' },
    FAILED: { description: 'It ended with an error.' },
    CANCELLED: { description: 'It was cancelled.' },
    TIMED_OUT: { description: 'It took longer than it may.' },
    DENIED: {
      description: 'Its launcher might not run it any more when a worker was to have it.',
    },
  } satisfies Record<(typeof EXECUTION_STATUSES)[number], object>,
});

const ExecutionTriggerEnum = builder.enumType('ExecutionTrigger', {
  description: 'By what an execution was launched (D31).',
  values: {
    API: { description: 'A call of the API.' },
    FORM: { description: 'A form that was submitted.' },
    AGENT: { description: 'An agent, or an execution.' },
    SCHEDULE: { description: 'A schedule.' },
    APP: { description: 'An app.' },
  } satisfies Record<(typeof EXECUTION_TRIGGERS)[number], object>,
});

const LauncherKindEnum = builder.enumType('LauncherKind', {
  description: 'What sort of principal launched an execution.',
  values: {
    USER: { description: 'A person.' },
    API_KEY: { description: 'A program with an API key.' },
    VIRTUAL_KEY: { description: 'A program with a virtual key.' },
  } satisfies Record<(typeof LAUNCHER_KINDS)[number], object>,
});

const LogLevelEnum = builder.enumType('LogLevel', {
  description: 'How grave a line of a log is.',
  values: {
    DEBUG: { description: 'For who looks for a fault; for inspectors alone (D31).' },
    INFO: { description: 'What happens.' },
    WARN: { description: 'What should not happen.' },
    ERROR: { description: 'What failed.' },
  } satisfies Record<(typeof LOG_LEVELS)[number], object>,
});

const MessageRoleEnum = builder.enumType('MessageRole', {
  description: 'Who says something in a conversation (D35).',
  values: {
    USER: { description: 'Whoever began it.' },
    ASSISTANT: { description: 'The agent.' },
    TOOL: { description: 'A tool that the agent called: what it answered.' },
  } satisfies Record<(typeof MESSAGE_ROLES)[number], object>,
});

const OnOverlapEnum = builder.enumType('OnOverlap', {
  description:
    'What a schedule does that is due while what it launched before has not ended (D36).',
  values: {
    SKIP: { description: 'Nothing: it waits for the next due time.' },
    QUEUE: { description: 'It launches once that has ended: once, however many due times it was.' },
    REPLACE: { description: 'It cancels that, and launches.' },
  } satisfies Record<(typeof ON_OVERLAP)[number], object>,
});

const OnMissedEnum = builder.enumType('OnMissed', {
  description: 'What a schedule does about due times at which no gateway was there (D36).',
  values: {
    SKIP: { description: 'Nothing.' },
    ONCE: { description: 'It launches once, however many they were.' },
  } satisfies Record<(typeof ON_MISSED)[number], object>,
});

const ENUMS = new Map<readonly string[], AnyEnum>([
  [ACCESS_LEVELS, AccessLevelEnum],
  [DATA_ACCESS, DataAccessEnum],
  [PERMISSION_MODES, PermissionModeEnum],
  [OVERRIDE_STATES, OverrideStateEnum],
  [CONFIG_TYPES, ConfigTypeEnum],
  [MESSAGE_ROLES, MessageRoleEnum],
  [ON_OVERLAP, OnOverlapEnum],
  [ON_MISSED, OnMissedEnum],
  [PRINCIPAL_KINDS, PrincipalKindEnum],
  [AUDIT_OUTCOMES, AuditOutcomeEnum],
  [BYPASSES, BypassEnum],
  [WORKFLOW_KINDS, WorkflowKindEnum],
  [EXECUTION_KINDS, ExecutionKindEnum],
  [EXECUTION_STATUSES, ExecutionStatusEnum],
  [EXECUTION_TRIGGERS, ExecutionTriggerEnum],
  [LAUNCHER_KINDS, LauncherKindEnum],
  [LOG_LEVELS, LogLevelEnum],
]);

/** The enum of a closed vocabulary. Throws on one that has none. */
export function enumOf(vocabulary: readonly string[]): AnyEnum {
  const found = ENUMS.get(vocabulary);
  if (found === undefined) throw new Error(`no enum for ${vocabulary.join(', ')}`);
  return found;
}
