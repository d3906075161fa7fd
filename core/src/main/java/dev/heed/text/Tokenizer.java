package dev.heed.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into tokens and back, as the checkpoint's {@code tokenizer.json} says.
 *
 * <p>An encoding is always the whole text: what the file says about truncation and padding is set
 * aside, and done by {@link Encoding#truncatedTo(int)} and {@link Encoding#paddedTo} when asked
 * for. Text that spells a special token, such as {@code [SEP]}, becomes that token. A surrogate
 * without its partner is read as U+FFFD.
 *
 * <p>May be shared between threads. Close it to free the native tokenizer at once; one that is only
 * forgotten is freed by the garbage collector.
 */
public final class Tokenizer implements AutoCloseable {
  private final NativeTokenizer library;
  private final Vocabulary vocabulary;
  private final TokenizerFile.Pad pad;

  private Tokenizer(NativeTokenizer library, TokenizerFile file) {
    this.library = library;
    this.vocabulary = file.vocabulary();
    this.pad = file.pad();
  }

  /**
   * Opens a tokenizer.
   *
   * @param path a {@code tokenizer.json}, or a folder that holds one
   * @return owned by the caller
   * @throws CheckpointException for a missing, invalid or unsupported file
   */
  public static Tokenizer open(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
    try {
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(
            Kind.NOT_FOUND,
            file.toString(),
            "a tokenizer.json",
            "nothing",
            "Put it beside the checkpoint.");
      }
      if (Files.size(file) > TokenizerFile.MAX_BYTES) {
        throw TokenizerFile.error(
            Kind.TOO_LARGE,
            file.toString(),
            "at most " + TokenizerFile.MAX_BYTES + " bytes",
            Files.size(file) + "");
      }
      return of(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          file.toString(),
          "a readable file",
          String.valueOf(e.getMessage()),
          "Check its permissions.",
          e);
    }
  }

  /**
   * Reads a tokenizer that is in memory already.
   *
   * @param where a name for messages
   * @param json a tokenizer.json, UTF-8
   * @return owned by the caller
   * @throws CheckpointException for an invalid or unsupported file
   */
  public static Tokenizer of(String where, byte[] json) {
    TokenizerFile file = TokenizerFile.parse(where, json);
    return new Tokenizer(NativeTokenizer.create(where, file.json()), file);
  }

  /**
   * Encodes one text with the special tokens of the tokenizer's template.
   *
   * @param text any text, empty included
   * @return the whole text
   * @throws IllegalArgumentException if the vocabulary cannot express the text
   * @throws IllegalStateException after {@link #close()}
   */
  public Encoding encode(String text) {
    return encode(text, null, true);
  }

  /** Encodes a pair of texts with special tokens, with the errors of {@link #encode(String)}. */
  public Encoding encode(String first, String second) {
    return encode(first, second, true);
  }

  /**
   * Encodes one text or a pair.
   *
   * @param first any text
   * @param second the other text of a pair, or null
   * @param special whether to add the special tokens of the tokenizer's template
   * @return the whole texts
   * @throws IllegalArgumentException if the vocabulary cannot express the text
   * @throws IllegalStateException after {@link #close()}
   */
  public Encoding encode(String first, @Nullable String second, boolean special) {
    Utf16Offsets[] offsets = {
      new Utf16Offsets(first), new Utf16Offsets(second == null ? "" : second)
    };
    return guarded(first, second, special, encoding -> tokens(encoding, offsets));
  }

  /**
   * Encodes every text by itself with special tokens, with the errors of {@link #encode(String)}.
   */
  public List<Encoding> encodeAll(List<String> texts) {
    return texts.stream().map(this::encode).toList();
  }

  /**
   * Encodes to numbers alone, with special tokens: faster where offsets and words are not asked
   * for.
   *
   * @param text any text
   * @param most where to cut, as {@link Encoding#truncatedTo(int)}
   * @return at most {@code most} ids
   * @throws IllegalArgumentException if the vocabulary cannot express the text
   * @throws IllegalStateException after {@link #close()}
   */
  public long[] ids(String text, int most) {
    long[] ids = guarded(text, null, true, TokenizersLibrary.LIB::getTokenIds);
    return ids.length <= most ? ids : encode(text).truncatedTo(most).ids();
  }

  /**
   * Turns ids back into text.
   *
   * @param ids each from this vocabulary
   * @param special whether special tokens are shown
   * @throws IllegalArgumentException for an id that is not in the vocabulary
   * @throws IllegalStateException after {@link #close()}
   */
  public String decode(long[] ids, boolean special) {
    for (long id : ids) {
      if (id != (int) id || vocabulary.token((int) id).isEmpty()) {
        throw new IllegalArgumentException(
            "decode: expected ids of this vocabulary of " + vocabulary.size() + ", got " + id);
      }
    }
    return library.use(t -> TokenizersLibrary.LIB.decode(t, ids, !special));
  }

  /** Returns the number of a token, or empty when it is not in the vocabulary. */
  public OptionalInt id(String token) {
    return vocabulary.id(token);
  }

  /** Returns the token of a number, or empty when it is not in the vocabulary. */
  public Optional<String> token(int id) {
    return vocabulary.token(id);
  }

  /** Tells whether the file declares this number a special token. */
  public boolean isSpecial(int id) {
    return vocabulary.isSpecial(id);
  }

  /** Returns how many tokens there are, added ones included. */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /**
   * Returns the token to fill batches with.
   *
   * @throws IllegalStateException if the tokenizer has none
   */
  public Token padding() {
    if (pad.id() < 0) {
      throw new IllegalStateException(
          "padding: expected a padding token in tokenizer.json, got none; encode texts of one length");
    }
    return new Token(pad.id(), pad.token(), 0, 0, -1, -1, pad.type(), true, true);
  }

  /** Frees the native tokenizer; closing twice does nothing. */
  @Override
  public void close() {
    library.close();
  }

  private <T> T guarded(
      String first,
      @Nullable String second,
      boolean special,
      java.util.function.LongFunction<T> reader) {
    try {
      return library.encode(
          Utf16Offsets.wellFormed(first),
          second == null ? null : Utf16Offsets.wellFormed(second),
          special,
          reader);
    } catch (IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "encode: expected text that the vocabulary can express, got: " + e.getMessage(), e);
    }
  }

  private static Encoding tokens(long encoding, Utf16Offsets[] offsets) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long[] ids = library.getTokenIds(encoding);
    long[] types = library.getTypeIds(encoding);
    long[] words = library.getWordIds(encoding);
    long[] sequences = library.getSequenceIds(encoding);
    long[] special = library.getSpecialTokenMask(encoding);
    String[] texts = library.getTokens(encoding);
    @Nullable CharSpan[] spans = library.getTokenCharSpans(encoding);
    List<Token> tokens = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      int sequence = special[i] == 1 ? -1 : (int) sequences[i];
      CharSpan span = sequence < 0 ? null : spans[i];
      int start = span == null ? 0 : offsets[sequence].index(span.getStart());
      int end = span == null ? 0 : offsets[sequence].index(span.getEnd());
      int word = sequence < 0 ? -1 : (int) words[i];
      tokens.add(
          new Token(
              (int) ids[i],
              texts[i],
              start,
              end,
              word,
              sequence,
              (int) types[i],
              special[i] == 1,
              false));
    }
    return new Encoding(tokens);
  }
}
