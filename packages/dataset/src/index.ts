export { DataFileError, type ImageSet, type LabeledImages } from './images/labeled-images.js';
export { readCifar } from './readers/cifar.js';
export { readIdxFolder } from './readers/idx.js';
export { readImageFolder } from './readers/image-folder.js';
export { keepBooks, type BookEntry, type Books, type BooksOptions } from './permutation/books.js';
export { permuteAmong } from './permutation/permute-among.js';
