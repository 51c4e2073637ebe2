/** One point of a line; `low` and `high` bound its band. A point with a note is drawn hollow: it does not compare with the others. */
export type LinePoint = { readonly x: number | string; readonly y: number; readonly low: number | null; readonly high: number | null; readonly note?: string };

/** A line: its set gives the color, a dash tells two lines of one set apart. */
export type Line = {
  readonly set: string;
  /** What stands at its end; the set without it. */
  readonly label?: string;
  readonly isDashed?: boolean;
  /** Place from 0 (input side) to 1 of a line that stands for a layer or an epoch: colored by it, not by the set. */
  readonly place?: number;
  readonly points: readonly LinePoint[];
};

/** The horizontal axis: layers by name, epochs on a symmetric-log scale, log(1 + epoch), widths on a log scale with a tick at each, or plain numbers. */
export type HorizontalAxis =
  | { readonly kind: 'layers'; readonly layers: readonly string[]; readonly label: string }
  | { readonly kind: 'epochs'; readonly domain: readonly [number, number]; readonly label: string }
  | { readonly kind: 'widths'; readonly domain: readonly [number, number]; readonly values: readonly number[]; readonly label: string }
  | { readonly kind: 'numbers'; readonly domain: readonly [number, number]; readonly label: string };

/** A chart of lines. */
export type ChartPanel = {
  readonly kind: 'chart';
  readonly title: string;
  readonly x: HorizontalAxis;
  /** A log axis needs a domain and values above 0. */
  readonly y: { readonly label: string; readonly domain: readonly [number, number]; readonly isLog?: boolean };
  readonly lines: readonly Line[];
  /** Dashed levels, such as chance. */
  readonly levels: readonly { readonly value: number; readonly label: string }[];
  /** Dotted vertical lines, as at an epoch or a width; not on an axis of layers. */
  readonly moments: readonly { readonly x: number; readonly label: string }[];
};

/** One value against another, such as a prediction and what was found. */
export type ScatterPanel = {
  readonly kind: 'scatter';
  readonly title: string;
  readonly x: { readonly label: string; readonly domain: readonly [number, number] };
  readonly y: { readonly label: string; readonly domain: readonly [number, number] };
  /** Each with its standard errors, null if unknown, and where it comes from, as in "conv2, epoch 4". */
  readonly points: readonly { readonly set: string; readonly x: number; readonly y: number; readonly xError: number | null; readonly yError: number | null; readonly label: string }[];
  /** Whether the line y = x is drawn. */
  readonly hasDiagonal: boolean;
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

/** A map of values, one per row and column. */
export type HeatPanel = {
  readonly kind: 'heat';
  readonly title: string;
  /** What the values are. */
  readonly label: string;
  /** Names of the rows, from the top, and what they are. */
  readonly rows: readonly string[];
  readonly rowLabel: string;
  /** Names of the columns, from the left, and what they are. */
  readonly columns: readonly string[];
  readonly columnLabel: string;
  /** By row, then column; null if unknown. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Standard deviations over repeats; left out where nothing was repeated. */
  readonly spreads?: readonly (readonly (number | null)[])[];
  /** Values of the darkest and the brightest color. */
  readonly domain: readonly [number, number];
};

/** A small table of numbers with their intervals; a column may stand for a set. */
export type TablePanel = {
  readonly kind: 'table';
  readonly title: string;
  /** What the values are. */
  readonly label: string;
  /** What the rows are. */
  readonly rowLabel: string;
  readonly columns: readonly { readonly name: string; readonly set?: string }[];
  /** From the top, with a cell per column; an end of an interval is null if unknown. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly { readonly value: number; readonly lower: number | null; readonly upper: number | null }[] }[];
};

export type Panel = ChartPanel | ScatterPanel | ImagePanel | HeatPanel | TablePanel;

/** A figure answers the question that its title states. */
export type Figure = {
  /** File name without ending. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
  /** Inputs of the stage that it is drawn from, by port. */
  readonly from?: readonly string[];
};
