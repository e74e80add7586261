import type { Session } from '../../commands/session.js';
import { badInput, forbidden } from '../../errors.js';
import { awaitEnd } from '../../execution/await-end.js';
import type { InputFields } from '../../graphql/comparisons.js';
import type { InputBuilder } from '../../graphql/define-mutation.js';
import type { Context } from '../../request/context.js';

type Input = Readonly<Record<string, unknown>>;

/** What of a mutation that launches waits for the end: its input field, what that says, and the waiting. */
export interface Waits {
  readonly field: (t: InputBuilder) => InputFields;
  /** Throws BAD_USER_INPUT on what is no number of seconds that can be waited. */
  readonly secondsOf: (input: Input) => number;
  readonly afterwards: (ids: readonly string[], input: Input, context: Context) => Promise<void>;
}

/**
 * Waits up to so many seconds for the end of what was launched (D34).
 *
 * @param most the most that can be asked for, in seconds
 * @param usual what is waited where nothing is said, in seconds
 */
export function waitingUpTo(most: number, usual = 0): Waits {
  const unsaid = usual === 0 ? 'Omitted or 0: not at all.' : `Omitted: ${usual}.`;
  const secondsOf = ({ wait }: Input): number => {
    const seconds = typeof wait === 'number' ? wait : usual;
    if (seconds >= 0 && seconds <= most) return seconds;
    throw badInput([{ path: ['wait'], message: `it is a whole number from 0 to ${most}` }]);
  };
  return {
    field: (t) => ({
      wait: t.int({
        required: false,
        description: `For how many seconds its end is waited for, at most ${most}; it is answered as it is then, ended or not. ${unsaid}`,
      }),
    }),
    secondsOf,
    afterwards: async ([id], input, context) => {
      const seconds = secondsOf(input);
      if (id !== undefined && seconds > 0) await awaitEnd(context, id, seconds);
    },
  };
}

/**
 * INVARIANT: what a model says launches what is a tool or a delegate of its agent, by the mutations that look (D33), and nothing
 * else.
 */
export function assertNoModel({
  principal: { execution: running },
}: Pick<Session, 'principal'>): void {
  if (running === undefined || running.isPrivileged) return;
  throw forbidden('a run of an agent launches by callTool and delegate');
}

/** The scope that an input names, if any (D4). */
export const scopeIn = ({ scope }: Input): string | null | undefined =>
  scope as string | null | undefined;
