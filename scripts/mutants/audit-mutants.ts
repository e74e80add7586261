import { inFile, type Mutant } from './mutant.js';

/** Bugs in the record: who reads it, what it says, how long it is kept. */
export const auditMutants: readonly Mutant[] = [
  ...inFile('src/request/acting.ts', {
    'who names a place elsewhere is not noted': ['this.#organizations.add(organizationId);', ''],
    'who reads all organizations at once is not noted': [
      "if (coverage.kind === 'everything') this.#isEverywhere = true;",
      '',
    ],
    'whoever sees as somebody is noted as them': ['this.by = by;', 'this.by = principal;'],
  }),
  ...inFile('src/request/load-named.ts', {
    'a row elsewhere is read by its id without a trace': [
      'info, acting.columns(policy)).load(id);\n  acting.noteRow(policy, row);',
      'info, acting.columns(policy)).load(id);',
    ],
  }),
  ...inFile('src/read/lane.ts', {
    'a row elsewhere is read by its id in one statement, without a trace': [
      'if (acting.isFree && plan.roots.some(({ is }) => BY_ID.has(is))) return undefined;',
      '',
    ],
    'a compiled read elsewhere leaves no trace': ['actsIn: acting.where', 'actsIn: []'],
  }),
  ...inFile('src/http/record-acting.ts', {
    'what cannot be recorded is answered all the same': [
      'await record?.(acting, id);',
      'await record?.(acting, id).catch(() => {});',
    ],
  }),
  ...inFile('src/audit/redaction.ts', {
    'the record tells the names of private agents': [
      "targetName: 'redacted',",
      "targetName: 'kept',",
    ],
  }),
  ...inFile('src/policy/inheritance.ts', {
    'who reaches a scope now reads of what was there before': [
      '? and(reached, related(inherits.relation, reached))',
      '? related(inherits.relation, reached)',
    ],
    'who reached a scope once reads of it for ever': [
      '? and(reached, related(inherits.relation, reached))',
      '? reached',
    ],
  }),
  ...inFile('src/policy/manage.ts', {
    'every reach counts where some do': [
      'return grants.reach.includes(dataAccess);',
      'return true;',
    ],
    'every pattern counts where one does': [
      'if (grants.pattern !== undefined && grants.pattern !== pattern) return false;',
      '',
    ],
    'the record of the platform has no reach': [
      'reachResidual(policy, action, grant.dataAccess, principal),',
      '',
    ],
  }),
  ...inFile('src/policy/reach.ts', {
    'OWN_DATA reads what others did': [
      "audit: (userId) => equals('actorUserId', userId, USER),",
      'audit: () => yes,',
    ],
    'TEAM_DATA reads what strangers did': [
      "audit: (teams) => byTeammate(teams, 'actorUserId', 'actor'),",
      'audit: () => yes,',
    ],
  }),
  ...inFile('src/resources/audit-entry/audit-entry.ts', {
    'an entry of what is hidden is read': ["      resourcePermits('read'),\n", ''],
    'the sides of a change are for who reads': [
      'resourcePermits(MANAGE)',
      "resourcePermits('read')",
    ],
    'a deletion that was refused shows what is there': [
      "      says('outcome', 'PERMITTED'),\n",
      '',
    ],
    'whoever reads some shows what is gone': [
      'managed(`${type}:read`, WHOLE)',
      'managed(`${type}:read`)',
    ],
  }),
  ...inFile('src/audit/record.ts', {
    'a denial tells where a hidden row is': [
      "told === 'FORBIDDEN' ? denied : asAbsent(denied)",
      'denied',
    ],
    'the record keeps secrets': [
      'redactChange(entry.resourceType, entry.before, entry.after)',
      '{ before: entry.before ?? null, after: entry.after ?? null }',
    ],
  }),
  ...inFile('src/audit/redact.ts', {
    'what becomes a secret was none': ['(other !== null && isSecretConfig(model, other))', 'false'],
    'a type that nobody knows is no secret': [
      "type === 'SECRET' || !(CONFIG_TYPES as readonly unknown[]).includes(type)",
      "type === 'SECRET'",
    ],
  }),
  ...inFile('src/data/idempotency.ts', {
    'any payload is a repetition': [
      '![payloadHash, ...formerHashes].includes(kept.payload_hash)',
      'false',
    ],
    'the first mutation of a request answers for all': [
      'outcome -> ${field}::text AS outcome',
      '(SELECT value FROM jsonb_each(outcome) LIMIT 1) AS outcome',
    ],
    'a key is everybody’s': ['[kind, organizationId, userId, label]', '[organizationId]'],
    'a key is free for ever once it has expired': [
      'WHERE idempotency_key.expires_at <= now()',
      'WHERE true',
    ],
  }),
  ...inFile('src/http/repeat.ts', {
    'a request that acts elsewhere is a repetition': [
      'variables ?? {}, scopeHeader]',
      'variables ?? {}]',
    ],
    'a request with other variables is a repetition': [
      'operationName ?? null, variables ?? {}, scopeHeader]',
      'operationName ?? null, scopeHeader]',
    ],
  }),
  ...inFile('src/commands/once.ts', {
    'any header is a key': ['if (!KEY.test(key)) {', 'if (key === KEY.source) {'],
    'nothing is kept of what was done': [
      'storeOutcome(tx, claim, { mutation, ids })',
      'storeOutcome(tx, claim, { mutation, ids: [] })',
    ],
  }),
  ...inFile('src/commands/record.ts', {
    'a denial says where a hidden row is': [
      "error.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'FORBIDDEN'",
      "'FORBIDDEN'",
    ],
    'what could be read is recorded as absent': [
      "error.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'FORBIDDEN'",
      "'NOT_FOUND'",
    ],
  }),
  ...inFile('prisma/migrations/20261129000000_audit/migration.sql', {
    'a partition that is made later takes changes': [
      '  PERFORM heimdall_audit_sealed(part);\n  RETURN part;',
      '  RETURN part;',
    ],
    'what is moved is governed anew': [" SET heimdall.settling = 'on'", ''],
    'a flipped scope leaves its record as it was': [
      'ON CONFLICT (scope_id) DO UPDATE SET governed_by = EXCLUDED.governed_by',
      'ON CONFLICT DO NOTHING',
    ],
  }),
  ...inFile('src/data/audit-retention.ts', {
    'a month is dropped while some of it is not over': [" + interval '1 month')", ')'],
  }),
];
