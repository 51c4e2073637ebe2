/** Where results are kept. */
export type StoreOption = { readonly store: string };
