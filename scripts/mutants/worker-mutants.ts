import { inFile, type Mutant } from './mutant.js';

/** Bugs in who runs executions, and in what executions may. */
export const workerMutants: readonly Mutant[] = [
  ...inFile('src/policy/privilege.ts', {
    'a run of an agent has the privilege': [
      'execution?.isPrivileged !== true',
      'execution === undefined',
    ],
    'the privilege is for the whole organization': [
      'oneOf(home.scope, chainsOf(execution, situation))',
      'placedResidual(home, tier, { kind: "organization", organizationId: execution.organizationId })',
    ],
  }),
  ...inFile('src/policy/tenancy.ts', {
    'an execution elsewhere is there as if it belonged': [
      'place.switched && !canActAnywhere(principal);',
      'false;',
    ],
  }),
  ...inFile('src/identity/execution-credential.ts', {
    'a token needs no secret': ['!isHashOf(hash, [row.leaseHash])', 'hash === ""'],
    'an execution takes along what its workflow may not': [
      'isPlatformAdmin: launcher.isPlatformAdmin && carriesAdmin',
      'isPlatformAdmin: launcher.isPlatformAdmin',
    ],
    'an execution is for all that its launcher may': [
      'const operations = within(launcher.operations, cap);',
      'const operations = within(launcher.operations, ["*"]);',
    ],
  }),
  ...inFile('src/execution/leased.ts', {
    'an older attempt may finish': ['if (!isHashOf(hash, [leaseHash])) throw leaseLost();', ''],
  }),
  ...inFile('src/execution/worker.ts', {
    'whoever holds execution:work works': [
      'keyId === null || !isOfNobody(principal)',
      'keyId === null',
    ],
  }),
  ...inFile('src/execution/decide.ts', {
    'a claim does not ask for the workflow': [
      'workflowId !== null && !(await uses',
      'workflowId === "" && !(await uses',
    ],
    'a claim does not ask for the form': ['formId !== null && !(await', 'formId === "" && !(await'],
    'a claim does not ask for the app': ['appId !== null && !(await', 'appId === "" && !(await'],
    'a claim does not ask for the agent': [
      'agentId !== null && !(await uses',
      'agentId === "" && !(await uses',
    ],
    'a claim does not look at where it runs': ['if (!queued.isOpen) return', 'if (false) return'],
    'a claim lets run elsewhere who acts there no more': [
      'if (place.switched && !canActAnywhere(launcher)) {',
      'if (false) {',
    ],
    'what a key launched is decided as its owner’s': [
      "if (launcherKind === 'USER') return createdById === null ?",
      'if (createdById !== null) return createdById === null ?',
    ],
    'a private agent runs for whoever delegated to it once': [
      'return agent.delegated ||',
      'return parentId !== null ||',
    ],
    'an edge leads to delegates of every level': [" AND a.access_level = 'PRIVATE'", ''],
    'a private agent runs on for who had it scheduled once': [
      "(await permits('update'))",
      "(await permits('update')) !== undefined",
    ],
  }),
  ...inFile('src/execution/claim.ts', {
    'more is claimed than an answer holds': [
      'if (bytes > MOST_BYTES && handed.length > 0) break;',
      '',
    ],
    'why it was denied is in the record': [
      "reason: 'decided again at its claim (D33)',",
      'reason,',
    ],
  }),
  ...inFile('src/execution/finish.ts', {
    'a result is kept with the secrets in it': ['jsonOf(mask(said.result))', 'jsonOf(said.result)'],
    'what a worker ends is not in the record': [
      '  await trace(apart, action, [{ id, organizationId, scopeId, from, to: status, attempt }]);\n',
      '',
    ],
    'what a worker gives back is not in the record': [
      "  await trace(apart, action, [{ id, organizationId, scopeId, from, to: 'QUEUED', attempt }]);\n",
      '',
    ],
    'what a worker lets go is not in the record': [
      "  await trace(apart, action, [{ id, organizationId, scopeId, from, to: 'CANCELLED', attempt }]);\n",
      '',
    ],
    'a result is taken at any time': ['!(isLate && row.isFresh)', '!isLate'],
  }),
  ...inFile('src/execution/logs.ts', {
    'a line is kept with the secrets in it': ['message: mask(message)', 'message'],
  }),
  ...inFile('src/execution/mask.ts', {
    'what is too much to look for is kept': ['value == null ? value : MASK', 'value'],
  }),
  ...inFile('src/execution/handed.ts', {
    'a secret beside the chain is handed out': [
      'OR ${canActAnywhere(principal)}::boolean AND s.parent_id',
      'OR true OR s.parent_id',
    ],
  }),
  ...inFile('src/commands/escalation.ts', {
    'who works makes others workers': [
      "if (given.resourceType === 'execution' && given.action === 'work') return false;",
      '',
    ],
  }),
];
