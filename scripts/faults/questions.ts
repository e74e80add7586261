import { isDeepStrictEqual } from 'node:util';
import type { Asked, Outcome } from './ask.js';
import { COMMON, GATED, OPEN, OTHERS, type Planted, SHUT } from './world.js';

/** What is asked again and again, and how it is known whether the answer is right. */
export interface Question {
  readonly asked: Asked;
  /** Called when it is asked; what it returns says of an answer what is wrong with it. */
  readonly begin: () => (data: unknown) => string | undefined;
}

const NAMES = '{ forms(orderBy: { field: NAME }) { totalCount edges { node { name } } } }';
const FORM = 'query ($id: ID!) { form(id: $id) { name } }';
const CHECK =
  'query ($id: ID!) { check(action: "read", resourceType: "form", resourceId: $id) { allowed } }';
const COUNTED = 'query ($key: String!) { configByKey(key: $key) { value } }';

const list = (names: readonly string[]) => ({
  forms: {
    totalCount: names.length,
    edges: [...names].sort().map((name) => ({ node: { name } })),
  },
});

/** Whatever is read of the world, by people who have to see different things in it. */
export function questions({ tokens, gated, shut, isGiven, counters }: Planted): Question[] {
  const always = (asked: Asked, data: object): Question => ({
    asked,
    begin: () => (found) => differs(found, [data]),
  });
  /** Right is what could be at any moment from the question to the answer. */
  const given = (asked: Asked, dataOf: (isGiven: boolean) => object): Question => ({
    asked,
    begin() {
      const { values, end } = isGiven.watch();
      return (found) => {
        end();
        return differs(found, [...values].map(dataOf));
      };
    },
  });
  const own = [COMMON, ...OPEN];
  return [
    always({ token: tokens.ada, query: NAMES }, list(own)),
    always({ token: tokens.dora, query: NAMES }, list([COMMON, OTHERS])),
    always({ token: tokens.dora, query: FORM, variables: { id: gated } }, { form: null }),
    always({ token: tokens.ada, query: FORM, variables: { id: shut } }, { form: null }),
    always({ token: tokens.olga, query: FORM, variables: { id: shut } }, { form: { name: SHUT } }),
    given({ token: tokens.bob, query: NAMES }, (is) => list(is ? [...own, GATED] : own)),
    given({ token: tokens.bob, query: FORM, variables: { id: gated } }, (is) => ({
      form: is ? { name: GATED } : null,
    })),
    given({ token: tokens.bob, query: CHECK, variables: { id: gated } }, (is) => ({
      check: { allowed: is },
    })),
    ...counters.map(({ key, value }) => ({
      asked: { token: tokens.wanda, query: COUNTED, variables: { key } },
      begin() {
        const { values, end } = value.watch();
        return (found: unknown) => {
          end();
          return differs(
            found,
            [...values].map((one) => ({ configByKey: { value: one } })),
          );
        };
      },
    })),
  ];
}

function differs(found: unknown, allowed: readonly object[]): string | undefined {
  if (allowed.some((one) => isDeepStrictEqual(found, one))) return undefined;
  const right = allowed.map((one) => JSON.stringify(one)).join(' or ');
  return `${JSON.stringify(found)} instead of ${right}`;
}

/** What is wrong with the outcome of a question, if anything is. */
export function judged(outcome: Outcome, judge: (data: unknown) => string | undefined) {
  // A refusal ends the watch as well.
  if (outcome.kind !== 'answered') {
    judge(undefined);
    return outcome.kind === 'malformed' ? outcome.why : undefined;
  }
  return judge(outcome.data);
}
