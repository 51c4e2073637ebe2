import { LayerInputs, Network, sizeOfShape, valuesAcross } from '@memgeo/network';
import type { Tensors } from '../rewind/set-back.js';
import type { EvaluationData } from './network-evaluator.js';

/** The final network, and how far the images have been passed through it. */
type Passed = { readonly network: Network; evaluation: LayerInputs; training: LayerInputs | undefined };

/**
 * What reaches the layers that are set back. The layers before them are the final network's in every network, and run once.
 *
 * With statistics estimated again these layers have statistics of their own, so they run once more.
 */
export class SharedLayers {
  readonly #data: EvaluationData;
  readonly #final: Tensors;
  readonly #heldValues: number;
  #stored: Passed | undefined;
  #reestimated: Passed | undefined;

  /** @param options.heldValues  Most float32 values to hold for statistics of one kind; where it would be more, networks run from an earlier layer. */
  constructor(final: Tensors, data: EvaluationData, { heldValues = 100e6 }: { heldValues?: number } = {}) {
    this.#final = final;
    this.#data = data;
    this.#heldValues = heldValues;
  }

  /**
   * Gives what reaches a step, or if that would be too much to hold, what reaches an earlier one. Steps must not go back.
   *
   * @returns evaluation: of all images, in evaluation mode; training: of the training images, in training mode, if statistics are estimated again.
   */
  async inputsOf(step: number, { isReestimated }: { isReestimated: boolean }): Promise<{ readonly evaluation: LayerInputs; readonly training: LayerInputs | undefined }> {
    const passed = isReestimated ? (this.#reestimated ??= await this.#begin({ isReestimated })) : (this.#stored ??= await this.#begin({ isReestimated }));
    const { network, evaluation, training } = passed;
    const size = step === 0 ? 0 : valuesAcross(network, step).reduce((sum, { shape }) => sum + sizeOfShape(shape), 0);
    if (size * (evaluation.count + (training?.count ?? 0)) > this.#heldValues) return passed;
    passed.evaluation = await evaluation.advance(network, { to: step, mode: 'evaluation' });
    passed.training = await training?.advance(network, { to: step, mode: 'training' });
    return passed;
  }

  dispose(): void {
    this.#stored?.network.dispose();
    this.#reestimated?.network.dispose();
  }

  async #begin({ isReestimated }: { isReestimated: boolean }): Promise<Passed> {
    const { description, examples, images, trained, statisticsBatchSize } = this.#data;
    const network = Network.fromTensors(description, this.#final);
    const training = isReestimated ? LayerInputs.ofExamples(examples, { indices: trained, description, batchSize: statisticsBatchSize }) : undefined;
    await training?.reestimate(network);
    return { network, evaluation: imageInputs(this.#data, images), training };
  }
}

/** Images per forward pass in evaluation. */
const evaluationBatch = 100;

/** Begins with images in evaluation. */
export function imageInputs({ examples, description }: EvaluationData, images: Int32Array): LayerInputs {
  return LayerInputs.ofExamples(examples, { indices: images, description, batchSize: evaluationBatch });
}
