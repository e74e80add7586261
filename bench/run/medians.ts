/** By metric; undefined where one was not to be had. */
export type Medians<Metric extends string> = Readonly<Record<Metric, number | undefined>>;

/** What was measured in a round. */
type Measured<Metric extends string> = { readonly round: number } & {
  readonly [M in Metric]?: number | undefined;
};

/** The medians over the rounds. */
export function mediansOf<Metric extends string>(
  metrics: readonly Metric[],
  samples: readonly Measured<Metric>[],
): Medians<Metric> {
  return byMetric(metrics, (metric) => samples.map((sample) => sample[metric]));
}

/** The medians of the ratios to the others in the same round. */
export function pairedRatios<Metric extends string>(
  metrics: readonly Metric[],
  own: readonly Measured<Metric>[],
  others: readonly Measured<Metric>[],
): Medians<Metric> {
  return byMetric(metrics, (metric) =>
    own.map((sample) => {
      const value = sample[metric];
      const other = others.find(({ round }) => round === sample.round)?.[metric];
      // A share of nothing is no figure: so short a run has used no tick of the clock.
      return value === undefined || other === undefined || other === 0 ? undefined : value / other;
    }),
  );
}

function byMetric<Metric extends string>(
  metrics: readonly Metric[],
  values: (metric: Metric) => readonly (number | undefined)[],
): Medians<Metric> {
  const medians = metrics.map((metric) => [metric, median(values(metric))]);
  return Object.fromEntries(medians) as Medians<Metric>;
}

/** The middle value; of an even number the mean of both in the middle. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const low = known[Math.floor((known.length - 1) / 2)];
  const high = known[Math.floor(known.length / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
