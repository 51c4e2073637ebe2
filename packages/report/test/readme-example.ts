import type { GeometryRow } from '@memgeo/artifacts';
import { composeFigure, drawPanel, gatherGeometry, geometryByLayer, summarizeRepeats } from '@memgeo/report';

/** Draws capacity against the layer, a panel per epoch, as a standalone SVG. */
export function drawCapacity(tables: ReadonlyMap<number, readonly GeometryRow[]>): string {
  const { rows } = gatherGeometry([...tables].map(([epoch, rows]) => ({ coordinates: { epoch }, rows })));
  const figure = geometryByLayer(summarizeRepeats(rows), { measure: 'capacity', panelCount: 6 });
  if (figure === undefined) throw new RangeError('drawCapacity: tables must hold a capacity; there is none.');
  return composeFigure(figure, figure.panels.map((panel) => drawPanel(panel)));
}
