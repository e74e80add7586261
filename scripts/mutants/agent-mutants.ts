import { inFile, type Mutant } from './mutant.js';

/** Bugs in schedules, in conversations and in what agents call. */
export const agentMutants: readonly Mutant[] = [
  ...inFile('src/execution/schedules/zone.ts', {
    'a local time that occurs twice is due the second time': [
      'sort((a, b) => a - b)',
      'sort((a, b) => b - a)',
    ],
  }),
  ...inFile('src/execution/schedules/cron.ts', {
    'several skipped times are due one by one': [
      'if (instant <= last) continue;',
      'if (instant < last) continue;',
    ],
  }),
  ...inFile('src/resources/schedule/owners-alone.ts', {
    'others say what a schedule runs': ['if (!isOwner) throw', 'if (false) throw'],
    'a key makes a schedule that runs with all its owner has': [
      "const isOwner = principal.kind === 'USER' && after",
      'const isOwner = after',
    ],
    'a schedule runs what its owner may not use': [
      'target === null || !(await mayRun(session, model, target))',
      'target === null',
    ],
    'others move a schedule': [
      "if (principal.kind !== 'USER' ||",
      "if (principal.kind !== 'USER' &&",
    ],
  }),
  ...inFile('src/resources/schedule/fire-schedule.ts', {
    'a private agent runs for everybody who has it scheduled': [
      "return (await isPermitted(session, 'Agent', 'update', row)) ? row : null;",
      'return row;',
    ],
    'a due time fires as often as it is seen': [
      "const launches = fired === 1 && outcome === 'LAUNCHED';",
      "const launches = outcome === 'LAUNCHED';",
    ],
    'a missed due time launches': ["outcome = 'MISSED';", "outcome = 'LAUNCHED';"],
  }),
  ...inFile('src/resources/schedule/fire-due.ts', {
    'what is denied goes on for ever': ['if (denials >= MOST_DENIALS ||', 'if (false ||'],
    'whatever fails is a denial': ['REFUSALS.includes(error.code)', 'true'],
  }),
  ...inFile('src/policy/created.ts', {
    'a run reads the conversations of its launcher': [" || kind === 'EXECUTION'", ''],
    'any key of a user reads their conversations': [" || !isFor(principal, 'agent', 'use')", ''],
  }),
  ...inFile('src/execution/conversations/send-message.ts', {
    'two runs answer at once': ['if (running > 0) throw', 'if (running > 9) throw'],
  }),
  ...inFile('src/execution/conversations/append-message.ts', {
    'an agent speaks for a person': [
      "if (role !== 'ASSISTANT' && role !== 'TOOL') {",
      'if (role === "NOBODY") {',
    ],
  }),
  ...inFile('src/execution/conversations/call-tool.ts', {
    'an agent calls what is no tool of it': [
      'if (workflowId === null || !edge) throw',
      'if (workflowId === null) throw',
    ],
  }),
  ...inFile('src/execution/conversations/delegate.ts', {
    'an agent delegates to a stranger': [
      'if (delegateId === null || !edge) throw',
      'if (delegateId === null) throw',
    ],
    'agents delegate in a circle': ['if (way.includes(delegateId)) throw', 'if (false) throw'],
    'agents delegate one further than they may': [
      'if (way.length > MOST_DEPTH) throw',
      'if (way.length > MOST_DEPTH + 1) throw',
    ],
    'agents delegate one less far than they may': [
      'if (way.length > MOST_DEPTH) throw',
      'if (way.length >= MOST_DEPTH) throw',
    ],
    'an inactive agent is delegated to': ['      isActive: true,\n', ''],
  }),
  ...inFile('src/execution/conversations/inspect-conversation.ts', {
    'everybody inspects conversations': [
      "if (row === null || !(await isPermitted(session, 'Conversation', 'inspect', row))) {",
      'if (row === null) {',
    ],
    'inspecting leaves no trace': ['  session.entries.push({', '  ([] as object[]).push({'],
  }),
];
