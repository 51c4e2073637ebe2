import { imagesName, type Layer, type ParameterShape, type Step } from './layer.js';

type Options<Kind extends Step['kind']> = Omit<Step & { kind: Kind }, 'kind'> & { readonly input?: string };
type Weights = { readonly units: number; readonly hasBias: boolean };

/**
 * Puts a network together step by step, and works out shapes.
 *
 * A step takes in the one before it unless another is named. {@link startGroup} comes before the steps of each layer with weights.
 */
export class LayerBuilder {
  readonly #layers: Layer[] = [];
  readonly #shapes: Map<string, readonly number[]>;
  readonly #shortcuts = new Set<number>();
  readonly #family: string;
  #index = 0;
  #last = imagesName;

  constructor(inputShape: readonly number[], family: string) {
    this.#shapes = new Map([[imagesName, inputShape]]);
    this.#family = family;
  }

  /** The step added last. */
  get last(): string {
    return this.#last;
  }

  shapeOf(name: string): readonly number[] {
    return this.#shapes.get(name)!;
  }

  /** Begins the steps around the next layer with weights. @param options.isShortcut  Whether it only takes an input past other layers. */
  startGroup({ isShortcut = false }: { isShortcut?: boolean } = {}): void {
    this.#index++;
    if (isShortcut) this.#shortcuts.add(this.#index);
  }

  /** A square filter with stride and padding in pixels; `padding` keeps height and width at stride 1 unless given. */
  convolution(name: string, { units, hasBias, size, stride = 1, padding = (size - 1) / 2, input = this.#last }: Weights & { size: number; stride?: number; padding?: number; input?: string }): string {
    const [height, width, channels] = this.shapeOf(input) as [number, number, number];
    const along = (length: number) => this.#outputLength(length, { name, size, stride, padding });
    return this.#add(name, { kind: 'convolution', stride, padding }, [along(height), along(width), units], {
      inputs: [input], parameters: weights(name, { kernel: [size, size, channels, units], hasBias }),
    });
  }

  dense(name: string, { units, hasBias, input = this.#last }: Weights & { input?: string }): string {
    return this.#add(name, { kind: 'dense' }, [units], { inputs: [input], parameters: weights(name, { kernel: [product(this.shapeOf(input)), units], hasBias }) });
  }

  norm(name: string, { input = this.#last }: Partial<Options<'norm'>> = {}): string {
    const shape = [this.shapeOf(input).at(-1)!];
    return this.#add(name, { kind: 'norm' }, this.shapeOf(input), {
      inputs: [input],
      parameters: [
        { name: `${name}.scale`, shape, isTrainable: true, start: 1 },
        { name: `${name}.offset`, shape, isTrainable: true, start: 0 },
        { name: `${name}.mean`, shape, isTrainable: false, start: 0 },
        { name: `${name}.variance`, shape, isTrainable: false, start: 1 },
      ],
    });
  }

  relu(name: string, { input = this.#last }: Partial<Options<'relu'>> = {}): string {
    return this.#add(name, { kind: 'relu' }, this.shapeOf(input), { inputs: [input] });
  }

  dropout(name: string, { rate, input = this.#last }: Options<'dropout'>): string {
    return this.#add(name, { kind: 'dropout', rate }, this.shapeOf(input), { inputs: [input] });
  }

  pool(name: string, { reduction, size, stride = size, padding = 0, input = this.#last }: Partial<Options<'pool'>> & { reduction: 'max' | 'mean'; size: number }): string {
    const [height, width, channels] = this.shapeOf(input) as [number, number, number];
    const along = (length: number) => this.#outputLength(length, { name, size, stride, padding });
    return this.#add(name, { kind: 'pool', reduction, size, stride, padding }, [along(height), along(width), channels], { inputs: [input] });
  }

  globalMean(name: string, { input = this.#last }: Partial<Options<'global-mean'>> = {}): string {
    return this.#add(name, { kind: 'global-mean' }, [this.shapeOf(input).at(-1)!], { inputs: [input] });
  }

  add(name: string, inputs: readonly string[]): string {
    return this.#add(name, { kind: 'add' }, this.shapeOf(inputs[0]!), { inputs });
  }

  concat(name: string, inputs: readonly string[]): string {
    const [height, width] = this.shapeOf(inputs[0]!);
    return this.#add(name, { kind: 'concat' }, [height!, width!, inputs.reduce((sum, input) => sum + this.shapeOf(input).at(-1)!, 0)], { inputs });
  }

  finish(): Layer[] {
    return this.#layers.map((layer, i) => {
      const isLastOfGroup = i + 1 < this.#layers.length && this.#layers[i + 1]!.index !== layer.index;
      return { ...layer, isHiddenOutput: isLastOfGroup && !this.#shortcuts.has(layer.index) };
    });
  }

  #add(name: string, step: Step, shape: readonly number[], { inputs, parameters = [] }: { inputs: readonly string[]; parameters?: readonly ParameterShape[] }): string {
    this.#layers.push({ ...step, name, inputs, shape, parameters, index: this.#index, isHiddenOutput: false });
    this.#shapes.set(name, shape);
    this.#last = name;
    return name;
  }

  /** @throws RangeError if nothing is left of the image. */
  #outputLength(length: number, { name, size, stride, padding }: { name: string; size: number; stride: number; padding: number }): number {
    const output = Math.floor((length + 2 * padding - size) / stride) + 1;
    if (output >= 1) return output;
    const [height, width] = this.shapeOf(imagesName);
    throw new RangeError(`layersOf: images must be large enough for ${this.#family}; of ${height} x ${width} pixels only ${length} reach ${name}, which needs ${size - 2 * padding}. Use larger images or fewer poolings.`);
  }
}

function weights(name: string, { kernel, hasBias }: { kernel: readonly number[]; hasBias: boolean }): ParameterShape[] {
  return [
    { name: `${name}.kernel`, shape: kernel, isTrainable: true, fanIn: product(kernel.slice(0, -1)) },
    ...(hasBias ? [{ name: `${name}.bias`, shape: [kernel.at(-1)!], isTrainable: true, start: 0 }] : []),
  ];
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
