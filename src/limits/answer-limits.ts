import { limit } from './limit.js';

/** What an answer may take: how many rows, how much of them, and what the rows are asked. */
export const ANSWER_LIMITS = {
  answerFields: limit(
    'HEIMDALL_MAX_ANSWER_FIELDS',
    200_000,
    [1, 100_000_000],
    'fields',
    'What an answer holds; a request that asks for more is refused when it gets there.',
  ),
  answerBytes: limit(
    'HEIMDALL_MAX_ANSWER_BYTES',
    16_000_000,
    [1_000, 999_999_999],
    'bytes',
    'What a request may load, and what an answer may hold of text and JSON.',
  ),
  pageSize: limit(
    'HEIMDALL_PAGE_SIZE',
    50,
    [1, 10_000],
    'rows',
    'A page whose length the caller does not say.',
  ),
  maxPageSize: limit(
    'HEIMDALL_MAX_PAGE_SIZE',
    200,
    [1, 10_000],
    'rows',
    'The longest page that a caller can ask for.',
  ),
  nodeIds: limit(
    'HEIMDALL_MAX_NODE_IDS',
    200,
    [1, 10_000],
    'ids',
    'What `nodes` can be asked for at once.',
  ),
  representations: limit(
    'HEIMDALL_MAX_REPRESENTATIONS',
    1_000,
    [1, 10_000],
    'representations',
    'What `_entities` can be asked for at once.',
  ),
  batchIds: limit(
    'HEIMDALL_BATCH_IDS',
    1_000,
    [1, 10_000],
    'ids',
    'Longer lists of ids are asked for in several statements.',
  ),
  filterTerms: limit(
    'HEIMDALL_MAX_FILTER_TERMS',
    200,
    [1, 10_000],
    'terms',
    'Columns compared and filters joined, in all filters of a request: each is a term of a statement.',
  ),
  filterRelations: limit(
    'HEIMDALL_MAX_FILTER_RELATIONS',
    32,
    [0, 1_000],
    'tables',
    'Tables that all filters of a request join to test related rows, and to decide who may see those.',
  ),
  filterConditions: limit(
    'HEIMDALL_MAX_FILTER_CONDITIONS',
    5_000,
    [1, 30_000],
    'conditions',
    'What all filters of a request become in statements, what decides on related rows included.',
  ),
  filterSearches: limit(
    'HEIMDALL_MAX_FILTER_SEARCHES',
    20,
    [0, 1_000],
    'searches',
    'Texts looked for with `contains` in all filters of a request: each reads whole columns.',
  ),
  filterValues: limit(
    'HEIMDALL_MAX_FILTER_VALUES',
    2_000,
    [1, 20_000],
    'values',
    'Values in the lists of all filters of a request.',
  ),
  // What compiles statements gives up at about 128 levels.
  filterDepth: limit(
    'HEIMDALL_MAX_FILTER_DEPTH',
    40,
    [1, 100],
    'levels',
    'Objects and lists within one another in a filter.',
  ),
} as const;
