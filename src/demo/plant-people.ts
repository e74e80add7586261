import type { Prisma } from '../data/generated/client.js';
import { developmentSubject } from '../identity/development-token.js';
import { demoId } from './demo-id.js';
import { DEMO_IDS } from './ids.js';
import { keysIn, type Part } from './part.js';
import { demoEmail, PEOPLE, TEAMS } from './people.js';

/** Makes the users and their teams, and binds each user to their development tokens. */
export async function plantPeople(
  tx: Prisma.TransactionClient,
  issuer: string | null,
  part: Part,
): Promise<void> {
  const people = keysIn(PEOPLE, part);
  const teams = keysIn(TEAMS, part);
  await tx.user.createMany({
    data: people.map((key) => ({
      id: DEMO_IDS.users[key],
      email: demoEmail(key),
      name: PEOPLE[key].name,
      organizationId: DEMO_IDS.organizations[PEOPLE[key].organization],
      isPlatformAdmin: 'isPlatformAdmin' in PEOPLE[key],
      isActive: !('isInactive' in PEOPLE[key]),
    })),
  });
  if (issuer !== null) {
    await tx.userIdentity.createMany({
      data: people.map((key) => ({
        id: demoId('identity', key),
        userId: DEMO_IDS.users[key],
        issuer,
        subject: developmentSubject(demoEmail(key)),
      })),
    });
  }
  await tx.team.createMany({
    data: teams.map((key) => ({
      id: DEMO_IDS.teams[key],
      name: TEAMS[key].name,
      organizationId: DEMO_IDS.organizations[TEAMS[key].organization],
      createdById: DEMO_IDS.users[TEAMS[key].createdBy],
    })),
  });
  await tx.teamMember.createMany({
    data: teams.flatMap((key) =>
      TEAMS[key].members.map((member) => ({
        teamId: DEMO_IDS.teams[key],
        userId: DEMO_IDS.users[member],
      })),
    ),
  });
}
