package dev.heed.text;

/**
 * One token of an encoded text and where it came from.
 *
 * @param id the vocabulary's number
 * @param text the vocabulary's spelling, for example {@code ##ing}
 * @param start first UTF-16 index of its characters in the text; 0 for added tokens
 * @param end one past the last; equal to {@code start} for added tokens
 * @param word number of its word within its sequence, counted from 0, or -1 for added tokens
 * @param sequence 0 for the first text, 1 for the second, -1 for added tokens
 * @param type the segment number that models such as BERT embed
 * @param special whether the tokenizer's template added it, as {@code [CLS]} and {@code [SEP]}
 * @param padding whether it only fills up a batch; then the model must not attend to it
 */
public record Token(
    int id,
    String text,
    int start,
    int end,
    int word,
    int sequence,
    int type,
    boolean special,
    boolean padding) {}
