import fc from 'fast-check';

/** Who and what there is is in world.ts: numbers choose among it. */
const who = fc.nat(5);
const what = fc.nat(3);
const at = fc.nat(2);

/** What happens, at random. */
export const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('launch' as const),
      how: fc.constantFrom('API' as const, 'API' as const, 'AGENT' as const, 'SCHEDULE' as const),
      ...{ who, what, at },
      tries: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'complete' as const,
        'fail' as const,
        'retry' as const,
        'release' as const,
        'beat' as const,
        'call' as const,
      ),
      which: fc.nat(),
      old: fc.boolean(),
      there: at,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(), who }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('lease over' as const, 'time over' as const),
      which: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('person' as const, 'ranging' as const),
      who,
      is: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('workflow' as const, 'agent' as const),
      what,
      is: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('reap' as const, 'due' as const, 'look' as const) }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
