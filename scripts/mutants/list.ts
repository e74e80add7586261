import { adminMutants } from './admin-mutants.js';
import { agentMutants } from './agent-mutants.js';
import { auditMutants } from './audit-mutants.js';
import { commandMutants } from './command-mutants.js';
import { dataMutants } from './data-mutants.js';
import { decisionMutants } from './decision-mutants.js';
import { executionMutants } from './execution-mutants.js';
import { grantingMutants } from './granting-mutants.js';
import { graphqlMutants } from './graphql-mutants.js';
import type { Mutant } from './mutant.js';
import { networkMutants } from './network-mutants.js';
import { policyMutants } from './policy-mutants.js';
import { queryMutants } from './query-mutants.js';
import { readMutants } from './read-mutants.js';
import { secretMutants } from './secret-mutants.js';
import { treeMutants } from './tree-mutants.js';
import { workerMutants } from './worker-mutants.js';

/** Every bug that is planted. */
export const mutants: readonly Mutant[] = [
  ...policyMutants,
  ...queryMutants,
  ...dataMutants,
  ...graphqlMutants,
  ...auditMutants,
  ...commandMutants,
  ...adminMutants,
  ...grantingMutants,
  ...treeMutants,
  ...decisionMutants,
  ...executionMutants,
  ...workerMutants,
  ...readMutants,
  ...secretMutants,
  ...networkMutants,
  ...agentMutants,
];
