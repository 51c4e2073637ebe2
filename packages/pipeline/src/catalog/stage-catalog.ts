import type { AnyStage } from '@memgeo/stage';

/** The stages that are installed. The runner knows them through this alone. */
export type StageCatalog = {
  /** Ids of all stages, sorted. */
  readonly ids: readonly string[];
  /** Loads a definition. @throws Error if there is no such stage. */
  load(id: string): Promise<AnyStage>;
  /** The module that defines a stage: where its code begins. */
  entry(id: string): string;
};
