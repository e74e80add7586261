/** A number that bounds what somebody may ask for, or how long something may take. */
export interface Limit<Variable extends string = string> {
  /** The variable of the environment that sets it. */
  readonly variable: Variable;
  /** What holds unless it is set. */
  readonly default: number;
  /** What it can be set to: nothing in between keeps the gateway from working. */
  readonly least: number;
  readonly greatest: number;
  readonly unit: string;
  /** One sentence for an operator. */
  readonly meaning: string;
}

/** Declares a limit; `range` is the least and the greatest that it can be set to. */
export function limit<Variable extends `HEIMDALL_${string}`>(
  variable: Variable,
  fallback: number,
  [least, greatest]: readonly [least: number, greatest: number],
  unit: string,
  meaning: string,
): Limit<Variable> {
  return { variable, default: fallback, least, greatest, unit, meaning };
}
