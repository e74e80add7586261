/** Says what came of a command, on stdout: as one line of JSON where that is asked for, else as sentences. */
export function tell(asJson: boolean, result: object, sentences: readonly string[]): void {
  const lines = asJson ? [JSON.stringify(result)] : sentences;
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** Says how far long work is: on stderr, so that stdout has the result alone. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
