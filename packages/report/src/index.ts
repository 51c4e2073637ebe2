export { composeReport, type Report, type ReportOptions, type ReportSources } from './page/compose-report.js';

export { gatherSimilarity, type GatheredSimilarity } from './rows/gather-similarity.js';
export { gatherGeometry, gatherPoints, type Coordinates, type Gathered, type GatheredGeometry, type GatheredRow } from './rows/gather.js';
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

export { judgeClaims, claimDefinitions } from './claims/judge-claims.js';
export { composeAbstract, groupClaims, type Abstract, type JudgedClaim } from './claims/compose-abstract.js';
export { findBestEpoch } from './claims/find-best-epoch.js';
export type { ClaimTables } from './claims/runs.js';
export type { ClaimVerdict } from './claims/verdict.js';

export { toCsv } from './tables/csv.js';
