/** Something wrong with a file of policy tests, and the line of it. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** A file says what is no test. INVARIANT: nothing of such a file is counted as holding. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
    this.problems = problems;
  }
}

/** It could not be asked: of the arguments, of a token, of the gateway. The message is for who runs it. */
export class AskError extends Error {
  override readonly name = 'AskError';
}
