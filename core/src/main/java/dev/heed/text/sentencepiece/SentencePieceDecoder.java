package dev.heed.text.sentencepiece;

import dev.heed.text.align.LossyUtf8;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts the pieces of a SentencePiece model together to text. */
public final class SentencePieceDecoder {
  private static final String SPACE = String.valueOf(SentencePieceNormalizer.SPACE);

  private final SentencePieceModel model;

  /** The decoder of a model. */
  public SentencePieceDecoder(SentencePieceModel model) {
    this.model = model;
  }

  /** Decodes numbers; one that is none of the model's is unknown. */
  public String decode(int[] ids) {
    Text text = new Text();
    for (int id : ids) {
      int known = id >= 0 && id < model.pieces().size() ? id : model.unknown();
      text.add(known, model.pieces().spellings().get(known));
    }
    return text.done();
  }

  /** Decodes spellings: one that is no piece stays as it is. */
  public String decode(List<String> spellings) {
    Text text = new Text();
    for (String spelling : spellings) {
      int id = model.vocabulary().id(spelling);
      text.add(id < 0 ? model.unknown() : id, spelling);
    }
    return text.done();
  }

  /** The bytes that a piece stands for behind another one; what is no piece stands for itself. */
  public byte[] bytes(String spelling) {
    int id = model.vocabulary().id(spelling);
    int value = id < 0 ? -1 : model.pieces().value(id);
    return value >= 0
        ? new byte[] {(byte) value}
        : spelling.replace(SentencePieceNormalizer.SPACE, ' ').getBytes(StandardCharsets.UTF_8);
  }

  /** A text that grows piece by piece. */
  private final class Text {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean atBeginning = true;
    private boolean leadingSpace;

    void add(int id, String spelling) {
      int value = model.pieces().value(id);
      if (value >= 0) {
        bytes.write(value);
        return;
      }
      flush();
      atBeginning &= !leadingSpace && text.isEmpty();
      text.append(written(id, spelling));
    }

    private String written(int id, String spelling) {
      SentencePieceModel.Options options = model.options();
      leadingSpace = false;
      PieceType type = model.pieces().types().get(id);
      if (type == PieceType.CONTROL) {
        return "";
      }
      if (type == PieceType.UNKNOWN) {
        boolean itself = spelling.equals(model.pieces().spellings().get(id));
        return itself ? options.unknownSurface() : spelling;
      }
      String rest = spelling;
      if (atBeginning
          && (options.dummyPrefix() || options.collapseSpaces())
          && spelling.startsWith(SPACE)) {
        rest = spelling.substring(1);
        // Where spaces collapse, all of those at the beginning go.
        leadingSpace = !options.collapseSpaces();
      }
      return rest.replace(SPACE, " ");
    }

    private void flush() {
      if (bytes.size() > 0) {
        byte[] read = bytes.toByteArray();
        bytes.reset();
        // Unlike elsewhere, each byte that is not part of a character is one U+FFFD.
        for (int i = 0; i < read.length; ) {
          int length = LossyUtf8.length(read, i);
          if (length > 0) {
            text.append(new String(read, i, length, StandardCharsets.UTF_8));
            i += length;
          } else {
            text.append('\ufffd');
            i++;
          }
        }
      }
    }

    String done() {
      flush();
      return text.toString();
    }
  }
}
