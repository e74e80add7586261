import { type GraphQLSchema, getOperationAST, getVariableValues, Kind, parse } from 'graphql';
import { DEFAULT_LIMITS } from '../../../src/limits/limits.js';
import { makePlan } from '../../../src/read/make-plan.js';

/** What decides by a resolver that ADR 6 leaves to the other path. */
const DECISIONS: readonly string[] = ['checks'];

interface Counted {
  asked: number;
  answered: number;
}

/** How many questions that have an answer were asked of the compiled path, how many it answered, and why not the others. */
class Share {
  /** What is asked at present. */
  kind = 'other';
  readonly #kinds = new Map<string, Counted>();
  readonly #left = new Map<string, number>();

  get answered(): number {
    return [...this.#kinds.values()].reduce((all, one) => all + one.answered, 0);
  }

  /** The share that is compiled of what decides nothing. */
  get share(): number {
    const counted = [...this.#kinds].filter(([kind]) => !DECISIONS.includes(kind));
    const of = (name: keyof Counted) => counted.reduce((all, [, one]) => all + one[name], 0);
    return of('answered') / of('asked');
  }

  count(isAnswered: boolean, why: () => string): void {
    const counted = this.#kinds.get(this.kind) ?? { asked: 0, answered: 0 };
    this.#kinds.set(this.kind, counted);
    counted.asked += 1;
    if (isAnswered) {
      counted.answered += 1;
      return;
    }
    const what = `${this.kind}: ${why()}`;
    this.#left.set(what, (this.#left.get(what) ?? 0) + 1);
  }

  /** For whoever runs the worlds. */
  table(): string {
    const kinds = [...this.#kinds].map(
      ([kind, { asked, answered }]) => `compiled of ${kind}: ${answered} of ${asked}`,
    );
    const left = [...this.#left].map(([what, times]) => `not compiled, ${times} times: ${what}`);
    return [...kinds, ...left].join('\n');
  }
}

export const share = new Share();

/** Why a document is not compiled: a field of it, or something that is seen later. */
export function whyNot(
  schema: GraphQLSchema,
  source: string,
  raw: Readonly<Record<string, unknown>>,
): string {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) return 'no operation';
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], raw);
  if (coerced === undefined) return 'its variables';
  const fragments = Object.fromEntries(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  try {
    makePlan(operation, { schema, fragments, variables: coerced }, { limits: DEFAULT_LIMITS });
    return 'what it costs, or how it is written';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
