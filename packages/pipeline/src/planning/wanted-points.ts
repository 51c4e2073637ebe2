import { PipelineError } from '../pipeline-error.js';
import { parseReference } from '../reading/references.js';
import { StagePoints } from '../reading/stage-points.js';
import { nearest } from '../reading/validate.js';
import type { Store } from '../store/store.js';
import type { Pipeline, Point } from './pipeline.js';

/** Word for the points whose last try failed. */
const failed = 'failed';

/**
 * Finds the points that names stand for: of a stage, the points that a selector takes as in `geometry[epoch>=4,set!=test]`, or `failed`.
 *
 * @throws PipelineError with the nearest name, or the values there are.
 */
export function pointsNamed(pipeline: Pipeline, names: readonly string[], store: Store): Set<Point> {
  const found = new Set<Point>();
  for (const name of names) {
    const isMeant = pipeline.stageNames.includes(name) ? ({ stageName }: Point) => stageName === name
      : name === failed ? ({ id }: Point) => store.latest(pipeline.name, id)?.outcome === 'failed'
        : ({ id }: Point) => id === name;
    const points = pipeline.points.filter(isMeant);
    const isDone = points.length > 0 || name === failed;
    for (const point of isDone ? points : selectedPoints(pipeline, name)) found.add(point);
  }
  return found;
}

function selectedPoints(pipeline: Pipeline, name: string): readonly Point[] {
  const reference = parseReference(name);
  const points = typeof reference === 'string' ? [] : pipeline.points.filter(({ stageName }) => stageName === reference.stage);
  if (typeof reference === 'string' || points.length === 0 || reference.output !== undefined) throw new PipelineError(`there is no stage or point "${name}".${nearest(name.split(/[[.]/)[0]!, pipeline.stageNames)}`, { path: pipeline.path });
  return new StagePoints(reference.stage, points[0]!.stage, points).select(reference.selection, (message) => { throw new PipelineError(`"${name}": ${message}`, { path: pipeline.path }); });
}

/** Points and all they need, in the pipeline's order; every point if `only` is left out or empty. */
export function wantedPoints(pipeline: Pipeline, only: readonly string[] | undefined, store: Store): readonly Point[] {
  if (only === undefined || only.length === 0) return pipeline.points;
  const wanted = pointsNamed(pipeline, only, store);
  // A set that grows while it is gone through.
  for (const point of wanted) point.upstream.forEach((upstream) => wanted.add(upstream));
  return pipeline.points.filter((point) => wanted.has(point));
}
