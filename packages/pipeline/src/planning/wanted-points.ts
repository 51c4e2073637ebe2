import { PipelineError } from '../pipeline-error.js';
import { nearest } from '../reading/validate.js';
import type { Store } from '../store/store.js';
import type { Pipeline, Point } from './pipeline.js';

/** Word for the points whose last try failed. */
const failed = 'failed';

/**
 * Finds the points that names stand for: of a stage, one point as in `geometry[epoch=4]`, or `failed`.
 *
 * @throws PipelineError with the nearest name.
 */
export function pointsNamed(pipeline: Pipeline, names: readonly string[], store: Store): Set<Point> {
  const found = new Set<Point>();
  for (const name of names) {
    const isMeant = pipeline.stageNames.includes(name) ? ({ stageName }: Point) => stageName === name
      : name === failed ? ({ id }: Point) => store.latest(pipeline.name, id)?.outcome === 'failed'
        : ({ id }: Point) => id === name;
    const points = pipeline.points.filter(isMeant);
    if (points.length === 0 && name !== failed) {
      const stageName = /^[^[]+/.exec(name)?.[0];
      const near = stageName !== undefined && stageName !== name && pipeline.stageNames.includes(stageName) ? pipeline.points.filter((point) => point.stageName === stageName).slice(0, 30).map(({ id }) => id) : pipeline.stageNames;
      throw new PipelineError(`there is no stage or point "${name}".${nearest(name, near)}`, { path: pipeline.path });
    }
    points.forEach((point) => found.add(point));
  }
  return found;
}

/** Points and all they need, in the pipeline's order; every point if `only` is left out or empty. */
export function wantedPoints(pipeline: Pipeline, only: readonly string[] | undefined, store: Store): readonly Point[] {
  if (only === undefined || only.length === 0) return pipeline.points;
  const wanted = pointsNamed(pipeline, only, store);
  // A set that grows while it is gone through.
  for (const point of wanted) point.upstream.forEach((upstream) => wanted.add(upstream));
  return pipeline.points.filter((point) => wanted.has(point));
}
