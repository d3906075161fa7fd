// How tokens and probabilities are written.

/** A token as it stands in the text: spaces and line ends can be seen where they stand alone. */
export const visible = text => text.replace(/\n/g, '↵').replace(/^ +$/, blank => '␣'.repeat(blank.length));

/** The same without the space that it begins with, to name it. */
export const named = text => visible(text).replace(/^ +(?=.)/, '');

export const percent = share =>
  (share >= 0.0995 ? `${Math.round(100 * share)} %` : `${(100 * share).toFixed(1)} %`);
