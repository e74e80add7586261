import { forManagers, open, related, sealed, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { allOf, anyOf, launched, managed } from '../../policy/predicate.js';
import {
  EXECUTION_KINDS,
  EXECUTION_STATUSES,
  EXECUTION_TRIGGERS,
  LAUNCHER_KINDS,
} from '../../policy/vocabulary.js';
import { audited, edited, placed } from '../traits/index.js';

/** D31: what was asked and what came of it, for who may inspect what they may read. */
const inspected = allOf(managed('execution:read'), managed('execution:inspect'));

/** D31: the launcher sees what they launched; managers that it ran; and inspectors what it said. */
export const execution = resource('Execution', {
  resource: 'execution',
  noun: 'execution',
  latest: 'createdAt',
  description:
    'A run of a workflow or an agent (D31): who launched it, how far it is, and what came of it.',
  traits: [edited, audited, placed],
  ownership: 'launch',
  columns: {
    kind: open('What runs.', { values: EXECUTION_KINDS }),
    status: open('How far it is.', { values: EXECUTION_STATUSES }),
    movedAt: open('Since when it has its status.', { sort: true }),
    trigger: open('By what it was launched.', { values: EXECUTION_TRIGGERS }),
    targetName: shown('What its workflow or agent was called when it was launched.'),
    targetVersion: open('The version of its workflow or agent when it was launched.'),
    depth: open('How many launched one another above it; 0: it has no parent.'),
    launcherKind: open('What sort of principal launched it, or launched what did.', {
      values: LAUNCHER_KINDS,
    }),
    queue: open('Where workers find it.'),
    notBefore: open('Before then no worker has it; null: at once.', { sort: true }),
    attempt: open('How often workers have had it.'),
    maxAttempts: open('How often it may be tried: once, unless its workflow says otherwise.'),
    timeoutSeconds: open('How long each try may take.'),
    timeoutAt: open('When the present try has taken too long.'),
    startedAt: open('When a worker had it last.', { sort: true }),
    finishedAt: open('When it ended; null: it has not.', { sort: true }),
    late: open('Whether its worker ended it after it was thought to be lost.'),
    progress: forManagers('How far its worker is, in words of its own.', { filter: false }),
    input: forManagers('What it was launched with.', { filter: false }),
    submitted: forManagers('What of that was submitted with a form.', { filter: false }),
    result: forManagers('What it answered.', { filter: false }),
    errorCode: forManagers('What sort of error ended it.', { filter: false }),
    errorMessage: forManagers('What error ended it.', { filter: false }),
    errorDetail: forManagers('What else is known of the error.', { filter: false }),
    reason: forManagers('Why it has its status.', { filter: false }),
    leaseHash: sealed('What the lease of its worker is compared with.'),
  },
  relations: {
    createdBy: related('Who launched it, if you may read them; null where a key of nobody did.'),
    team: related('The team whose key launched it, if you may read it.'),
    workflow: related('The workflow that runs, if you may read it.'),
    agent: related('The agent that runs, if you may read it.'),
    form: related('The form that was submitted, if you may read it.'),
    app: related('The app that launched it, if you may read it.'),
    schedule: related('The schedule that launched it, if it is still there and you may read it.'),
    parent: related('The execution that launched it, if you may read that one.'),
    children: related('The executions that it launched, of those that you may read.', {
      filter: false,
    }),
    root: related('The first of those that launched one another; itself, where none launched it.'),
    retryOf: related('The execution that it tries again, if you may read that one.'),
    retries: related('The executions that try it again, of those that you may read.', {
      filter: false,
    }),
    logs: related('What its workers wrote; lines for who looks for faults to inspectors alone.', {
      filter: false,
    }),
  },
  actions: {
    read: anyOf(launched, managed('execution:read')),
    launched,
    inspect: inspected,
    cancel: anyOf(launched, managed('execution:cancel')),
    work: managed('execution:work'),
  },
  managing: anyOf(launched, inspected),
});
