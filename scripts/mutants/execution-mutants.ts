import { inFile, type Mutant } from './mutant.js';

/** Bugs in what is launched, who sees it, and what becomes of it. */
export const executionMutants: readonly Mutant[] = [
  ...inFile('src/policy/launched.ts', {
    'a key sees whatever its owner launched': [
      "isFor(principal, 'execution', needed) ? or(byUser, byKey) : byKey",
      'or(byUser, byKey)',
    ],
    'a key does not see what it launched itself': [
      "typeof keyId === 'string' ? equals('launcherKeyId', keyId, 'principal.keyId') : no",
      'no',
    ],
  }),
  ...inFile('src/resources/execution/execution.ts', {
    'who reads executions inspects them': [
      "allOf(managed('execution:read'), managed('execution:inspect'))",
      "allOf(managed('execution:read'))",
    ],
    'who may not cancel cancels': [
      "cancel: anyOf(launched, managed('execution:cancel'))",
      "cancel: anyOf(launched, managed('execution:read'))",
    ],
  }),
  ...inFile('src/resources/execution/execution.graphql.ts', {
    'inspectors of executions read conversations': [
      'if (conversationId === null) {',
      "if (conversationId !== '') {",
    ],
    'submitters read what a form fixes': ['if (submitted === null) return input;', 'return input;'],
    'runs tell the names of private agents': [
      "if (kind !== 'AGENT_RUN') return targetName;",
      "if (kind !== '') return targetName;",
    ],
  }),
  ...inFile('src/resources/execution/execution-log.ts', {
    'launchers see what is for who looks for faults': [
      "anyOf(says('level', 'INFO')",
      "anyOf(says('level', 'DEBUG'), says('level', 'INFO')",
    ],
  }),
  ...inFile('src/policy/reach.ts', {
    'executions of teammates are out of reach of TEAM_DATA': [
      "  launch: (teams) =>\n    or(oneOf('teamId', teams.ids, TEAMS), byTeammate(teams, 'createdById', 'createdBy')),",
      '  launch: () => no,',
    ],
  }),
  ...inFile('src/commands/findings.ts', {
    'what is not found out is committed': [
      'if (this.#wanted.size > 0) throw',
      'if (this.#wanted.size > 99) throw',
    ],
    'what was assumed is told': [
      'if (this.#wanted.size === 0) throw error;',
      'if (left > 0) throw error;',
    ],
  }),
  ...inFile('src/execution/validating/mistakes-ahead.ts', {
    'a value is compared with the schema that was there before': [
      'const name = `${dialect}\\n${job.schema}\\n${job.value}`;',
      'const name = `${dialect}\\n${job.value}`;',
    ],
  }),
  ...inFile('src/request/wake.ts', {
    'workers keep callers from waiting': [
      "first?.startsWith('finished:') ? 'finished' : 'queued'",
      "first?.startsWith('finished:') ? 'queued' : 'queued'",
    ],
    'what has finished is heard as if it were in the queue': [
      "channel === CHANNELS.queued ? 'queued'",
      "channel !== '' ? 'queued'",
    ],
  }),
  ...inFile('src/commands/change-row.ts', {
    'what a row refers to is not held to its rules': [
      "action !== 'transfer' && setsAnything(change)",
      "action !== 'transfer' && Object.keys(change.columns).length > 0",
    ],
  }),
  ...inFile('src/execution/submit-form.ts', {
    'whether the workflow of a form is hidden is told': [
      "if (!isDomainError(error) || error.code !== 'NOT_FOUND') throw error;",
      'throw error;',
    ],
  }),
  ...inFile('src/execution/submit-form.ts', {
    'what is filled in wins over what is fixed': [
      'input: { ...said, ...fixed },',
      'input: { ...fixed, ...said },',
    ],
    'submitters are shown what a form fixes': [
      'submitted: Object.keys(fixed).length === 0 ? null : said,',
      'submitted: null,',
    ],
  }),
  ...inFile('src/execution/form-values.ts', {
    'fields that a form has not are taken': [
      'additionalProperties: false,',
      'additionalProperties: true,',
    ],
  }),
  ...inFile('src/execution/usable.ts', {
    'what may be read may be used': [
      "if (!(await isPermitted(session, model, 'use', row)))",
      "if (!(await isPermitted(session, model, 'read', row)))",
    ],
  }),
  ...inFile('src/execution/launch.ts', {
    'a workflow of another organization runs in ours': [
      'if (target.organizationId === null || target.organizationId === organizationId) return;',
      'return;',
    ],
    'data providers are run': ['target.kind === kind) return;', 'true) return;'],
    'an app need not be the launcher’s to use': [
      "const app = await usable(session, 'App', appId);",
      'const app = { id: appId };',
    ],
  }),
  ...inFile('src/execution/retry-execution.ts', {
    'who sees no input tries again with it': [
      "if (!(await isPermitted(session, 'Execution', MANAGE, before)))",
      "if (!(await isPermitted(session, 'Execution', 'read', before)))",
    ],
    'what has not ended is tried again': [
      "if (before.finishedAt === null) throw conflict('it has not ended');",
      '',
    ],
  }),
  ...inFile('src/execution/cancel-execution.ts', {
    'what was launched below is not cancelled': [
      'const ids = await subtreeOf(session, before.id);',
      'const ids = [before.id];',
    ],
  }),
  ...inFile('src/commands/subtree.ts', {
    'a scope is moved without a look at its executions': [
      "return doing === 'delete' ? []",
      'return doing !== undefined ? []',
    ],
  }),
  ...inFile('prisma/migrations/20261207000000_executions/migration.sql', {
    'any state follows upon any': [
      'IF NOT heimdall_execution_moves(OLD.status, NEW.status, NEW.moved_by) THEN',
      'IF false THEN',
    ],
    'what failed otherwise is finished late': [
      "OLD.error_code IS DISTINCT FROM 'LEASE_LOST' OR ",
      '',
    ],
    'an attempt is counted back': [
      "IF NEW.attempt <> OLD.attempt + (NEW.status = 'RUNNING')::int\n    OR NOT",
      'IF NOT',
    ],
    'executions are deleted by anybody': [
      "WHEN (pg_trigger_depth() = 0 AND current_setting('heimdall.retaining', true) IS DISTINCT FROM 'on')",
      'WHEN (false)',
    ],
  }),
];
