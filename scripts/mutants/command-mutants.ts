import { inFile, type Mutant } from './mutant.js';

/** Bugs in writing: what is decided, when, and what of it is recorded. */
export const commandMutants: readonly Mutant[] = [
  ...inFile('src/resources/app/launch-app.graphql.ts', {
    'who manages an app launches it': [
      "    ...usableOf(there.decisionsAt(place), 'App', extent),\n",
      '',
    ],
  }),
  ...inFile('src/commands/locate.ts', {
    'a hidden row is told from none': [
      'if (found === null) throw notFound();',
      'if (found === null) throw forbidden();',
    ],
    'what may be read may be written': [
      'if (!(await isPermitted(session, model, action, row))) {',
      'if (false as boolean) {',
    ],
    'no version is old': ['version !== row.version', 'version > (row.version as number)'],
    'a version is told to who may not write': [
      'if (!(await isPermitted(session, model, action, row))) {',
      'if ((version ?? row.version) === row.version && !(await isPermitted(session, model, action, row))) {',
    ],
  }),
  ...inFile('src/commands/change-row.ts', {
    'a change is not decided on the row after': [
      'if (after === null || !(await isPermitted(session, model, action, after))) {',
      'if (after === null) {',
    ],
    'who may transfer gives away what others hold': [
      "if (action === 'transfer') await assertHoldsAll(session, writable, before);",
      '',
    ],
    'a row that is changed need not be sound': [
      "if (action !== 'transfer' && setsAnything(change)) assertSound(writable, proposed);",
      '',
    ],
    'a change is not recorded': [
      'recordWrite(\n    session,\n    writable,\n    action,\n    { ...before, ...linked.before },\n    { ...after, ...linked.after },\n  );',
      '',
    ],
    'what was linked is not recorded': ['{ ...before, ...linked.before },', 'before,'],
  }),
  ...inFile('src/commands/change.ts', {
    'what is referred to may be hidden': [
      'if (issues.length > 0) throw badInput(issues);\n  return { values',
      'return { values',
    ],
    'what is referred to needs no permission of its own': [
      'await assertPermitted(session, model, needs, found);',
      '',
    ],
    'what was linked stays linked': [
      'await session.writer.unlink(by.join, { [by.near]: id, [by.far]: { in: seen } });',
      '',
    ],
    'what is not seen is taken away': [
      'const seen = await readableIds(session, by.target, gone);',
      'const seen = gone;',
    ],
  }),
  ...inFile('src/commands/create-row.ts', {
    'what is made is not decided before': [
      'if (refused !== undefined) throw notToBeMade(refused);',
      '',
    ],
    'what is made is not decided as it is': [
      'if (!(await isPermitted(session, model, action, after))) {',
      'if (false as boolean) {',
    ],
    'nobody owns what is made': [
      'createdById: userId, ownerId: userId, teamId',
      'createdById: userId, ownerId: null, teamId',
    ],
    'what cannot be told of a new row is permitted': ["=== 'yes'", "!== 'no'"],
    'what is made is not recorded': [
      "recordWrite(session, writable, 'create', null, { ...after, ...linked });",
      '',
    ],
  }),
  ...inFile('src/commands/renaming.ts', {
    'a role that has ended stands in the way of a name': [
      '...counts,\n                membership: {',
      'membership: {',
    ],
    'a membership that has ended stands in the way of a name': [
      'membership: { ...counts, scopeId',
      'membership: { scopeId',
    ],
    'a name gives a row away': [
      "if (given) throw forbidden('the name would give it away (D21)');",
      '',
    ],
    'names give away by what is held elsewhere': [
      'scopeId: { in: reaching(policy, before) }',
      'scopeId: { in: [] }',
    ],
  }),
  ...inFile('src/commands/session.ts', {
    'what is ruled out is tried': ["=== 'no'", "=== 'never'"],
  }),
  ...inFile('src/commands/delete-row.ts', {
    'what may be updated may be deleted': [
      "await locate(session, model, named, 'delete');\n  await writable.beforeDelete?.(session, before.id);\n  const write = guardWrite(session.guarding, model, before.id, 'delete');",
      "await locate(session, model, named, 'update');\n  await writable.beforeDelete?.(session, before.id);\n  const write = guardWrite(session.guarding, model, before.id, 'update');",
    ],
    'who deletes an organization deletes what is behind a boundary': [
      'await writable.beforeDelete?.(session, before.id);',
      '',
    ],
    'what is deleted is not recorded': [
      "recordWrite(session, writable, 'delete', before, null);",
      '',
    ],
  }),
  ...inFile('src/commands/move-row.ts', {
    'a row leaves its organization': [
      'if (before.organizationId !== spot.organizationId) {',
      'if (false as boolean) {',
    ],
    'a row is moved to who could not be given it': [
      '    isReachedAnew ||\n    (await leavesDisabled',
      '    (await leavesDisabled',
    ],
    'what conditions read of a scope gives a moved row away': [
      ' ||\n    (await readsScopes(session, writable.resource))',
      '',
    ],
    'a row is moved to where none may be made': [
      "if (after === null || !(await isPermitted(session, model, 'create', after))) {",
      'if (after === null) {',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'a role that has ended is given': ['where: { ...counts, membership:', 'where: { membership:'],
    'what a membership gave that has ended is given': [
      'AND: [counts, { OR: [...subjects] }]',
      'AND: [{ OR: [...subjects] }]',
    ],
    'who holds less gives more': ['!permissions.every((one) =>', '!permissions.some((one) =>'],
    'a grant on a pattern gives all': [
      "(held.pattern === '*' || held.pattern === other.pattern) &&",
      '',
    ],
    'OWN_DATA gives ALL_DATA': [
      ' &&\n    reachOf(held.dataAccess) >= reachOf(other.dataAccess)',
      '',
    ],
    'what is held elsewhere is given here': [
      'if (!scopeIds.some((id) => inheritsFrom.includes(id))) return false;',
      '',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'roles are given that the giver does not hold': [
      '!roles.every((one) => holdsOrAssigns(principal, one))',
      'false',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'what is off there is given there': [
      'return one.liftedAt.some((id) => inheritsFrom.includes(id));',
      'return true;',
    ],
    'what is off below is given below': [
      '!one.reachedFrom.includes(at) || isAlsoOf(one, given)',
      'true',
    ],
    'what another override takes from the giver is taken from all': [
      '(roleId === null || roleId === given.roleId)',
      'true',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'who holds it on one condition gives it on another': [
      ' && isSame(grant.condition, condition)',
      '',
    ],
  }),
  ...inFile('src/commands/conditions.ts', {
    'a value gives a row away': [
      "if (given) throw forbidden('a condition would give it away (D21)');",
      '',
    ],
  }),
  ...inFile('src/commands/move-row.ts', {
    'what disables a row stays behind': [
      '    (await leavesDisabled(session, reached, spot)) ||\n',
      '',
    ],
  }),
  ...inFile('src/resources/scope-override/set-override.ts', {
    'whoever sets overrides lifts those of others': [
      "if (row.state === 'enabled') await assertMayLift(session, spot, target);",
      '',
    ],
    'whoever lifts gives what they do not hold': [
      "if (row.state === 'enabled' && found?.state !== 'enabled') {",
      'if (false) {',
    ],
    'a hidden override is told to everybody': [
      "throw wouldPermit(session, writable, 'create', spot, change)",
      'throw true',
    ],
  }),
  ...inFile('src/resources/scope-override/lift.ts', {
    'what is disabled there itself is lifted': [
      'const [, ...above] = spot.inheritsFrom;',
      'const above = [...spot.inheritsFrom];',
    ],
    'the nearest that disables is all that is lifted': [
      "const until = nearestFirst.findIndex(({ state }) => state === 'enabled');",
      'const until = 1;',
    ],
    'a hidden override is lifted': [
      'rows.length === 0 || rows.length < ids.length',
      'ids.length === 0',
    ],
    'what could not have been set is lifted': [
      '!rows.every(({ id }) => settable.has(id))',
      'false',
    ],
  }),
  ...inFile('src/commands/regained.ts', {
    'who lost a role gives it back to themselves': [
      'one.roleId === null ? asLifted(one) : principal',
      'asLifted(one)',
    ],
    'nobody undoes what is taken of all': [
      'one.roleId === null ? asLifted(one) : principal',
      'principal',
    ],
    'what is held above is not regained': [
      'SELECT unnest(at.inherits_from) AS id',
      'SELECT at.id AS id',
    ],
    'what is held below is not regained': [
      'AND below.inherits_from @> ARRAY[at.id]',
      'AND below.id = at.id',
    ],
  }),
  ...inFile('src/resources/scope-override/remove-override.ts', {
    'who removes what disables holds nothing': [
      "if (before.state === 'enabled') return before;",
      'return before;',
    ],
  }),
  ...inFile('src/resources/config/set-config.ts', {
    'a farther config is overridden unasked': [
      'if (target.scopeId !== spot.scopeId) throw cascadeWriteForbidden();',
      'if (target.scopeId !== spot.scopeId) return create();',
    ],
    'who could make none learns of a farther one': [
      "if (!wouldPermit(session, writable, 'create', spot, made)) throw notToBeMade('create');",
      '',
    ],
    'a scope said outright looks up the cascade': [
      'explicit ? [spot.scopeId] :',
      'explicit && false ? [spot.scopeId] :',
    ],
  }),
  ...inFile('src/resources/team/members.ts', {
    'a member is given what the giver does not hold': [
      'assertHeld(session.principal, await heldByTeam(session, team.id));',
      '',
    ],
    'users of others join a team': [
      'row.organizationId !== team.organizationId',
      'false && row.organizationId !== team.organizationId',
    ],
    'a team takes users whom one may read alone': [
      'if (!users.every(({ id }) => allowed.has(id))) {',
      'if (false as boolean) {',
    ],
  }),
  ...inFile('src/commands/settings.ts', {
    'what is shared is updated': [
      "settings.filter(({ name, by }) => by !== 'update' && input[name] !== undefined)",
      "settings.filter(({ by }) => by === 'transfer')",
    ],
    'whoever writes users makes platform admins': [
      'if (set.length > 0) {',
      'if (set.length > 99) {',
    ],
    'a value is not checked': [
      'else if (value !== null && check !== undefined) {',
      'else if (false) {',
    ],
  }),
  ...inFile('src/data/prisma/writer.ts', {
    'a write does not carry its guard': [
      'AND: [{ id }, whereOf(dataModel, model, where)],',
      'AND: [{ id }, {}],',
    ],
    'a change is not counted': ['? { version: { increment: 1 } }', '? {}'],
    'rows are not locked before they are decided on': [
      'ORDER BY id FOR NO KEY UPDATE',
      'ORDER BY id',
    ],
  }),
  ...inFile('src/request/transact.ts', {
    'a write is decided by what was held before': [
      'const now = await anewIn(tx);\n    if (!covers',
      'const now = principal;\n    if (!covers',
    ],
    'a write takes no lock of authority': ['await lockAuthority(tx, locks);', ''],
    'a vector that grew is not covered and nobody minds': [
      'if (!covers(locks, await vectorOf(tx, writerOf(principal)))) throw new RetryTransaction();',
      '',
    ],
    'after a write one still is who one was': [
      'const anew = changesAuthority ? await principalAnew(client, principal) : now;',
      'const anew = principal;',
    ],
  }),
  ...inFile('src/commands/enforced/enforced-writes.ts', {
    'many are written that may be read alone': [
      'rows = rows.filter(({ id }) => allowed.has(id));',
      '',
    ],
    'a handwritten update asks for update alone': [
      'for (const action of updatesOf(writable, input)) {',
      "for (const action of ['update', 'share', 'transfer'] as const) {",
    ],
  }),
  ...inFile('src/commands/checks/form-fields.ts', {
    'a default is of any type': [
      'preset === undefined || preset === null || PRESETS[type](preset)',
      'true',
    ],
    'no two fields have one name': [
      "...(twice ? [issue('another field has this name', index, 'name')] : []),",
      '',
    ],
  }),
  ...inFile('src/commands/checks/json.ts', {
    'JSON is nested for ever': ['if (depth < 0) return', 'if (depth < -9_999) return'],
    'numbers lose digits': ['!Number.isSafeInteger(value)', 'false'],
    'keys are any': ["key === '__proto__' || !isText(key)", "key === '__proto__'"],
  }),
  ...inFile('src/commands/checks/text.ts', {
    'names have control characters': [
      '(lines ? CONTROL_BUT_LINES : CONTROL).test(value)',
      'CONTROL_BUT_LINES.test(value)',
    ],
    'a name is a word of patterns': [
      "if (value === '*' || value === 'owned')",
      "if (value === '*')",
    ],
  }),
];
