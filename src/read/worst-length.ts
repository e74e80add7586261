import {
  type FieldPlan,
  type ListPlan,
  type ObjectPlan,
  ownFields,
  type Plan,
  type RootPlan,
  type ToldField,
} from './plan.js';

/** Characters of a value with its name, where it is no text of people's own. */
const SHORT = 100;
/** Of a name, with what JSON writes of it. */
const NAME = 1_000;
/** Of a text of several lines, as long as one may be. */
const TEXT = 20_000;
const LINES: readonly string[] = ['description', 'reason'];
/** So many rows a list of ids that the database keeps may have. */
const KEPT = 50;

/** How long what is not bounded by itself may be. */
export interface Bounds {
  /** Contents that a row, or the rows of a list together, show. */
  readonly contents: number;
  readonly isContent: (model: string, column: string) => boolean;
  readonly ids: number;
  readonly representations: number;
}

/**
 * How many characters an answer may have, as if every page were full and every text as long as it may be: the database
 * makes all of it before anybody can see that it is too long, and makes it once for each alias.
 */
export function worstLength({ roots }: Plan, bounds: Bounds): number {
  return sum(roots.map((root) => rootLength(root, bounds)));
}

function rootLength(root: RootPlan, bounds: Bounds): number {
  switch (root.is) {
    case 'row':
    case 'named':
      return objectLength(root.of, bounds);
    case 'node':
      return longest(root.of, bounds);
    case 'nodes':
      return bounds.ids * longest(root.of, bounds);
    case 'entities':
      return bounds.representations * longest(root.of, bounds);
    case 'list':
      return listLength(root.list, bounds);
    case 'principal':
      return sum(root.fields.map((field) => toldLength(field, bounds)));
    default:
      return SHORT;
  }
}

function toldLength(field: ToldField, bounds: Bounds): number {
  if (field.is === 'principal') return sum(field.fields.map((one) => toldLength(one, bounds)));
  return field.is === 'oneself' ? objectLength(field.of, bounds) : NAME;
}

const longest = (of: readonly ObjectPlan[], bounds: Bounds): number =>
  Math.max(0, ...of.map((one) => objectLength(one, bounds)));

/** Contents of the rows of a list are weighed together, and so count once. */
function listLength({ fields, size }: ListPlan, bounds: Bounds): number {
  const edges = fields.flatMap((field) => (field.is === 'edges' ? field.fields : []));
  const nodes = edges.flatMap((edge) => (edge.is === 'node' ? [edge.of] : []));
  const contents = sum(
    nodes.map((node) => ownFields(node).filter((one) => isContent(node, one, bounds)).length),
  );
  const row = sum(nodes.map((node) => objectLength(node, { ...bounds, contents: 0 })));
  return size * (row + edges.length * NAME) + contents * bounds.contents + SHORT;
}

const objectLength = (of: ObjectPlan, bounds: Bounds): number =>
  SHORT + sum(of.fields.map((field) => fieldLength(of, field, bounds)));

function fieldLength(of: ObjectPlan, field: FieldPlan, bounds: Bounds): number {
  switch (field.is) {
    case 'column':
      if (isContent(of, field, bounds)) return bounds.contents;
      return ['text', 'array', 'json'].includes(field.written.as)
        ? textLength(field.column)
        : SHORT;
    case 'chosen':
      if (isContent(of, field, bounds)) return bounds.contents;
      return Math.max(...field.of.map((one) => textLength(one.column)));
    case 'called':
      return NAME;
    case 'one':
    case 'part':
    case 'root':
    case 'shadowedBy':
      return objectLength(field.of, bounds);
    case 'kept':
    case 'ids':
      return KEPT * objectLength(field.of, bounds);
    case 'page':
      return listLength(field.list, bounds);
    default:
      return SHORT;
  }
}

const textLength = (column: string): number => (LINES.includes(column) ? TEXT : NAME);

function isContent({ model }: ObjectPlan, field: FieldPlan, bounds: Bounds): boolean {
  if (field.is === 'chosen') return field.of.some((one) => bounds.isContent(model, one.column));
  return field.is === 'column' && bounds.isContent(model, field.column);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
