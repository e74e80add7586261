import { type Contestant, WRITES } from './contestant.js';
import { gatewayCanonical, gatewayRequest } from './heimdall-requests.js';

const READS = ['Q1', 'Q2', 'Q3', 'Q4', 'Q6', 'Q8'] as const;
/** Where nothing is decided there is nothing to ask about decisions. */
const DECISIONS = ['Q5', 'Q5a'] as const;

const common = {
  entry: 'heimdall-process.ts',
  // As `npm start` has it: what requests leave behind is cleared away less often.
  flags: ['--max-semi-space-size=32'],
  workloads: READS,
  request: gatewayRequest,
  canonical: gatewayCanonical,
} as const;

/** The gateway of this repository. */
export const heimdall: Contestant = {
  ...common,
  name: 'heimdall',
  what: 'Heimdall: Yoga, Pothos, Prisma 7, policies on',
  workloads: [...READS, ...DECISIONS, ...WRITES],
};

/** The same on a newer Node than the one that runs the benchmark. */
export const heimdall24: Contestant = {
  ...heimdall,
  name: 'heimdall-24',
  what: 'Heimdall on Node 24',
  node: 24,
  sameTextAs: 'heimdall',
};

/** The same with policies that refuse nothing: what deciding costs is the difference. */
export const heimdallOff: Contestant = {
  ...common,
  name: 'heimdall-off',
  what: 'Heimdall with enforcement off: tenancy and shadowing alone',
  args: ['--enforcement-off'],
  // Whoever is refused anything is not refused it here.
  comparedFor: ['admin'],
  sameDataAs: 'heimdall',
};
