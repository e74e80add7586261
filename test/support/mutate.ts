import type { Answer, RunningGateway } from './gateway.js';

/** What came of a mutation: its payload, or why there is none. */
export interface Mutated {
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  readonly answer: any;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly issues: unknown;
}

/** Sends a mutation of one field, by its input, as the user with this email. */
export async function mutate(
  { ask }: Pick<RunningGateway, 'ask'>,
  who: string,
  name: string,
  input: object,
  selection: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Mutated> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const source = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  return mutated(name, await ask(who, source, { input }, headers));
}

function mutated(name: string, { data, errors: [error] }: Answer): Mutated {
  const extensions = error?.extensions as { code?: string; issues?: unknown } | undefined;
  return {
    answer: data?.[name] ?? null,
    code: extensions?.code,
    message: error?.message,
    issues: extensions?.issues,
  };
}
