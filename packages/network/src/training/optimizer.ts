import * as tf from '@tensorflow/tfjs-core';
import { takeAdamStep, takeMomentumStep } from '../backends/optimizer-kernels.js';
import { trainableParameters } from '../description/shapes.js';
import type { NamedParameter } from '../description/initial-parameters.js';
import type { Network } from '../model/network.js';

/** How gradients become steps. */
export type OptimizerMethod =
  /** Stochastic gradient descent: velocity = momentum velocity + gradient; with Nesterov the step is along gradient + momentum velocity [sutskever2013importance]. */
  | { readonly kind: 'sgd'; readonly isNesterov?: boolean }
  /** Adam with bias correction [kingma2015adam]; its first moment decays by the momentum. Weight decay stands apart from the moments [loshchilov2019decoupled]. */
  | { readonly kind: 'adam'; readonly secondMomentum?: number; readonly epsilon?: number };

export type OptimizerOptions = {
  /** Default: `{ kind: 'sgd' }`. */
  readonly method?: OptimizerMethod;
  /** Fraction of the last step that goes on, in [0, 1). */
  readonly momentum: number;
  /** Of kernels. With sgd it times the kernel is added to the gradient, with adam the kernel shrinks by learningRate times it at each step. */
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together; larger ones are scaled down to it, before weight decay. Default: no limit. */
  readonly gradientNorm?: number | null;
};

/** What one step of one parameter takes in. */
type Update = {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  /** Of the parameter, in the order of {@link slotsOf}. */
  readonly slots: readonly tf.Variable[];
  readonly learningRate: number;
  readonly momentum: number;
  /** 0 for what is no kernel. */
  readonly weightDecay: number;
};

/**
 * Turns gradients into steps of a network's trainable parameters.
 *
 * Holds its state outside the garbage collector's reach: call {@link dispose}.
 */
export class Optimizer {
  /** Names of the parameters it moves, in the order of layers. */
  readonly names: readonly string[];
  readonly #network: Network;
  readonly #options: OptimizerOptions;
  readonly #method: OptimizerMethod;
  readonly #slots: ReadonlyMap<string, readonly tf.Variable[]>;
  #steps = 0;

