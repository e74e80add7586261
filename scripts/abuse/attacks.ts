import type { Planted } from './world.js';

/** What is sent, by whom, how much of it and how fast. */
export interface Attack {
  readonly name: string;
  readonly as: keyof Planted | null;
  readonly document: (n: number) => string;
  readonly requests: number;
  /** Requests that begin in a second; on a machine of two cores more would be the generator's own. */
  readonly rate: number;
  /** The outcomes that are right: beginnings of statuses with codes. */
  readonly expect: readonly string[];
}

const REFUSED = ['200 BAD_USER_INPUT', '400 BAD_USER_INPUT'];
const times = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

const tools = (n: number) => `{ tools: { some: { name: { contains: "w${n}" } } } }`;
const agents = (where: string) =>
  `{ agents(where: ${where}) { totalCount edges { node { id } } } }`;
const workflow = (n: number) =>
  `{ or: [{ workflow: { is: { name: { contains: "w${n}" } } } } { name: { eq: "x" } }] }`;
const conditions = (count: number) => agents(`{ and: [${times(count, tools)}] }`);

const filterAttack = (name: string, source: string, expect: readonly string[]): Attack => ({
  name,
  as: 'few',
  document: () => source,
  requests: 30,
  rate: 2,
  expect,
});

const nested = `{ and: [${times(6, (n) => `{ or: [${tools(n)} { not: { and: [${tools(n)} ${tools(n + 50)}] } }] }`)}] }`;
const aliases = `{ ${times(10, (n) => `a${n}: agents(where: { and: [${tools(1)} ${tools(2)}] }) { totalCount }`)} }`;
const children = (isPage: boolean) =>
  isPage ? 'delegates(first: 200) { edges { node { name } } }' : 'delegates { name }';

/** Every attack; `isPage`: whether lists within lists are pages. */
export function attacks({ documents, isPage }: { documents: number; isPage: boolean }): Attack[] {
  // What is allowed takes the one thread for some tenths of a second: oftener, that alone is what is seen.
  const heavy = { requests: 12, rate: 0.5 };
  return [
    {
      name: `${documents} documents of nobody, no two the same`,
      as: null,
      document: (n) =>
        `{ ${times(20, (field) => `a${n}_${field}: __typename`)} forms { totalCount } }`,
      requests: documents,
      rate: 100,
      expect: ['200 UNAUTHENTICATED', '401 UNAUTHENTICATED'],
    },
    ...[12, 16, 20].map((count) =>
      filterAttack(`${count} tests of related rows`, conditions(count), REFUSED),
    ),
    filterAttack('18 of them in one another', agents(nested), REFUSED),
    filterAttack('20 of them under ten aliases', aliases, REFUSED),
    filterAttack('the most that are allowed, 8', conditions(8), ['200']),
    filterAttack(
      'tests of one row, 16, as many as the terms allow',
      `{ forms(where: { and: [${times(16, workflow)}] }) { totalCount } }`,
      ['200'],
    ),
    {
      name: 'delegates under ten aliases',
      as: 'many',
      document: () =>
        `{ ${times(10, (n) => `a${n}: agents(first: 200) { edges { node { ${children(isPage)} } } }`)} }`,
      ...heavy,
      expect: REFUSED,
    },
    {
      name: '200 forms of 96 kB under six aliases',
      as: 'json',
      document: () =>
        `{ ${times(6, (n) => `a${n}: forms(first: 200) { edges { node { fields } } }`)} }`,
      ...heavy,
      expect: REFUSED,
    },
    {
      name: '14 MB of them under fifty aliases',
      as: 'json',
      document: () =>
        `{ forms(first: 140) { edges { node { ${times(50, (n) => `a${n}: fields`)} } } } }`,
      ...heavy,
      expect: REFUSED,
    },
    {
      name: '14 MB of them, within all bounds',
      as: 'json',
      document: () => '{ forms(first: 140) { edges { node { fields } } } }',
      ...heavy,
      expect: ['200', '503 UNAVAILABLE'],
    },
  ];
}
