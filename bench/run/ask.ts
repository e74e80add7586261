import type { Contestant, Variables, WorkloadName } from '../contestants/contestant.js';
import type { PersonName } from '../data/world.js';
import { filler } from './fill.js';
import type { Running } from './process.js';

/** Sends a workload's request once and returns the text of the answer. Throws unless it is a 200. */
export async function ask(
  { contestant, url, complaints }: Running,
  workload: WorkloadName,
  variables: Variables,
  person: PersonName,
): Promise<string> {
  const { path, body, targets, headers } = contestant.request(workload, variables, person);
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    body: filler(body, targets)(),
    headers,
  });
  const text = await response.text();
  if (response.status !== 200) {
    throw new Error(
      `${contestant.name} answers ${workload} of ${person} with ${response.status}: ${text.slice(0, 500)}\n${complaints()}`,
    );
  }
  return text;
}

/** An answer in the form that all share. */
export function canonical(contestant: Contestant, workload: WorkloadName, text: string): unknown {
  try {
    return contestant.canonical(workload, JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${contestant.name}, ${workload}: ${reason}\n${text.slice(0, 500)}`);
  }
}
