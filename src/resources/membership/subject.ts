import type { RowCheck } from '../../commands/writable.js';

/** A membership is of exactly one subject (model §2). */
export const oneSubject: RowCheck = (row) => {
  const subjects = [row.userId, row.teamId, row.virtualKeyId, row.apiKeyId];
  return subjects.filter((id) => id !== null && id !== undefined).length === 1
    ? []
    : [
        {
          path: ['user'],
          message: 'who is in it is said once: a user, a team, or a key of nobody',
        },
      ];
};
