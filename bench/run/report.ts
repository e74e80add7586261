import { contestants } from '../contestants/index.js';
import { type Figure, groupBy, type PolicyFigure } from './figures.js';
import { digits, table } from './markdown.js';
import { WORKLOADS } from './settings.js';

/** The figures as Markdown. */
export function report(figures: readonly Figure[], policy: readonly PolicyFigure[]): string {
  const tables = [...groupBy(figures, ({ workload, person }) => `${workload} ${person}`).values()];
  return [
    ...tables.flatMap((rows) => [heading(rows), ...tablesOf(rows)]),
    ...(policy.length === 0 ? [] : ['## What the policy costs', policyTable(policy)]),
    ...(figures.length === 0 ? [] : [legend(figures)]),
  ].join('\n\n');
}

function heading(rows: readonly Figure[]): string {
  const [{ workload, person } = { workload: 'Q1', person: 'all' } as const] = rows;
  return `## ${workload}: ${WORKLOADS[workload]} (as ${person})`;
}

function tablesOf(rows: readonly Figure[]): string[] {
  return [...groupBy(rows, ({ connections }) => `${connections}`)].map(([connections, figures]) => {
    const number = `${connections} connection${connections === '1' ? '' : 's'}`;
    return table(
      [
        number,
        'req/s',
        '÷ floor',
        'p50 ms',
        'p99 ms',
        'process CPU ms',
        '÷ floor',
        'database CPU ms',
        '÷ floor',
        'statements',
      ],
      figures.map(({ contestant, medians, ofFloor, statements }) => [
        contestant,
        digits(medians.requestsASecond),
        digits(ofFloor?.requestsASecond),
        digits(medians.p50),
        digits(medians.p99),
        digits(medians.processCpu),
        digits(ofFloor?.processCpu),
        digits(medians.databaseCpu),
        digits(ofFloor?.databaseCpu),
        statements === undefined
          ? '-'
          : `${statements.all}${statements.control > 0 ? ` (${statements.control} control)` : ''}`,
      ]),
    );
  });
}

function policyTable(policy: readonly PolicyFigure[]): string {
  return `${table(
    [
      'on ÷ off',
      'connections',
      'req/s',
      'p50',
      'process CPU',
      'database CPU',
      'bytes on',
      'bytes off',
    ],
    policy.map(({ workload, person, connections, onToOff, bytes }) => [
      `${workload} as ${person}`,
      `${connections}`,
      digits(onToOff.requestsASecond),
      digits(onToOff.p50),
      digits(onToOff.processCpu),
      digits(onToOff.databaseCpu),
      `${bytes.on}`,
      `${bytes.off}`,
    ]),
  )}

Where nothing is decided more is answered, such as roles that the caller may not read: the sizes say where
the two did not do the same work.`;
}

function legend(figures: readonly Figure[]): string {
  const named = contestants.filter(({ name }) =>
    figures.some(({ contestant }) => contestant === name),
  );
  return [
    'Medians over the rounds. "÷ floor" is the median of the ratios to the floor in the same round. CPU is a request\'s; statements are those of one request when warm.',
    ...named.map(({ name, what }) => `- ${name}: ${what}`),
  ].join('\n');
}
