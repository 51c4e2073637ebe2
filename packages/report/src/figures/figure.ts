/** One point of a line; `low` and `high` bound its band. */
export type LinePoint = { readonly x: number | string; readonly y: number; readonly low: number | null; readonly high: number | null };

/** The line of one example set. */
export type Line = { readonly set: string; readonly points: readonly LinePoint[] };

/** The horizontal axis: layers by name, or epochs on a symmetric-log scale, log(1 + epoch). */
export type HorizontalAxis =
  | { readonly kind: 'layers'; readonly layers: readonly string[]; readonly label: string }
  | { readonly kind: 'epochs'; readonly domain: readonly [number, number]; readonly label: string };

/** A chart of lines, one per example set. */
export type ChartPanel = {
  readonly kind: 'chart';
  readonly title: string;
  readonly x: HorizontalAxis;
  readonly y: { readonly label: string; readonly domain: readonly [number, number] };
  readonly lines: readonly Line[];
  /** Dashed levels, such as chance. */
  readonly levels: readonly { readonly value: number; readonly label: string }[];
  /** A dotted vertical line at an epoch. */
  readonly moments: readonly { readonly x: number; readonly label: string }[];
};

/** Example images with the labels they carry. */
export type ImagePanel = {
  readonly kind: 'images';
  readonly title: string;
  readonly set: string;
  readonly images: readonly { readonly pixels: Raster; readonly lines: readonly { readonly text: string; readonly isUsed: boolean }[] }[];
};

/** Eight-bit pixels, row-major, one (gray) or three (red, green, blue) channels. */
export type Raster = { readonly width: number; readonly height: number; readonly channels: 1 | 3; readonly data: Uint8Array };

/** A square map of values, 0 to 1, between places: layers or epochs. */
export type HeatPanel = {
  readonly kind: 'heat';
  readonly title: string;
  /** What the values are. */
  readonly label: string;
  readonly axis: 'Layer' | 'Epoch';
  readonly places: readonly string[];
  /** Between two places, symmetric; null if unknown. */
  readonly values: readonly (readonly (number | null)[])[];
};

export type Panel = ChartPanel | ImagePanel | HeatPanel;

/** A figure answers the question that its title states. */
export type Figure = {
  /** File name without ending. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
};
