import { badInput, type Issue } from '../../errors.js';
import { faultOfCron, upcoming } from '../../execution/schedules/cron.js';
import { isTimezone } from '../../execution/schedules/zone.js';
import { builder } from '../../graphql/builder.js';
import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { schedule } from './schedule.js';

defineType(schedule, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  cron: t.column('cron'),
  timezone: t.column('timezone'),
  workflow: t.one('workflow'),
  agent: t.one('agent'),
  input: t.column('input'),
  isActive: t.column('isActive'),
  onOverlap: t.column('onOverlap'),
  onMissed: t.column('onMissed'),
  nextAt: t.column('nextAt'),
  lastAt: t.column('lastAt'),
  denials: t.column('denials'),
  disabledReason: t.column('disabledReason'),
  executions: t.many('executions'),
}));

defineRoots(schedule);

defineCommands(schedule, ['create', 'update', 'transfer', 'move', 'delete']);

/** So many due times are told at once. */
const MOST_PREVIEWED = 20;

builder.queryField('previewSchedule', (t) =>
  t.field({
    type: ['DateTime'],
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'When a schedule would be due next (D36): a local time that is skipped, at the next valid instant; one that occurs twice, once.',
    args: {
      cron: t.arg.string({
        required: true,
        description:
          'Five fields: minute, hour, day of the month, month, day of the week; such as `0 9 * * MON-FRI`.',
      }),
      timezone: t.arg.string({
        required: true,
        description: 'A time zone of the IANA database, such as `Europe/Oslo`.',
      }),
      n: t.arg.int({
        defaultValue: 5,
        description: `How many due times, 1 to ${MOST_PREVIEWED}.`,
      }),
    },
    resolve: async (_root, { cron, timezone, n }, context) => {
      const most = n ?? 5;
      const issues: Issue[] = [];
      const fault = faultOfCron(cron);
      if (fault !== null) issues.push({ path: ['cron'], message: fault });
      if (!isTimezone(timezone)) {
        issues.push({ path: ['timezone'], message: 'it is no time zone of the IANA database' });
      }
      if (most < 1 || most > MOST_PREVIEWED) {
        issues.push({ path: ['n'], message: `1 to ${MOST_PREVIEWED}` });
      }
      if (issues.length > 0) throw badInput(issues);
      return upcoming(cron, timezone, await context.readClock(), most);
    },
  }),
);
