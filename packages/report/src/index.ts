export { composeReport, type Report, type ReportOptions, type ReportSources } from './page/compose-report.js';

export { gatherSimilarity, type GatheredSimilarity } from './rows/gather-similarity.js';
export { gatherGeometry, type Coordinates, type GatheredGeometry, type GatheredRow } from './rows/gather.js';
export { summarizeRepeats, type Measurement } from './rows/summarize.js';
export { setColor, sortSets } from './rows/sets.js';

export { accuracyByEpoch } from './figures/accuracy-by-epoch.js';
export { geometryByEpoch } from './figures/geometry-by-epoch.js';
export { geometryByLayer } from './figures/geometry-by-layer.js';
export { sampleImages } from './figures/sample-images.js';
export { similarityMaps } from './figures/similarity-maps.js';
export type { ChartPanel, Figure, HeatPanel, HorizontalAxis, ImagePanel, Line, LinePoint, Panel, Raster, ScatterPanel } from './figures/figure.js';

export { drawPanel, type Drawing } from './drawing/drawn.js';
export { composeFigure } from './drawing/compose-figure.js';
export { rasterize } from './drawing/rasterize.js';

export { findBestEpoch, trainingClaims } from './claims/training-claims.js';
export { geometryClaims } from './claims/geometry-claims.js';
export type { Claim, Verdict } from './claims/claim.js';

export { toCsv } from './tables/csv.js';
