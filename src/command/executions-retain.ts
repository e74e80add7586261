import { openDatabase } from '../data/clients.js';
import { retainExecutions, retainFirings } from '../data/execution-retention.js';
import { readDatabaseSettings } from '../env.js';
import { type Command, FLAG, TEXT } from './command.js';
import { isAsked, numberOf } from './given.js';
import { progress, tell } from './tell.js';

const MOST_DAYS = 36_500;

export const executionsRetain: Command = {
  help: `Usage: heimdall executions retain --days N [--dry-run] [--json]

Deletes executions that ended over N days ago, with all that they launched and their logs, and says so in the record.
Past due times of schedules go as well.
What is under way stays, and so does what a later execution was tried again from. It can be stopped at any time and
started again. What has run is needed by its executions: a workflow, a form, an agent, an app or a scope can be
deleted once none of them is kept.

  --days N     how many days are kept since the end (1 to 36500)
  --dry-run    only says how many would go
  --json       the result as JSON

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { days: TEXT, 'dry-run': FLAG, json: FLAG },
  async run(given) {
    const days = numberOf(given, 'days', { least: 1, most: MOST_DAYS });
    const dryRun = isAsked(given, 'dry-run');
    const database = await openDatabase(readDatabaseSettings());
    try {
      const deleted = await retainExecutions(database.sql, {
        ...{ days, dryRun },
        progress: (gone) => progress(`${gone} executions deleted so far`),
      });
      const firings = await retainFirings(database.sql, { days, dryRun });
      const would = dryRun ? 'would be ' : '';
      tell(isAsked(given, 'json'), { dryRun, deleted, firings }, [
        `${deleted} executions ${would}deleted`,
        `${firings} past due times of schedules ${would}deleted`,
      ]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};
