import { z } from 'zod';

/** D27: so many options a data provider answers at most. */
const MOST = 500;

const option = z.object({
  value: z.union([z.string().max(255), z.number()]),
  label: z.string().max(1_000),
  description: z.string().max(10_000).nullish(),
  metadata: z.json().optional(),
});

/** One of what can be chosen in a field of a form. */
export type FieldOption = z.infer<typeof option>;

const options = z.array(option).max(MOST);

/** The options that a data provider answered (D27); undefined: they are none, or more than 500. */
export function optionsIn(result: unknown): readonly FieldOption[] | undefined {
  const parsed = options.safeParse(result);
  return parsed.success ? parsed.data : undefined;
}
