export { defineStage, type AnyStage, type StageDefinition, type StageResources } from './definition/define-stage.js';
export type { ArtifactPort, InputLocation, InputPoint, InputPort, InputsOf, OutputPort } from './definition/ports.js';
export type { Execution, LineageNode, StageContext } from './definition/context.js';
export { faultPoint, faultPoints, type FaultPoint } from './execution/fault-points.js';
export { describeEnvironment, executeJob } from './execution/execute-job.js';
export { jobSchema, readJob, writeJob, type Job, type StageEvent, type StageResult } from './execution/job.js';
export { inputFormats, outputFormats, programOutputSchema, programSchema, type Program } from './program/program.js';
export { asStageError, StageError } from './execution/stage-error.js';
