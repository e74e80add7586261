import { builder } from '../../graphql/builder.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { loadOne } from '../../graphql/relations.js';
import type { RowOf } from '../../graphql/types.js';
import { decidingColumns } from '../../policy/deciding-columns.js';
import type { Condition, FieldMeaning } from '../../query/meaning.js';
import { isPermitted } from '../../request/loaders.js';
import { execution } from './execution.js';
import { executionLog } from './execution-log.js';

const INSPECTS = decidingColumns(execution.policy, 'inspect') as (keyof RowOf<'Execution'>)[];
const LAUNCHES = decidingColumns(execution.policy, 'launched') as (keyof RowOf<'Execution'>)[];

const NO_CONVERSATION: readonly Condition[] = [{ missing: 'conversationId' }];

const forInspectors = (column: string, managed: boolean): FieldMeaning => ({
  kind: 'chosen',
  managed,
  of: [{ column, when: [{ permits: 'inspect' }] }],
  otherwise: 'withheld',
});

interface Ended {
  readonly row: { readonly id: string };
  readonly code: string;
  readonly message: string | null;
  readonly detail: unknown;
}

const ExecutionError = builder.objectRef<Ended>('ExecutionError').implement({
  description: 'What ended an execution that did not succeed.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    code: t.exposeString('code', {
      nullable: false,
      reads: [],
      meaning: { kind: 'column', column: 'errorCode', managed: false },
      description:
        'What sort of error it is: `LEASE_LOST` where its worker was not heard of again.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      reads: [],
      meaning: { kind: 'column', column: 'errorMessage', managed: false },
      description: 'What its worker said of it.',
    }),
    detail: t.field({
      type: 'JSON',
      nullable: true,
      reads: [],
      meaning: forInspectors('errorDetail', false),
      description: 'What else is known of it. For inspectors.',
      resolve: async ({ row, detail }, _args, context) => {
        if (await isPermitted('Execution', 'inspect', row, context)) return detail;
        context.withheld.add('ExecutionError.detail');
        return null;
      },
    }),
  }),
});

defineType(executionLog, (t) => ({
  attempt: t.column('attempt'),
  seq: t.column('seq'),
  level: t.column('level'),
  message: t.column('message'),
  data: t.column('data'),
  at: t.column('at'),
}));

defineType(execution, (t) => ({
  ...t.traits(),
  kind: t.column('kind'),
  status: t.column('status'),
  movedAt: t.column('movedAt'),
  trigger: t.column('trigger'),
  launcher: t.one('createdBy'),
  isLauncher: t.permitted('launched', 'Whether it is your launch, or one of your keys (D31).'),
  launcherKind: t.column('launcherKind'),
  team: t.one('team'),
  workflow: t.one('workflow'),
  agent: t.one('agent'),
  targetName: t.computed({
    type: 'String',
    nullable: true,
    reads: ['kind', 'targetName', 'agentId'],
    meaning: {
      kind: 'chosen',
      managed: false,
      of: [
        { column: 'targetName', when: [{ isNot: { column: 'kind', value: 'AGENT_RUN' } }] },
        { column: 'targetName', when: [{ reads: 'agent' }] },
      ],
      otherwise: 'null',
    },
    description:
      'What its workflow or agent was called when it was launched; of an agent only if you may read that.',
    // Agents that are PRIVATE run too, by delegation, and have no name to who may not read them (D6).
    resolve: async (row, _args, context, info) => {
      const { kind, targetName, agentId } = row;
      if (kind !== 'AGENT_RUN') return targetName;
      return (await loadOne('Agent', agentId, row, context, info)) === null ? null : targetName;
    },
  }),
  targetVersion: t.column('targetVersion'),
  form: t.one('form'),
  app: t.one('app'),
  schedule: t.one('schedule'),
  parent: t.one('parent'),
  root: t.one('root'),
  children: t.many('children'),
  depth: t.column('depth'),
  retryOf: t.one('retryOf'),
  retries: t.many('retries'),
  queue: t.column('queue'),
  notBefore: t.column('notBefore'),
  attempt: t.column('attempt'),
  maxAttempts: t.column('maxAttempts'),
  timeoutSeconds: t.column('timeoutSeconds'),
  timeoutAt: t.column('timeoutAt'),
  startedAt: t.column('startedAt'),
  finishedAt: t.column('finishedAt'),
  late: t.column('late'),
  progress: t.column('progress'),
  input: t.forManagers({
    type: 'JSON',
    reads: ['input', 'submitted', 'conversationId', ...LAUNCHES, ...INSPECTS],
    meaning: {
      kind: 'chosen',
      managed: true,
      of: [
        { column: 'input', when: [...NO_CONVERSATION, { missing: 'submitted' }] },
        { column: 'input', when: [...NO_CONVERSATION, { permits: 'inspect' }] },
        { column: 'submitted', when: NO_CONVERSATION },
        { column: 'input', when: [{ permits: 'launched' }] },
      ],
      otherwise: 'withheld',
    },
    description:
      'What it was launched with; of a form, without what that fixes, unless you inspect it (D33); in a conversation, which is repeated there, only to its launcher (D35).',
    // INVARIANT: a conversation is inspected by `inspectConversation` alone, which records it.
    resolve: async (row, context) => {
      const { input, submitted, conversationId } = row;
      if (conversationId === null) {
        if (submitted === null) return input;
        return (await isPermitted('Execution', 'inspect', row, context)) ? input : submitted;
      }
      if (await isPermitted('Execution', 'launched', row, context)) return input;
      context.withheld.add('Execution.input');
      return null;
    },
  }),
  result: t.column('result'),
  error: t.forManagers({
    type: ExecutionError,
    reads: ['errorCode', 'errorMessage', 'errorDetail', ...INSPECTS],
    meaning: { kind: 'part', managed: true, missing: 'errorCode' },
    description: 'What ended it, where it did not succeed.',
    resolve: (row): Ended | null => {
      const { errorCode: code, errorMessage: message, errorDetail: detail } = row;
      return code === null ? null : { row, code, message, detail };
    },
  }),
  reason: t.forManagers({
    type: 'String',
    reads: ['reason', ...INSPECTS],
    meaning: forInspectors('reason', true),
    description: 'Why it has its status: why it was denied, or given up. For inspectors.',
    resolve: async (row, context) => {
      if (await isPermitted('Execution', 'inspect', row, context)) return row.reason;
      context.withheld.add('Execution.reason');
      return null;
    },
  }),
  logs: t.many('logs'),
  canCancel: t.permitted('cancel', 'Whether you may cancel it, as long as it has not ended.'),
}));

defineRoots(execution);
