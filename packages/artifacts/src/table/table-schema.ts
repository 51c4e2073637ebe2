/** How a column's values look in TypeScript and in Parquet. */
export type ColumnType = 'int32' | 'int64' | 'float64' | 'string' | 'boolean';

export type Column = { readonly type: ColumnType; readonly isNullable?: boolean; readonly description: string };

/** The columns of a table artifact, in order, under an id and a version. */
export type TableSchema<C extends { readonly [name: string]: Column } = { readonly [name: string]: Column }> = {
  /** As in `labels@1`. */
  readonly schema: string;
  readonly columns: C;
};

type Value<T extends ColumnType> = T extends 'string' ? string : T extends 'boolean' ? boolean : T extends 'int64' ? bigint : number;

/** One row of a table: an object with a value for each column, null where the column allows it. */
export type Row<S extends TableSchema> = {
  -readonly [K in keyof S['columns']]: S['columns'][K] extends { readonly isNullable: true } ? Value<S['columns'][K]['type']> | null : Value<S['columns'][K]['type']>;
};

/** Names a table schema; the identity at run time, exact types for {@link Row}. */
export function defineTable<const C extends { readonly [name: string]: Column }>(schema: string, columns: C): TableSchema<C> {
  return { schema, columns };
}
