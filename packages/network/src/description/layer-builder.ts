import { imagesName, type Layer, type ParameterShape, type Step } from './layer.js';
import { sizeOfShape } from './shapes.js';

type Options<Kind extends Step['kind']> = Omit<Step & { kind: Kind }, 'kind'> & { readonly input?: string };
type Weights = {
  readonly units: number;
  readonly hasBias: boolean;
  /** Whether a ReLU follows, for the scale of the first weights. */
  readonly hasRelu?: boolean;
  readonly input?: string;
};

export type ConvolutionOptions = Weights & { readonly size: number; readonly stride?: number; readonly padding?: number; readonly isShortcut?: boolean };

/** What a filter or pooling finds too small. */
export class ImageTooSmallError extends RangeError {}

/**
 * Puts a network together step by step, and works out shapes.
 *
 * A step takes in the one before it unless another is named. Each layer with weights begins the group of steps up to the next.
 */
export class LayerBuilder {
  readonly #layers: Layer[] = [];
  readonly #shapes: Map<string, readonly number[]>;
  readonly #shortcuts = new Set<number>();
  #index = 0;
  #last = imagesName;

  constructor(inputShape: readonly number[]) {
    this.#shapes = new Map([[imagesName, inputShape]]);
  }

  /** The step added last. */
  get last(): string {
    return this.#last;
  }

  shapeOf(name: string): readonly number[] {
    return this.#shapes.get(name)!;
  }

  /**
   * A square filter with stride and padding in pixels; `padding` keeps height and width at stride 1 unless given.
   *
   * @param options.isShortcut  Whether it only takes its input past other layers.
   */
  convolution(name: string, { units, hasBias, hasRelu = true, size, stride = 1, padding = (size - 1) / 2, isShortcut = false, input = this.#last }: ConvolutionOptions): string {
    const [height, width, channels] = this.shapeOf(input) as [number, number, number];
    const along = (length: number) => this.#outputLength(length, { name, size, stride, padding });
    this.#index++;
    if (isShortcut) this.#shortcuts.add(this.#index);
    return this.#add(name, { kind: 'convolution', stride, padding }, [along(height), along(width), units], {
      inputs: [input], parameters: weights(name, { kernel: [size, size, channels, units], hasBias, hasRelu }),
    });
  }

  dense(name: string, { units, hasBias, hasRelu = true, input = this.#last }: Weights): string {
    this.#index++;
    return this.#add(name, { kind: 'dense' }, [units], { inputs: [input], parameters: weights(name, { kernel: [sizeOfShape(this.shapeOf(input)), units], hasBias, hasRelu }) });
  }

  norm(name: string, { input = this.#last, scale = 1 }: { input?: string; scale?: number } = {}): string {
    const shape = [this.shapeOf(input).at(-1)!];
    return this.#add(name, { kind: 'norm' }, this.shapeOf(input), {
      inputs: [input],
      parameters: [
        { name: `${name}.scale`, shape, isTrainable: true, start: scale },
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
    const lastOf = new Map(this.#layers.filter(({ kind }) => kind !== 'dropout').map(({ index, name }) => [index, name]));
    return this.#layers.map((layer) => ({ ...layer, isHiddenOutput: layer.index < this.#index && !this.#shortcuts.has(layer.index) && lastOf.get(layer.index) === layer.name }));
  }

  #add(name: string, step: Step, shape: readonly number[], { inputs, parameters = [] }: { inputs: readonly string[]; parameters?: readonly ParameterShape[] }): string {
    this.#layers.push({ ...step, name, inputs, shape, parameters, index: this.#index, isHiddenOutput: false });
    this.#shapes.set(name, shape);
    this.#last = name;
    return name;
  }

  /** @throws ImageTooSmallError if nothing is left of the image. */
  #outputLength(length: number, { name, size, stride, padding }: { name: string; size: number; stride: number; padding: number }): number {
    const output = Math.floor((length + 2 * padding - size) / stride) + 1;
    if (output < 1) throw new ImageTooSmallError(`of which a side of ${length} reaches ${name}, which needs ${size - 2 * padding}`);
    return output;
  }
}

function weights(name: string, { kernel, hasBias, hasRelu }: { kernel: readonly number[]; hasBias: boolean; hasRelu: boolean }): ParameterShape[] {
  const [units, places] = [kernel.at(-1)!, sizeOfShape(kernel.slice(0, -2))];
  const random = { fanIn: sizeOfShape(kernel.slice(0, -1)), fanOut: places * units, hasRelu };
  return [
    { name: `${name}.kernel`, shape: kernel, isTrainable: true, random },
    ...(hasBias ? [{ name: `${name}.bias`, shape: [units], isTrainable: true, start: 0 }] : []),
  ];
}
