import type { Metric, Registry } from 'prom-client';
import { BUCKETS, type Latencies } from './latencies.js';
import { GAUGES, type GaugeName, type Metrics, PATHS } from './metrics.js';

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * The registry from which metrics are told, those of Node among them. Nothing is made of a number before somebody asks. The
 * package is loaded here, for who wants metrics alone.
 */
export async function exposition(metrics: Metrics): Promise<Registry> {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registry.registerMetric(latencies(metrics) as unknown as Metric);
  const told = (name: string, help: string, labelNames: string[]) => ({
    ...{ name, help, labelNames },
    registers: [registry],
  });
  new Counter({
    ...told('heimdall_errors_total', 'Requests by the code of their first error', ['code']),
    collect() {
      this.reset();
      for (const [code, count] of metrics.errors) this.inc({ code }, count);
    },
  });
  new Counter({
    ...told('heimdall_decisions_total', 'Requests by what was decided', ['outcome', 'reason']),
    collect() {
      this.reset();
      for (const { n, ...labels } of metrics.decisions) this.inc(labels, n);
    },
  });
  new Counter({
    ...told('heimdall_comparisons_total', 'Compiled answers that were asked of both paths', [
      'outcome',
    ]),
    collect() {
      this.reset();
      for (const [outcome, count] of metrics.comparisons) this.inc({ outcome }, count);
    },
  });
  new Counter({
    ...told('heimdall_checks_total', 'Decisions that were asked for', ['outcome', 'reason']),
    collect() {
      this.reset();
      for (const { n, ...labels } of metrics.checks.counts) this.inc(labels, n);
    },
  });
  for (const [name, { help, label }] of Object.entries(GAUGES)) {
    new Gauge({
      ...told(name, help, [label]),
      collect() {
        for (const [of, value] of metrics.read(name as GaugeName)) this.set({ [label]: of }, value);
      },
    });
  }
  return registry;
}

const NAME = 'heimdall_request_duration_seconds';

/** A histogram as the registry asks for it: its own would look a row up by a text of all labels for each request. */
function latencies(metrics: Metrics) {
  const help = 'Time of a request from its headers until its answer has gone';
  const get = async () => ({
    ...{ name: NAME, help, type: 'histogram', aggregator: 'sum' },
    values: [...metrics.latencies].flatMap(([operation, by]) =>
      PATHS.flatMap((path) => valuesOf(by[path], { operation, path })),
    ),
  });
  return { name: NAME, help, type: 'histogram', get, reset() {} };
}

function valuesOf({ counts, sum }: Latencies, labels: Readonly<Record<string, string>>): Value[] {
  let count = 0;
  const values: Value[] = [];
  for (const [at, n] of counts.entries()) {
    count += n;
    const le = BUCKETS[at] ?? '+Inf';
    values.push({ metricName: `${NAME}_bucket`, labels: { ...labels, le }, value: count });
  }
  values.push({ metricName: `${NAME}_sum`, labels, value: sum });
  values.push({ metricName: `${NAME}_count`, labels, value: count });
  return values;
}
