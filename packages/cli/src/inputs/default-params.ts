import { canonicalEncoding, type Json } from '@memgeo/artifacts/contract';
import type { AnyStage } from '@memgeo/stage';
import { installedStages } from '../catalog/installed-stages.js';

type Params = { readonly [name: string]: Json };

/** Tells which parameters of actions were chosen, and which are what the stage takes anyway. */
export class DefaultParams {
  readonly #stages: ReadonlyMap<string, AnyStage>;

  private constructor(stages: ReadonlyMap<string, AnyStage>) {
    this.#stages = stages;
  }

  /** Loads the definitions of the stages of some actions, as far as they are installed. */
  static async of(actions: Iterable<{ readonly stage: string }>): Promise<DefaultParams> {
    const catalog = installedStages();
    const ids = new Set([...actions].map(({ stage }) => stage).filter((id) => catalog.ids.includes(id)));
    return new DefaultParams(new Map(await Promise.all([...ids].map(async (id) => [id, await catalog.load(id)] as const))));
  }

  /** The parameters that are not as they would be if they were left out; all where the stage is not known, or another version of it. */
  chosen({ stage, version, params }: { readonly stage: string; readonly version: number; readonly params: Params }): Params {
    const definition = this.#stages.get(stage);
    if (definition?.version !== version) return params;
    return Object.fromEntries(Object.entries(params).filter(([name, value]) => {
      const { [name]: _, ...others } = params;
      const parsed = definition.params.safeParse(others);
      const taken = parsed.success ? (parsed.data as { [name: string]: unknown })[name] : undefined;
      return taken === undefined || canonicalEncoding(JSON.parse(JSON.stringify(taken)) as Json) !== canonicalEncoding(value);
    }));
  }
}
