/** What was given to a command, checked by name and kind alone. */
export interface Given {
  /** By the names of the options; those that are not given are absent. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** One command of `heimdall`. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  readonly options?: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
  /** Whether it takes arguments that are no options; left out, they are refused. */
  readonly takesArguments?: boolean;
  /** The exit code when what is asked for cannot be asked at all; 1 unless given. */
  readonly failure?: number;
  /** Answers the exit code; nothing: 0. Throws UsageError: what was given is mistaken. */
  run(given: Given): Promise<number | undefined>;
}

/** What was given to a command is mistaken; a sentence for who typed it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options that several commands take. */
export const TEXT = { type: 'string' } as const;
export const FLAG = { type: 'boolean' } as const;
