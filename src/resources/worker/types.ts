import type { HandedAgent } from '../../execution/agent-for.js';
import type { Claimed } from '../../execution/claim.js';
import type { Moved } from '../../execution/finish.js';
import type { Beaten } from '../../execution/heartbeat.js';
import { builder } from '../../graphql/builder.js';

/** What workers are told: plain values, for their keys read nothing (D34). */

const ToolRef = builder.objectRef<HandedAgent['tools'][number]>('ClaimedTool').implement({
  description: 'A workflow that a run of an agent may call.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The workflow.' }),
    name: t.exposeString('name', { nullable: false, description: 'What it is called.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    parameters: t.expose('parameters', {
      type: 'JSON',
      nullable: true,
      description: 'The JSON schema of its parameters.',
    }),
  }),
});

const DelegateRef = builder
  .objectRef<HandedAgent['delegates'][number]>('ClaimedDelegate')
  .implement({
    description: 'An agent that a run of an agent may delegate to.',
    authScopes: { signedIn: true },
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false, description: 'The agent.' }),
      name: t.exposeString('name', { nullable: false, description: 'What it is called.' }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'What it is for.',
      }),
    }),
  });

const AgentRef = builder.objectRef<HandedAgent>('ClaimedAgent').implement({
  description: 'The agent of a run, with what it may call as who launched it.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The agent.' }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'What it is told.',
    }),
    tools: t.field({
      type: [ToolRef],
      nullable: false,
      description: 'What it may call.',
      resolve: ({ tools }) => [...tools],
    }),
    delegates: t.field({
      type: [DelegateRef],
      nullable: false,
      description: 'Whom it may delegate to.',
      resolve: ({ delegates }) => [...delegates],
    }),
  }),
});

export const ClaimedRef = builder.objectRef<Claimed>('ClaimedExecution').implement({
  description: 'An execution that is its worker’s for as long as its lease (D34).',
  authScopes: { signedIn: true },
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The execution.' }),
    kind: t.exposeString('kind', {
      nullable: false,
      description: '`WORKFLOW`, `DATA_PROVIDER` or `AGENT_RUN`.',
    }),
    organizationId: t.exposeID('organizationId', {
      nullable: false,
      description: 'The organization that it runs in.',
    }),
    scopeId: t.exposeID('scopeId', { nullable: false, description: 'The place that it runs at.' }),
    workflowId: t.exposeID('workflowId', {
      nullable: true,
      description: 'The workflow; null of a run of an agent.',
    }),
    name: t.exposeString('targetName', {
      nullable: false,
      description: 'What its workflow or agent was called when it was launched.',
    }),
    version: t.exposeInt('targetVersion', {
      nullable: false,
      description: 'The version of its workflow or agent when it was launched.',
    }),
    endpoint: t.exposeString('endpoint', {
      nullable: true,
      description: 'What the workflow calls; null of a run of an agent.',
    }),
    agent: t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent of a run of one.',
      resolve: ({ agent }) => agent,
    }),
    input: t.expose('input', {
      type: 'JSON',
      nullable: true,
      description: 'What it was launched with.',
    }),
    attempt: t.exposeInt('attempt', { nullable: false, description: 'Which attempt this is.' }),
    timeoutAt: t.expose('timeoutAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When it is TIMED_OUT, heartbeats or not.',
    }),
    leaseExpiresAt: t.expose('leaseExpiresAt', {
      type: 'DateTime',
      nullable: false,
      description: 'Until when it is the worker’s, unless a heartbeat prolongs that.',
    }),
    leaseToken: t.exposeString('leaseToken', {
      nullable: false,
      description: 'The fence: needed, with the worker’s key, for all that a worker says of it.',
    }),
    token: t.exposeString('token', {
      nullable: false,
      description:
        'The execution’s own bearer token, for everything else; it dies with the lease (D30).',
    }),
  }),
});

export const BeatenRef = builder.objectRef<Beaten>('ExecutionHeartbeat').implement({
  description: 'What a sign of life is answered.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'The execution.', resolve: ({ id }) => id }),
    isLost: t.boolean({
      nullable: false,
      description: 'Whether it is not this worker’s any more: stop, and say nothing more of it.',
      resolve: ({ isLost }) => isLost,
    }),
    leaseExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when it is the worker’s now; null: it is lost.',
      resolve: (one) => (one.isLost ? null : one.leaseExpiresAt),
    }),
    cancelRequested: t.boolean({
      nullable: false,
      description: 'Whether it is to stop: 30 seconds after it was asked to, it is cancelled.',
      resolve: (one) => !one.isLost && one.isCancelRequested,
    }),
    token: t.string({
      nullable: true,
      description: 'The execution’s own token; null: it is lost.',
      resolve: (one) => (one.isLost ? null : one.token),
    }),
  }),
});

export const LeaseRef = builder
  .objectRef<{ readonly id: string; readonly kept: number }>('AppendExecutionLogsPayload')
  .implement({
    description: 'What became of lines of a log.',
    authScopes: { signedIn: true },
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false, description: 'The execution.' }),
      kept: t.exposeInt('kept', {
        nullable: false,
        description: 'How many of the lines are kept, now or from before.',
      }),
    }),
  });

export const MovedRef = builder.objectRef<Moved>('MovedExecution').implement({
  description: 'What became of an execution.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: 'The execution.' }),
    status: t.exposeString('status', { nullable: false, description: 'The status it is in now.' }),
  }),
});
