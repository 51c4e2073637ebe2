/** A source the report cites; the key stands in the repository's REFERENCES.bib. */
export type Reference = { readonly key: string; readonly text: string; readonly link: string };

export const references: readonly Reference[] = [
  {
    key: 'stephenson2021geometry',
    text: 'C. Stephenson, S. Padhy, A. Ganesh, Y. Hui, H. Tang and S. Chung. On the geometry of generalization and memorization in deep neural networks. International Conference on Learning Representations, 2021.',
    link: 'https://arxiv.org/abs/2105.14602',
  },
  {
    key: 'chung2018classification',
    text: 'S. Chung, D. D. Lee and H. Sompolinsky. Classification and geometry of general perceptual manifolds. Physical Review X 8, 031003, 2018.',
    link: 'https://doi.org/10.1103/PhysRevX.8.031003',
  },
  {
    key: 'cohen2020separability',
    text: 'U. Cohen, S. Chung, D. D. Lee and H. Sompolinsky. Separability and geometry of object manifolds in deep neural networks. Nature Communications 11, 746, 2020.',
    link: 'https://doi.org/10.1038/s41467-020-14578-5',
  },
];
