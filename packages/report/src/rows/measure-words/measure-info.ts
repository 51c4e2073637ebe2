/** How a measure is called, drawn and explained. */
export type MeasureInfo = {
  readonly name: string;
  /** Words for titles and running text. */
  readonly title: string;
  /** Axis label with unit. */
  readonly axis: string;
  /** One line for readers who do not know the measure. */
  readonly meaning: string;
  /** Whether the axis starts at zero. */
  readonly isFromZero: boolean;
};
