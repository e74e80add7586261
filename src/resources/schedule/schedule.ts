import { type Check, issue } from '../../commands/checks/check.js';
import { jsonObject } from '../../commands/checks/json.js';
import { name } from '../../commands/checks/text.js';
import type { RowCheck } from '../../commands/writable.js';
import { faultOfCron } from '../../execution/schedules/cron.js';
import { isTimezone } from '../../execution/schedules/zone.js';
import { forManagers, open, related } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { ON_MISSED, ON_OVERLAP } from '../../policy/vocabulary.js';
import { audited, edited, owned, placed } from '../traits/index.js';
import { stayingPut, watchSchedule } from './owners-alone.js';
import { whenDue } from './when-due.js';

/** As of an execution (D31). */
const INPUT_BYTES = 262_144;

const cron: Check = (value) => {
  const fault = faultOfCron(String(value));
  return fault === null ? [] : [issue(fault)];
};

const timezone: Check = (value) =>
  isTimezone(String(value))
    ? []
    : [issue('it is no time zone of the IANA database, such as Europe/Oslo')];

/** It runs as a user, who is of an organization; and it runs one thing. */
const whole: RowCheck = ({ organizationId, workflowId, agentId }) => [
  ...(organizationId === null
    ? [issue('there is no schedule without an organization', 'scope')]
    : []),
  ...((workflowId ?? null) === null && (agentId ?? null) === null
    ? [issue('it runs a workflow or an agent: name one', 'workflow')]
    : []),
  ...((workflowId ?? null) !== null && (agentId ?? null) !== null
    ? [issue('it runs either a workflow or an agent, and not both', 'workflow')]
    : []),
];

export const schedule = resource('Schedule', {
  resource: 'schedule',
  noun: 'schedule',
  description: 'What runs when: a workflow or an agent, as the schedule’s owner (D36).',
  traits: [edited, audited, placed, owned],
  name: 'name',
  columns: {
    name: open('Its name, unique at its scope.', { sort: true, set: { check: name } }),
    cron: open(
      'When it is due, in five fields: minute, hour, day of the month, month, day of the week.',
      { filter: false, set: { check: cron } },
    ),
    timezone: open('The time zone that this is said in, such as `Europe/Oslo`.', {
      set: { check: timezone },
    }),
    input: forManagers('What it launches with.', {
      filter: false,
      set: { check: jsonObject(INPUT_BYTES) },
    }),
    isActive: open(
      'Whether it fires. Whoever may change it stops it; its owner alone starts it again.',
      {
        set: {},
      },
    ),
    onOverlap: open('What it does while what it launched before has not ended.', {
      values: ON_OVERLAP,
      set: {},
    }),
    onMissed: open('What it does about due times at which no gateway was there.', {
      values: ON_MISSED,
      set: {},
    }),
    nextAt: open('When it is due next; null: it is not active.', { sort: true }),
    lastAt: open('The due time at which it launched last.', { sort: true }),
    denials: open(
      'How often in a row its owner was denied what it launches: after three, it stops.',
    ),
    disabledReason: open('Why it was stopped, where nobody did so.'),
  },
  relations: {
    workflow: related('The workflow that it runs, if you may read that one.', { set: {} }),
    agent: related('The agent that it runs, if you may read that one.', { set: {} }),
    executions: related('What it launched, of the executions that you may read.', {
      filter: false,
    }),
    owner: related('As whom it runs: who takes it over runs it as themselves.', {
      managed: true,
      set: { by: 'transfer', required: true },
    }),
  },
  actions: {
    read: managed('schedule:read'),
    create: managed('schedule:create'),
    update: managed('schedule:update'),
    delete: managed('schedule:delete'),
    transfer: managed('schedule:transfer'),
  },
  check: whole,
  keeping: whenDue,
  guard: stayingPut,
  watch: watchSchedule,
});
