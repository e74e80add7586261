import { covered } from './oracle/coverage.js';
import type { World } from './world/types.js';
import { FIELDS, FIELDS_OF_TREE } from './writing/fields.js';

/** Rules that can only say one thing: what matters is that they were asked. */
const ONE_WAY: readonly string[] = [
  'D11 a condition that cannot be told counts',
  'D6 PRIVATE is not used by anybody',
  'D6 a level that is null or unknown denies',
  'D7 an unknown reach covers something',
  'D7 unresolved teams cover something',
  'D7 no ownership: every reach reads',
  'D7 unowned: every reach reads',
  'D7 no ownership: writes',
  'D7 unowned: a narrower reach writes',
  'D8 flows past DEFINE',
  'D8 a root writes global rows',
  'D8 the platform root manages global rows',
  'D18 anonymous reads nothing',
];

/** What a run must have asked, whatever worlds it drew. */
const RULES = [
  'D1',
  'D2',
  'D3',
  'D4',
  'D6',
  'D7',
  'D8',
  'D9',
  'D10',
  'D11',
  'D12',
  'D14',
  'D15',
  'D17',
  'D18',
  'D20',
  'D48',
];

/**
 * Throws unless every rule of reading was asked, and the answers were neither all visible nor all hidden: a run that proves
 * nothing must not pass. Of 200 worlds and more each rule must have decided both ways; in a few a rare one may not.
 */
export function assertCovered(bothWays: boolean): void {
  const rules = covered().filter(({ rule }) => !isOfWriting(rule));
  const missing = RULES.filter(
    (number) => !rules.some(({ rule }) => rule.startsWith(`${number} `)),
  );
  const oneSided = rules.filter(
    ({ rule, yes, no }) => !ONE_WAY.includes(rule) && (yes === 0 || no === 0),
  );
  const seen = rules.filter(({ rule }) => rule.startsWith('D14 '));
  const visible = seen.reduce((sum, { yes }) => sum + yes, 0);
  const hidden = seen.reduce((sum, { no }) => sum + no, 0);
  const problems = [
    ...missing.map((number) => `${number} was never asked`),
    ...(bothWays ? oneSided : []).map(
      ({ rule, yes, no }) => `"${rule}" was ${yes} times yes and ${no} times no`,
    ),
    ...(visible * 20 < hidden || hidden * 20 < visible
      ? [`${visible} rows were visible and ${hidden} hidden`]
      : []),
  ];
  if (problems.length > 0) throw new Error(`the run proves too little:\n${problems.join('\n')}`);
}

/** Rules of writing that can only say one thing. */
const ONE_WAY_OF_WRITING: readonly string[] = [
  'D19 write: a write is recorded in its transaction',
  'D21 write: nobody comes to more than could be given',
  'D14 write: a hidden row made no difference',
];

/** What a run that writes must have asked. */
const RULES_OF_WRITING = [
  '§2',
  '§4',
  'D4',
  'D5',
  'D13',
  'D14',
  'D15',
  'D16',
  'D19',
  'D20',
  'D21',
  'D23',
];

/** What a run must have asked in which who may do what, and where, is changed. */
const RULES_OF_TREE = [
  '§2',
  '§4',
  'D1',
  'D4',
  'D8',
  'D9',
  'D10',
  'D14',
  'D15',
  'D19',
  'D20',
  'D21',
  'D23',
];

const isOfWriting = (rule: string): boolean => rule.includes(' write: ');

/** The same of writing: every mutation was sent, and in a long run was permitted and refused; so has every rule. */
export function assertWritingCovered(isLong: boolean): void {
  // Delegates are named too seldom for a short run to be sure of them.
  const rules = RULES_OF_WRITING.filter((number) => isLong || number !== 'D13');
  assertWritten(FIELDS, rules, isLong);
}

/** The same where who may do what, and where, is changed: of so many mutations a short run sends most, and half are permitted. */
export const assertGoverningCovered = (isLong: boolean): void =>
  assertWritten(FIELDS_OF_TREE, RULES_OF_TREE, isLong, { asked: 3 / 4, done: 1 / 2, often: 100 });

/** Rules about rows, of which there are few among these. */
const OF_ROWS: readonly string[] = [
  'D20 write: what is referred to is near',
  'D21 write: a new name gives nothing away',
];

/** Worlds of writing seldom draw the name that would give something away: test/acceptance/d21-renaming.test.ts does. */
const SELDOM_REFUSED: readonly string[] = ['D21 write: a new name gives nothing away'];

/**
 * Of the mutations how many a short run must send, and see permitted; and how often a rule is asked that in a long one must have
 * decided both ways.
 */
const SHORT = { asked: 1, done: 3 / 4, often: 20 };

function assertWritten(
  fields: readonly string[],
  numbers: readonly string[],
  isLong: boolean,
  short = SHORT,
): void {
  const rules = covered().filter(({ rule }) => isOfWriting(rule));
  const ruleOf = (field: string) => rules.find(({ rule }) => rule === `§4 write: ${field}`);
  const missing = fields.filter((field) => ruleOf(field) === undefined);
  const done = fields.filter((field) => (ruleOf(field)?.yes ?? 0) > 0);
  const isEnough = fields.length - missing.length >= fields.length * (isLong ? 1 : short.asked);
  const problems = [
    ...numbers.filter((number) => !rules.some(({ rule }) => rule.startsWith(`${number} `))),
    ...(isEnough ? [] : missing),
  ].map((what) => `${what} was never asked`);
  // In a short run a rare rule decides one way only.
  if (!isLong && done.length < fields.length * short.done) {
    problems.push(`only ${done.join(', ')} were ever permitted`);
  }
  for (const { rule, yes, no } of isLong ? rules : []) {
    if (ONE_WAY_OF_WRITING.includes(rule) || (yes > 0 && no > 0)) continue;
    if (SELDOM_REFUSED.includes(rule) && yes > 0) continue;
    if (yes + no < short.often || (short !== SHORT && OF_ROWS.includes(rule))) continue;
    problems.push(`"${rule}" was ${yes} times yes and ${no} times no`);
  }
  if (problems.length > 0) throw new Error(`the run proves too little:\n${problems.join('\n')}`);
}

/** D1: throws where a world has one id twice, of whatever types. */
export function assertUniqueIds({ rows }: World): void {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) throw new Error(`two objects of the world share the id ${id}`);
    seen.add(id);
  }
}
