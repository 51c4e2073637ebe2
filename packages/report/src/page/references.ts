/** A source the report cites; the key stands in the repository's REFERENCES.bib. One with an input is cited where figures are drawn from that. */
export type Reference = { readonly key: string; readonly text: string; readonly link: string; readonly input?: string };

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
  {
    key: 'toneva2019empirical',
    text: 'M. Toneva, A. Sordoni, R. Tachet des Combes, A. Trischler, Y. Bengio and G. J. Gordon. An empirical study of example forgetting during deep neural network learning. International Conference on Learning Representations, 2019.',
    link: 'https://arxiv.org/abs/1812.05159',
    input: 'learning',
  },
  {
    key: 'pleiss2020identifying',
    text: 'G. Pleiss, T. Zhang, E. Elenberg and K. Q. Weinberger. Identifying mislabeled data using the area under the margin ranking. Advances in Neural Information Processing Systems, 2020.',
    link: 'https://arxiv.org/abs/2001.10528',
    input: 'learning',
  },
  {
    key: 'newcombe2006confidence',
    text: 'R. G. Newcombe. Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2: asymptotic methods and evaluation. Statistics in Medicine 25, 559-573, 2006.',
    link: 'https://doi.org/10.1002/sim.2324',
    input: 'learning',
  },
];
