/** What the Prisma client calls the delegate of a model. */
export function delegateName(model: string): string {
  return `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
}
