import type { Fault, Measured } from './fault.js';

/** The head of the table, in Markdown. */
export function headOf(): string {
  return [
    '| fault | requests | answered | refused or lost | slowest | as before after | acknowledged writes | wrong | |',
    '| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |',
  ].join('\n');
}

/** A line of it. */
export function lineOf({ name }: Fault, { tally, acknowledged, note = '' }: Measured): string {
  const failures = [...tally.failures].map(([what, count]) => `${count} × ${what}`).join(', ');
  const cells = [
    name,
    tally.requests,
    tally.answered,
    failures,
    seconds(tally.slowestMs),
    seconds(tally.recoveredMs),
    acknowledged,
    tally.wrongs,
    note,
  ];
  return `| ${cells.join(' | ')} |`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
