import {
  type Links,
  linksOf,
  type Reference,
  referenceOf,
  type Writable,
} from '../commands/writable.js';
import { dataModel } from '../data/generated-data-model.js';
import { relationOf } from '../query/data-model.js';
import type { Resource } from './declared.js';
import { settingsOf } from './settings.js';

/** What commands need to know of a resource, out of what it declares. */
export function writableOf(declared: Resource): Writable {
  const { model, resource, policy, relations, check, keeping, guard, watch, taken, beforeDelete } =
    declared;
  const references = new Map<string, Reference>();
  const links = new Map<string, Links>();
  for (const [name, { set, far }] of relations) {
    if (set === undefined) continue;
    const { needs = [], defined } = set;
    if (!relationOf(dataModel, model, name).list) {
      references.set(name, referenceOf(dataModel, model, name, needs));
    } else if (far !== undefined) {
      links.set(name, linksOf(dataModel, model, name, far, needs, defined !== undefined));
    } else throw new Error(`${model}.${name} is kept by the rows that it leads to`);
  }
  const settings = settingsOf(declared);
  return {
    ...{ model, resource, policy, settings, references, links },
    ...(check === undefined ? {} : { check }),
    ...(keeping === undefined ? {} : { keeping }),
    ...(guard === undefined ? {} : { guard }),
    ...(watch === undefined ? {} : { watch }),
    ...(taken === undefined ? {} : { taken }),
    ...(beforeDelete === undefined ? {} : { beforeDelete }),
  };
}
