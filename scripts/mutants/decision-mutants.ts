import { inFile, type Mutant } from './mutant.js';

/** Bugs in asking: what is told of whom, and by which word. */
export const decisionMutants: readonly Mutant[] = [
  ...inFile('src/decisions/decide-row.ts', {
    'somebody may do what they may not find': [
      "const needs = isAsker ? [action] : ['read', action];",
      'const needs = [action];',
    ],
    'a reason tells what is for managers': [
      'const shown = isAsker ? shownRow(decisions, model, row) : row;',
      'const shown = row;',
    ],
    'a row that the asker may not read is told by the other’s answer': [
      "decided(isAsker ? 'NO' : 'UNKNOWN', 'resource', NO_SUCH_RESOURCE)",
      "decided('NO', 'resource', NO_SUCH_RESOURCE)",
    ],
  }),
  ...inFile('src/decisions/inspects-row.ts', {
    'what others may do with a row is told to whoever reads it': [
      'return context.loaders.permitted(model, MANAGE, here, row);',
      'return true;',
    ],
    'what is held behind a wall is told from outside': [
      "if (answer === 'no') return false;",
      "if (answer === 'no') return context.loaders.permitted(model, MANAGE, here, row);",
    ],
    'what a row does not say of where it is, is not asked': ['if (!isReached) return false;', ''],
    'what others may do with entries is told to nobody': [
      'return ids.map((id) => reached.has(id));',
      'return ids.map((id) => reached.has(id) && false);',
    ],
  }),
  ...inFile('src/decisions/subject.ts', {
    'whoever reads somebody asks about them': [
      'return inspectsOrganization(context, row.organizationId as string) ? null : forbidden();',
      'return null;',
    ],
    'nobody counts whom a request asks about': [
      'if (count > subjects) throw badUserInput(`a request asks about at most ${subjects} others`);',
      '',
    ],
    'who names nobody asks about somebody': [
      '(userId === null) === (teamId === null)',
      'userId !== null && teamId !== null',
    ],
    'the id of a team is a user’s': ["known[userId === null ? 'Team' : 'User']", 'known.User'],
    'somebody is decided where only the asker can act': [
      'return switched && !canActAnywhere(principal) ? null : { ...place, switched };',
      'return { ...place, switched };',
    ],
  }),
  ...inFile('src/decisions/decide.ts', {
    'what is held at a scope is told where permission:inspect does not reach': [
      'if (!isAsker && !inspectsAt(context, spot))',
      'if (false as boolean)',
    ],
    'what a team makes is nobody’s': ['(teams.ids[0] ?? null)', 'null'],
    'what cannot be told is permitted': [
      "const answer = is === 'yes' ? 'YES' : is === 'no' ? 'NO' : 'UNKNOWN';",
      "const answer = is === 'no' ? 'NO' : 'YES';",
    ],
  }),
  ...inFile('src/decisions/inspected.ts', {
    'to ask about one’s own is to ask about all': [
      "managed('permission:inspect', WHOLE)",
      "managed('permission:inspect')",
    ],
  }),
  ...inFile('src/decisions/accessible.ts', {
    'what somebody may not read is on their list': ["theirs.residual(model, 'read'),", ''],
    'a list tells whose a row is that the asker only uses': ['ours.residual(model, MANAGE),', ''],
    'a list goes through walls': ['inspected(ours, policy, action),', ''],
  }),
  ...inFile('src/query/guard.ts', {
    'what a query is narrowed by besides is left out': ['...permitting.map(permitted),', ''],
  }),
  ...inFile('src/decisions/with-access.ts', {
    'who may is told to whoever reads the row': ['if (!mayAsk) throw forbidden();', ''],
  }),
  ...inFile('src/decisions/effective.ts', {
    'what others hold is told where permission:inspect does not reach': [
      'if (!subject.isAsker && !inspectsAt(context, spot)) throw forbidden();',
      '',
    ],
  }),
  ...inFile('src/decisions/nearest-misses.ts', {
    'a change is named that does not permit it': [
      'outcome === null || !permits(outcome) ? []',
      'outcome === null ? []',
    ],
    'two changes are told where one is enough': ['!enough.has(one) && bears(one)', 'bears(one)'],
  }),
  ...inFile('src/decisions/nearest/ground.ts', {
    'who could not assign a role is told of it': ['(mayAssign ? known : [])', 'known'],
    'who could not remove an override is told of it': [
      "rows.filter((row) => evaluate(residual, row) === 'yes')",
      'rows',
    ],
    'who could not change a type is told of it': [" && evaluate(update, type) === 'yes'", ''],
  }),
  ...inFile('src/decisions/nearest/change.ts', {
    'what one does not hold one gives back': [
      '!gives.every((one) => isHeld(giver, one, spot.inheritsFrom))',
      'false',
    ],
    'what is disabled beyond a wall counts': [
      'if (inheritsFrom !== spot.inheritsFrom && left.length > 0) return null;',
      '',
    ],
    'a role that is disabled there is assigned': [
      'const there = withoutDisabled(role, left);\n    if (there === null || !givesRole',
      'const there = role;\n    if (!givesRole',
    ],
  }),
  ...inFile('src/http/authzen.ts', {
    'nobody asks for decisions': [
      "if (principal.kind === 'ANONYMOUS') throw unauthenticated();",
      '',
    ],
  }),
  ...inFile('src/http/authzen-answers.ts', {
    'what went wrong is a yes': [
      'return { decision: false, context: { error: { code, message } } };',
      'return { decision: true, context: { error: { code, message } } };',
    ],
    'a token is good for any search': [
      'if (of !== hash || cursor === undefined)',
      'if (cursor === undefined)',
    ],
  }),
];
