export { ArtifactError } from './artifact-error.js';
export { canonicalEncoding, digestValue, type Json } from './digest/canonical.js';
export { digestFile, digestFolder, digestPath, listFiles, writeFileDigested, type FileDigest } from './digest/files.js';
export { visibleText } from './text/visible-text.js';
export { fileNameFault, innerPathFault } from './files/inner-path.js';
export { openRegularFile, readRegularFile } from './files/regular-file.js';
export { artifactKinds, manifestName, type ArtifactKind, type ArtifactManifest } from './manifest/artifact-manifest.js';
export { readManifest, sealArtifact, verifyArtifact } from './manifest/manifest.js';
export { defineTable, type Column, type ColumnType, type Row, type TableSchema } from './table/table-schema.js';
export { exampleSets, isInExampleSet, labelInExampleSet, type ExampleSet } from './schemas/example-sets.js';
export { assignedLabels, exampleSetIndices, type ScoredSet } from './schemas/example-set-indices.js';
export {
  claimsTable, distanceGapTable, distancesTable, gradientsTable, phasesTable, rewindingTable,
  type ClaimsRow, type DistanceGapRow, type DistancesRow, type GradientsRow, type PhasesRow, type RewindingRow,
} from './schemas/experiment-tables.js';
export { learningTable, type LearningRow } from './schemas/learning-table.js';
export {
  activationsSchema, checkpointSchema, examplesSchema, geometryTable, historyTable, labeledExamples, labelsTable, reportSchema, similarityTable,
  type GeometryRow, type HistoryRow, type LabelsRow, type SimilarityRow,
} from './schemas/tables.js';
