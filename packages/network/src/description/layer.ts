/** What the images are called where steps name what they take in. */
export const imagesName = 'input';

/** One step of a network. Each has a name, under which its output can be tapped. */
export type Layer = Step & {
  /** As in conv2, conv2.norm, conv2.relu, conv2.pool, layer1.0.conv1, dense1, output. */
  readonly name: string;
  /** Names of the steps whose outputs it takes in, each of which comes before it; `input` is the images. One, but for add and concat. */
  readonly inputs: readonly string[];
  /** Output shape without the batch axis: (height, width, channels) or (features). */
  readonly shape: readonly number[];
  /** Trainable parameters and running statistics, by name. */
  readonly parameters: readonly ParameterShape[];
  /** Counts layers with weights, from 1; steps in between have that of the layer with weights before them, and the input has 0. */
  readonly index: number;
  /** Whether it is the last step before the next layer with weights, dropout aside. One for each layer with weights but the output and shortcuts. */
  readonly isHiddenOutput: boolean;
};

/** What a step computes. Padding is symmetric, in pixels, as in PyTorch; the last rows and columns that a stride does not reach are left out. */
export type Step =
  | { readonly kind: 'convolution'; readonly stride: number; readonly padding: number }
  /** Flattens what it takes in. */
  | { readonly kind: 'dense' }
  /** Batch normalization of each channel. */
  | { readonly kind: 'norm' }
  | { readonly kind: 'relu' }
  /** A mean never has padding; a maximum counts it as smaller than any value. */
  | { readonly kind: 'pool'; readonly reduction: 'max' | 'mean'; readonly size: number; readonly stride: number; readonly padding: number }
  /** Mean over height and width. */
  | { readonly kind: 'global-mean' }
  /** Sum of equal shapes. */
  | { readonly kind: 'add' }
  /** Channels one after the other. */
  | { readonly kind: 'concat' }
  /** In training, sets a fraction `rate` of the values to 0 and divides the others by 1 - rate. */
  | { readonly kind: 'dropout'; readonly rate: number };

export type ParameterShape = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly isTrainable: boolean;
  /** For parameters that begin at random. */
  readonly random?: Fans;
  /** The constant that other parameters begin with. */
  readonly start?: number;
};

/** What the scale of random weights depends on. */
export type Fans = {
  /** Values that a unit sums. */
  readonly fanIn: number;
  /** Units that a value reaches: as many as take it in, at each place of the filter. */
  readonly fanOut: number;
  /** Whether a ReLU follows. */
  readonly hasRelu: boolean;
};
