import type { ManifoldRows } from '../points/labeled-points.js';
import type { MeasuredManifold } from './measure-manifolds.js';

/** The theory is exact for many manifolds; below this number it shows trends. */
const manyManifolds = 30;
/** A relative violation of the optimality conditions that rounding can't explain. */
const largestViolation = 1e-10;

/** Centers whose squared distance is a smaller share of their squared norms are the same. */
const sameCenter = 1e-12;

/** Says in sentences what a reader should know before trusting the numbers. */
export function describeTrouble(
  { groups, centerGram, measured, hasConverged, names }: {
    groups: readonly ManifoldRows[];
    /** Inner products of the class centers, shape (manifolds, manifolds). */
    centerGram: Float64Array;
    measured: readonly (MeasuredManifold | undefined)[];
    hasConverged: boolean;
    names: { readonly [manifold: number]: string };
  },
): string[] {
  const P = groups.length;
  const named = (manifold: number): string => (names[manifold] === undefined ? `${manifold}` : `${manifold} ("${names[manifold]}")`);
  const some = (found: readonly string[]): string => `${found.slice(0, 5).join(', ')}${found.length > 5 ? ', ...' : ''}`;
  const list = (wanted: (p: number) => boolean): string => {
    const found = groups.flatMap(({ manifold }, p) => (wanted(p) ? [named(manifold)] : []));
    return found.length === 0 ? '' : `${found.length} of ${P} manifolds (${some(found)})`;
  };
  const coincide = (p: number, q: number): boolean => {
    const norms = centerGram[p * P + p]! + centerGram[q * P + q]!;
    return norms - 2 * centerGram[p * P + q]! <= sameCenter * norms;
  };
  const twins = list((p) => groups.some((_, q) => q !== p && coincide(p, q)));
  const present = new Set(groups.map(({ manifold }) => manifold));
  const empty = Object.keys(names).map(Number).filter((manifold) => !present.has(manifold)).map(named);
  const collapsed = list((p) => measured[p] === undefined);
  const dependent = list((p) => measured[p]?.isDependent === true);
  const unsolved = list((p) => (measured[p]?.violation ?? 0) > largestViolation);
  const sizes = groups.map(({ rows }) => rows.length);
  return [
    collapsed && `The centers of ${collapsed} lie at the mean of all points; they are left out.`,
    dependent && `The points of ${dependent} are dependent (near-duplicates, or few active features); the slow, exact path was taken where it had to be.`,
    unsolved && `The optimality conditions of anchor points of ${unsolved} are violated by more than rounding.`,
    !hasConverged && 'The search for the shared directions of the centers stopped before it had converged.',
    twins && `The centers of ${twins} coincide with another: no plane tells such classes apart.`,
    empty.length > 0 && `${empty.length} named ${empty.length === 1 ? 'manifold has' : 'manifolds have'} no points (${some(empty)}).`,
    groups.length < manyManifolds && `The theory assumes many manifolds; with ${groups.length}, below ${manyManifolds}, read trends only.`,
    new Set(sizes).size > 1 && `Manifolds have between ${Math.min(...sizes)} and ${Math.max(...sizes)} points; capacities compare only at equal numbers.`,
  ].filter((sentence): sentence is string => sentence !== false && sentence !== '');
}
