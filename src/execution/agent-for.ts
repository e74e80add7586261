import { permitted } from '../data/prisma/permitted.js';
import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import type { Apart } from '../request/apart.js';

/** An agent as its worker is told of it (D34). */
export interface HandedAgent {
  readonly id: string;
  readonly instructions: string | null;
  readonly tools: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
    readonly parameters: unknown;
  }[];
  readonly delegates: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
  }[];
}

/**
 * What a run of an agent may call: the tools and delegates that would be decided yes now, as its launcher (D33). A delegate
 * that is PRIVATE is reached by its edge (D13).
 */
export async function agentFor(
  { tx, guardingOf }: Pick<Apart, 'tx' | 'guardingOf'>,
  id: string,
  { launcher, place }: { readonly launcher: Principal; readonly place: Place },
): Promise<HandedAgent | null> {
  const agent = await tx.agent.findUnique({
    where: { id },
    select: {
      instructions: true,
      tools: {
        select: {
          workflow: { select: { id: true, name: true, description: true, parameters: true } },
        },
      },
      delegates: {
        select: {
          delegate: {
            select: {
              ...{ id: true, name: true, description: true, isActive: true, accessLevel: true },
              organizationId: true,
            },
          },
        },
      },
    },
  });
  if (agent === null) return null;
  const guarding = guardingOf(launcher, place);
  const usable = (model: string, rows: readonly { readonly id: string }[]) =>
    permitted(
      tx,
      guarding,
      model,
      'use',
      rows.map((row) => row.id),
    );
  const tools = agent.tools.flatMap(({ workflow }) => workflow ?? []);
  const delegates = agent.delegates.flatMap(({ delegate }) => delegate ?? []);
  const [usedTools, usedAgents] = [
    await usable('Workflow', tools),
    await usable('Agent', delegates),
  ];
  const isPrivate = (one: (typeof delegates)[number]): boolean =>
    one.isActive &&
    one.accessLevel === 'PRIVATE' &&
    (one.organizationId === null || one.organizationId === place.organizationId);
  return {
    id,
    instructions: agent.instructions,
    tools: tools.filter((one) => usedTools.has(one.id)),
    delegates: delegates
      .filter((one) => usedAgents.has(one.id) || isPrivate(one))
      .map(({ id, name, description }) => ({ id, name, description })),
  };
}
