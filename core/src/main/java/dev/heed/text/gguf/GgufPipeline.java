package dev.heed.text.gguf;

import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.align.LossyUtf8;
import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.Pipeline;
import dev.heed.text.pipeline.StandardPipeline;
import dev.heed.text.subword.BytePieces;
import dev.heed.text.subword.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The steps of a GGUF file's tokenizer.
 *
 * @param steps from text to pieces
 * @param byteLevel whether pieces are written in {@link ByteAlphabet}, else with U+2581 for spaces
 * @param spaced whether a space stands before every text, which goes when one is written
 * @param cleans whether English's extra spaces go when a text is written
 */
record GgufPipeline(StandardPipeline steps, boolean byteLevel, boolean spaced, boolean cleans)
    implements Pipeline {
  @Override
  public void cut(String text, Sink sink) {
    steps.cut(text, sink);
  }

  @Override
  public String decode(int[] ids, boolean special) {
    return LossyUtf8.decode(written(ids, special));
  }

  private byte[] written(int[] ids, boolean special) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < ids.length; i++) {
      AddedToken token = added().byId(ids[i]);
      if (token != null && token.special() && !special) {
        continue;
      }
      byte[] piece = bytes(ids[i]);
      int from = spaced && i == 0 && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
      text.write(piece, from, piece.length - from);
    }
    return cleans ? WrittenText.cleaned(text.toByteArray()) : text.toByteArray();
  }

  @Override
  public byte[] bytes(int id) {
    AddedToken token = added().byId(id);
    if (token != null) {
      return token.content().getBytes(StandardCharsets.UTF_8);
    }
    String piece = Objects.requireNonNull(vocabulary().piece(id));
    if (byteLevel) {
      return ByteAlphabet.read(piece).orElseGet(() -> piece.getBytes(StandardCharsets.UTF_8));
    }
    int value = BytePieces.value(piece);
    return value >= 0
        ? new byte[] {(byte) value}
        : piece.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Pipeline literal() {
    return new GgufPipeline((StandardPipeline) steps.literal(), byteLevel, spaced, cleans);
  }

  @Override
  public Vocabulary vocabulary() {
    return steps.vocabulary();
  }

  @Override
  public AddedTokens added() {
    return steps.added();
  }
}