  constructor(network: Network, options: OptimizerOptions) {
    this.#network = network;
    this.#options = options;
    this.#method = options.method ?? { kind: 'sgd' };
    const trainable = trainableParameters(network.layers);
    this.names = trainable.map(({ name }) => name);
    const slots = slotsOf(this.#method);
    this.#slots = new Map(trainable.map(({ name, shape }) => [name, slots.map(() => tf.tidy(() => tf.variable(tf.zeros([...shape]), false)))]));
  }

  /**
   * Takes one step. Only dispatches operations; reads nothing back.
   *
   * @param gradients  Of the mean loss, by name of parameter. Not disposed of.
   */
  step(gradients: ReadonlyMap<string, tf.Tensor>, { learningRate }: { learningRate: number }): void {
    const { momentum, weightDecay, gradientNorm = null } = this.#options;
    this.#steps++;
    tf.tidy(() => {
      const clipped = gradientNorm === null ? gradients : clipByGlobalNorm(gradients, gradientNorm);
      // A tidy for each, so that the temporaries of one are gone before the next.
      for (const name of this.names) tf.tidy(() => {
        const update = { variable: this.#network.variable(name), gradient: clipped.get(name)!, slots: this.#slots.get(name)!, learningRate, momentum, weightDecay: name.endsWith('.kernel') ? weightDecay : 0 };
        if (this.#method.kind === 'sgd') descend(update, { isNesterov: this.#method.isNesterov ?? false });
        else adapt(update, { ...this.#method, steps: this.#steps });
      });
    });
  }

  /** With the network's parameters, all there is to continue from. Velocities of sgd have the names of their parameters. */
  async state(): Promise<NamedParameter[]> {
    const result: NamedParameter[] = [];
    for (const [slot, suffix] of slotsOf(this.#method).entries()) {
      for (const [name, slots] of this.#slots) result.push({ name: `${name}${suffix}`, layer: name.replace(/\.[^.]+$/, ''), shape: slots[slot]!.shape, data: Float32Array.from(await slots[slot]!.data()) });
    }
    if (this.#method.kind === 'adam') result.push({ name: stepsName, layer: '', shape: [1], data: Float32Array.of(this.#steps) });
    return result;
  }

  /** @throws RangeError if a part is missing or of another shape. */
  restoreState(state: readonly NamedParameter[]): void {
    const given = new Map(state.map((part) => [part.name, part]));
    const take = (name: string, shape: readonly number[]): Float32Array => {
      const part = given.get(name);
      if (part?.shape.join() !== shape.join()) {
        throw new RangeError(`Optimizer.restoreState: ${name} must have shape (${shape.join(', ')}); got ${part ? `(${part.shape.join(', ')})` : 'nothing'}. The state is of another network or optimizer.`);
      }
      return part.data;
    };
    for (const [slot, suffix] of slotsOf(this.#method).entries()) {
      for (const [name, slots] of this.#slots) tf.tidy(() => slots[slot]!.assign(tf.tensor(take(`${name}${suffix}`, slots[slot]!.shape), slots[slot]!.shape)));
    }
    if (this.#method.kind === 'adam') this.#steps = take(stepsName, [1])[0]!;
  }

  dispose(): void {
    tf.dispose([...this.#slots.values()].flat());
  }
}

/** Number of steps taken, in the state of Adam; as float32 exact far beyond where its bias correction ends. */
const stepsName = 'steps';

/** What is kept for each parameter: suffixes of the names in the state. */
function slotsOf({ kind }: OptimizerMethod): readonly string[] {
  return kind === 'sgd' ? [''] : ['.firstMoment', '.secondMoment'];
}

/** Scales gradients down so that their norm as one vector is at most `limit` [pascanu2013difficulty]. */
function clipByGlobalNorm(gradients: ReadonlyMap<string, tf.Tensor>, limit: number): ReadonlyMap<string, tf.Tensor> {
  const norm = tf.sqrt(tf.addN([...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)))));
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

function descend({ variable, gradient, slots, learningRate, momentum, weightDecay }: Update, { isNesterov }: { isNesterov: boolean }): void {
  const [velocity] = slots as [tf.Variable];
  if (takeMomentumStep(variable, gradient, velocity, { learningRate, momentum, weightDecay, isNesterov })) return;
  const decayed = weightDecay > 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient;
  velocity.assign(tf.add(tf.mul(velocity, momentum), decayed));
  const direction = isNesterov ? tf.add(decayed, tf.mul(velocity, momentum)) : velocity;
  variable.assign(tf.sub(variable, tf.mul(direction, learningRate)));
}

function adapt(
  { variable, gradient, slots, learningRate, momentum, weightDecay }: Update, { secondMomentum = 0.999, epsilon = 1e-8, steps }: { secondMomentum?: number; epsilon?: number; steps: number },
): void {
  const [first, second] = slots as [tf.Variable, tf.Variable];
  const rate = learningRate / (1 - momentum ** steps);
  const correction = 1 - secondMomentum ** steps;
  const keep = 1 - learningRate * weightDecay;
  if (takeAdamStep(variable, gradient, [first, second], { momentum, secondMomentum, epsilon, rate, correction, keep })) return;
  first.assign(tf.add(tf.mul(first, momentum), tf.mul(gradient, 1 - momentum)));
  second.assign(tf.add(tf.mul(second, secondMomentum), tf.mul(tf.square(gradient), 1 - secondMomentum)));
  const root = tf.add(tf.sqrt(tf.div(second, correction)), epsilon);
  variable.assign(tf.sub(keep === 1 ? variable : tf.mul(variable, keep), tf.mul(tf.div(first, root), rate)));
}
