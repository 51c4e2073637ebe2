/** A statistic has no value for this run; the message says why, as the middle of a sentence. Caught where criteria are judged. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured';
}
