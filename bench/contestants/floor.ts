import { type Contestant, WRITES } from './contestant.js';
import { gatewayCanonical, gatewayRequest } from './heimdall-requests.js';

const READS = ['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q5a', 'Q6', 'Q8'] as const;

const common = {
  workloads: READS,
  request: gatewayRequest,
  canonical: gatewayCanonical,
} as const;

/** What everything else is measured by: nothing that does this work over HTTP can do with less. */
export const floor: Contestant = {
  ...common,
  name: 'floor',
  what: 'one prepared statement that returns the response, behind node:http; a transaction of five for what changes something',
  workloads: [...READS, ...WRITES],
  entry: 'floor-process.ts',
  sameDataAs: 'heimdall',
};

export const floorYoga: Contestant = {
  ...common,
  name: 'floor-yoga',
  what: 'Yoga with default resolvers over what the same statement returns',
  entry: 'floor-yoga-process.ts',
  sameTextAs: 'floor',
};

/** What nobody who asks a database anything can pass. */
export const limit: Contestant = {
  ...common,
  name: 'limit',
  what: 'HTTP and one round trip of as many bytes, for an answer that is remembered',
  entry: 'limit-process.ts',
  sameTextAs: 'floor',
};
